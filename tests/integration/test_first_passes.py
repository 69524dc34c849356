"""First passes listed and steered: paused, canceled, gone on with; on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from reviewer.errors import JobError
from reviewer.jobs.steering import Steer, Steering
from reviewer.store import audit, schema
from reviewer.store.database import Database
from reviewer.store.ledger import Ledger
from reviewer.store.queue import Queue
from reviewer.store.records import Held, StageState, Step, standing

READ = Step("read", "a", "h1")
EMBED = Step("embed", "a", None)


def alive(_: str) -> bool:
    return False


@pytest.fixture
def ledger(database: Database) -> Ledger:
    rows = [
        {
            "id": name,
            "credential_id": "c",
            "rubric_hash": "0" * 64,
            "credential": "{}",
            "candidate": "C-1",
            "attempt": attempt,
            "messages": "[]",
            "created_at": datetime(2026, 1, day, tzinfo=UTC),
        }
        for name, attempt, day in (("one", 1, 1), ("two", 1, 2), ("again", 2, 3))
    ]
    with database.writing() as connection:
        connection.execute(insert(schema.submission), rows)
    return Ledger(database)


@pytest.fixture
def queue(database: Database) -> Queue:
    return Queue(database)


def states(ledger: Ledger, name: str = "one") -> list[StageState]:
    return [line.state for line in ledger.lines(name)]


class TestOrder:
    def test_a_further_attempt_goes_before_older_first_ones(self, ledger: Ledger) -> None:
        for name in ("one", "two", "again"):
            ledger.plan(name, [Step("read", "a", f"h {name}")])
        taken = [ledger.lease("w", alive) for _ in range(3)]
        assert [task.submission for task in taken if task] == ["again", "one", "two"]

    def test_what_is_to_be_heard_is_told_apart(self, database: Database, ledger: Ledger) -> None:
        ledger.plan("one", [READ, Step("transcribe", "b", "h2"), Step("transcribe", "c", "h3")])
        file = {"submission": "one", "name": "n", "sha256": "0" * 64, "size": 1}
        rows = [
            {**file, "position": 0, "artifact": "b", "captions_sha256": None},
            {**file, "position": 1, "artifact": "c", "captions_sha256": "1" * 64},
        ]
        with database.writing() as connection:
            connection.execute(insert(schema.artifact), rows)
        assert [one.input_hash for one in ledger.next_lines(9, True, ())] == ["h2"]
        assert [one.input_hash for one in ledger.next_lines(9, False, ())] == ["h1", "h3"]

    def test_no_more_lines_than_asked_for_and_none_of_the_excepted(self, ledger: Ledger) -> None:
        ledger.plan("one", [Step("read", f"a{n}", f"h{n}") for n in range(5)])
        first, second = ledger.next_lines(2, False, ())
        assert (first.input_hash, second.input_hash) == ("h0", "h1")
        assert [one.input_hash for one in ledger.next_lines(1, False, [first.id])] == ["h1"]

    def test_one_line_is_leased_by_its_number_and_only_while_it_is_ready(
        self, ledger: Ledger
    ) -> None:
        ledger.plan("one", [READ, Step("read", "b", "h2")])
        wanted = ledger.next_lines(2, False, ())[1].id
        task = ledger.lease("w", alive, line_id=wanted)
        assert task is not None
        assert task.input_hash == "h2"
        assert ledger.lease("other", alive, line_id=wanted) is None


class TestPlanning:
    def test_steps_thought_out_on_lines_that_changed_are_not_taken(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ, EMBED])
        seen = standing(ledger.lines("one"))
        task = ledger.lease("w", alive)
        assert task is not None
        assert ledger.finish(task, b"value") == ("one",)
        assert not ledger.plan("one", [READ, EMBED], seen=seen)
        assert ledger.plan("one", [READ, EMBED], seen=standing(ledger.lines("one")))

    def test_who_begins_a_stage_meanwhile_does_not_make_them_stale(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ, EMBED])
        seen = standing(ledger.lines("one"))
        assert ledger.lease("w", alive)
        assert ledger.plan("one", [READ, EMBED], seen=seen)

    def test_a_finished_stage_names_every_submission_that_waited_for_it(
        self, ledger: Ledger
    ) -> None:
        ledger.plan("one", [READ])
        ledger.plan("two", [READ])
        task = ledger.lease("w", alive)
        assert task is not None
        assert set(ledger.finish(task, b"value")) == {"one", "two"}

    def test_what_was_never_planned_on_is_found(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ, EMBED])
        assert ledger.stuck() == ()
        task = ledger.lease("w", alive)
        assert task is not None
        assert ledger.stuck() == ()
        ledger.finish(task, b"value")
        assert ledger.stuck() == ("one",)
        ledger.plan("one", [READ, Step("embed", "a", "h2")])
        assert ledger.stuck() == ()


class TestSteering:
    def test_what_is_paused_is_not_begun_and_what_is_in_work_is_finished(
        self, ledger: Ledger, queue: Queue
    ) -> None:
        ledger.plan("one", [READ, Step("read", "b", "h2")])
        task = ledger.lease("w", alive)
        assert task is not None
        queue.pause("one", "ann")
        assert ledger.lease("w", alive) is None
        assert not ledger.busy()
        assert ledger.stuck() == ()
        ledger.finish(task, b"value")
        assert states(ledger) == [StageState.DONE, StageState.QUEUED]
        queue.go_on("one", "ann")
        assert ledger.lease("w", alive) is not None

    def test_canceled_stages_count_as_failed_and_stay_so(
        self, ledger: Ledger, queue: Queue
    ) -> None:
        ledger.plan("one", [READ, EMBED])
        queue.cancel("one", "ann")
        assert states(ledger) == [StageState.FAILED, StageState.FAILED]
        assert "reviewer jobs retry" in (ledger.lines("one")[0].error or "")
        ledger.plan("one", [READ, Step("embed", "a", "h2")], retry=True)  # a server that starts
        assert states(ledger) == [StageState.FAILED, StageState.FAILED]

    def test_what_a_worker_was_at_is_kept_if_it_comes(self, ledger: Ledger, queue: Queue) -> None:
        ledger.plan("one", [READ])
        task = ledger.lease("w", alive)
        assert task is not None
        queue.cancel("one", "ann")
        ledger.finish(task, b"value")
        assert states(ledger) == [StageState.DONE]

    def test_retrying_gives_failed_stages_new_attempts_and_wakes_the_engine(
        self, ledger: Ledger, queue: Queue
    ) -> None:
        ledger.plan("one", [READ])
        task = ledger.lease("w", alive)
        assert task is not None
        ledger.fail(task, "w", "no", final=True)
        woken: list[bool] = []
        steering = Steering(queue, ledger, lambda _: (READ,), lambda: woken.append(True))
        steering.steer("one", Steer.RETRY, "ann")
        assert (states(ledger), woken) == ([StageState.QUEUED], [True])
        steering.steer("one", Steer.PAUSE, "ann")
        assert [job.held for job in queue.jobs(9)] == [Held.PAUSED]
        steering.steer("one", Steer.CANCEL, "ann")
        assert [job.held for job in queue.jobs(9)] == [Held.CANCELED]
        assert woken == [True]

    def test_each_is_an_event_with_its_actor(
        self, database: Database, ledger: Ledger, queue: Queue
    ) -> None:
        ledger.plan("one", [READ])
        queue.pause("one", "ann")
        queue.cancel("one", "ben")
        queue.go_on("one", "cleo")
        assert [(one.event, one.actor) for one in audit.events(database)] == [
            ("first_pass_paused", "ann"),
            ("first_pass_canceled", "ben"),
            ("first_pass_retried", "cleo"),
        ]
        assert audit.verify(database) == 3

    def test_what_cannot_be_done_is_said(self, ledger: Ledger, queue: Queue) -> None:
        with pytest.raises(JobError, match="no submission nobody"):
            queue.pause("nobody", "ann")
        with pytest.raises(JobError, match="no submission nobody"):
            queue.go_on("nobody", "ann")
        with pytest.raises(JobError, match="nothing to pause"):
            queue.pause("one", "ann")
        with pytest.raises(JobError, match="nothing to cancel"):
            queue.cancel("one", "ann")
        ledger.plan("one", [READ])
        queue.cancel("one", "ann")
        with pytest.raises(JobError, match="canceled already"):
            queue.pause("one", "ann")


class TestList:
    def test_each_first_pass_says_where_it_stands(self, ledger: Ledger, queue: Queue) -> None:
        ledger.plan("one", [READ])
        ledger.plan("two", [Step("read", "a", "h2")])
        ledger.plan("again", [Step("read", "a", "h3"), Step("read", "b", "h4")])
        queue.pause("two", "ann")
        task = ledger.lease("w", alive)
        assert task is not None
        ledger.fail(task, "w", "it is broken", final=True)
        assert ledger.lease("w", alive)
        found = {job.submission: job for job in queue.jobs(9)}
        assert list(found) == ["again", "two", "one"]
        assert {name: job.state for name, job in found.items()} == {
            "again": "running",
            "two": "paused",
            "one": "waiting",
        }
        assert found["again"].error == "it is broken"
        assert queue.counts() == {
            ("read", "queued"): 2,
            ("read", "leased"): 1,
            ("read", "failed"): 1,
        }

    def test_those_that_are_done_only_where_asked_for(self, ledger: Ledger, queue: Queue) -> None:
        ledger.plan("one", [READ])
        task = ledger.lease("w", alive)
        assert task is not None
        ledger.finish(task, b"")
        assert queue.jobs(9) == ()
        assert [job.state for job in queue.jobs(1, finished_too=True)] == ["done"]
        assert queue.worked().stages == 1
