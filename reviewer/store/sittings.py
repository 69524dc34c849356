"""One person before one work of a training set: levels, tags, and that it was handed in.

Invariant: rows are appended, and nothing is added to a sitting once it was handed in. The rater
type follows from the purpose: an expert's in a panel, else a trainee's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from reviewer.errors import NothingHere, TrainingError
from reviewer.review.permission import Person
from reviewer.review.rating import RaterType
from reviewer.store import audit
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.training_schema import (
    training_handed_in,
    training_rating,
    training_sitting,
    training_tag,
)
from reviewer.training.consensus import Voice
from reviewer.training.work import Span


class Purpose(StrEnum):
    """Why somebody sits before a work."""

    PRACTICE = "practice"
    QUALIFICATION = "qualification"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Said:
    """The latest level for one element (null: not observable), and an expert's reason."""

    level: float | None
    rationale: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting as it stands; `handed_in_at` is null while it is open.

    `tags` are those that stand, by element, in the order of the text.
    """

    id: int
    set: str
    work: str
    account: str
    purpose: Purpose
    attempt: int | None
    said: Mapping[str, Said]
    tags: Mapping[str, tuple[Span, ...]]
    handed_in_at: datetime | None


class Sittings:
    """All sittings of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def begin(
        self, set_id: str, work: str, person: Person, purpose: Purpose, attempt: int | None = None
    ) -> Sitting:
        """A sitting that is open: the one that was begun for this purpose, or a new one.

        In an attempt a work is rated once: the sitting that was handed in stays the only one.
        """
        with self._database.writing() as connection:
            for one in _read(connection, _mine(set_id, person.id)):
                same = (one.work, one.purpose, one.attempt) == (work, purpose, attempt)
                once = purpose is Purpose.QUALIFICATION
                if same and (once or one.handed_in_at is None):
                    return one
            added = connection.execute(
                insert(training_sitting)
                .values(
                    set=set_id,
                    work=work,
                    account=person.id,
                    purpose=purpose.value,
                    attempt=attempt,
                    at=self._clock(),
                )
                .returning(training_sitting.c.id)
            )
            return _one(connection, added.scalar_one())

    def get(self, number: int, person: Person) -> Sitting:
        """A sitting of `person`; raises `NothingHere`."""
        with self._database.reading() as connection:
            return _own(connection, number, person)

    def rate(
        self, number: int, person: Person, element: str, level: float | None, rationale: str = ""
    ) -> None:
        """Append a level; the same again changes nothing. Raises `TrainingError`."""
        with self._database.writing() as connection:
            one = _open(connection, number, person)
            if one.said.get(element) == Said(level, rationale):
                return
            kind = RaterType.EXPERT if one.purpose is Purpose.PANEL else RaterType.TRAINEE
            connection.execute(
                insert(training_rating).values(
                    sitting=number,
                    element=element,
                    rater_type=kind.value,
                    level=level,
                    rationale=rationale,
                    at=self._clock(),
                )
            )

    def tag(self, number: int, person: Person, element: str, span: Span, *, stands: bool) -> None:
        """Make a span evidence for the element, or take that back. Raises `TrainingError`."""
        with self._database.writing() as connection:
            one = _open(connection, number, person)
            if (span in one.tags.get(element, ())) == stands:
                return
            connection.execute(
                insert(training_tag).values(
                    sitting=number,
                    element=element,
                    artifact=span.artifact,
                    start=span.start,
                    end=span.end,
                    stands=stands,
                    at=self._clock(),
                )
            )

    def hand_in(self, number: int, person: Person, asked: Iterable[str]) -> Sitting:
        """End a sitting in which every element `asked` for has a level. Raises `TrainingError`."""
        with self._database.writing() as connection:
            one = _open(connection, number, person)
            missing = [element for element in asked if element not in one.said]
            if missing:
                raise TrainingError(
                    f"{len(missing)} elements have no level yet; rate them, or say that they are "
                    "not observable."
                )
            connection.execute(insert(training_handed_in).values(sitting=number, at=self._clock()))
            details: audit.Details = {
                "set": one.set,
                "work": one.work,
                "purpose": one.purpose.value,
                "sitting": number,
            }
            audit.append(connection, "training_handed_in", details, person.name)
            return _one(connection, number)

    def of(self, set_id: str, account_id: str) -> tuple[Sitting, ...]:
        """Somebody's sittings with one set, oldest first."""
        with self._database.reading() as connection:
            return _read(connection, _mine(set_id, account_id))

    def all(self, set_id: str) -> Mapping[str, tuple[Sitting, ...]]:
        """Everybody's sittings with one set, by account id, oldest first."""
        with self._database.reading() as connection:
            found = _read(connection, training_sitting.c.set == set_id)
        made: dict[str, list[Sitting]] = {}
        for one in found:
            made.setdefault(one.account, []).append(one)
        return {who: tuple(own) for who, own in made.items()}

    def peers(self, set_id: str, work: str, person: Person) -> Mapping[str, list[float | None]]:
        """By element, the level of each other trainee's first practice of a work."""
        with self._database.reading() as connection:
            found = _read(
                connection,
                (training_sitting.c.set == set_id)
                & (training_sitting.c.work == work)
                & (training_sitting.c.purpose == Purpose.PRACTICE.value)
                & (training_sitting.c.account != person.id),
            )
        first: dict[str, Sitting] = {}
        for one in found:
            if one.handed_in_at is not None:
                first.setdefault(one.account, one)
        made: dict[str, list[float | None]] = {}
        for one in first.values():
            for element, said in one.said.items():
                made.setdefault(element, []).append(said.level)
        return made


