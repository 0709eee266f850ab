"""A connection to PostgreSQL: made again when it was lost, its errors told in the catalog's words, no passwords."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

import stamina

from catalog.errors import CatalogError, CatalogUnreachable, CatalogUnwritable, MissingExtra, NotACatalog
from catalog.store.postgres.addresses import HIDDEN, without_password

if TYPE_CHECKING:
    import psycopg

# A server that is restarted, or a standby that takes over, is back within half a minute.
ATTEMPTS = 10
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
GIVE_UP_SECONDS = 45.0

# Where nothing answers, libpq would wait for minutes; what the address says wins.
DEFAULTS = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
    "fallback_application_name": "photodesk",
}

LOST = "the connection to the database was lost; nothing of what was being written counts"

Params = Sequence[object]
Rows = list[tuple[Any, ...]]
T = TypeVar("T")

logger = logging.getLogger(__name__)


class _LostConnection(Exception):
    """The connection is gone, or could not be made again."""


class Connection:
    """One connection for a store; threads take turns, and wait while another one has a transaction under way."""

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        self._address = address
        self._read_only = read_only
        self._psycopg = _load_psycopg()
        self._lock = RLock()
        self._witness: tuple[str, str, str] | None = None
        self._is_in_transaction = False
        self._raw: psycopg.Connection[tuple[Any, ...]] | None = None
        try:
            self._connect()
        except _LostConnection as error:
            raise CatalogUnreachable(f"{self}: {error}") from None

    def __str__(self) -> str:
        return without_password(self._address)

    def __repr__(self) -> str:
        return f"<Connection {self}>"

    def close(self) -> None:
        """Let go of the connection."""
        if self._raw is not None:
            self._raw.close()

    # Ask

    def fetch(self, statement: str, params: Params = ()) -> Rows:
        """The rows of a question, which is asked again where the connection was lost; in a transaction it is not."""
        with self._lock:
            if self._is_in_transaction:
                return self._fetch(statement, params)
            return self._retry(lambda: self._fetch(statement, params))

    def run_many(self, statement: str, rows: Sequence[Params]) -> list[Rows]:
        """What a statement returns of each of many rows of parameters, which go to the server at once."""
        with self._translated(), self._connect().cursor() as cursor:
            cursor.executemany(statement.encode(), rows, returning=True)
            found = [cursor.fetchall()]
            while cursor.nextset():
                found.append(cursor.fetchall())
            return found

    def run_script(self, script: str) -> None:
        """Run statements that return nothing."""
        with self._translated():
            self._connect().execute(script.encode())

    def _fetch(self, statement: str, params: Params) -> Rows:
        with self._translated():
            found = self._connect().execute(statement.encode(), params or None)
            return found.fetchall() if found.description is not None else []

    # Write

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is done within counts as a whole or not at all; CatalogUnwritable where the connection was lost.

        One that was lost while the transaction was ended may have ended it: the server is asked.
        """
        with self._lock:
            # Nothing is lost yet: a connection that died while nobody used it is made again.
            self._retry(lambda: self._fetch("BEGIN", ()))
            self._is_in_transaction = True
            self._witness = None
            try:
                try:
                    yield
                except _LostConnection as error:
                    raise CatalogUnwritable(f"{self}: {LOST}") from error
                self._end()
            except BaseException:
                self._take_back()
                raise
            finally:
                self._is_in_transaction = False

    def do_in_transaction(self, work: Callable[[], T]) -> T:
        """Do work in a transaction; again from its start where the connection was lost meanwhile."""

        def once() -> T:
            try:
                with self.transaction():
                    return work()
            except CatalogUnwritable as error:
                if isinstance(error.__cause__, _LostConnection):
                    raise _LostConnection(str(error.__cause__)) from error
                raise

        with self._lock:
            try:
                return self._retry(once)
            except CatalogUnreachable as error:
                raise CatalogUnwritable(f"{error}; nothing of what was being written counts") from None

    def _end(self) -> None:
        number = ""
        try:
            number = str(self._fetch("SELECT coalesce(pg_current_xact_id_if_assigned()::text, '')", ())[0][0])
            self._fetch("COMMIT", ())
        except _LostConnection as error:
            self._is_in_transaction = False
            try:
                has_ended = bool(number) and self._has_ended(number)
                is_known = not has_ended or self._is_there(number)
            except CatalogUnreachable as unknown:
                raise CatalogUnwritable(
                    f"{unknown}; whether what was written last counts is not known"
                ) from None
            if not has_ended:
                raise CatalogUnwritable(f"{self}: {LOST}") from error
            if not is_known:
                told = f"{self}: the connection was lost; whether what was written last counts is not known"
                raise CatalogUnwritable(told) from None

    def witness(self, table: str, key: str, body: str) -> None:
        """Remember a row that the transaction writes, by which it is known again."""
        self._witness = table, key, body

    def _is_there(self, number: str) -> bool:
        """Whether a row is there that a transaction of this number wrote.

        A server that crashed gives numbers again of which it had written nothing down: another transaction may have
        ended under this one.
        """
        if self._witness is None:
            return True
        table, key, body = self._witness
        statement = f"SELECT xid = %s::xid8 AND body @> %s::jsonb FROM {table} WHERE key = %s"  # noqa: S608 - ours
        return self._retry(lambda: self._fetch(statement, (number, body, key))) == [(True,)]

    def _has_ended(self, number: str) -> bool:
        """Whether a transaction was ended although nobody was told so."""

        def ask() -> bool:
            ((status,),) = self._fetch("SELECT pg_xact_status(%s::xid8)", (number,))
            if status == "in progress":
                # The server has not noticed yet that we are gone.
                raise _LostConnection("a transaction is under way still")
            return bool(status == "committed")

        return self._retry(ask)

    def _take_back(self) -> None:
        if self._raw is not None and not self._raw.closed:
            try:
                self._raw.execute(b"ROLLBACK")
            except self._psycopg.Error:
                self._raw.close()

    # Connect

    def _retry(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except _LostConnection as error:
            logger.info("%s: connecting again: %s", self, error)
        try:
            for attempt in stamina.retry_context(
                on=_LostConnection,
                attempts=ATTEMPTS,
                timeout=GIVE_UP_SECONDS,
                wait_initial=FIRST_PAUSE_SECONDS,
                wait_max=LONGEST_PAUSE_SECONDS,
            ):
                with attempt:
                    return ask()
        except _LostConnection as error:
            raise CatalogUnreachable(f"{self}: {error}") from None
        raise AssertionError("stamina tries or raises")

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The connection, made where there is none; within a transaction one that is gone is not made again."""
        if self._raw is not None and not self._raw.closed:
            return self._raw
        if self._is_in_transaction:
            raise _LostConnection("it was closed")
        psycopg = self._psycopg
        try:
            given = psycopg.conninfo.conninfo_to_dict(self._address)
        except psycopg.Error:
            # libpq's own words may quote a part of a password that was not written as it must be.
            raise CatalogUnreachable(
                f"{self}: this is no address of a database; in a password every character but letters and digits "
                "is written as %XX, and it is better kept in a password file (PGPASSFILE)"
            ) from None
        try:
            raw = psycopg.connect(**(DEFAULTS | given), autocommit=True)
            raw.execute(b"SET client_min_messages = warning")
            if self._read_only:
                raw.execute(b"SET default_transaction_read_only = on")
        except psycopg.Error as error:
            raise _LostConnection(self._describe(error)) from None
        self._raw = raw
        return self._raw

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn psycopg's errors into the catalog's."""
        errors = self._psycopg.errors
        try:
            yield
        except self._psycopg.Error as error:
            told = f"{self}: {self._describe(error)}"
            if self._raw is None or self._raw.closed or isinstance(error, errors.AdminShutdown):
                raise _LostConnection(self._describe(error)) from None
            if isinstance(error, errors.UndefinedTable):
                raise NotACatalog(told) from None
            if isinstance(
                error, errors.OperationalError | errors.InsufficientPrivilege | errors.InternalError
            ):
                raise CatalogUnwritable(told) from None
            raise CatalogError(told) from None

    def _describe(self, error: psycopg.Error) -> str:
        """What the server or libpq says, in one line and without a password."""
        text = " ".join(str(error).split()) or type(error).__name__
        for secret in self._list_secrets():
            text = text.replace(secret, HIDDEN)
        return re.sub(r"(?i)(password\s*=\s*)\S+", rf"\g<1>{HIDDEN}", text)

    def _list_secrets(self) -> Iterator[str]:
        try:
            given = self._psycopg.conninfo.conninfo_to_dict(self._address)
        except self._psycopg.Error:
            return
        for name in ("password", "sslpassword"):
            if given.get(name):
                yield str(given[name])


def _load_psycopg() -> Any:  # noqa: ANN401 - a module
    try:
        import psycopg.conninfo
    except ImportError as error:
        raise MissingExtra("a catalog in PostgreSQL needs psycopg: pip install 'photodesk[team]'") from error
    return psycopg
