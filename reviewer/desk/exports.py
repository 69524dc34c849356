"""What leaves the house: tables, full JSON, report, chapters, badge, letter.

Invariant: each export asks for permission like any other look, leaves an entry in the record of
events, and shows nobody a draft before their own levels are in. A letter is addressed by name only
for who may know it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reviewer.desk.case import Case
from reviewer.desk.desk import Desk
from reviewer.desk.looking import engine_of
from reviewer.desk.marked import place_of, times_of
from reviewer.desk.rating_rows import engine_rows, live_rows, person_rows, shown_engines
from reviewer.errors import ReviewError
from reviewer.export.badge import Award, Evidence, Issuer, badge_json
from reviewer.export.chapters import Chapter, chapters_vtt
from reviewer.export.letter import Letter, Paragraph
from reviewer.export.ratings import RatingRow
from reviewer.export.report import report_html
from reviewer.export.result import result_json
from reviewer.review.outcome import Outcome, met
from reviewer.review.permission import Act, Object, Person, Role, may
from reviewer.review.rating import RaterType, Sight
from reviewer.scoring.draft import DraftedLevel, DraftKind, ElementDraft
from reviewer.store.outcomes import Finalized
from reviewer.store.records import SubmissionRecord
from reviewer.store.reviews import Place

_TELLING = (DraftKind.DRAFT, DraftKind.INSUFFICIENT_EVIDENCE)


@dataclass(frozen=True, slots=True)
class Exports:
    """The exports over one desk; `issuer` signs badges by name."""

    desk: Desk
    issuer: Issuer

    def report(self, person: Person, submission: str) -> str:
        """The report on the first pass, as HTML."""
        case = self._with_drafts(person, submission)
        self._record(person, submission, "report")
        return report_html(self.desk.first_pass(case), case.credential)

    def result(self, person: Person, submission: str) -> bytes:
        """The first pass as JSON."""
        case = self._with_drafts(person, submission)
        self._record(person, submission, "result")
        return result_json(self.desk.first_pass(case))

    def _record(self, person: Person, submission: str, what: str) -> None:
        self.desk.records.reviews.handed_out(submission, person, what)

    def _with_drafts(self, person: Person, submission: str) -> Case:
        """The case for one who may see every draft; that they did is kept as a sight of each."""
        case = self.desk.cases.open(person, submission, Act.SEE_DRAFT)
        for draft in self.desk.first_pass(case).elements:
            if draft.kind in _TELLING:
                place = Place(
                    submission,
                    draft.element,
                    person,
                    RaterType.EVALUATOR,
                    case.credential.rubric_hash,
                )
                self.desk.records.reviews.saw(place, Sight.DRAFT, engine_of(draft))
        return case

    def full(self, person: Person, submission: str) -> bytes:
        """Everything that is kept of one review, as JSON: first pass, ratings, decisions, words."""
        case = self._with_drafts(person, submission)
        self.desk.cases.open(person, submission, Act.EXPORT)
        self._record(person, submission, "everything")
        records = self.desk.records
        confirmed = records.reviews.confirmed(submission)
        whole: dict[str, Any] = {
            "first_pass": json.loads(result_json(self.desk.first_pass(case))),
            "ratings": [_row_json(one) for one in self._rows(case.record, ())],
            "confirmed": {
                one.element: {
                    "level": one.level,
                    "kind": one.kind,
                    "by": one.rater,
                    "reason": one.reason,
                    "words": self.desk.submissions.masked(one.words),
                    "draft_level": one.draft_level,
                }
                for one in confirmed.values()
            },
            "finalized": _finalized_json(case.finalized),
            "active_seconds": [
                {"element": element, "aid": aid, "seconds": round(seconds, 1)}
                for (element, _, aid), seconds in sorted(
                    records.remarks.time_spent(submission).items()
                )
            ],
        }
        return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()

    def ratings(self, person: Person, submission: str | None = None) -> tuple[RatingRow, ...]:
        """The long table of one submission, or (for issuers) of all live ones of theirs.

        Of what is assigned to the issuer, only what a rater may see of it.
        """
        if submission is not None:
            case = self.desk.cases.open(person, submission, Act.EXPORT)
            self._record(person, submission, "ratings")
            return self._rows(case.record, self._drafts(case))
        self._record(person, "*", "ratings")
        own = {one.submission for one in self.desk.records.assignments.of(person.id)}
        rows = [
            row
            for row in live_rows(self.desk.submissions, self.desk.records)
            if row.submission not in own and may(person, Act.EXPORT, Object(row.credential, None))
        ]
        known = self.desk.records.validity.all()
        for one in self.desk.queue(person):
            if one.submission not in known and person.has(Role.ISSUER, one.credential):
                case = self.desk.cases.open(person, one.submission)
                if self.desk.cases.may(case, Act.EXPORT):
                    rows += self._rows(case.record, self._drafts(case))
        return tuple(rows)

    def every_rating(self) -> tuple[RatingRow, ...]:
        """The long table of the whole store, for who runs this machine and can read it anyway."""
        self.desk.records.reviews.handed_out("*", None, "ratings")
        return live_rows(self.desk.submissions, self.desk.records)

    def _rows(
        self, record: SubmissionRecord, drafts: Sequence[ElementDraft]
    ) -> tuple[RatingRow, ...]:
        records = self.desk.records
        given = records.reviews.ratings([record.id])
        levels = [DraftedLevel.of(one) for one in drafts]
        shown = records.live.shown(record.credential, record.id).get(record.id, {})
        engines = shown_engines(shown, levels)
        people = person_rows(record, given, records.remarks.time_spent(record.id), engines)
        return (*people, *engine_rows(record, levels))

    def _drafts(self, case: Case) -> tuple[ElementDraft, ...]:
        """All of them for an issuer, who measures; for one who rates, those that may be shown."""
        if case.kind is None:
            return self.desk.submissions.drafts(case.record.id)
        return self.desk.first_pass(case).elements

    def chapters(self, person: Person, submission: str, artifact_id: str) -> str:
        """The person's own evidence in one recording, as WEBVTT chapters."""
        case = self.desk.cases.open(person, submission, Act.READ_WORK)
        self._record(person, submission, "chapters")
        titles = {one.id: one.title for one in case.credential.elements}
        for artifact in self.desk.first_pass(case).artifacts:
            if artifact.id == artifact_id:
                chapters = [
                    Chapter(*times, titles[mark.element])
                    for mark in self.desk.records.remarks.marks(submission, person.id)
                    if mark.artifact == artifact_id
                    and (times := times_of(mark, artifact)) is not None
                ]
                return chapters_vtt(chapters, artifact.duration_s)
        raise ReviewError("There is no such file in this submission.")

    def badge(self, person: Person, submission: str) -> bytes:
        """The Open Badge of an awarded review; raises `ReviewError` for any other."""
        case = self._released(person, submission)
        done = case.finalized
        if done is None or done.outcome is not Outcome.AWARDED:
            raise ReviewError("There is a badge only for a review that ended in an award.")
        self._record(person, submission, "badge")
        award = Award(submission, case.record.candidate, done.at, done.levels, self.evidence(case))
        return badge_json(case.credential, award, self.issuer)

    def _released(self, person: Person, submission: str) -> Case:
        """The case for who may export, or finalize: there is no draft in what is final."""
        case = self.desk.cases.open(person, submission)
        if case.finalized is not None and self.desk.cases.may(case, Act.FINALIZE):
            return case
        return self.desk.cases.open(person, submission, Act.EXPORT)

    def evidence(self, case: Case) -> list[Evidence]:
        """What raters marked, in this attempt and the one that levels were carried from."""
        found: list[Evidence] = []
        submissions = [case.record.id] + ([case.earlier.submission] if case.earlier else [])
        for submission in reversed(submissions):
            first_pass = self.desk.submissions.first_pass(submission)
            artifacts = {one.id: one for one in first_pass.artifacts} if first_pass else {}
            for mark in self.desk.records.remarks.all_marks(submission):
                artifact = artifacts.get(mark.artifact)
                if artifact is not None:
                    quote = artifact.quote(mark.start, mark.end)
                    found.append(Evidence(mark.element, place_of(mark, artifact), quote))
        return found

    def letter(self, person: Person, submission: str) -> Letter:
        """The letter of a finalized review; raises `ReviewError` before."""
        case = self._released(person, submission)
        done = case.finalized
        if done is None:
            raise ReviewError("Finalize the review first; then there is a letter.")
        self._record(person, submission, "letter")
        known = self.desk.cases.may(case, Act.SEE_IDENTITY)
        name = self.desk.records.assignments.candidate(case.record.candidate) if known else None
        written = self.desk.records.remarks.latest_feedback(submission)
        words = {one: self.desk.submissions.masked(text) for one, text in written.items()}
        open_now = [one for one in case.credential.elements if one.id in case.open]
        shown = {one.id: Paragraph(one.title, words.get(one.id, "")) for one in open_now}
        levels = done.levels
        return Letter(
            to=name or case.record.candidate,
            title=case.credential.title,
            attempt=case.record.attempt,
            outcome=done.outcome,
            found=[shown[one.id] for one in open_now if met(one, levels.get(one.id))],
            missing=[shown[one.id] for one in open_now if not met(one, levels.get(one.id))],
            carried=[one.title for one in case.credential.elements if one.id not in case.open],
            date=_date(done.at),
        )


def _date(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year}"


def _row_json(row: RatingRow) -> dict[str, Any]:
    return {
        "element": row.element,
        "rater": row.rater,
        "rater_type": row.rater_type,
        "level": row.score,
        "phase": row.phase,
        "aid": row.aid,
        "at": row.timestamp.isoformat() if row.timestamp else None,
    }


def _finalized_json(done: Finalized | None) -> dict[str, Any] | None:
    if done is None:
        return None
    return {
        "outcome": done.outcome,
        "levels": done.levels,
        "by": done.rater,
        "at": done.at.isoformat(),
    }
