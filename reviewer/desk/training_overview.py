"""Where a person stands with a training set, where everybody stands, and the certificate.

Invariant: nothing of a form's key is in what a trainee gets: results are shares per element. A
trainer sees who is where, never what one trainee answered to one work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reviewer.calibration.shares import Share, share
from reviewer.desk.training import UNKNOWN, TrainingDesk, practised
from reviewer.errors import NothingHere
from reviewer.export.certificate import Certificate
from reviewer.review.permission import Person
from reviewer.store.qualifications import Attempt
from reviewer.store.sittings import Purpose, Sitting
from reviewer.training.permission import TrainingAct, may_train
from reviewer.training.progress import Practised, firsts, grid
from reviewer.training.qualification import Verdict
from reviewer.training.seasons import Leave
from reviewer.training.work import FORMS, Part, TrainingSet, Work


@dataclass(frozen=True, slots=True)
class Line:
    """One work as a trainee's list shows it; `times` counts how often it was handed in.

    `exact` of `asked` levels were the key's the first time; null before, and for works of a form.
    """

    work: Work
    begun: bool
    times: int
    exact: int | None

    @property
    def asked(self) -> int:
        """How many elements are rated in it."""
        return len(self.work.key)


@dataclass(frozen=True, slots=True)
class Own:
    """A trainee's own standing with one set."""

    kept: TrainingSet
    practice: tuple[Line, ...]
    over_time: tuple[Practised, ...]
    cells: Mapping[tuple[str, float], Share]
    attempts: tuple[Attempt, ...]
    running: tuple[Line, ...]
    leave: Leave
    valid: Attempt | None


@dataclass(frozen=True, slots=True)
class Trainee:
    """One line of the trainer's list."""

    name: str
    practised: int
    exact: Share | None
    attempts: int
    verdict: Verdict | None
    expires_at: datetime | None
    lapsed: bool


def own(desk: TrainingDesk, person: Person, set_id: str) -> Own:
    """Where `person` stands; an attempt that is complete is judged first."""
    kept = desk.kept(person, set_id, TrainingAct.PRACTISE)
    desk.judge(person, kept)
    sittings = desk.records.sittings.of(set_id, person.id)
    attempts = desk.records.qualifications.of(set_id, person.id)
    running = next((one for one in attempts if one.result is None), None)
    done = practised(kept, sittings)
    scores = {one.work: one.exact for one in firsts(done)}
    return Own(
        kept,
        tuple(
            _line(one, sittings, Purpose.PRACTICE, None, scores) for one in kept.of(Part.PRACTICE)
        ),
        firsts(done),
        grid(done),
        attempts,
        tuple(
            _line(one, sittings, Purpose.QUALIFICATION, running.id, {}) for one in kept.of(*FORMS)
        )
        if running
        else (),
        desk.leave(person, kept),
        _valid(attempts, desk.records.qualifications.clock()),
    )


def _line(
    work: Work,
    sittings: tuple[Sitting, ...],
    purpose: Purpose,
    attempt: int | None,
    scores: Mapping[str, int],
) -> Line:
    mine = [
        one
        for one in sittings
        if (one.work, one.purpose, one.attempt) == (work.id, purpose, attempt)
    ]
    times = sum(one.handed_in_at is not None for one in mine)
    return Line(work, len(mine) > times, times, scores.get(work.id))


def _valid(attempts: tuple[Attempt, ...], at: datetime) -> Attempt | None:
    """The latest attempt whose qualification lasts at this moment."""
    lasting = (one for one in reversed(attempts) if one.expires_at and at < one.expires_at)
    return next(lasting, None)


def trainees(desk: TrainingDesk, person: Person, set_id: str) -> tuple[Trainee, ...]:
    """Everybody who has begun anything of the set, by name; for who keeps it."""
    kept = desk.kept(person, set_id, TrainingAct.KEEP_SETS)
    at = desk.records.qualifications.clock()
    attempts: dict[str, list[Attempt]] = {}
    for one in desk.records.qualifications.all(set_id):
        attempts.setdefault(one.account, []).append(one)
    made = []
    for account, sittings in desk.records.sittings.all(set_id).items():
        who = desk.records.accounts.person(account)
        if who is not None and may_train(who, TrainingAct.PRACTISE, kept.credential.id):
            mine = tuple(attempts.get(account, ()))
            made.append(_trainee(who.name, firsts(practised(kept, sittings)), mine, at))
    return tuple(sorted(made, key=lambda one: one.name))


def _trainee(
    name: str, done: tuple[Practised, ...], attempts: tuple[Attempt, ...], at: datetime
) -> Trainee:
    answers = [answer for one in done for answer in one.answers]
    judged = [one for one in attempts if one.result is not None]
    valid = _valid(attempts, at)
    latest = valid or (judged[-1] if judged else None)
    return Trainee(
        name,
        len(done),
        share([one.level == one.key for one in answers], [one.work for one in answers]),
        len(judged),
        latest.result.verdict if latest and latest.result else None,
        latest.expires_at if latest else None,
        bool(latest and latest.expires_at and valid is None),
    )


def certificate(desk: TrainingDesk, person: Person, number: int) -> Certificate:
    """The certificate of an attempt that qualified: for its owner, or who keeps the set.

    Raises `NothingHere`.
    """
    found = desk.records.qualifications.attempt(number)
    kept = None if found is None else desk.records.training_sets.get(found.set)
    if found is None or kept is None or found.result is None or found.at is None:
        raise NothingHere(UNKNOWN)
    keeps = may_train(person, TrainingAct.KEEP_SETS, kept.credential.id)
    if found.expires_at is None or not (keeps or found.account == person.id):
        raise NothingHere(UNKNOWN)
    return Certificate(
        number,
        found.name,
        kept.credential,
        kept.synthetic,
        found.result,
        found.at,
        found.expires_at,
    )
