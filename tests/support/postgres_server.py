"""Debian's PostgreSQL for tests: on a socket alone, in a temporary folder, fsync on; one server a session."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# Not a server's own user: initdb refuses to run as root.
SYSTEM_USER = "postgres"
OWNER = "owner"

START_SECONDS = 60.0

_PROGRAMS = Path("/usr/lib/postgresql")


def find_programs() -> Path | None:
    """The folder of the newest server's programs, 15 or later."""
    found = [path for path in _PROGRAMS.glob("*/bin") if path.parent.name.isdecimal()]
    new = sorted((int(path.parent.name), path) for path in found if (path / "initdb").exists())
    return new[-1][1] if new and new[-1][0] >= 15 else None


class PostgresServer:
    """A server that runs: its socket's folder, with its data in it, and its programs. It ends with its parent."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, database: str, user: str = OWNER) -> str:
        """A database's address."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def make_database(self) -> str:
        """The address of a new, empty database."""
        name = f"catalog_{secrets.token_hex(6)}"
        self.run_sql(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def drop_database(self, address: str) -> None:
        """Remove a database, whoever is connected to it."""
        name = address.partition("@/")[2].partition("?")[0]
        self.run_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run_sql(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the superuser."""
        import psycopg

        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        import psycopg

        command = [str(self.programs / "postgres"), "-D", str(self.folder / "data")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(_as_user(command), stdout=log, stderr=log, cwd=self.folder)
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it: `SIGQUIT` and `SIGKILL` are as a power cut would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None


def _as_user(command: list[str]) -> list[str]:
    """A command as a user that PostgreSQL runs as, which ends when its parent does."""
    user = ["--reuid", SYSTEM_USER, "--regid", SYSTEM_USER, "--init-groups"] if not os.geteuid() else []
    return ["setpriv", *user, "--pdeathsig", "QUIT", *command]


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server of its own, stopped and removed at the end."""
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError(_PROGRAMS)
    # A socket's path has 107 bytes at most, which pytest's own folders may pass.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if not os.geteuid():
            shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
        data = folder / "data"
        make = [str(programs / "initdb"), "-D", str(data), "-U", OWNER, "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            _as_user([*make, "--locale=C.UTF-8"]), check=True, stdout=subprocess.DEVNULL, cwd=folder
        )
        with (data / "postgresql.conf").open("a") as file:
            file.write(f"listen_addresses = ''\nunix_socket_directories = '{folder}'\nfsync = on\n")
            file.write("max_connections = 60\nshared_buffers = 32MB\nautovacuum = on\n")
        server = PostgresServer(folder, programs)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def require_postgres() -> None:
    """Skip what needs PostgreSQL where it is not installed; in CI that is a failure."""
    try:
        import psycopg  # noqa: F401 - is it there
    except ImportError:
        missing = "psycopg is not installed: pip install 'photodesk[team]'"
    else:
        missing = (
            "" if find_programs() else "PostgreSQL 15 or later is not installed: apt-get install postgresql"
        )
    if missing and os.environ.get("PHOTODESK_CI"):
        pytest.fail(missing)
    elif missing:
        pytest.skip(missing)
