"""What SQLite and PostgreSQL do differently, all of it, and nothing else.

Invariant: on both, `begin_writing` lets one writing transaction in at a time, so that reading and
then writing inside it is safe; a table made `append_only` refuses UPDATE and DELETE.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL

BUSY_MS = 10_000  # how long a SQLite connection waits for another one's transaction
WRITER = 0x7265_7669  # key of PostgreSQL's advisory lock: any number that nothing else uses


def make_engine(url: URL) -> Engine:
    """An engine whose transactions begin where they are told to begin; connects to nothing yet.

    Raises `ModuleNotFoundError` where the driver that the URL names is not installed.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


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
