"""What the ledger asks of SQLite, in steps of its virtual machine: no clock, so no busy machine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from reviewer.store import schema
from reviewer.store.database import Database, open_database
from reviewer.store.ledger import Ledger
from reviewer.store.records import StageState, Step

FEW, MANY = 10, 400  # other submissions of the store
READ = Step("read", "a", "mine")
STEPS = (READ, Step("embed", "a", None), Step("draft", "", None))
NEXT = (READ, Step("embed", "a", "mine too"), Step("draft", "", None))

Count = Callable[[Callable[[], object]], int]
LedgerBeside = Callable[[int, StageState], Ledger]


@pytest.fixture
def count() -> Iterator[Count]:
    """How many steps an act takes."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    def connected(connection: Any, _record: object) -> None:
        connection.set_progress_handler(step, 1)

    def of(act: Callable[[], object]) -> int:
        before = taken
        act()
        return taken - before

    event.listen(Engine, "connect", connected)
    yield of
    event.remove(Engine, "connect", connected)


@pytest.fixture
def ledger_beside(count: Count, tmp_path: Path) -> Iterator[LedgerBeside]:
    """The ledger of a new store whose other submissions all stand at a state."""
    opened: list[Database] = []

    def ledger(others: int, state: StageState) -> Ledger:
        opened.append(open_database(f"sqlite:///{tmp_path / f'{others}.sqlite3'}"))
        _fill(opened[-1], others, state)
        return Ledger(opened[-1])

    yield ledger
    for one in opened:
        one.close()


def _fill(database: Database, others: int, state: StageState) -> None:
    """The submission "one", and `others`, each of which has all its stages."""
    names = [f"other {number}" for number in range(others)]
    with database.writing() as connection:
        connection.execute(
            insert(schema.submission),
            [
                {
                    "id": name,
                    "credential_id": "c",
                    "rubric_hash": "0" * 64,
                    "credential": "{}",
                    "candidate": name,
                    "attempt": 1,
                    "messages": "[]",
                    "created_at": datetime(2026, 1, 1, tzinfo=UTC),
                }
                for name in (*names, "one")
            ],
        )
        connection.execute(
            insert(schema.stage),
            [
                {
                    "submission": name,
                    "stage": step.stage,
                    "artifact": step.artifact,
                    "position": position,
                    "input_hash": f"{name}, {step.stage}",
                    "state": state,
                    "attempts": 0,
                    "fraction": 0.0,
                }
                for name in names
                for position, step in enumerate(STEPS)
            ],
        )


def nobody_is_dead(_who: str) -> bool:
    return False


def pass_through(ledger: Ledger) -> None:
    """A submission is planned, a worker takes its first stage, finishes it, plans what is next."""
    ledger.plan("one", STEPS)
    assert ledger.ready(nobody_is_dead, only="one")
    task = ledger.lease("w", nobody_is_dead, only="one")
    assert task is not None
    assert ledger.finish(task, b"value") == ("one",)
    ledger.plan("one", NEXT)


@pytest.mark.parametrize("state", [StageState.QUEUED, StageState.DONE, StageState.FAILED])
def test_a_stage_costs_the_same_however_much_else_waits_is_done_or_failed(
    state: StageState, count: Count, ledger_beside: LedgerBeside
) -> None:
    few, many = ledger_beside(FEW, state), ledger_beside(MANY, state)
    beside_few = count(lambda: pass_through(few))
    assert beside_few > 100  # they are counted
    assert count(lambda: pass_through(many)) < 1.2 * beside_few


def test_finding_what_failed_costs_as_much_more_as_there_is_more(
    count: Count, ledger_beside: LedgerBeside
) -> None:
    few, many = (ledger_beside(others, StageState.FAILED) for others in (FEW, MANY))
    beside_few = count(few.failed)
    assert count(many.failed) < 1.2 * MANY / FEW * beside_few
