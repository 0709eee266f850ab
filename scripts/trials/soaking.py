"""Harvest many thousands of addresses of which one in five fails somehow, twice, and account for every one.

Every address must end in one state with the reason it should have, every picture lie under its own address, memory
stay flat within a tenth, and the second harvest move no body. The exit code is 1 where one of these does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import re
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assets import Limits, Politeness, Progress
from catalog.check import check
from catalog.harvest.run import Harvest, HarvestOptions
from catalog.store.catalog import open_catalog, open_store
from trials.faulty import FAULTS, digest, fault_of, faulty_site

# Patience for a server on this machine.
LIMITS = Limits(connect_seconds=60, stall_seconds=60, total_seconds=120, backoff_seconds=0.02)

# Memory is compared between these shares of the way: workers have started by then, libraries are loaded.
EARLY, LATE = (0.3, 0.4), (0.9, 1.0)
MOST_GROWTH = 0.10


@dataclass(slots=True)
class Soaked:
    """What came of both harvests."""

    unaccounted: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    wrong_reason: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    most_memory: int = 0
    bodies: list[int] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/trial soaking",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--addresses", type=int, default=20_000, metavar="N", help="so many (default: 20000)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    with tempfile.TemporaryDirectory() as name:
        result = asyncio.run(soaked(Path(name), options.addresses))
    figures = told(result, options.addresses)
    print(json.dumps(figures) if options.json else as_text(figures))
    return 0 if figures["passed"] else 1


async def soaked(work: Path, addresses: int) -> Soaked:
    """Two harvests of the same addresses."""
    result = Soaked()
    catalog, listed = work / "catalog", work / "addresses.txt"
    with faulty_site() as (host, port):
        base = f"http://{host}:{port}"
        listed.write_text("".join(f"{base}/p/{number}.jpg\n" for number in range(addresses)))
        politeness = Politeness(allow_addresses=frozenset({(host, port)}))
        for _ in range(2):

            def report(progress: Progress) -> None:
                result.memory.append(
                    ((progress.done + progress.failed) / addresses, memory_of_this_process("VmRSS"))
                )

            with open_catalog(catalog) as opened:
                options = HarvestOptions(politeness=politeness, limits=LIMITS)
                harvest = Harvest(opened, options, report if not result.bodies else lambda _: None)
                await harvest.run([str(listed)], io.BytesIO())
            result.most_memory = result.most_memory or memory_of_this_process("VmHWM")
            result.bodies.append(await asyncio.to_thread(_bodies, base))
        _account(catalog, base, addresses, result)
    result.findings = [str(one) for one in check(catalog).findings]
    return result


def _bodies(base: str) -> int:
    with urllib.request.urlopen(f"{base}/count") as answer:  # noqa: S310 - our own server
        return int(answer.read())


def _account(catalog: Path, base: str, addresses: int, result: Soaked) -> None:
    """Hold every address against what it must have ended as."""
    with open_store(catalog, read_only=True) as store:
        used = {usage.url: usage.asset for usage in store.usages()}
        for number in range(addresses):
            address = f"{base}/p/{number}.jpg"
            fetch = store.fetch(address)
            if fetch is None:
                result.unaccounted.append(address)
                continue
            fault = fault_of(number)
            wanted = FAULTS[fault] if fault else None
            result.ends[fetch.reason or fetch.outcome] += 1
            if fetch.reason != (wanted or ""):
                result.wrong_reason.append(
                    f"{address}: {fetch.reason or fetch.outcome}, not {wanted} ({fault})"
                )
            if used.get(address, "") != ("" if wanted else digest(number)):
                result.misplaced.append(address)


def memory_of_this_process(kind: str) -> int:
    """Bytes of this process in memory now (VmRSS), or at most so far (VmHWM)."""
    found = re.search(rf"{kind}:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return 1024 * int(found[1]) if found else 0


def told(result: Soaked, addresses: int) -> dict[str, Any]:
    """The figures, and whether all of them are as they must be."""
    early, late = (_memory(result, *span) for span in (EARLY, LATE))
    growth = late / early - 1 if early else 0.0
    lists = {name: getattr(result, name) for name in ("unaccounted", "misplaced", "wrong_reason", "findings")}
    moved_again = result.bodies[1] - result.bodies[0]
    return {
        "addresses": addresses,
        "ends": dict(result.ends.most_common()),
        **{name: {"count": len(found), "some": found[:10]} for name, found in lists.items()},
        "memory_mb": round(late / 1e6),
        "memory_growth": round(growth, 3),
        "most_memory_mb": round(result.most_memory / 1e6),
        "bodies": result.bodies[0],
        "bodies_moved_again": moved_again,
        "passed": not any(lists.values()) and growth <= MOST_GROWTH and not moved_again,
    }


def _memory(result: Soaked, first: float, last: float) -> int:
    return max((memory for share, memory in result.memory if first <= share <= last), default=0)


def as_text(figures: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    lines = [
        ("addresses", f"{figures['addresses']:,}"),
        ("not accounted for", str(figures["unaccounted"]["count"])),
        ("picture under a wrong address", str(figures["misplaced"]["count"])),
        ("another reason than the fault's", str(figures["wrong_reason"]["count"])),
        ("findings of photodesk check", str(figures["findings"]["count"])),
        ("memory at the end", f"{figures['memory_mb']} MB"),
        ("memory's growth from a third of the way", f"{100 * figures['memory_growth']:.1f} %"),
        ("memory at most, while the index is put together", f"{figures['most_memory_mb']} MB"),
        (
            "bodies, of them moved again by the second harvest",
            f"{figures['bodies']:,}, {figures['bodies_moved_again']}",
        ),
        *((end, f"{count:,}") for end, count in figures["ends"].items()),
    ]
    some = [
        line
        for name in ("unaccounted", "misplaced", "wrong_reason", "findings")
        for line in figures[name]["some"]
    ]
    return "\n".join(
        ["| soak | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in lines), "", *some]
    ).rstrip()
