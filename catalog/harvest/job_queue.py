"""Jobs that wait for their hosts: hosts are served in rotation, and within a host the sites whose pages ask for it.

What is in hand is bounded, for each host and in all, so that one that is slow keeps nobody waiting but its own. Jobs
beyond those that fit in memory lie in a file of SQLite's that vanishes with the run.
"""

from __future__ import annotations

import asyncio
import pickle
import sqlite3
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from assets import ImageReference, Page
from catalog.model import FetchRecord, UsageRecord

# Jobs under way at once: for each connection one that holds it, one that is decoded, two that wait to try again.
JOBS_AT_ONCE = 256

# Of one host: twice its connections, so that decoding does not leave them idle.
JOBS_OF_A_HOST = 8

# A host that has few others beside it may have so many, which are decoded and written together.
JOBS_OF_FEW_HOSTS = 128

# Of what no host is asked for, local files: decoding alone bounds it.
JOBS_OF_NO_HOST = 64

# Jobs of some 1 kB that wait in memory; beyond them each host and site has one there, and the others are on disk.
JOBS_IN_MEMORY = 20_000

# Jobs that are not done, of 1 kB on the disk: with more, reading waits for the downloads.
JOBS_AHEAD = 4_000_000

# Read from the disk at once.
JOBS_READ = 16

# A timer may fire a little early.
HAIR_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Job:
    """One reference of a page to be collected: `host` is asked, `""` where none is.

    `paused` are its addresses that are not asked, with how each ended. `is_settled` says that the page counts as read
    when all its references are collected.
    """

    host: str
    page: Page
    reference: ImageReference
    paused: Mapping[str, FetchRecord]
    is_settled: bool

    @property
    def site(self) -> str:
        """On whose behalf it is asked."""
        return self.page.site or self.page.source


@dataclass(frozen=True, slots=True)
class Again:
    """A use whose picture is asked for again though its page is as it was."""

    host: str
    usage: UsageRecord

    @property
    def site(self) -> str:
        """On whose behalf it is asked."""
        return self.usage.site


AnyJob = Job | Again


@dataclass(slots=True)
class _Line:
    """The jobs of one site at one host, first come first served; `stored` of them wait on disk, under `number`."""

    number: int
    jobs: deque[AnyJob] = field(default_factory=deque)
    stored: int = 0


@dataclass(slots=True, eq=False)
class _Host:
    """The jobs of a host, by the site; `allowed` of them may be in hand.

    `is_given_up` says that nobody waits any more for it to answer.
    """

    name: str
    allowed: int
    lines: OrderedDict[str, _Line] = field(default_factory=OrderedDict)
    in_hand: int = 0
    is_given_up: bool = False

    @property
    def most(self) -> int:
        """As many jobs as the host may ever have in hand beside others."""
        return JOBS_OF_A_HOST if self.name else JOBS_OF_NO_HOST


