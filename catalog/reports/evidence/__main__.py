"""Packs one bundle in a process of its own: `python -m catalog.reports.evidence CLUSTER TARGET`.

The catalog is the one that PHOTODESK_CATALOG names.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from assets import AssetsError
from catalog.clusters import compare_missing
from catalog.errors import CatalogError
from catalog.reports import sanitize_text
from catalog.reports.evidence.bundle import pack_evidence
from catalog.store import open_catalog


def main(location: str, cluster: str, target: str) -> int:
    """Pack the bundle; 0 when it is whole, otherwise the last line of standard error says what it lacks."""
    try:
        compared = compare_missing(location)
        with open_catalog(location, read_only=True) as catalog:
            summary = pack_evidence(catalog, cluster, Path(target))
    except (AssetsError, CatalogError) as error:
        sys.stderr.write(f"photodesk: {sanitize_text(str(error))}\n")
        return 1
    sys.stderr.writelines(f"{line}\n" for line in summary.complaints())
    return int(bool(compared.failures or summary.missing or summary.damaged))


if __name__ == "__main__":
    # What stands last on standard error is told to the visitor, and a log line is none of his.
    logging.disable(logging.WARNING)
    sys.exit(main(os.environ["PHOTODESK_CATALOG"], *sys.argv[1:]))
