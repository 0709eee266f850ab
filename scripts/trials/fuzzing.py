"""Fuzz the photo desk's API: requests made up from its OpenAPI document, right and wrong ones, thousands of them.

Serves a catalog of drawn pictures and lets Schemathesis try every operation, once with made-up identifiers and once
with those of pictures that are there. An answer of 500, or one that is not as the document says, makes the exit
code 1. Harvests of made-up web addresses are queued too: run it where there is no internet, or mind that.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.catalogs import KINDS, PHOTOGRAPHS, digest
from benchmarks.desk import make, running

# What the document cannot say: that a well-formed identifier names no picture, that an address cannot be fetched;
# and a harvest that was cancelled is still told of.
NOT_CHECKED = "positive_data_acceptance,use_after_free"

# A machine may be busy; a desk that hangs is seen all the same.
ANSWER_SECONDS = 120

# A queue that is full is no mistake of the desk's.
EXPECTED = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 503]
"""


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/trial fuzzing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--examples", type=int, default=300, metavar="N", help="for each operation (default: 300)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, other requests")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    with tempfile.TemporaryDirectory() as name:
        catalog = Path(name) / "catalog"
        make(catalog, len(KINDS) * PHOTOGRAPHS)
        return asyncio.run(_fuzzed(catalog, options))


async def _fuzzed(catalog: Path, options: argparse.Namespace) -> int:
    worst = 0
    known = {"sha256": digest(0, 0), "cluster": digest(0, 0)[:12]}
    async with running(catalog) as (address, _):
        for identifiers in ({}, known):
            command = request_maker(address, identifiers, catalog.parent)
            options_of_run = [
                "--generation-database",
                "none",
                "--max-examples",
                str(options.examples),
                "--seed",
                str(options.seed),
            ]
            process = await asyncio.create_subprocess_exec(*command, *options_of_run)
            worst = max(worst, await process.wait())
    return worst


def request_maker(address: str, identifiers: Mapping[str, str], folder: Path) -> list[str]:
    """The command that tries every operation at an address; `identifiers` stand for path parameters of that name.

    Its configuration is written into `folder`.
    """
    config = folder / "schemathesis.toml"
    lines = [f'"path.{name}" = "{value}"' for name, value in identifiers.items()]
    config.write_text("\n".join([EXPECTED, "[parameters]", *lines, ""]))
    return [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
        *("run", f"{address}/api/v1/openapi.json", "--no-color", "--continue-on-failure"),
        *("--exclude-checks", NOT_CHECKED),
        *("--request-timeout", str(ANSWER_SECONDS), "--suppress-health-check", "too_slow"),
    ]
