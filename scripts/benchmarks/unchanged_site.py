"""What keeping up with an unchanged WordPress site costs it: requests and bytes of a second harvest.

The site is a played one (`tests/support/wordpress`) that answers in another thread. `--photodesk` names other commands,
so that two versions can be put side by side; each harvests a site of its own, in a new process, into a new catalog.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import which

from servers import Answer, Request
from wordpress.model import Figure
from wordpress.server import Face, serving
from wordpress.site import Site

# Requests that an unchanged site may cost beside its lists.
OTHER_REQUESTS = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """What one harvest cost its site."""

    photodesk: str
    run: str
    requests: int
    most: int
    bytes: int


class _Meter:
    """Counts what a face answers."""

    def __init__(self, face: Face) -> None:
        self._respond = face.respond
        self.requests = self.bytes = 0
        face.respond = self.respond  # type: ignore[method-assign] # it is watched, not changed

    def respond(self, request: Request) -> Answer | None:
        answer = self._respond(request)
        self.requests += 1
        self.bytes += len(bytes(answer)) if answer is not None else 0
        return answer


def build_site(posts: int) -> Site:
    """A site with so many posts, a tenth of them pages: each with a featured picture and one in its text."""
    site = Site()
    media = [site.upload(0, alt=f"Alt {number}", caption="", credit="AP") for number in range(posts)]
    for number in range(posts):
        figure = Figure(media[number - 1], f"Alt {number}", f"Caption {number}.", "full")
        site.publish("page" if number % 10 == 9 else "post", figures=(figure,), featured=media[number])
        site.pass_time(minutes=7)
    return site


def measure(command: str, posts: int) -> list[Cost]:
    """The first harvest of a site, and the second."""
    site = build_site(posts)
    most = -(-2 * posts // 100) + OTHER_REQUESTS
    costs = []
    with serving(site) as face, tempfile.TemporaryDirectory() as folder:
        meter = _Meter(face)
        for run in ("first", "unchanged"):
            requests, size = meter.requests, meter.bytes
            subprocess.run(
                [command, "harvest", face.url(), "--catalog", str(Path(folder) / "catalog"), face.allowing],
                check=False,
                capture_output=True,
            )
            costs.append(Cost(command, run, meter.requests - requests, most, meter.bytes - size))
            site.pass_time(minutes=60)
    return costs


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench unchanged-site",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--posts", type=int, default=250, metavar="N", help="of the site (default: 250)")
    parser.add_argument("--photodesk", nargs="+", metavar="COMMAND", help="the commands to measure")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    options = parser.parse_args(argv)
    own = which("photodesk", path=str(Path(sys.executable).parent)) or "photodesk"
    costs = [cost for command in options.photodesk or [own] for cost in measure(command, options.posts)]
    if options.json:
        print(*(json.dumps(asdict(cost)) for cost in costs), sep="\n")
        return 0
    print(f"{options.posts} posts and pages, {options.posts} media\n")
    print("| command | run | requests | at most | bytes |\n|---|---|---|---|---|")
    for cost in costs:
        most = str(cost.most) if cost.run == "unchanged" else ""
        command = Path(cost.photodesk).parent.parent.parent.name
        print(f"| {command} | {cost.run} | {cost.requests} | {most} | {cost.bytes:,} |")
    return 0
