"""An empty store that is copied, not made: running all migrations takes a tenth of a second."""

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from reviewer.store.database import open_database
from reviewer.store.dialects import sqlite_file


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviewer.sqlite3"
        open_database(f"sqlite:///{path}").close()
        return path.read_bytes()


def empty_store(folder: Path) -> Path:
    """Put an empty store into `folder`, where `MemoryProgram` looks for one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "reviewer.sqlite3"
    path.write_bytes(_empty())
    return path


def unmake(url: str) -> None:
    """Leave nothing at the `url` of an empty store, as before it was first opened."""
    if file := sqlite_file(make_url(url)):
        file.unlink()
