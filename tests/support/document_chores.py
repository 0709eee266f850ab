"""What a worker for documents does that is hung up, or dies, of one of them; a module of its own for workers."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

from assets.documents.tasks import answer

HANGS, DIES = b"this one hangs", b"this one dies"

# Of sleep, for what must not come to its end.
HOUR = 3600


def answer_or_fail(argument: str) -> object:
    """As `answer`, but for documents with these words."""
    told = json.loads(argument)
    body = Path(told["path"]).read_bytes() if "path" in told else b""
    if HANGS in body:
        Path(told["path"]).with_name("hangs").touch()
        time.sleep(HOUR)
    if DIES in body:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer(argument)