def voices_of(connection: Connection, set_id: str) -> dict[str, tuple[Voice, ...]]:
    """By work, what each expert of the panel said last, in sittings that were handed in."""
    panel = (training_sitting.c.set == set_id) & (training_sitting.c.purpose == Purpose.PANEL.value)
    latest: dict[tuple[str, str], Sitting] = {
        (one.work, one.account): one
        for one in _read(connection, panel)
        if one.handed_in_at is not None
    }
    made: dict[str, list[Voice]] = {}
    for (work, who), one in latest.items():
        for element, said in one.said.items():
            tags = one.tags.get(element, ())
            made.setdefault(work, []).append(Voice(element, who, said.level, said.rationale, tags))
    return {work: tuple(own) for work, own in made.items()}


def _mine(set_id: str, account_id: str) -> Any:
    return (training_sitting.c.set == set_id) & (training_sitting.c.account == account_id)


def _one(connection: Connection, number: int) -> Sitting:
    (found,) = _read(connection, training_sitting.c.id == number)
    return found


def _own(connection: Connection, number: int, person: Person) -> Sitting:
    mine = (training_sitting.c.id == number) & (training_sitting.c.account == person.id)
    found = _read(connection, mine)
    if not found:
        raise NothingHere("There is no such sitting of yours.")
    return found[0]


def _open(connection: Connection, number: int, person: Person) -> Sitting:
    found = _own(connection, number, person)
    if found.handed_in_at is not None:
        raise TrainingError("This work is handed in; it stands as it was.")
    return found


def _read(connection: Connection, which: Any) -> tuple[Sitting, ...]:
    """The sittings that `which` picks, with everything in them, oldest first."""
    rows = connection.execute(
        select(training_sitting, training_handed_in.c.at.label("handed_in_at"))
        .outerjoin(training_handed_in, training_handed_in.c.sitting == training_sitting.c.id)
        .where(which)
        .order_by(training_sitting.c.id)
    ).all()
    ids = select(training_sitting.c.id).where(which)
    said: dict[int, dict[str, Said]] = {}
    for one in connection.execute(
        select(training_rating)
        .where(training_rating.c.sitting.in_(ids))
        .order_by(training_rating.c.id)
    ):
        said.setdefault(one.sitting, {})[one.element] = Said(one.level, one.rationale)
    tags: dict[int, dict[tuple[str, Span], bool]] = {}
    for one in connection.execute(
        select(training_tag).where(training_tag.c.sitting.in_(ids)).order_by(training_tag.c.id)
    ):
        span = Span(one.artifact, one.start, one.end)
        tags.setdefault(one.sitting, {})[one.element, span] = one.stands
    return tuple(_sitting(row, said.get(row.id, {}), tags.get(row.id, {})) for row in rows)


def _sitting(
    row: Row[Any], said: Mapping[str, Said], tags: Mapping[tuple[str, Span], bool]
) -> Sitting:
    standing: dict[str, list[Span]] = {}
    for (element, span), stands in sorted(tags.items()):
        if stands:
            standing.setdefault(element, []).append(span)
    return Sitting(
        row.id,
        row.set,
        row.work,
        row.account,
        Purpose(row.purpose),
        row.attempt,
        said,
        {element: tuple(spans) for element, spans in standing.items()},
        row.handed_in_at,
    )