class HostQueue:
    """A queue of jobs, each of which is got, and then done or put back.

    `closed_seconds` tells for how long a host is not asked, `is_refusing` whether it need not be waited for any more.
    """

    def __init__(self, closed_seconds: Callable[[str], float], is_refusing: Callable[[str], bool]) -> None:
        self._closed_seconds = closed_seconds
        self._is_refusing = is_refusing
        self._hosts: dict[str, _Host] = {}
        # Each host that has jobs stands in one of these, by what it waits for: nothing, its own jobs in hand, time.
        self._ready: OrderedDict[str, _Host] = OrderedDict()
        self._busy: OrderedDict[str, _Host] = OrderedDict()
        self._closed: OrderedDict[str, _Host] = OrderedDict()
        self._getters: deque[asyncio.Future[None]] = deque()
        self._empty = asyncio.Event()
        self._empty.set()
        self._disk = _Disk()
        self._lines = 0
        self._in_memory = 0
        self._in_hand = 0
        self._left = 0
        self._is_ending = False

    def close(self) -> None:
        """Have the jobs that wait vanish."""
        self._disk.close()

    @property
    def is_full(self) -> bool:
        """Whether whoever adds jobs should wait."""
        return self._left >= JOBS_AHEAD

    @property
    def in_memory(self) -> int:
        """How many of the jobs that wait are in memory."""
        return self._in_memory

    def put(self, job: AnyJob) -> None:
        """Add a job behind the others of its host and its site."""
        self._left += 1
        self._empty.clear()
        host, line = self._find_line(job)
        if line.stored or (line.jobs and self._in_memory >= JOBS_IN_MEMORY):
            self._disk.store(line.number, job)
            line.stored += 1
        else:
            line.jobs.append(job)
            self._in_memory += 1
        self._place(host)
        self._wake()

    async def get(self) -> AnyJob:
        """The next job, as soon as there is one whose host has not too many in hand."""
        while (job := self._take()) is None:
            getter = asyncio.get_running_loop().create_future()
            self._getters.append(getter)
            try:
                await getter
            except asyncio.CancelledError:
                # It may have been woken in the very moment of the cancellation.
                if getter.done() and not getter.cancelled():
                    self._wake()
                raise
        self._wake()
        return job

    def done(self, job: AnyJob, *, was_trouble: bool = False) -> None:
        """Take a job as through; a host that makes trouble, which takes time, has fewer in hand until it answers."""
        host = self._hosts[job.host]
        host.allowed = max(1, host.allowed // 2) if was_trouble else min(host.allowed + 1, host.most)
        self._let_go(host)
        self._left -= 1
        if not self._left:
            self._empty.set()

    def put_back(self, job: AnyJob, name: str) -> None:
        """Have a job wait until a host is asked again that is not asked for now: it comes first then."""
        was_of = self._hosts[job.host]
        waiting = replace(job, host=name)
        host, line = self._find_line(waiting)
        line.jobs.appendleft(waiting)
        self._in_memory += 1
        self._let_go(was_of)
        self._place(host)

    def may_wait(self, name: str) -> bool:
        """Whether what was not asked of a host, which is left alone for now, may be asked yet."""
        host = self._hosts.get(name)
        return (host is None or not host.is_given_up) and self._closed_seconds(name) > 0

    async def join(self) -> None:
        """Wait until all jobs are done; nothing else being left, a host that goes on refusing is given up."""
        self._is_ending = True
        self._wake()
        await self._empty.wait()

    def _let_go(self, host: _Host) -> None:
        host.in_hand -= 1
        self._in_hand -= 1
        self._place(host)
        self._wake()

    def _find_line(self, job: AnyJob) -> tuple[_Host, _Line]:
        host = self._hosts.get(job.host)
        if host is None:
            host = self._hosts[job.host] = _Host(job.host, 0)
            host.allowed = host.most
        line = host.lines.get(job.site)
        if line is None:
            self._lines += 1
            line = host.lines[job.site] = _Line(self._lines)
        return host, line

    def _place(self, host: _Host) -> None:
        """Have a host stand where it belongs; where it stands already, it keeps its place."""
        name = host.name
        if name in self._closed:
            return
        belongs = self._ready if host.in_hand < host.allowed else self._busy
        other = self._busy if belongs is self._ready else self._ready
        other.pop(name, None)
        if host.lines:
            belongs.setdefault(name, host)
        else:
            belongs.pop(name, None)
            if not host.in_hand:
                self._hosts.pop(name, None)

    def _wake(self) -> None:
        """Have one who waits look again; it wakes the next where there is more."""
        while self._getters:
            getter = self._getters.popleft()
            if not getter.done():
                getter.set_result(None)
                return

    # Taking

    def _take(self) -> AnyJob | None:
        if self._in_hand >= JOBS_AT_ONCE:
            return None
        host = self._find_open()
        if host is None and self._in_hand < JOBS_OF_FEW_HOSTS:
            host = self._find_quick()
        if host is None and self._is_ending and not self._in_hand:
            host = self._give_up()
        if host is None:
            return None
        job = self._pop(host)
        host.in_hand += 1
        self._in_hand += 1
        self._place(host)
        return job

    def _find_open(self) -> _Host | None:
        """The next host in rotation that may be asked; it goes to the end."""
        while self._ready:
            name, host = self._ready.popitem(last=False)
            seconds = 0.0 if host.is_given_up else self._closed_seconds(name)
            if not seconds:
                self._ready[name] = host
                return host
            self._closed[name] = host
            asyncio.get_running_loop().call_later(seconds + HAIR_SECONDS, self._open, host)
        return None

    def _find_quick(self) -> _Host | None:
        """The next of the hosts that have as many in hand as they may beside others, and make no trouble."""
        for name, host in self._busy.items():
            if host.allowed >= host.most and not self._closed_seconds(name):
                self._busy.move_to_end(name)
                return host
        return None

    def _open(self, host: _Host) -> None:
        if self._closed.pop(host.name, None) is not None:
            self._place(host)
            self._wake()

    def _give_up(self) -> _Host | None:
        """One of the hosts that refuse, of which nobody waits to answer when nothing else is to be done."""
        for host in [one for name, one in self._closed.items() if self._is_refusing(name)]:
            host.is_given_up = True
            self._open(host)
        return self._find_open()

    def _pop(self, host: _Host) -> AnyJob:
        """The first job of the site whose turn it is."""
        site, line = host.lines.popitem(last=False)
        if not line.jobs:
            read = self._disk.read(line.number, JOBS_READ if self._in_memory < JOBS_IN_MEMORY else 1)
            line.stored -= len(read)
            line.jobs.extend(read)
            self._in_memory += len(read)
        job = line.jobs.popleft()
        self._in_memory -= 1
        if line.jobs or line.stored:
            host.lines[site] = line
        return job


class _Disk:
    """Jobs by line, in the order in which they came; the file is made when it is needed, and nobody else sees it."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None
        self._stored = 0

    def store(self, line: int, job: AnyJob) -> None:
        """Add a job to a line."""
        connection = self._connection
        if connection is None:
            # Without a name it is a file that the system removes, and it has pages in memory as long as it is small.
            connection = self._connection = sqlite3.connect("", isolation_level=None)
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute(
                "CREATE TABLE jobs (line INTEGER, number INTEGER, job BLOB, PRIMARY KEY (line, number)) WITHOUT ROWID"
            )
        self._stored += 1
        told = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        connection.execute("INSERT INTO jobs VALUES (?, ?, ?)", (line, self._stored, told))

    def read(self, line: int, count: int) -> list[AnyJob]:
        """Take the first jobs out of a line."""
        if self._connection is None:
            return []
        rows = self._connection.execute(
            "SELECT number, job FROM jobs WHERE line = ? ORDER BY number LIMIT ?", (line, count)
        ).fetchall()
        if rows:
            self._connection.execute("DELETE FROM jobs WHERE line = ? AND number <= ?", (line, rows[-1][0]))
        # It was written by this very process, in a file without a name.
        return [pickle.loads(job) for _, job in rows]  # noqa: S301

    def close(self) -> None:
        """Have the file vanish."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
