"""What SQLite and PostgreSQL do differently, all of it, and nothing else.

Invariant: on both, `begin_writing` lets one writing transaction in at a time, so that reading and
then writing inside it is safe; a table made `append_only` refuses UPDATE and DELETE.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, false, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

BUSY_MS = 10_000  # how long a SQLite connection waits for another one's transaction
KEPT = 20  # connections of a process to a server; made when they are needed
WRITER = 0x7265_7669  # key of PostgreSQL's advisory lock: any number that nothing else uses


def make_engine(url: URL) -> Engine:
    """An engine whose transactions begin where they are told to begin; connects to nothing yet.

    Raises `ModuleNotFoundError` where the driver that the URL names is not installed.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url)
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    # A connection that a restarted server has dropped is found before it is used, not by its use.
    # Connections beyond KEPT are closed after each use, and a new one takes longer than a page.
    engine = create_engine(url, pool_pre_ping=True, pool_size=KEPT, max_overflow=KEPT)
    event.listen(engine, "connect", _server_connected)
    return engine


def _server_connected(connection: Any, _record: object) -> None:
    # Moments come back in the session's zone, and are shown as they come.
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()
    connection.commit()


def _sqlite_connected(connection: Any, _record: object) -> None:
    # Python's sqlite3 would begin transactions late, and none before DDL: `_sqlite_begin` does it.
    connection.isolation_level = None
    for pragma in (f"busy_timeout = {BUSY_MS}", "foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    # A transaction that reads first and then writes can be refused; IMMEDIATE waits instead.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def begin_writing(connection: Connection) -> None:
    """Wait until no other transaction writes; SQLite did so at BEGIN IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER})


def sqlite_file(url: URL) -> Path | None:
    """The database file, or null where the store is no SQLite file."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def use_write_ahead_log(engine: Engine) -> None:
    """Let readers and one writer work side by side; remembered by the SQLite file itself."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            raw.close()


def append_only(table: str, dialect: str) -> tuple[str, ...]:
    """The statements that make the database itself refuse to change or remove rows of `table`."""
    says = f"{table} is append-only"
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            for what in ("UPDATE", "DELETE")
        )
    return (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    )


def append_only_tables(connection: Connection) -> tuple[str, ...]:
    """The tables that refuse UPDATE and DELETE, as the database itself tells."""
    if connection.dialect.name == "sqlite":
        query = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE :name"
        return tuple(connection.scalars(text(query), {"name": "%_no_delete"}))
    query = (
        "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE tgname LIKE :name"
    )
    return tuple(connection.scalars(text(query), {"name": "%_no_change"}))


@contextmanager
def lifted(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Let rows of append-only tables be changed inside the block, and refuse it again after it.

    All of it belongs to the caller's writing transaction: where that fails, nothing was lifted.
    """
    dialect = connection.dialect.name
    for table in tables:
        for statement in _no_more_append_only(table, dialect):
            connection.exec_driver_sql(statement)
    yield
    for table in tables:
        for statement in append_only(table, dialect):
            connection.exec_driver_sql(statement)


def _no_more_append_only(table: str, dialect: str) -> tuple[str, ...]:
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {table}_no_{what}" for what in ("update", "delete"))
    return f"DROP TRIGGER {table}_no_change ON {table}", f"DROP FUNCTION {table}_refuse()"


def overwrite_removed(engine: Engine) -> None:
    """Write the database anew, so that its files keep nothing of rows that are gone.

    On SQLite this waits up to BUSY_MS for other transactions; on PostgreSQL for all of them.
    """
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM")
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise OperationalError("VACUUM", None, error) from error
        finally:
            raw.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM FULL")


def snapshot_options(engine: Engine) -> dict[str, Any]:
    """Options of a connection whose transaction sees one state from its first read to its end."""
    # SQLite's transactions do so in any case; PostgreSQL's see a new state at each statement.
    return {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def count_on(connection: Connection, tables: Sequence[Table]) -> None:
    """After rows came in with their numbers: let the next ones get the numbers after them."""
    if connection.dialect.name != "postgresql":
        return
    for one in tables:
        column = one.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(one.name, column.name)
            last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, last, false())))
