"""What a rater writes and marks beside the levels, and how long they looked.

Invariant: nothing that was written is lost: each text is a new row and the latest counts; a mark is
taken back, not removed.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Row, bindparam, exists, func, insert, select, update

from reviewer.errors import ReviewError
from reviewer.review.permission import Kind
from reviewer.review.rating import Aid
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.people_schema import assignment
from reviewer.store.review_schema import active_time, evidence_mark, remark
from reviewer.store.reviews import Place

LONGEST = 20_000
"""Characters of one remark."""

_WRITTEN = (
    select(remark.c.element, remark.c.kind, remark.c.words)
    .where(remark.c.submission == bindparam("submission"), remark.c.rater == bindparam("rater"))
    .order_by(remark.c.id)
)
_MARKED = (
    select(evidence_mark)
    .where(
        evidence_mark.c.submission == bindparam("submission"),
        evidence_mark.c.rater == bindparam("rater"),
        evidence_mark.c.removed_at.is_(None),
    )
    .order_by(evidence_mark.c.artifact, evidence_mark.c.start, evidence_mark.c.id)
)


class RemarkKind(StrEnum):
    """`note`: for oneself and the record; `feedback`: a paragraph for the candidate."""

    NOTE = "note"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """Characters ``[start, end)`` of an artifact's text that a rater marked for an element.

    `times` is set where a time span of a recording was marked, in seconds; the characters are then
    what is said in it, none where nothing is.
    """

    number: int
    element: str
    artifact: str
    start: int
    end: int
    times: tuple[float, float] | None = None


class Remarks:
    """Remarks, marks and times of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def write(self, place: Place, kind: RemarkKind, words: str, before: str | None = None) -> str:
        """Keep a text and return it; one equal to the latest is not kept again.

        `before` is the text that a window began with (null: whatever there was). Where another one
        was kept meanwhile, that one stays and `words` follow it. Raises `ReviewError`.
        """
        with self._database.writing() as connection:
            latest = connection.scalar(
                select(remark.c.words)
                .where(
                    remark.c.submission == place.submission,
                    remark.c.rater == place.person.id,
                    remark.c.element == place.element,
                    remark.c.kind == kind.value,
                )
                .order_by(remark.c.id.desc())
                .limit(1)
            )
            latest = latest or ""
            if before is not None and latest not in (before, words):
                words = "\n".join(one for one in (latest, words) if one)
            _refuse_long(words)
            if latest != words:
                connection.execute(
                    insert(remark).values(
                        **_about(place), kind=kind.value, words=words, at=self._clock()
                    )
                )
        return words

    def written(self, submission: str, rater: str) -> dict[tuple[str, RemarkKind], str]:
        """The latest text by element and kind."""
        with self._database.reading() as connection:
            rows = connection.execute(_WRITTEN, {"submission": submission, "rater": rater}).all()
        return {(row.element, RemarkKind(row.kind)): row.words for row in rows}

    def mark(
        self,
        place: Place,
        artifact: str,
        start: int,
        end: int,
        times: tuple[float, float] | None = None,
    ) -> None:
        """Make a passage evidence (see `EvidenceMark`); the same one twice is one mark."""
        start_s, end_s = times or (None, None)
        values = _about(place) | {
            "artifact": artifact,
            "start": start,
            "end": end,
            "start_s": start_s,
            "end_s": end_s,
            "removed_at": None,
        }
        same = select(func.count()).select_from(evidence_mark).filter_by(**values)
        with self._database.writing() as connection:
            if not connection.scalar(same):
                connection.execute(insert(evidence_mark).values(**values, at=self._clock()))

    def unmark(self, place: Place, number: int) -> None:
        """Take a mark of one's own back; one that is not there is no error."""
        with self._database.writing() as connection:
            connection.execute(
                update(evidence_mark)
                .where(
                    evidence_mark.c.id == number,
                    evidence_mark.c.rater == place.person.id,
                    evidence_mark.c.submission == place.submission,
                )
                .values(removed_at=self._clock())
            )

    def marks(self, submission: str, rater: str) -> tuple[EvidenceMark, ...]:
        """A rater's marks that stand, in the order of the text."""
        with self._database.reading() as connection:
            rows = connection.execute(_MARKED, {"submission": submission, "rater": rater}).all()
        return tuple(map(_mark, rows))

    def all_marks(self, submission: str) -> tuple[EvidenceMark, ...]:
        """The marks that stand of everybody but trainees, by element and place."""
        training = exists().where(
            assignment.c.submission == evidence_mark.c.submission,
            assignment.c.account == evidence_mark.c.rater,
            assignment.c.kind == Kind.TRAINING.value,
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                select(evidence_mark)
                .where(
                    evidence_mark.c.submission == submission,
                    evidence_mark.c.removed_at.is_(None),
                    ~training,
                )
                .order_by(
                    evidence_mark.c.element,
                    evidence_mark.c.artifact,
                    evidence_mark.c.start,
                    evidence_mark.c.id,
                )
            ).all()
        return tuple(map(_mark, rows))

    def latest_feedback(self, submission: str) -> dict[str, str]:
        """The latest paragraph of feedback by element, whoever wrote it."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(remark)
                .where(
                    remark.c.submission == submission,
                    remark.c.kind == RemarkKind.FEEDBACK.value,
                )
                .order_by(remark.c.id)
            ).all()
        return {row.element: row.words for row in rows}

    def spend(self, place: Place, seconds: float, aid: Aid) -> None:
        """Add active time; what a page cannot have measured (over an hour at once) is refused."""
        if not 0 < seconds <= 3600:
            raise ReviewError(f"{seconds:g} seconds at once cannot be active time.")
        with self._database.writing() as connection:
            connection.execute(
                insert(active_time).values(
                    **_about(place), aid=aid.value, seconds=seconds, at=self._clock()
                )
            )

    def time_spent(self, submission: str) -> dict[tuple[str, str, Aid], float]:
        """Seconds by (element, rater id, aid)."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(
                    active_time.c.element,
                    active_time.c.rater,
                    active_time.c.aid,
                    func.sum(active_time.c.seconds).label("seconds"),
                )
                .where(active_time.c.submission == submission)
                .group_by(active_time.c.element, active_time.c.rater, active_time.c.aid)
            ).all()
        return {(row.element, row.rater, Aid(row.aid)): row.seconds for row in rows}


def _refuse_long(words: str) -> None:
    if len(words) > LONGEST:
        raise ReviewError(
            f"The text has {len(words)} characters; the most that is kept is {LONGEST}."
        )


def _about(place: Place) -> dict[str, object]:
    return {
        "submission": place.submission,
        "element": place.element,
        "rater": place.person.id,
    }


def _mark(row: Row[tuple[object, ...]]) -> EvidenceMark:
    times = None if row.start_s is None else (row.start_s, row.end_s)
    return EvidenceMark(row.id, row.element, row.artifact, row.start, row.end, times)
