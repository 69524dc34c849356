"""``reviewer calibrate`` without a table: people's ratings and drafts as they are in the store."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import house_sample as sample
import pytest
from house_program import MemoryProgram, stage
from sqlalchemy import insert
from typer.testing import CliRunner

from reviewer.calibration.ratings import ENGINE, make_ratings, read_table, split
from reviewer.cli.main import app
from reviewer.export.ratings import ratings_parquet
from reviewer.review.permission import Grant, Person, Role
from reviewer.review.rating import RaterType, Sight
from reviewer.settings import load_settings
from reviewer.store.accounts import Accounts
from reviewer.store.audit import events
from reviewer.store.database import Database, open_database
from reviewer.store.records import StageState
from reviewer.store.reviews import Place, Reviews
from reviewer.store.schema import submission

pytestmark = pytest.mark.slow

CREDENTIAL = sample.CREDENTIAL
WORKS = 6


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The store of an empty REVIEWER_HOME."""
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))
    opened = open_database(load_settings().database_url)
    yield opened
    opened.close()


def hand_in(database: Database, name: str) -> None:
    with database.writing() as connection:
        connection.execute(
            insert(submission).values(
                id=name,
                credential_id=CREDENTIAL.id,
                rubric_hash=CREDENTIAL.rubric_hash,
                credential=CREDENTIAL.model_dump_json(),
                candidate=f"C-{name}",
                attempt=1,
                consent=True,
                messages="[]",
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )


def evaluator(database: Database, name: str) -> Person:
    accounts = Accounts(database)
    found = accounts.person(accounts.add(name, None, [Grant(Role.EVALUATOR)]))
    assert found is not None
    return found


def rate(database: Database, person: Person, work: str, level: float, *seen: Sight) -> None:
    reviews = Reviews(database)
    for element in CREDENTIAL.elements:
        place = Place(work, element.id, person, RaterType.EVALUATOR, CREDENTIAL.rubric_hash)
        for one in seen:
            reviews.saw(place, one, "")
        reviews.rate(place, level, 0)


def calibrate(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["calibrate", "--resamples", "20", *arguments])
    return done.exit_code, done.stdout if done.exception is None else str(done.exception)


def test_without_a_table_the_ratings_of_the_store_are_measured(database: Database) -> None:
    ann, bob, eve = (evaluator(database, name) for name in ("ann", "bob", "eve"))
    for number in range(WORKS):
        hand_in(database, f"s{number}")
        rate(database, ann, f"s{number}", float(number % 2))
        rate(database, bob, f"s{number}", float(number % 2) if number else 1.0)
        rate(database, eve, f"s{number}", 2.0, Sight.EXCERPTS)
    code, text = calibrate("--json", "-")
    assert code == 0, text
    made = json.loads(text)
    elements = len(CREDENTIAL.elements)
    assert (made["source"]["name"], made["source"]["rows"]) == (
        "the store",
        3 * WORKS * elements,
    )
    people = made["slices"][0]["comparisons"][0]
    assert (people["kind"], people["units"]) == ("human_human", WORKS * elements)
    exact = people["statistics"]["percent_agreement"]["value"]
    assert exact == pytest.approx(1 - 1 / WORKS, abs=1e-4)  # the report has four decimals
    assert "aided_human" in [one["kind"] for one in made["slices"][0]["comparisons"]]


def test_measuring_the_store_leaves_an_entry_in_its_record(database: Database) -> None:
    hand_in(database, "s")
    for name in ("ann", "bob"):
        rate(database, evaluator(database, name), "s", 1.0)
    assert calibrate()[0] == 0
    assert events(database)[-1].event == "exported"


def test_a_store_without_ratings_is_one_sentence(database: Database) -> None:
    hand_in(database, "s")
    code, text = calibrate()
    assert code == 1
    assert text.startswith("Nobody has rated anything in this store yet;")


def test_drafts_are_ratings_by_the_engine_under_its_version(tmp_path: Path) -> None:
    program = MemoryProgram(tmp_path)
    program.hold("s", sample.first_pass(), (stage("draft", StageState.DONE),))
    rate(program.database, program.person("evaluator"), "s", 1.0)
    rows = program.exports.every_rating()
    made = split(make_ratings(read_table(ratings_parquet(rows), "the store"), "the store"))
    assert set(made.engine["rater_type"]) == {ENGINE}
    assert [len(one) for one in made.engine["engine_version"]] == [64] * len(made.engine)
    assert made.engine["confidence"].notna().all()
    assert set(made.independent["rater"]) == {"evaluator"}
