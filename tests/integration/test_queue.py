"""The list of submissions as one person gets it: what waits, for how long, what is missing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import house_credentials
import house_sample as sample
import httpx
import pytest
from house_program import DONE, MemoryProgram, serving, stage
from sqlalchemy import event

from reviewer.review.permission import Grant, Kind, Purpose, Role
from reviewer.store.records import StageState

pytestmark = pytest.mark.slow  # Gradio takes seconds to import

LATE = sample.CREDENTIAL.model_copy(update={"turnaround_days": 10})
AGE = (datetime.now(UTC) - datetime(2026, 1, 5, tzinfo=UTC)).days  # of all that the house holds


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MemoryProgram, httpx.Client]]:
    program = MemoryProgram(tmp_path_factory.mktemp("store"))
    with serving(program) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield program, client


@pytest.fixture
def program(house: tuple[MemoryProgram, httpx.Client]) -> MemoryProgram:
    house[0].clear()
    return house[0]


class List:
    """The answer of ``/live`` for somebody; `row` is a line without its markup."""

    def __init__(self, house: tuple[MemoryProgram, httpx.Client], name: str) -> None:
        answer = house[1].get("/live", headers={"Cookie": house[0].cookie(name)})
        assert answer.status_code == 200
        self.state = answer.json()

    def row(self, submission: str) -> str:
        text = re.sub(r"<[^>]*>", " ", self.state["parts"][f"row:{submission}"])
        return " ".join(text.replace("&nbsp;", " ").split())


def test_a_line_says_how_long_it_waits_against_the_target_and_what_is_missing(
    program: MemoryProgram, house: tuple[MemoryProgram, httpx.Client]
) -> None:
    program.hold("late", sample.first_pass(), DONE, credential=LATE)
    program.hold("free", sample.first_pass(), DONE)
    mine = List(house, "evaluator")
    row = mine.row("late")
    assert f"{AGE} days of 10 · late" in row
    assert "C-0417 · attempt 1" in row
    assert "0 of 5 scored" in row
    assert "First pass finished" in row
    assert "Justification statement: 47 words; at least 150 are asked for." in row
    assert "structure.pdf is locked with a password" in row
    assert f"{AGE} days 0 of 5" in mine.row("free")


def test_the_first_pass_is_followed_while_it_runs(
    program: MemoryProgram, house: tuple[MemoryProgram, httpx.Client]
) -> None:
    half = (stage("read", StageState.DONE), stage("draft", StageState.LEASED, fraction=0.5))
    program.hold("running", sample.partial(), half)
    before = List(house, "evaluator")
    assert before.state["running"]
    assert "Drafting every element 75 %" in before.row("running").replace("\u00a0", " ")
    program.hold("running", sample.first_pass(), DONE)
    assert not List(house, "evaluator").state["running"]


def test_what_waits_stands_before_what_is_finished_and_is_next(
    program: MemoryProgram, house: tuple[MemoryProgram, httpx.Client]
) -> None:
    for name in ("a-done", "b-waiting"):
        program.hold(name, sample.first_pass(), DONE)
    me = program.person("evaluator")
    for element in sample.CREDENTIAL.elements:
        program.desk.rate(me, "a-done", element.id, 2, 0)
        program.desk.reveal(me, "a-done", element.id)
        program.desk.decide(me, "a-done", element.id, 2, 1)
    verdict = program.desk.summary(me, "a-done").verdict
    assert verdict.outcome is not None
    program.desk.finalize(me, "a-done", verdict.outcome)
    mine = List(house, "evaluator")
    assert mine.state["order"] == ["b-waiting", "a-done"]
    assert mine.state["next"] == "b-waiting"
    assert "awarded" in mine.row("a-done")


def test_to_who_scores_all_that_stays_without_aid_looks_alike(
    program: MemoryProgram, house: tuple[MemoryProgram, httpx.Client]
) -> None:
    assign, me = program.records.assignments.assign, program.person("evaluator")
    parts = {
        "double": (Kind.FIRST, Purpose.DOUBLE),
        "validity": (Kind.FIRST, Purpose.VALIDITY),
        "sample": (Kind.FIRST, Purpose.ADJUDICATION),
        "second": (Kind.SECOND, None),
    }
    for name, (kind, purpose) in parts.items():
        program.hold(name, sample.first_pass(), DONE, to=None)
        assign(name, me, kind, "issuer", purpose)
    mine = List(house, "evaluator")
    assert len({mine.row(name) for name in parts}) == 1
    assert "without any aid" in mine.row("validity")


def test_a_role_that_was_taken_away_closes_its_works_and_no_others(
    program: MemoryProgram, house: tuple[MemoryProgram, httpx.Client]
) -> None:
    graded = house_credentials.graded(elements=2, levels=3, required=1)
    here, there = Grant(Role.EVALUATOR, sample.CREDENTIAL.id), Grant(Role.EVALUATOR, graded.id)
    judge = Grant(Role.ADJUDICATOR, sample.CREDENTIAL.id)
    issuer = Grant(Role.ISSUER, sample.CREDENTIAL.id)
    program.records.accounts.add("moving", None, [here, there, judge, issuer])
    other = replace(sample.first_pass(), credential=graded.id, elements=())
    program.hold("stays", sample.first_pass(), DONE, to="moving")
    program.hold("closes", other, DONE, to="moving", credential=graded)
    program.hold("judged", sample.first_pass(), DONE, to=None)
    assign = program.records.assignments.assign
    assign("judged", program.person("moving"), Kind.ADJUDICATION, "issuer")
    assert set(List(house, "moving").state["order"]) == {"stays", "closes", "judged"}
    for taken in (there, judge):
        program.records.accounts.revoke("moving", taken)
    assert List(house, "moving").state["order"] == ["stays"]
    cookie = {"Cookie": program.cookie("moving")}
    for path in ("queue", "ratings.csv"):
        assert house[1].get(f"/api/v1/{path}", headers=cookie).status_code == 200


def test_an_issuer_sees_what_nobody_has_yet(
    program: MemoryProgram, house: tuple[MemoryProgram, httpx.Client]
) -> None:
    program.hold("free", sample.first_pass(), DONE, to=None)
    program.hold("taken", sample.first_pass(), DONE)
    theirs = List(house, "issuer")
    assert "assigned to nobody" in theirs.row("free")
    assert "evaluator (first)" in theirs.row("taken")
    assert theirs.state["next"] is None
    assert List(house, "trainer").state["order"] == []


def test_more_lines_take_no_more_queries_and_are_the_cases_that_one_by_one_would_open(
    program: MemoryProgram,
) -> None:
    person = program.person("evaluator")
    names = [f"work-{number}" for number in range(12)]
    for name in names:
        program.hold(name, sample.first_pass(), DONE, credential=LATE)
    program.hold("others", sample.first_pass(), DONE, to=None)
    program.desk.rate(person, names[0], sample.CREDENTIAL.elements[0].id, 1, 0)
    asked = [*reversed(names), "others", "nowhere"]
    cases = program.desk.cases.open_all(person, asked)
    assert [one.record.id for one in cases] == list(reversed(names))
    assert cases == [program.desk.cases.open(person, one) for one in reversed(names)]

    def queries(most: int) -> int:
        counted: list[str] = []
        engine = program.database._engine

        def count(*call: object) -> None:
            counted.append(str(call[2]))

        event.listen(engine, "before_cursor_execute", count)
        program.desk.cases.open_all(person, names[:most])
        event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    assert queries(12) == queries(2)
