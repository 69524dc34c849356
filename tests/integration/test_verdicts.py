"""Verdicts in the store, on SQLite and on PostgreSQL: appended, the latest of a key obeyed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from house_empty import empty_store
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from reviewer.calibration.gate import Check, Verdict
from reviewer.scoring.draft import Fitness
from reviewer.store.audit import events, verify
from reviewer.store.database import Database, open_database
from reviewer.store.verdicts import StoredVerdicts

ENGINE = "a" * 64
GIVEN = Verdict(
    "made", "r" * 64, "plan", ENGINE, Fitness.OPEN, "every threshold is met",
    (Check("QWK", 200, 0.8, 0.74, 0.7, "met", "QWK 0.80"),), "f" * 64,
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{empty_store(tmp_path)}")
    yield opened
    opened.close()


def test_a_verdict_comes_back_as_it_was_given(database: Database) -> None:
    StoredVerdicts(database).keep([GIVEN])
    assert StoredVerdicts(database).latest("made", "r" * 64) == (GIVEN,)


def test_the_latest_verdict_holds_and_the_earlier_stays(database: Database) -> None:
    kept = StoredVerdicts(database)
    kept.keep([GIVEN])
    kept.keep([replace(GIVEN, fitness=Fitness.CLOSED, reason="drifted")])
    assert kept.fitness("made", "r" * 64) == {("plan", ENGINE): Fitness.CLOSED}
    with database.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM verdict")) == 2
    assert [one.event for one in events(database)] == ["verdicts_given", "verdicts_given"]
    assert verify(database) == 2


def test_another_rubric_or_engine_has_none(database: Database) -> None:
    kept = StoredVerdicts(database)
    kept.keep([GIVEN])
    assert kept.fitness("made", "q" * 64) == {}
    assert ("plan", "b" * 64) not in kept.fitness("made", "r" * 64)


@pytest.mark.parametrize("change", ["UPDATE verdict SET fitness = 'open'", "DELETE FROM verdict"])
def test_the_database_refuses_to_change_a_verdict(database: Database, change: str) -> None:
    StoredVerdicts(database).keep([GIVEN])
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(text(change))


def test_nothing_given_is_nothing_kept(database: Database) -> None:
    StoredVerdicts(database).keep([])
    assert events(database) == ()
