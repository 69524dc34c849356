"""A training house on a store that is copied, not made: these tests are many and take no time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_empty import empty_store
from house_training import House

from reviewer.review.permission import Person
from reviewer.store.database import Database, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{empty_store(tmp_path)}")
    yield opened
    opened.close()


@pytest.fixture
def house(database: Database) -> House:
    """The house with `house_training.SET` in it."""
    made = House(database)
    made.keep()
    return made


@pytest.fixture
def ann(house: House) -> Person:
    """A trainee of the set's credential."""
    return house.person("trainee")
