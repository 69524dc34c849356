"""A database that goes away while stages are worked on: they wait for it, and nothing is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house_jobs import Bench
from house_postgresql import Server
from toy_work import FILES, toy_engine

from reviewer.errors import StoreError, StoreUnusable
from reviewer.jobs import worker
from reviewer.jobs.planning import settle
from reviewer.jobs.worker import attempt, begin, patiently
from reviewer.store.ledger import Ledger
from reviewer.store.records import StageState, Step, Task

READ = Step("read", "plan", "h")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "AGAIN_S", 0.01)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.end()
    made.database.close()


class Away:
    """Does something, but for the first times that it is asked."""

    def __init__(self, times: int, error: type[StoreError] = StoreUnusable) -> None:
        self.left = times
        self._error = error

    def __call__(self) -> str:
        if self.left:
            self.left -= 1
            raise self._error("The store cannot be used: it starts anew.")
        return "done"


class TestPatience:
    def test_what_cannot_be_done_now_is_done_later(self) -> None:
        assert patiently(Away(3)) == "done"

    def test_it_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(worker, "PATIENCE_S", 0.05)
        with pytest.raises(StoreUnusable, match="starts anew"):
            patiently(Away(10**9))

    def test_it_is_for_nothing_else(self) -> None:
        away = Away(3, StoreError)
        with pytest.raises(StoreError):
            patiently(away)
        assert away.left == 2


class OneStage:
    """Work of one stage that does what it is told."""

    def __init__(self, ledger: Ledger, do: Callable[[], object]) -> None:
        self.ledger = ledger
        self._do = do

    def steps(self, submission_id: str) -> tuple[Step, ...]:
        return (READ,)

    def perform(self, task: Task, progress: Callable[[float], None]) -> bytes:
        return str(self._do()).encode()


class TestStage:
    def test_one_whose_own_reading_was_cut_off_is_tried_again(self, bench: Bench) -> None:
        work = OneStage(bench.ledger, Away(1))
        settle(work.ledger, work.steps, "one")
        for state, attempts in ((StageState.QUEUED, 1), (StageState.DONE, 2)):
            task = begin(work.ledger, "me")
            assert task
            attempt(work, task, "me")
            (line,) = work.ledger.lines("one")
            assert (line.state, line.attempts) == (state, attempts)

    def test_one_whose_store_is_wrong_is_not(self, bench: Bench) -> None:
        work = OneStage(bench.ledger, Away(1, StoreError))
        settle(work.ledger, work.steps, "one")
        task = begin(work.ledger, "me")
        assert task
        attempt(work, task, "me")
        assert bench.states() == {StageState.FAILED}

    def test_a_stage_given_in_an_answer_that_never_came_is_given_again(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        work = OneStage(bench.ledger, Away(0))
        settle(work.ledger, work.steps, "one")
        lease, lost = Ledger.lease, Away(1)

        def leased(self: Ledger, *which: object) -> Task | None:
            task = lease(self, *which)
            lost()
            return task

        monkeypatch.setattr(Ledger, "lease", leased)
        task = begin(bench.ledger, "me")
        assert task is not None
        assert task.attempt == 1

    def test_one_that_was_finished_in_an_answer_that_never_came_is_planned_on(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = toy_engine(bench.url, bench.control)
        settle(bench.ledger, engine._steps, "one")
        finish, lost = Ledger.finish, Away(1)

        def finished(self: Ledger, task: Task, value: bytes) -> tuple[str, ...]:
            touched = finish(self, task, value)
            lost()
            return touched

        monkeypatch.setattr(Ledger, "finish", finished)
        work = OneStage(bench.ledger, Away(0))
        work.steps = engine._steps  # type: ignore[method-assign]
        task = begin(bench.ledger, "me")
        assert task
        attempt(work, task, "me")
        embed = next(
            one
            for one in bench.ledger.lines("one")
            if one.stage == "embed" and one.artifact == FILES[0]
        )
        assert embed.input_hash is not None


@pytest.mark.slow
def test_a_stage_whose_database_was_killed_meanwhile_ends_once(tmp_path: Path) -> None:
    server = Server(tmp_path / "postgresql")
    bench = Bench(tmp_path, server.url)
    engine = toy_engine(bench.url, bench.control)
    try:
        settle(bench.ledger, engine._steps, "one")
        bench.tell("block-embed")
        engine.start()
        bench.begun("embed")
        server.kill()
        bench.untell("block-embed")
        bench.until(lambda: bool([one for one in bench.log("end") if one[0] == "embed"]))
        server.start()
        bench.until(lambda: bench.states() == {StageState.DONE})
        bench.assert_each_once()
        assert {line.attempts for line in bench.ledger.lines("one")} == {1}
    finally:
        engine.stop()
        bench.end()
        for opened in (engine._ledger._database, bench.database):
            opened.close()
        server.stop()
