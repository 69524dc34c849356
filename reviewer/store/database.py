"""Opening the store's database, and the two kinds of transaction on it.

Invariant: a `Database` that exists has the schema of this version of reviewer. Every transaction
either reads a consistent state or is the only one that writes.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from reviewer.errors import StoreError, StoreUnusable
from reviewer.store import dialects

HEAD = "0010"
"""The newest revision in migrations/versions (a test holds them together)."""

OPENING_S = 60.0  # how long one opening waits for another one's migration


class Database:
    """An opened database; made by `open_database`, shared by all threads of a process."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._held = threading.local()  # this thread's reading transaction, while one is open
        self.name = name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads; raises `StoreUnusable` where it cannot be read.

        Inside another one of the same thread it is that one: so what is read together can be read
        in one transaction, whoever reads it.
        """
        held: Connection | None = getattr(self._held, "reading", None)
        if held is not None:
            yield held
            return
        with _told(self.name), self._engine.begin() as connection:
            self._held.reading = connection
            try:
                yield connection
            finally:
                self._held.reading = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The only writing transaction of the moment; committed at the end, or not at all.

        Raises `StoreUnusable` where the database cannot be written; what was written may be kept
        all the same, if it was the answer that got lost. Never inside `reading`, which would go on
        to show the state before.
        """
        assert getattr(self._held, "reading", None) is None, "writing while this thread reads"
        with (
            _told(self.name),
            self._engine.connect() as unbegun,
            unbegun.execution_options(writing=True) as connection,
            connection.begin(),
        ):
            dialects.begin_writing(connection)
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A reading transaction that sees one state, however long; raises `StoreUnusable`."""
        options = dialects.snapshot_options(self._engine)
        with (
            _told(self.name),
            self._engine.connect() as unbegun,
            unbegun.execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def overwrite_removed(self) -> None:
        """Leave nothing in the database's files of rows that are gone; raises `StoreUnusable`."""
        with _told(self.name):
            dialects.overwrite_removed(self._engine)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise  # a defect of the program, not of the store
    except DBAPIError as error:
        raise StoreUnusable(
            f"The store {name} cannot be used: {_reason(error)}. Check the disk, or put a backup "
            "in its place."
        ) from error


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0].rstrip(".")


def is_there(url: str) -> bool:
    """Whether there is anything to open at `url`: no only for a SQLite file that was never made."""
    try:
        file = dialects.sqlite_file(make_url(url))
    except ArgumentError:
        return True  # opening says what is wrong with it
    return file is None or file.exists()


def open_database(url: str) -> Database:
    """Open the database at `url`, made or brought up to date first; safe to call at the same time.

    Raises `StoreUnusable` where it cannot be reached or read, `StoreError` where the URL is of no
    use or the store is of a newer version.
    """
    try:
        parsed = make_url(url)
        engine = dialects.make_engine(parsed)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise StoreError(
            f"REVIEWER_DATABASE cannot be used: {_reason(error)}. It is a SQLAlchemy URL whose "
            "driver must be installed, such as sqlite:////folder/file.sqlite3 or "
            "postgresql+psycopg://user@host/name."
        ) from error
    name = parsed.render_as_string(hide_password=True)
    file = dialects.sqlite_file(parsed)
    try:
        if file is None:
            _bring_up_to_date(engine, name)
        else:
            name = str(file)
            _open_file(engine, name, file)
    except (SQLAlchemyError, OSError, Timeout) as error:
        engine.dispose()
        raise StoreUnusable(
            f"The store {name} cannot be opened: {_reason(error)}. Put a backup in its place, or "
            "choose another place with REVIEWER_HOME or REVIEWER_DATABASE."
        ) from error
    except StoreError:
        engine.dispose()
        raise
    return Database(engine, name)


def _open_file(engine: Engine, name: str, file: Path) -> None:
    if file.exists() and _revision(engine) == HEAD:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    # Turning the log on fails at once where two do it together, whatever the busy timeout.
    with FileLock(file.with_name(f".{file.name}.lock"), timeout=OPENING_S):
        dialects.use_write_ahead_log(engine)
        _bring_up_to_date(engine, name)


def _revision(engine: Engine) -> str | None:
    """The schema's revision; null for a database without one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _bring_up_to_date(engine: Engine, name: str) -> None:
    if _revision(engine) == HEAD:
        return
    # alembic takes a third of a second to import, and is needed only here.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with (
        engine.connect() as unbegun,
        unbegun.execution_options(writing=True) as connection,
        connection.begin(),
    ):
        dialects.begin_writing(connection)  # whoever waited here finds the work done
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                f"The store {name} was made by a newer version of reviewer (its schema is unknown "
                "to this one); update reviewer, or choose another place with REVIEWER_HOME."
            ) from error
