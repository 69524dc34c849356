"""The store's database, opened: on SQLite, and on a real PostgreSQL (see tests/conftest.py)."""

from collections.abc import Iterator

import pytest

from reviewer.store.database import Database, open_database


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()
