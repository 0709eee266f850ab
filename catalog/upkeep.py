"""The command that checks a catalog. Beside `cli`, `reporting` and `serving` it alone prints."""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import nullcontext
from dataclasses import asdict

from catalog.terminal import EXIT_DONE, EXIT_SOME_FAILED, progress_shown


def check(arguments: argparse.Namespace) -> int:
    """Say whether a catalog is whole, and mend it when told to."""
    from catalog.checking import check as look_at
    from catalog.locking import locked
    from catalog.mending import check_and_mend
    from catalog.store import JOURNAL

    with progress_shown() as tell:
        if arguments.repair:
            checked = asyncio.run(check_and_mend(arguments.catalog, tell, arguments.workers))
        else:
            # A folder that is no catalog gets no lock file.
            is_one = (arguments.catalog / JOURNAL).is_file()
            with locked(arguments.catalog / JOURNAL) if is_one else nullcontext():
                checked = look_at(arguments.catalog, tell)
    left = [one for one in checked.findings if not one.mended]
    if arguments.json:
        told = {
            "originals": checked.originals,
            "records": checked.records,
            "findings": [asdict(one) for one in checked.findings],
        }
        print(json.dumps(told, ensure_ascii=False))
        return EXIT_SOME_FAILED if left else EXIT_DONE
    for one in checked.findings:
        print(one)
    seen = f"{checked.originals} originals, {checked.records} records"
    if not checked.findings:
        print(f"{seen}: whole")
    elif arguments.repair:
        print(f"{seen}: {len(checked.findings) - len(left)} mended, {len(left)} left")
    else:
        print(f"{seen}: {len(left)} findings; `photodesk check --repair` mends what can be")
    return EXIT_SOME_FAILED if left else EXIT_DONE
