"""Work that is erased leaves nothing of itself: on SQLite and on a real PostgreSQL."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house_store import CREDENTIAL, House
from sqlalchemy import insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from reviewer.calibration.gate import Thresholds
from reviewer.calibration.monitoring import Snapshot, Table
from reviewer.errors import NothingToErase, StoreError, SubmissionError, TracesRemain
from reviewer.review.policy import Policy
from reviewer.store import audit
from reviewer.store.accounts import now
from reviewer.store.dialects import lifted
from reviewer.store.erasure import Erasure, Work
from reviewer.store.program_schema import monitoring, routing
from reviewer.store.programs import Programs
from reviewer.store.reconcile import reconcile
from reviewer.store.records import Step
from reviewer.store.remarks import RemarkKind
from reviewer.store.retention import kept_work
from reviewer.store.review_schema import decision, outcome, rating
from reviewer.store.schema import audit_event, metadata
from reviewer.store.validity import ValidityWorks
from reviewer.store.waivers import keep_waiver

pytestmark = pytest.mark.slow  # a store a test: together they take many seconds

PLAN = (
    "Every morning the pupils of the red table choose how they want to be greeted by the others. "
    "Wilhelmina waits until Ottokar has finished, then she answers him with a question of her own."
)
OTHER = "We read the weather from a chart that hangs by the door, and one child a day reports it."


@pytest.fixture
def house(url: str, tmp_path: Path) -> Iterator[House]:
    opened = House(url, tmp_path)
    yield opened
    opened.database.close()


@pytest.fixture
def reviewed(house: House) -> str:
    """Work of C-0417, known by name, reviewed with quotes of it."""
    submission = house.hand_in("C-0417", {"plan of ms brownlow.txt": PLAN})
    house.records.assignments.name_candidate("C-0417", "Ms. Brownlow", "ann")
    house.review(submission, note=PLAN[:90], feedback=f"You write: {PLAN}", words=PLAN[:80])
    return submission


def everything(house: House) -> str:
    """Every cell of every table, and every byte of every file, in small letters."""
    parts: list[str] = []
    with house.database.reading() as connection:
        for name in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{name}"')):
                parts += [
                    bytes(one).decode("utf-8", "replace")
                    if isinstance(one, bytes | memoryview)
                    else str(one)
                    for one in row
                ]
    parts += [
        path.read_bytes().decode("utf-8", "replace")
        for path in house.home.rglob("*")
        if path.is_file()
    ]
    return "\n".join(parts).lower()


class TestWhatGoes:
    def test_nothing_of_the_work_its_names_or_the_candidate_is_left(
        self, house: House, reviewed: str
    ) -> None:
        before = everything(house)
        traces = ("red table", "wilhelmina", "brownlow", "c-0417")
        assert all(one in before for one in traces)
        house.erasure.erase([house.erasure.of("C-0417")])
        after = everything(house)
        assert [one for one in traces if one in after] == []

    def test_what_was_erased_and_what_was_searched_is_told(
        self, house: House, reviewed: str
    ) -> None:
        erased = house.erasure.erase([house.erasure.of("C-0417")])
        assert (erased.submissions, erased.files, erased.results) == (1, 1, 2)
        assert (erased.vectors, erased.remarks) == (2, 3)
        assert erased.passages > 20
        assert erased.searched.found == ()
        assert erased.searched.tables >= len(metadata.tables)
        assert erased.searched.rows > 10

    def test_every_table_has_been_thought_of(self) -> None:
        removed = {
            "artifact", "assignment", "candidate_name", "embedding", "evidence_mark", "stage",
            "stage_result",
        }  # fmt: skip
        changed = {"audit_event", "decision", "remark", "submission", "waiver"}
        without_words = {
            "account", "active_time", "api_token", "outcome", "rating", "role_grant", "sight",
            "sign_in", "sign_in_attempt", "verdict",
        }  # fmt: skip
        # Anchors are copies without names, made with consent to outlive the work.
        removed_or_renamed_in_programs = {"conflict", "monitoring", "validity_work"}
        programs = {
            "adjudication", "program_policy", "published_rubric", "routing", "second_reason",
        }  # fmt: skip
        training = {one for one in metadata.tables if one.startswith(("training_", "qualif"))}
        thought_of = removed | changed | without_words | training | programs
        assert thought_of | removed_or_renamed_in_programs == metadata.tables.keys()

    def test_all_attempts_of_the_candidate_go_together(self, house: House, reviewed: str) -> None:
        second = house.hand_in("C-0417", {"plan.txt": f"{PLAN} And Ida sums up."}, attempt=2)
        work = house.erasure.of("C-0417")
        assert set(work.submissions) == {reviewed, second}
        house.erasure.erase([work])
        names = {one.candidate for one in house.repository.submissions()}
        assert len(names) == 1
        assert names.pop().startswith("erased-")

    def test_a_later_erasure_of_another_candidate_keeps_the_record_right(
        self, house: House, reviewed: str
    ) -> None:
        house.hand_in("C-2", {"own.txt": OTHER})
        house.erasure.erase([house.erasure.of("C-0417")])
        house.erasure.erase([house.erasure.of("C-2")])
        audit.verify(house.database)
        assert "c-2" not in everything(house)


class TestPrograms:
    def test_validity_works_made_of_it_go_too_and_are_given_to_nobody(
        self, house: House, reviewed: str
    ) -> None:
        works = ValidityWorks(house.database)
        copy = works.copy(reviewed, {"greeting": 1.0}, house.ann)
        assert works.standing("circle") == (copy,)
        erased = house.erasure.erase([house.erasure.of("C-0417")])
        assert (erased.submissions, erased.files, erased.shared) == (2, 1, 0)
        assert works.standing("circle") == ()
        assert "wilhelmina" not in everything(house)

    def test_conflicts_and_snapshots_name_the_candidate_no_more(
        self, house: House, reviewed: str
    ) -> None:
        with house.database.writing() as connection:
            connection.execute(
                insert(monitoring).values(
                    credential="circle", snapshot='{"rows": [[3, "C-0417"]]}', at=now()
                )
            )
        Programs(house.database).declare(house.ann, "C-0417", house.ann, stands=True)
        house.erasure.erase([house.erasure.of("C-0417")])
        assert "c-0417" not in everything(house)
        audit.verify(house.database)

    def test_an_issuer_s_reason_for_a_waiver_goes_from_its_row_and_from_snapshots(
        self, house: House, reviewed: str
    ) -> None:
        words = f"„Müller“ says: {PLAN[:90]}"
        stored = house.records.programs.set_policy("circle", Policy(), Thresholds(), 1, house.ann)
        drawn = {"policy": stored.number, "value": 0.5, "share": 0.1, "at": now()}
        with house.database.writing() as connection:
            connection.execute(insert(routing).values(submission=reviewed, **drawn))
            keep_waiver(connection, reviewed, words, house.ann, now())
        table = Table("waivers", "?", ("work", "because"), ((reviewed, words), ("other", "Else.")))
        house.records.monitored.keep(Snapshot("circle", "", "", "UTC", 1, "", (table,), ()))
        other = house.hand_in("C-2", {"own.txt": OTHER})
        with house.database.writing() as connection:
            connection.execute(insert(routing).values(submission=other, **drawn))
            keep_waiver(connection, other, "rows", house.ann, now())  # a word of the snapshot's own
        house.erasure.erase([house.erasure.of("C-0417")])
        assert "müller" not in everything(house)
        house.erasure.erase([house.erasure.of("C-2")])
        kept = house.records.monitored.latest("circle")
        assert kept is not None
        assert kept.tables[0].rows == ((reviewed, ""), ("other", "Else."))
        with (
            pytest.raises((DBAPIError, StoreError), match="append-only"),
            house.database.writing() as connection,
        ):
            connection.execute(text("UPDATE waiver SET words = 'x'"))


class TestWhatStays:
    def test_levels_stay_as_numbers_and_the_record_is_right(
        self, house: House, reviewed: str
    ) -> None:
        (tombstone,) = house.erasure.erase([house.erasure.of("C-0417")]).tombstones
        assert [one.level for _, one in house.records.reviews.ratings()] == [1.0, 1.0]
        done = house.records.outcomes.finalized(reviewed)
        assert done is not None
        assert done.levels == {"greeting": 1.0}
        assert audit.verify(house.database) > 5
        assert reconcile(house.database) == 4
        last = audit.events(house.database)[-1]
        assert (last.event, last.details["candidate"]) == ("work_erased", tombstone)

    def test_it_can_still_be_opened_with_nothing_in_it_and_is_not_listed(
        self, house: House, reviewed: str
    ) -> None:
        house.erasure.erase([house.erasure.of("C-0417")])
        first_pass = house.repository.first_pass(reviewed)
        assert first_pass is not None
        assert (first_pass.artifacts, first_pass.elements) == ((), ())
        assert house.repository.newest(10) == ()
        assert house.records.assignments.of(house.ann.id) == ()

    def test_other_work_stays_with_what_it_shares(self, house: House, reviewed: str) -> None:
        other = house.hand_in("C-2", {"template.txt": PLAN, "own.txt": OTHER})
        house.review(other, note="She copied the template.")
        erased = house.erasure.erase([house.erasure.of("C-0417")])
        assert (erased.files, erased.passages, erased.searched.found) == (0, 0, ())
        assert erased.shared > 20
        first_pass = house.repository.first_pass(other)
        assert first_pass is not None
        assert {one.text for one in first_pass.artifacts} == {PLAN, OTHER}
        assert len(first_pass.elements) == 1
        written = house.records.remarks.written(other, house.ann.id)
        assert written["greeting", RemarkKind.NOTE] == "She copied the template."

    def test_a_note_elsewhere_that_quotes_the_work_loses_its_words(
        self, house: House, reviewed: str
    ) -> None:
        other = house.hand_in("C-2", {"own.txt": OTHER})
        house.review(other, note=f"As in the other one: {PLAN[:100]}", feedback="Well done.")
        house.erasure.erase([house.erasure.of("C-0417")])
        written = house.records.remarks.written(other, house.ann.id)
        assert written["greeting", RemarkKind.NOTE] == ""
        assert written["greeting", RemarkKind.FEEDBACK] == "Well done."

    def test_the_tables_refuse_changes_as_before(self, house: House, reviewed: str) -> None:
        house.erasure.erase([house.erasure.of("C-0417")])
        for table in ("audit_event", "decision", "remark"):
            with pytest.raises(Exception, match="append-only"), house.database.writing() as opened:
                opened.execute(text(f"DELETE FROM {table}"))


class TestTheRecord:
    def test_no_event_but_those_that_name_a_candidate_may_be_vouched_for(
        self, house: House, reviewed: str
    ) -> None:
        house.erasure.erase([house.erasure.of("C-0417")])
        changed = "UPDATE audit_event SET details = '{}' WHERE event = 'scored'"
        with house.database.writing() as opened, lifted(opened, ["audit_event"]):
            opened.execute(text(changed))
        with pytest.raises(StoreError, match="tampered with"):
            audit.verify(house.database)

    def test_an_event_that_was_changed_after_the_erasure_is_found(
        self, house: House, reviewed: str
    ) -> None:
        house.erasure.erase([house.erasure.of("C-0417")])
        changed = "UPDATE audit_event SET actor = 'x' WHERE event = 'submission_received'"
        with house.database.writing() as opened, lifted(opened, ["audit_event"]):
            opened.execute(text(changed))
        with pytest.raises(StoreError, match="tampered with"):
            audit.verify(house.database)


class TestWhatIsRefused:
    def test_a_candidate_of_whom_nothing_is_here(self, house: House, reviewed: str) -> None:
        house.erasure.erase([house.erasure.of("C-0417")])
        for name in ("C-0417", house.repository.submissions()[0].candidate):
            with pytest.raises(NothingToErase, match="No work of a candidate"):
                house.erasure.of(name)

    def test_the_very_work_handed_in_again(self, house: House, reviewed: str) -> None:
        house.erasure.erase([house.erasure.of("C-0417")])
        with pytest.raises(SubmissionError, match="was erased on"):
            house.hand_in("C-0417", {"plan of ms brownlow.txt": PLAN})
        assert house.files.names() == ()

    def test_while_a_worker_is_at_it(self, house: House, reviewed: str) -> None:
        ledger = house.repository.ledger
        ledger.plan(reviewed, [Step("embed", "a", "hash")])
        task = ledger.lease("worker", lambda _: False)
        assert task is not None
        with pytest.raises(StoreError, match="is being made just now"):
            house.erasure.erase([house.erasure.of("C-0417")])
        ledger.fail(task, "worker", "it was stopped", final=True)
        house.erasure.erase([house.erasure.of("C-0417")])

    def test_what_a_worker_finishes_too_late_is_not_kept(self, house: House, reviewed: str) -> None:
        ledger = house.repository.ledger
        ledger.plan(reviewed, [Step("read", "a", "late")])
        task = ledger.lease("worker", lambda _: False)
        assert task is not None
        ledger.abandon("worker", "its lease ran out")
        house.erasure.erase([house.erasure.of("C-0417")])
        ledger.finish(task, PLAN.encode())
        assert ledger.result("read", "late") is None

    def test_a_file_that_cannot_be_removed_leaves_everything_as_it_was(
        self, house: House, reviewed: str
    ) -> None:
        path = house.files.path(house.files.names()[0])
        path.unlink()
        path.mkdir()
        with pytest.raises(StoreError, match="cannot be removed"):
            house.erasure.erase([house.erasure.of("C-0417")])
        first_pass = house.repository.first_pass(reviewed)
        assert first_pass is not None
        assert first_pass.artifacts[0].text == PLAN

    def test_words_that_somebody_put_beside_the_store_are_named(
        self, house: House, reviewed: str
    ) -> None:
        house.home.mkdir(exist_ok=True)
        copy = house.home / "copy of the letter.txt"
        copy.write_text(f"Dear colleague, {PLAN}")
        with pytest.raises(TracesRemain, match=r"still in .*copy of the letter\.txt"):
            house.erasure.erase([house.erasure.of("C-0417")])


class TestRetention:
    def test_work_is_due_its_days_after_the_latest_outcome(
        self, house: House, reviewed: str
    ) -> None:
        (kept,) = kept_work(house.database, {"circle": 30})
        done = house.records.outcomes.finalized(reviewed)
        assert done is not None
        assert kept.work == Work("C-0417", (reviewed,))
        assert kept.ends == done.at + timedelta(days=30)

    def test_work_without_an_outcome_is_never_due_and_comes_last(
        self, house: House, reviewed: str
    ) -> None:
        house.hand_in("C-2", {"own.txt": OTHER})
        house.hand_in("C-0417", {"plan.txt": f"{PLAN} And Ida sums up."}, attempt=2)
        kept = kept_work(house.database, {"circle": 30})
        assert [(one.work.candidate, one.ends) for one in kept] == [("C-0417", None), ("C-2", None)]
        assert len(kept[0].work.submissions) == 2

    def test_other_credentials_and_erased_work_are_not_among_it(
        self, house: House, reviewed: str
    ) -> None:
        assert kept_work(house.database, {"another": 1}) == ()
        house.erasure.erase([house.erasure.of("C-0417")])
        assert kept_work(house.database, {CREDENTIAL.id: 1}) == ()

    def test_several_candidates_go_at_once_each_under_a_pseudonym_of_their_own(
        self, house: House, reviewed: str
    ) -> None:
        house.review(house.hand_in("C-2", {"own.txt": OTHER}))
        works = [one.work for one in kept_work(house.database, {"circle": 1})]
        erased = house.erasure.erase(works)
        assert len(set(erased.tombstones)) == 2
        assert erased.submissions == 2
        assert audit.verify(house.database)


def test_the_days_of_a_credential_are_counted_from_a_moment_in_utc(
    url: str, tmp_path: Path
) -> None:
    house = House(url, tmp_path, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    house.review(house.hand_in("C-1", {"own.txt": OTHER}))
    (kept,) = kept_work(house.database, {"circle": 10})
    assert kept.ends == datetime(2026, 1, 11, tzinfo=UTC)
    house.database.close()


class TestRatingsToo:
    @pytest.fixture
    def asked(self, house: House) -> House:
        """A house whose program wants levels gone with the work."""
        house.erasure = Erasure(
            house.database,
            house.repository,
            house.files,
            [house.home],
            ratings_too=[CREDENTIAL.id],
        )
        return house

    def test_they_go_where_the_program_asks_and_the_record_still_verifies(
        self, asked: House, reviewed: str
    ) -> None:
        kept = asked.hand_in("C-0500", {"other.txt": OTHER})
        asked.review(kept)
        erased = asked.erasure.erase([asked.erasure.of("C-0417")])
        assert erased.ratings == 2  # blind and final
        with asked.database.reading() as connection:
            for table in (rating, decision, outcome):
                assert set(connection.scalars(select(table.c.submission))) == {kept}
        assert audit.verify(asked.database) > 0
        assert reconcile(asked.database) == 4  # of the other work
        told = [one.details for one in audit.events(asked.database) if one.event in audit.RATED]
        about = [one for one in told if one["submission"] == reviewed]
        assert about == [{"submission": reviewed, "erased": True}] * 3

    def test_they_stay_where_it_does_not(self, house: House, reviewed: str) -> None:
        assert house.erasure.erase([house.erasure.of("C-0417")]).ratings == 0
        assert reconcile(house.database) == 4

    def test_ratings_of_work_after_an_erasure_are_in_the_record(
        self, asked: House, reviewed: str
    ) -> None:
        asked.erasure.erase([asked.erasure.of("C-0417")])
        asked.review(asked.hand_in("C-0500", {"other.txt": OTHER}))
        assert audit.verify(asked.database) > 0
        assert reconcile(asked.database) == 4

    def test_a_level_that_was_emptied_or_changed_by_anybody_else_is_named(
        self, house: House, reviewed: str
    ) -> None:
        house.erasure.erase([house.erasure.of("C-0417")])
        with house.database.writing() as connection, lifted(connection, ["audit_event"]):
            emptied = json.dumps({"erased": True, "submission": reviewed})
            scored = audit_event.c.event == "scored"
            connection.execute(update(audit_event).where(scored).values(details=emptied))
        with pytest.raises(StoreError, match=r"tampered with at event \d+ \(scored"):
            audit.verify(house.database)

    def test_an_event_that_an_erasure_vouches_for_has_to_be_empty(
        self, house: House, reviewed: str
    ) -> None:
        with house.database.writing() as connection, lifted(connection, ["audit_event"]):
            scored = connection.execute(
                select(audit_event).where(audit_event.c.event == "scored")
            ).one()
            told = json.loads(scored.details) | {"level": 0.0}
            since = audit._rewrite(connection, scored, json.dumps(told, sort_keys=True))
            vouched = json.dumps({scored.number: since})
            audit.append(connection, audit.ERASED, {"candidate": "nobody", "redacted": vouched})
        with pytest.raises(StoreError, match=r"tampered with at event \d+ \(scored"):
            audit.verify(house.database)
