"""What a report needs before it is made, told as it goes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalog.cli.console.progress import progress_shown

if TYPE_CHECKING:
    from assets import Failure


def compare_missing(location: str, workers: int = 0) -> Sequence[Failure]:
    """Compare pictures that came since the last time; what another process holds up is told and left out."""
    from catalog.cli.console.text import failure_line
    from catalog.clusters import compare_missing as bring_up_to_date
    from catalog.reports import format_count

    with progress_shown() as tell:
        compared = bring_up_to_date(
            location,
            workers,
            lambda step, done, wanted: tell(f"{done} of {wanted} pictures {step}", done, wanted, step=step),
        )
    if compared.waiting:
        told = f"{format_count(compared.waiting, 'picture')} not compared yet"
        print(f"photodesk: the catalog is in use; {told}", file=sys.stderr)
    for failure in compared.failures:
        print(failure_line(failure), file=sys.stderr)
    return compared.failures
