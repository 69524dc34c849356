"""The store's database, on SQLite and on a real PostgreSQL: opening, record, ledger, vectors."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from house_empty import unmake
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from reviewer.errors import StoreError
from reviewer.store import audit, schema
from reviewer.store.database import HEAD, Database, open_database
from reviewer.store.embeddings import StoredEmbeddings
from reviewer.store.ledger import ATTEMPTS, LEASE_S, Ledger
from reviewer.store.records import StageState, Step, Task


class TestOpening:
    def test_the_migrations_make_exactly_the_schema(self, database: Database) -> None:
        with database.reading() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, schema.metadata) == []

    def test_the_newest_revision_is_the_one_that_opening_expects(self) -> None:
        folder = Path(schema.__file__).parent / "migrations"
        assert ScriptDirectory(str(folder)).get_heads() == [HEAD]

    def test_many_may_open_a_store_that_does_not_exist_yet(self, url: str) -> None:
        unmake(url)
        with ThreadPoolExecutor(8) as pool:
            opened = list(pool.map(lambda _: open_database(url), range(8)))
        for one in opened:
            with one.reading() as connection:
                assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
            one.close()

    def test_a_store_of_a_newer_version_is_refused_in_one_sentence(self, url: str) -> None:
        opened = open_database(url)
        with opened.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'from-tomorrow'"))
        opened.close()
        with pytest.raises(StoreError, match="made by a newer version of reviewer"):
            open_database(url)

    def test_what_was_written_is_there_at_the_next_opening(self, url: str) -> None:
        first = open_database(url)
        with first.writing() as connection:
            audit.append(connection, "looked", {})
        first.close()
        second = open_database(url)
        assert [one.event for one in audit.events(second)] == ["looked"]
        second.close()

    def test_what_failed_in_the_middle_left_nothing(self, database: Database) -> None:
        def fail() -> None:
            with database.writing() as connection:
                audit.append(connection, "looked", {})
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert audit.events(database) == ()


class TestReadingTogether:
    def test_what_is_read_inside_a_reading_is_of_the_same_state(self, database: Database) -> None:
        with database.reading() as outer, database.reading() as inner:
            assert inner is outer
        with database.reading() as after:
            assert after.in_transaction()

    def test_writing_inside_a_reading_is_a_defect(self, database: Database) -> None:
        with database.reading(), pytest.raises(AssertionError), database.writing():
            pass
        with database.writing() as connection:  # and afterwards all is as before
            audit.append(connection, "x", {})
        assert audit.verify(database) == 1


class TestFilesThatAreNoStore:
    def test_a_file_that_is_no_database_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "reviewer.sqlite3"
        path.write_bytes(b"this is not a database, but long enough to be one" * 100)
        with pytest.raises(StoreError, match=r"reviewer\.sqlite3 cannot be opened: file is not"):
            open_database(f"sqlite:///{path}")

    def test_a_damaged_database_is_named_when_it_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "reviewer.sqlite3"
        opened = open_database(f"sqlite:///{path}")
        with opened.writing() as connection:
            for number in range(500):
                audit.append(connection, "looked", {"number": number})
        opened.close()
        content = bytearray(path.read_bytes())
        for start in range(4096 * 4, len(content), 4096):
            content[start : start + 2048] = b"\xff" * 2048
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"reviewer\.sqlite3 cannot be (used|opened)"):
            audit.verify(open_database(f"sqlite:///{path}"))

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("a file, not a folder")
        with pytest.raises(StoreError, match=r"home.* cannot be opened"):
            open_database(f"sqlite:///{tmp_path / 'home' / 'reviewer.sqlite3'}")

    def test_a_driver_that_is_not_installed_is_said(self) -> None:
        with pytest.raises(StoreError, match="REVIEWER_DATABASE cannot be used"):
            open_database("postgresql+psycopg2://localhost/reviewer")

    def test_a_url_that_is_none_is_said(self) -> None:
        with pytest.raises(StoreError, match="REVIEWER_DATABASE cannot be used"):
            open_database("reviewer.sqlite3")

    def test_a_server_that_does_not_answer_is_named_without_its_password(self) -> None:
        with pytest.raises(StoreError, match="cannot be opened") as caught:
            open_database("postgresql+psycopg://me:secret@127.0.0.1:1/reviewer")
        assert "secret" not in str(caught.value)


class TestSqlite:
    def test_it_logs_ahead_waits_for_others_and_holds_foreign_keys(self, tmp_path: Path) -> None:
        opened = open_database(f"sqlite:///{tmp_path / 'reviewer.sqlite3'}")
        with opened.reading() as connection:
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
            assert connection.scalar(text("PRAGMA busy_timeout")) == 10_000
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        opened.close()


class TestAuditChain:
    def test_an_untouched_chain_verifies(self, database: Database) -> None:
        for number in range(3):
            with database.writing() as connection:
                audit.append(connection, "looked", {"number": number, "name": "Zoë"}, "evaluator")
        assert audit.verify(database) == 3
        first = audit.events(database)[0]
        assert (first.number, first.actor, first.details["name"]) == (1, "evaluator", "Zoë")

    @pytest.mark.parametrize(
        "statement", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"]
    )
    def test_the_database_itself_refuses_to_change_it(
        self, database: Database, statement: str
    ) -> None:
        with database.writing() as connection:
            audit.append(connection, "looked", {})
        with pytest.raises((DBAPIError, StoreError), match="append-only"), database.writing() as c:
            c.execute(text(statement))
        assert audit.verify(database) == 1

    @pytest.mark.parametrize(
        "tampering",
        [
            "UPDATE audit_event SET details = '{}' WHERE number = 2",
            "UPDATE audit_event SET actor = 'somebody else' WHERE number = 2",
            "DELETE FROM audit_event WHERE number = 2",
            "DELETE FROM audit_event WHERE number = 1",
        ],
    )
    def test_a_row_changed_behind_the_triggers_is_found(
        self, tmp_path: Path, tampering: str
    ) -> None:
        path = tmp_path / "reviewer.sqlite3"
        opened = open_database(f"sqlite:///{path}")
        with opened.writing() as connection:
            for number in range(3):
                audit.append(connection, "looked", {"number": number})
        raw = sqlite3.connect(path)
        raw.executescript(
            "DROP TRIGGER audit_event_no_update; DROP TRIGGER audit_event_no_delete;" + tampering
        )
        raw.close()
        with pytest.raises(StoreError, match="tampered with at event"):
            audit.verify(opened)
        opened.close()

    def test_events_of_many_writers_form_one_chain(self, url: str) -> None:
        opened = [open_database(url) for _ in range(4)]

        def write(one: Database) -> None:
            for _ in range(10):
                with one.writing() as connection:
                    audit.append(connection, "looked", {})

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, opened))
        assert audit.verify(opened[0]) == 40
        for one in opened:
            one.close()


class TestEmbeddings:
    def test_vectors_come_back_bit_for_bit(self, database: Database) -> None:
        cache = StoredEmbeddings(database)
        vectors = {
            f"{number:064x}": np.random.default_rng(number).normal(size=384).astype(np.float32)
            for number in range(1200)
        }
        cache.put_many("m" * 64, vectors)
        cache.put_many("m" * 64, vectors)
        found = cache.get_many("m" * 64, [*vectors, "unknown"])
        assert found.keys() == vectors.keys()
        assert all(np.array_equal(found[name], vectors[name]) for name in vectors)

    def test_another_model_has_its_own(self, database: Database) -> None:
        cache = StoredEmbeddings(database)
        cache.put_many("m" * 64, {"t" * 64: np.ones(3, np.float32)})
        assert cache.get_many("n" * 64, ["t" * 64]) == {}


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(database: Database, clock: Clock) -> Ledger:
    with database.writing() as connection:
        for number, name in enumerate(("one", "two")):
            connection.execute(insert(schema.submission).values(**_submission(name, number)))
    return Ledger(database, clock)


def _submission(name: str, number: int) -> dict[str, Any]:
    return {
        "id": name,
        "credential_id": "c",
        "rubric_hash": "0" * 64,
        "credential": "{}",
        "candidate": "C-1",
        "attempt": 1,
        "consent": None,
        "messages": "[]",
        "created_at": datetime(2026, 1, 1, 12, number, tzinfo=UTC),
    }


def alive(_who: str) -> bool:
    return False


def lease(ledger: Ledger, worker: str = "w") -> Task:
    task = ledger.lease(worker, alive)
    assert task is not None
    return task


def states(ledger: Ledger, name: str = "one") -> list[StageState]:
    return [line.state for line in ledger.lines(name)]


READ = Step("read", "a", "h1")
DRAFT = Step("draft", "", None)


class TestLedger:
    def test_a_stage_goes_from_queued_to_done(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ])
        assert states(ledger) == [StageState.QUEUED]
        task = lease(ledger)
        assert states(ledger) == [StageState.LEASED]
        ledger.finish(task, b"value")
        assert states(ledger) == [StageState.DONE]
        assert ledger.result("read", "h1") == b"value"
        assert ledger.lease("w", alive) is None

    def test_a_stage_whose_input_is_unknown_is_not_leased(self, ledger: Ledger) -> None:
        ledger.plan("one", [DRAFT])
        assert ledger.lease("w", alive) is None
        ledger.plan("one", [Step("draft", "", "h2")])
        assert lease(ledger).stage == "draft"

    def test_equal_input_is_computed_once_across_submissions(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ])
        ledger.plan("two", [READ])
        task = lease(ledger)
        assert ledger.lease("other", alive) is None
        ledger.finish(task, b"value")
        assert states(ledger, "two") == [StageState.DONE]
        assert ledger.lines("two")[0].attempts == 0
        ledger.plan("two", [READ, Step("read", "b", "h1")])
        assert states(ledger, "two") == [StageState.DONE, StageState.DONE]

    def test_who_waits_for_one_submission_is_given_no_stage_of_an_older_one(
        self, ledger: Ledger
    ) -> None:
        ledger.plan("one", [READ])
        ledger.plan("two", [Step("read", "b", "h2")])
        assert ledger.ready(alive, "two")
        task = ledger.lease("w", alive, "two")
        assert task is not None
        assert (task.submission, task.input_hash) == ("two", "h2")
        assert ledger.lease("w", alive, "two") is None
        assert not ledger.ready(alive, "two")
        assert states(ledger, "one") == [StageState.QUEUED]

    def test_a_dead_worker_that_holds_the_same_input_for_another_submission_is_found_out(
        self, ledger: Ledger
    ) -> None:
        ledger.plan("one", [READ])
        ledger.plan("two", [READ])
        lease(ledger, "dead")
        assert ledger.lease("w", alive, "two") is None
        dead = "dead".__eq__
        assert ledger.ready(dead, "two")
        task = ledger.lease("w", dead, "two")
        assert task is not None
        assert task.submission == "two"

    def test_planning_again_changes_nothing(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ, DRAFT])
        ledger.finish(lease(ledger), b"value")
        before = ledger.lines("one")
        ledger.plan("one", [READ, DRAFT], retry=True)
        assert ledger.lines("one") == before

    def test_changed_input_is_queued_anew_and_a_known_result_comes_back(
        self, ledger: Ledger
    ) -> None:
        ledger.plan("one", [READ])
        ledger.finish(lease(ledger), b"value")
        ledger.plan("one", [Step("read", "a", "h9")])
        assert states(ledger) == [StageState.QUEUED]
        ledger.plan("one", [READ])
        assert states(ledger) == [StageState.DONE]

    def test_a_stage_that_is_no_longer_needed_goes(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ, Step("embed", "a", None)])
        ledger.plan("one", [READ])
        assert [line.stage for line in ledger.lines("one")] == ["read"]

    def test_a_failing_stage_fails_for_good_with_its_error_while_others_go_on(
        self, ledger: Ledger
    ) -> None:
        ledger.plan("one", [READ, Step("read", "b", "h2")])
        begun = []
        while task := ledger.lease("w", alive):
            begun.append(task.artifact)
            if task.artifact == "a":
                ledger.fail(task, "w", "no luck")
            else:
                ledger.finish(task, b"")
        assert begun == ["a", "b", "a", "a"]  # what failed waits for what was not tried
        line = ledger.lines("one")[0]
        assert (line.state, line.attempts, line.error) == (StageState.FAILED, ATTEMPTS, "no luck")

    def test_an_error_that_no_attempt_can_mend_fails_at_once(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ])
        ledger.fail(lease(ledger), "w", "never", final=True)
        assert states(ledger) == [StageState.FAILED]

    def test_failed_stages_are_tried_again_when_asked(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ])
        ledger.fail(lease(ledger), "w", "never", final=True)
        ledger.plan("one", [READ])
        assert states(ledger) == [StageState.FAILED]
        ledger.plan("one", [READ], retry=True)
        assert lease(ledger).attempt == 1

    def test_a_lease_without_heartbeat_expires(self, ledger: Ledger, clock: Clock) -> None:
        ledger.plan("one", [READ])
        task = lease(ledger)
        clock.forward(LEASE_S - 1)
        ledger.beat(task, "w", 0.5)
        assert ledger.lines("one")[0].fraction == 0.5
        clock.forward(LEASE_S - 1)
        assert ledger.lease("other", alive) is None
        assert not ledger.ready(alive)
        clock.forward(2)
        assert ledger.ready(alive)
        assert lease(ledger, "other").attempt == 2

    def test_a_lease_of_a_dead_process_is_taken_back_at_once(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ])
        lease(ledger, "dead")
        task = ledger.lease("w", lambda who: who == "dead")
        assert task is not None
        assert task.attempt == 2

    def test_a_worker_that_is_told_to_stop_loses_no_attempt(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ])
        lease(ledger)
        ledger.release("w")
        assert lease(ledger).attempt == 1

    def test_a_worker_that_dies_loses_one_and_the_third_is_the_last(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ])
        for number in range(ATTEMPTS):
            assert lease(ledger).attempt == number + 1
            ledger.abandon("w", "the worker process ended with signal 9")
        assert ledger.lines("one")[0].error == "the worker process ended with signal 9"
        assert states(ledger) == [StageState.FAILED]

    def test_a_lost_lease_can_no_longer_fail_the_stage(self, ledger: Ledger, clock: Clock) -> None:
        ledger.plan("one", [READ])
        late = lease(ledger, "late")
        clock.forward(LEASE_S + 1)
        lease(ledger, "quick")
        ledger.fail(late, "late", "too late")
        ledger.beat(late, "late", 0.9)
        line = ledger.lines("one")[0]
        assert (line.state, line.fraction) == (StageState.LEASED, 0.0)

    def test_a_leased_stage_is_left_alone_by_planning(self, ledger: Ledger) -> None:
        ledger.plan("one", [READ])
        task = lease(ledger)
        ledger.plan("one", [Step("read", "a", "h9")])
        assert ledger.lines("one")[0].input_hash == "h1"
        ledger.finish(task, b"value")
        ledger.plan("one", [Step("read", "a", "h9")])
        assert states(ledger) == [StageState.QUEUED]

    def test_failed_submissions_are_found_oldest_first(self, ledger: Ledger) -> None:
        ledger.plan("two", [READ])
        ledger.plan("one", [Step("read", "b", "h2")])
        assert ledger.busy()
        assert ledger.failed() == ()
        for _ in range(2):
            ledger.fail(lease(ledger), "w", "no", final=True)
        assert ledger.failed() == ("one", "two")
        assert not ledger.busy()

    def test_finished_drafts_are_an_event_of_the_record(
        self, ledger: Ledger, database: Database
    ) -> None:
        ledger.plan("one", [Step("draft", "", "h3")])
        ledger.finish(lease(ledger), b"drafts")
        (event,) = audit.events(database)
        assert (event.event, event.details["submission"]) == ("drafts_made", "one")

    def test_of_many_workers_each_stage_has_one(self, url: str, ledger: Ledger) -> None:
        ledger.plan("one", [Step("read", f"a{n}", f"h{n}") for n in range(20)])
        ledger.plan("two", [Step("read", f"a{n}", f"h{n}") for n in range(20)])
        done: list[str] = []
        lock = threading.Lock()

        def work(name: str) -> None:
            database = open_database(url)
            own = Ledger(database)
            while task := own.lease(name, alive):
                with lock:
                    done.append(task.input_hash)
                own.finish(task, b"")
            database.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, ["w1", "w2", "w3", "w4"]))
        assert sorted(done) == sorted(f"h{n}" for n in range(20))
        assert set(states(ledger, "two")) == {StageState.DONE}
