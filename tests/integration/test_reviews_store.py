"""Ratings, decisions and outcomes in the store: appended, derived, and impossible without a person.

On SQLite and on PostgreSQL.
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from alembic import command
from alembic.config import Config
from house_empty import unmake
from sqlalchemy import insert, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from reviewer.errors import ReviewError, StaleView, StoreError
from reviewer.review.decision import DEFAULT_REASON, DecisionKind, Reason
from reviewer.review.outcome import Outcome
from reviewer.review.permission import Grant, Kind, Part, Person, Purpose, Role
from reviewer.review.rating import Aid, Phase, RaterType, Sight
from reviewer.store import audit, schema
from reviewer.store.accounts import Accounts
from reviewer.store.assignments import Assignments
from reviewer.store.database import Database, open_database
from reviewer.store.dialects import make_engine
from reviewer.store.outcomes import Outcomes
from reviewer.store.reconcile import reconcile
from reviewer.store.remarks import EvidenceMark, RemarkKind, Remarks
from reviewer.store.reviews import Place, Reviews
from reviewer.store.schema import submission

CREDENTIAL = sample.CREDENTIAL
DRAFT = sample.DRAFTS[0]
"""Of level 2, with citations."""


SUBMISSION = {
    "credential_id": CREDENTIAL.id,
    "rubric_hash": CREDENTIAL.rubric_hash,
    "credential": CREDENTIAL.model_dump_json(),
    "candidate": "C-1",
    "attempt": 1,
    "consent": True,
    "messages": "[]",
    "created_at": datetime(2026, 1, 1, tzinfo=UTC),
}


def hand_in(database: Database, name: str, attempt: int = 1) -> None:
    own = {"id": name, "attempt": attempt, "created_at": datetime(2026, 1, attempt, tzinfo=UTC)}
    with database.writing() as connection:
        connection.execute(insert(submission).values(SUBMISSION | own))


@pytest.fixture
def ann(database: Database) -> Person:
    """An evaluator in a store with one submission, ``s1``."""
    hand_in(database, "s1")
    return _person(database, "ann")


def _person(database: Database, name: str) -> Person:
    accounts = Accounts(database)
    found = accounts.person(accounts.add(name, None, [Grant(Role.EVALUATOR)]))
    assert found is not None
    return found


@pytest.fixture
def reviews(database: Database) -> Reviews:
    return Reviews(database)


def place(person: Person, element: str = "greeting", submission: str = "s1") -> Place:
    return Place(submission, element, person, RaterType.EVALUATOR, CREDENTIAL.rubric_hash)


class TestRating:
    def test_a_level_is_kept_with_what_was_seen_before_it(
        self, reviews: Reviews, ann: Person
    ) -> None:
        reviews.saw(place(ann), Sight.EXCERPTS, "")
        standing = reviews.rate(place(ann), 1.0, 0)
        assert standing == reviews.standings("s1", ann.id)["greeting"]
        assert standing.current is not None
        assert (standing.current.level, standing.current.phase, standing.current.aid) == (
            1.0,
            Phase.BLIND,
            Aid.EXCERPTS,
        )

    def test_it_is_changed_by_another_one_and_both_stay(
        self, reviews: Reviews, ann: Person
    ) -> None:
        reviews.rate(place(ann), 1.0, 0)
        standing = reviews.rate(place(ann), None, 1)
        assert [one.level for one in standing.ratings] == [1.0, None]

    def test_after_the_draft_was_shown_it_counts_as_revealed(
        self, reviews: Reviews, ann: Person
    ) -> None:
        reviews.rate(place(ann), 1.0, 0)
        reviews.saw(place(ann), Sight.DRAFT, "coverage 1")
        standing = reviews.rate(place(ann), 2.0, 1)
        assert standing.current is not None
        assert (standing.current.phase, standing.current.aid) == (Phase.REVEALED, Aid.DRAFT)
        assert standing.own is not None
        assert standing.own.level == 1.0

    def test_a_stale_window_is_told_and_overwrites_nothing(
        self, reviews: Reviews, ann: Person
    ) -> None:
        reviews.rate(place(ann), 1.0, 0)
        with pytest.raises(StaleView, match="changed in another window"):
            reviews.rate(place(ann), 2.0, 0)
        assert [one.level for _, one in reviews.ratings()] == [1.0]

    def test_a_call_whose_answer_was_lost_can_be_made_again_and_is_stored_once(
        self, reviews: Reviews, ann: Person
    ) -> None:
        first = reviews.rate(place(ann), 1.0, 0)
        assert reviews.rate(place(ann), 1.0, 0) == first
        assert len(reviews.ratings()) == 1

    def test_a_decision_whose_answer_was_lost_can_be_made_again_and_is_stored_once(
        self, database: Database, reviews: Reviews, ann: Person
    ) -> None:
        first = reviews.decide(place(ann), 1.0, None, 0)
        assert reviews.decide(place(ann), 1.0, None, 0) == first
        assert (len(reviews.ratings()), reconcile(database)) == (1, 2)
        with pytest.raises(StaleView):
            reviews.decide(place(ann), 2.0, None, 0)
        reviews.rate(place(ann), 2.0, 2)
        with pytest.raises(StaleView):
            reviews.decide(place(ann), 1.0, None, 1)

    def test_two_windows_at_once_keep_exactly_one(self, database: Database, ann: Person) -> None:
        def try_it(level: float) -> bool:
            try:
                Reviews(database).rate(place(ann), level, 0)
            except StaleView:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            kept = list(pool.map(try_it, (1.0, 2.0)))
        assert sorted(kept) == [False, True]
        assert len(Reviews(database).ratings()) == 1

    def test_seeing_the_same_thing_again_is_one_sight(
        self, reviews: Reviews, database: Database, ann: Person
    ) -> None:
        for _ in range(3):
            reviews.saw(place(ann), Sight.CITATION, "1")
        reviews.saw(place(ann), Sight.CITATION, "2")
        assert reviews.standings("s1", ann.id)["greeting"].opened == 2


class TestDeciding:
    def test_keeping_one_s_own_level_overrides_with_a_reason(
        self, reviews: Reviews, ann: Person
    ) -> None:
        reviews.rate(place(ann), 1.0, 0)
        reviews.saw(place(ann), Sight.DRAFT, "coverage 1")
        standing = reviews.decide(place(ann), 1.0, DRAFT, 1)
        assert standing.decision is not None
        assert (standing.decision.kind, standing.decision.reason) == (
            DecisionKind.OVERRIDE,
            DEFAULT_REASON,
        )
        score = reviews.confirmed("s1")["greeting"]
        assert (score.level, score.rater, score.draft_level) == (1.0, "ann", 2.0)

    def test_taking_the_draft_needs_an_opened_citation(self, reviews: Reviews, ann: Person) -> None:
        reviews.rate(place(ann), 1.0, 0)
        reviews.saw(place(ann), Sight.DRAFT, "coverage 1")
        with pytest.raises(ReviewError, match="Open one citation"):
            reviews.decide(place(ann), 2.0, DRAFT, 1)
        assert reviews.confirmed("s1") == {}
        reviews.saw(place(ann), Sight.CITATION, "1")
        reviews.decide(place(ann), 2.0, DRAFT, 1)
        assert reviews.confirmed("s1")["greeting"].kind is DecisionKind.CONFIRM

    def test_without_a_draft_it_is_scored(self, reviews: Reviews, ann: Person) -> None:
        standing = reviews.decide(place(ann), 2.0, None, 0)
        assert standing.decision is not None
        assert standing.decision.kind is DecisionKind.SCORED
        assert [one.phase for one in standing.ratings] == [Phase.FINAL]

    def test_a_later_decision_counts_and_the_earlier_stays(
        self, reviews: Reviews, ann: Person
    ) -> None:
        reviews.decide(place(ann), 2.0, None, 0)
        reviews.decide(place(ann), 1.0, None, 2, Reason.OTHER)
        assert reviews.confirmed("s1")["greeting"].level == 1.0
        assert [one.level for _, one in reviews.ratings()] == [2.0, 1.0]


RATING = {
    "id": 1,
    "submission": "s1",
    "element": "greeting",
    "rater": "",
    "rater_type": "evaluator",
    "level": 1.0,
    "phase": "final",
    "aid": "none",
    "at": "2026-01-01 00:00:00+00:00",
}
DECISION = {
    "id": 1,
    "rating": 1,
    "submission": "s1",
    "element": "greeting",
    "rater": "",
    "rater_type": "evaluator",
    "phase": "final",
    "kind": "scored",
    "reason": None,
    "words": "",
    "draft_level": None,
    "at": "2026-01-01 00:00:00+00:00",
}


def put(database: Database, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    holders = ", ".join(f":{name}" for name in row)
    with database.writing() as connection:
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({holders})"), row)


def refused() -> Any:
    """A constraint says no."""
    return pytest.raises((IntegrityError, StoreError), match="constraint")


def appended() -> Any:
    return pytest.raises((DBAPIError, StoreError), match="append-only")


class TestSqlItself:
    """No confirmed score without the person who gave it, whoever writes to the database."""

    def test_a_person_s_decision_about_their_own_final_rating_is_taken(
        self, database: Database, ann: Person
    ) -> None:
        put(database, "rating", RATING | {"rater": ann.id})
        put(database, "decision", DECISION | {"rater": ann.id})
        assert Reviews(database).confirmed("s1")["greeting"].rater == "ann"

    def test_no_rating_can_be_an_engine_s(self, database: Database, ann: Person) -> None:
        with refused():
            put(database, "rating", RATING | {"rater": ann.id, "rater_type": "engine"})
        with refused():
            put(database, "rating", RATING | {"rater": "engine"})

    def test_a_decision_that_no_person_made_about_this_is_refused(
        self, database: Database, ann: Person
    ) -> None:
        put(database, "rating", RATING | {"rater": ann.id})
        for change in (
            {"rater": "nobody"},
            {"rater": None},
            {"rating": 7},
            {"rating": None},
            {"element": "routine"},
            {"rater_type": "engine"},
            {"rater_type": "adjudicator"},
            {"phase": "blind"},
            {"kind": "automatic"},
            {"kind": "override"},
            {"kind": "confirm"},
        ):
            with refused():
                put(database, "decision", DECISION | {"rater": ann.id} | change)
        assert Reviews(database).confirmed("s1") == {}

    def test_nobody_decides_about_another_s_rating_or_a_blind_one(
        self, database: Database, ann: Person
    ) -> None:
        bob = _person(database, "bob")
        put(database, "rating", RATING | {"rater": ann.id})
        put(database, "rating", RATING | {"id": 2, "rater": bob.id, "phase": "blind"})
        with refused():
            put(database, "decision", DECISION | {"rater": bob.id})
        with refused():
            put(database, "decision", DECISION | {"rater": bob.id, "rating": 2})

    def test_what_was_appended_cannot_be_changed_or_removed(
        self, database: Database, ann: Person
    ) -> None:
        reviews = Reviews(database)
        reviews.saw(place(ann), Sight.EXCERPTS, "")
        Remarks(database).write(place(ann), RemarkKind.NOTE, "Look again at 0:47.")
        Remarks(database).spend(place(ann), 3.0, Aid.NONE)
        for element in CREDENTIAL.elements:
            reviews.decide(place(ann, element.id), 2.0, None, 0)
        Outcomes(database).finalize("s1", CREDENTIAL, 1, ann, Outcome.AWARDED)
        tables = ("rating", "decision", "sight", "remark", "active_time", "outcome")
        for table, act in product(tables, ("UPDATE {} SET at = at", "DELETE FROM {}")):
            with appended(), database.writing() as connection:
                connection.execute(text(act.format(table)))
        assert reconcile(database) == 11


class TestOutcomes:
    def decide_all(self, database: Database, ann: Person, sharing: float) -> None:
        for element in CREDENTIAL.elements:
            level = sharing if element.id == "sharing" else 2.0
            Reviews(database).decide(place(ann, element.id), level, None, 0)

    def test_nothing_is_finalized_while_an_element_is_open(
        self, database: Database, ann: Person
    ) -> None:
        Reviews(database).decide(place(ann), 2.0, None, 0)
        with pytest.raises(ReviewError, match="4 of 5 elements are open"):
            Outcomes(database).finalize("s1", CREDENTIAL, 1, ann, Outcome.AWARDED)

    def test_it_is_kept_once_and_then_levels_stand(self, database: Database, ann: Person) -> None:
        self.decide_all(database, ann, 1.0)
        kept = Outcomes(database).finalize("s1", CREDENTIAL, 1, ann, Outcome.RESUBMISSION_REQUESTED)
        assert (kept.levels["sharing"], kept.rater) == (1.0, "ann")
        assert Outcomes(database).finalized("s1") == kept
        with pytest.raises(ReviewError, match="finalized already"):
            Outcomes(database).finalize("s1", CREDENTIAL, 1, ann, Outcome.AWARDED)
        with pytest.raises(ReviewError, match="is finalized"):
            Reviews(database).rate(place(ann), 0.0, 2)

    def test_an_outcome_that_changed_since_it_was_shown_is_not_kept(
        self, database: Database, ann: Person
    ) -> None:
        self.decide_all(database, ann, 1.0)
        with pytest.raises(StaleView, match="look at it again"):
            Outcomes(database).finalize("s1", CREDENTIAL, 1, ann, Outcome.AWARDED)

    def test_the_next_attempt_carries_what_was_met(self, database: Database, ann: Person) -> None:
        self.decide_all(database, ann, 1.0)
        outcomes = Outcomes(database)
        outcomes.finalize("s1", CREDENTIAL, 1, ann, Outcome.RESUBMISSION_REQUESTED)
        hand_in(database, "s2", attempt=2)
        before = outcomes.earlier("s2")
        assert before is not None
        assert (before.submission, before.attempt) == ("s1", 1)
        assert set(outcomes.levels("s2", CREDENTIAL)) == {"greeting", "routine", "feelings", "room"}
        Reviews(database).decide(place(ann, "sharing", "s2"), 2.0, None, 0)
        kept = outcomes.finalize("s2", CREDENTIAL, 2, ann, Outcome.AWARDED)
        assert kept.levels == {one.id: 2.0 for one in CREDENTIAL.elements}


class TestRemarks:
    def test_the_latest_text_counts(self, database: Database, ann: Person) -> None:
        remarks = Remarks(database)
        for words in ("Look", "Look again", "Look again"):
            remarks.write(place(ann), RemarkKind.NOTE, words)
        assert remarks.written("s1", ann.id) == {("greeting", RemarkKind.NOTE): "Look again"}
        with database.reading() as connection:
            assert connection.scalar(text("SELECT count(*) FROM remark")) == 2

    @pytest.mark.parametrize(
        ("before", "words", "kept"),
        [
            ("Look", "Look again", "Look again"),  # nobody wrote meanwhile
            (None, "Look again", "Look again"),  # a program that does not say
            ("", "Mine", "Look\nMine"),  # another window wrote meanwhile
            ("", "", "Look"),
            ("", "Look", "Look"),  # the answer was lost, and it is sent again
        ],
    )
    def test_what_two_windows_wrote_is_kept_from_both(
        self, database: Database, ann: Person, before: str | None, words: str, kept: str
    ) -> None:
        remarks = Remarks(database)
        remarks.write(place(ann), RemarkKind.NOTE, "Look", "")
        assert remarks.write(place(ann), RemarkKind.NOTE, words, before) == kept
        assert remarks.written("s1", ann.id) == {("greeting", RemarkKind.NOTE): kept}

    def test_a_text_that_is_too_long_is_refused_and_the_one_before_stays(
        self, database: Database, ann: Person
    ) -> None:
        remarks = Remarks(database)
        remarks.write(place(ann), RemarkKind.NOTE, "Look")
        with pytest.raises(ReviewError, match="has 20005 characters; the most"):
            remarks.write(place(ann), RemarkKind.NOTE, "x" * 20_000, "")
        assert remarks.written("s1", ann.id) == {("greeting", RemarkKind.NOTE): "Look"}

    def test_a_mark_can_be_taken_back(self, database: Database, ann: Person) -> None:
        remarks = Remarks(database)
        for _ in range(2):
            remarks.mark(place(ann), "a1", 3, 9)
        (mark,) = remarks.marks("s1", ann.id)
        assert mark == EvidenceMark(mark.number, "greeting", "a1", 3, 9)
        remarks.unmark(place(ann), mark.number)
        assert remarks.marks("s1", ann.id) == ()

    def test_a_time_span_is_a_mark_with_or_without_words(
        self, database: Database, ann: Person
    ) -> None:
        remarks = Remarks(database)
        for start, end, times in ((3, 9, (1.0, 2.5)), (3, 9, (1.0, 2.5)), (9, 9, (3.0, 4.0))):
            remarks.mark(place(ann), "a1", start, end, times)
        remarks.mark(place(ann), "a1", 3, 9)
        assert [(one.start, one.end, one.times) for one in remarks.all_marks("s1")] == [
            (3, 9, (1.0, 2.5)),
            (3, 9, None),
            (9, 9, (3.0, 4.0)),
        ]

    def test_a_trainee_s_marks_are_no_evidence_of_the_work(
        self, database: Database, ann: Person
    ) -> None:
        remarks, ben = Remarks(database), _person(database, "ben")
        Assignments(database).assign("s1", ann, Kind.FIRST, "ivy")
        Assignments(database).assign("s1", ben, Kind.TRAINING, "ivy")
        for person, start in ((ann, 3), (ben, 20)):
            remarks.mark(place(person), "a1", start, start + 6)
        assert [one.start for one in remarks.all_marks("s1")] == [3]
        assert [one.start for one in remarks.marks("s1", ben.id)] == [20]

    @pytest.mark.parametrize("times", [None, (2.0, 2.0), (3.0, 2.0), (-1.0, 2.0)])
    def test_the_database_itself_refuses_an_empty_mark(
        self, database: Database, ann: Person, times: tuple[float, float] | None
    ) -> None:
        with refused():
            Remarks(database).mark(place(ann), "a1", 9, 9, times)

    def test_active_time_adds_up_blind_and_assisted_apart(
        self, database: Database, ann: Person
    ) -> None:
        remarks = Remarks(database)
        remarks.spend(place(ann), 20.0, Aid.NONE)
        remarks.spend(place(ann), 5.5, Aid.NONE)
        remarks.spend(place(ann), 4.0, Aid.DRAFT)
        assert remarks.time_spent("s1") == {
            ("greeting", ann.id, Aid.NONE): 25.5,
            ("greeting", ann.id, Aid.DRAFT): 4.0,
        }
        with pytest.raises(ReviewError, match="cannot be active time"):
            remarks.spend(place(ann), 7200, Aid.NONE)


def _store_of_revision(url: str, revision: str) -> None:
    """A store as it was at `revision`, with one assignment of each kind."""
    engine, config = make_engine(make_url(url)), Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    unmake(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(insert(submission).values(SUBMISSION | {"id": "s1"}))
        connection.execute(
            text("INSERT INTO account (id, name, created_at) VALUES (:id, :id, CURRENT_TIMESTAMP)"),
            [{"id": one.value} for one in Kind],
        )
        connection.execute(
            text(
                "INSERT INTO assignment (submission, account, kind, created_at) "
                "VALUES ('s1', :kind, :kind, CURRENT_TIMESTAMP)"
            ),
            [{"kind": one.value} for one in Kind],
        )
    engine.dispose()


class TestAssignments:
    def test_the_queue_has_the_longest_waiting_first(self, database: Database, ann: Person) -> None:
        hand_in(database, "s2", attempt=2)
        assignments = Assignments(database)
        for name in ("s2", "s1"):
            assignments.assign(name, ann, Kind.FIRST, "ivy")
        assert [one.submission for one in assignments.of(ann.id)] == ["s1", "s2"]
        assert assignments.part("s1", ann.id) == Part.of(Kind.FIRST)
        assert assignments.raters("s1") == (("ann", Part.of(Kind.FIRST)),)

    def test_who_may_have_a_part_is_listed_without_who_left(
        self, database: Database, ann: Person
    ) -> None:
        accounts = Accounts(database)
        accounts.add("judy", None, [Grant(Role.ADJUDICATOR, CREDENTIAL.id)])
        for name, grant in (
            ("away", Grant(Role.ADJUDICATOR, "another")),
            ("left", Grant(Role.EVALUATOR)),
            ("teach", Grant(Role.TRAINER)),
        ):
            accounts.add(name, None, [grant])
        accounts.disable("left")
        assert Assignments(database).able(CREDENTIAL.id) == ("ann", "judy")

    def test_nobody_has_two_voices(self, database: Database, ann: Person) -> None:
        assignments = Assignments(database)
        assignments.assign("s1", ann, Kind.FIRST, "ivy")
        assignments.assign("s1", ann, Kind.FIRST, "ivy")
        with pytest.raises(ReviewError, match="reviews this submission already, as first"):
            assignments.assign("s1", ann, Kind.SECOND, "ivy")
        with pytest.raises(ReviewError, match=r"already, as first \(ordinary\)"):
            assignments.assign("s1", ann, Kind.FIRST, "ivy", Purpose.DOUBLE)

    @pytest.mark.parametrize("purpose", Purpose)
    def test_what_an_assignment_is_for_is_kept_and_told(
        self, database: Database, ann: Person, purpose: Purpose
    ) -> None:
        assignments = Assignments(database)
        assignments.assign("s1", ann, Kind.FIRST, "ivy", purpose)
        assert assignments.part("s1", ann.id) == Part(Kind.FIRST, purpose)
        assert audit.events(database)[-1].details["purpose"] == purpose

    def test_the_database_itself_refuses_an_ordinary_second_score(
        self, database: Database, ann: Person
    ) -> None:
        Assignments(database).assign("s1", ann, Kind.SECOND, "ivy")
        for change in ("purpose = 'ordinary'", "purpose = 'fun'"):
            with refused(), database.writing() as connection:
                connection.execute(text(f"UPDATE assignment SET {change}"))

    def test_an_assignment_of_before_gets_the_purpose_that_its_kind_had(self, url: str) -> None:
        _store_of_revision(url, "0003")
        database = open_database(url)
        with database.reading() as connection:
            kept = dict(connection.execute(text("SELECT kind, purpose FROM assignment")).all())
        assert kept == {one.value: Part.of(one).purpose.value for one in Kind}
        database.close()

    def test_a_name_behind_a_pseudonym_is_not_in_the_record(self, database: Database) -> None:
        assignments = Assignments(database)
        assignments.name_candidate("C-1", "Ms. Brown", "ivy")
        assert assignments.candidate("C-1") == "Ms. Brown"
        assert assignments.candidate("C-2") is None
        assert "Brown" not in str(audit.events(database))


class TestRecord:
    def test_who_saw_scored_and_decided_is_told_with_the_rubric(
        self, database: Database, reviews: Reviews, ann: Person
    ) -> None:
        reviews.saw(place(ann), Sight.EXCERPTS, "")
        reviews.rate(place(ann), 1.0, 0)
        reviews.decide(place(ann), 1.0, DRAFT, 1)
        told = [one for one in audit.events(database) if one.actor == "ann"]
        assert [one.event for one in told] == ["shown", "scored", "decided"]
        assert all(one.details["rubric_hash"] == CREDENTIAL.rubric_hash for one in told)
        assert DRAFT.engine.weights_sha256 in str(told[-1].details["engine"])
        assert reconcile(database) == 3

    @pytest.mark.parametrize(
        "tampering",
        [
            "UPDATE rating SET level = 2 WHERE id = 1",
            "DELETE FROM rating WHERE id = 1",
            "UPDATE decision SET kind = 'scored', reason = NULL",
            "UPDATE rating SET element = 'room' WHERE id = 1",
            "UPDATE rating SET id = 9 WHERE id = 1",
        ],
    )
    def test_a_score_changed_behind_the_triggers_is_found(
        self, tmp_path: Path, tampering: str
    ) -> None:
        path = tmp_path / "reviewer.sqlite3"
        opened = open_database(f"sqlite:///{path}")
        hand_in(opened, "s1")
        person = _person(opened, "ann")
        Reviews(opened).rate(place(person), 1.0, 0)
        Reviews(opened).decide(place(person), 1.0, DRAFT, 1)
        assert reconcile(opened) == 3
        raw = sqlite3.connect(path)
        for table in ("rating", "decision"):
            raw.execute(f"DROP TRIGGER {table}_no_update")
            raw.execute(f"DROP TRIGGER {table}_no_delete")
        raw.execute(tampering)
        raw.commit()
        raw.close()
        with pytest.raises(StoreError, match="compare it with a backup"):
            reconcile(opened)
        opened.close()
