"""What a worker does with one picture file: decode it and take its fingerprints."""

from __future__ import annotations

from pathlib import Path

from assets.decode import decode
from assets.fingerprint import fingerprints, is_indistinct
from assets.model import Failure, Picture, Reason, Stage
from assets.text import clean


def inspect(path: str) -> Picture | Failure:
    """Everything decoding tells of the picture file, or why it tells nothing; never an exception."""
    try:
        decoded = decode(Path(path))
        if isinstance(decoded, Failure):
            return decoded
        return Picture(
            format=decoded.format,
            width=decoded.width,
            height=decoded.height,
            frames=decoded.frames,
            orientation=decoded.orientation,
            mode=decoded.mode,
            indistinct=is_indistinct(decoded.gray),
            fingerprints=fingerprints(decoded.gray),
            embedded=decoded.embedded,
        )
    # The edge of one picture's work: what a decoder raises that nobody has seen yet ends as its result.
    except Exception as error:
        detail = clean(f"{type(error).__name__}: {error}")
        return Failure(Stage.DECODE, Reason.DECODE_CRASHED, path, detail)
