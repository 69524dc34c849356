"""The list of submissions as one person sees it: mine first, the longest waiting on top.

Invariant: a line says what is there and what is missing, never what a draft says; an issuer's list
also has what nobody assigned to them, newest first; at most `MOST` lines in all.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from reviewer.desk.case import Case, all_scored
from reviewer.review.permission import Act, Kind, Part, Person, Role
from reviewer.store.listing import ListedWork
from reviewer.web.program import Program
from reviewer.web.progress import summarize
from reviewer.web.rendering import page_templates

MOST = 50
"""Lines of the list: more than a person finishes in a week."""

Raters = tuple[tuple[str, Part], ...]
"""(name, part) of everybody to whom a submission is assigned."""

_OUTCOMES = {
    "awarded": "awarded",
    "resubmission_requested": "resubmission requested",
    "not_awarded": "not awarded",
    "no_rule": "levels recorded",
}


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One line; `mine` where it waits for this person."""

    submission: str
    html: str
    running: bool
    mine: bool


def queue_of(program: Program, person: Person) -> list[QueueLine]:
    """The lines of `person`: waiting for them, then finished by them, then the program's others."""
    with program.desk.records.reading():
        return _lines(program, person)


def _lines(program: Program, person: Person) -> list[QueueLine]:
    assigned = program.desk.queue(person)
    ordered = [one for one in assigned if one.outcome is None]
    ordered += [one for one in reversed(assigned) if one.outcome is not None]
    since = {one.submission: one.received_at for one in ordered[:MOST]}
    if person.has(Role.ISSUER):
        mine = {one.submission for one in program.desk.records.assignments.of(person.id)}
        newest = program.repository.newest(MOST + len(mine), person.credentials(Role.ISSUER))
        others = (one for one in newest if one.id not in mine)
        since |= {one.id: one.created_at for one in islice(others, MOST - len(since))}
    cases = program.desk.cases.open_all(person, list(since))
    names = [one.record.id for one in cases]
    works = program.repository.listed(names)
    raters = program.desk.records.assignments.raters_of(names)
    return [
        _line(program, one, works[one.record.id], raters[one.record.id], since[one.record.id])
        for one in cases
    ]


def _line(
    program: Program, case: Case, work: ListedWork, raters: Raters, since: datetime
) -> QueueLine:
    waits = case.kind is not None and case.finalized is None and not _handed_on(program, case)
    scored = sum(case.standing(one).scored for one in case.open)
    progress = summarize(work.progress)
    missing = [one.message for one in work.completeness if one.kind != "ok"]
    html = (
        page_templates()
        .get_template("row.html.j2")
        .render(
            record=case.record,
            credential=case.credential,
            progress=progress,
            found=missing + [one.message for one in work.problems],
            files=work.files,
            part=_part(case),
            assigned=case.kind is not None,
            may_steer=program.desk.cases.may(case, Act.STEER),
            raters=raters,
            scored=scored,
            open=len(case.open),
            done=all_scored(case.open, case.standings),
            outcome=_OUTCOMES.get(case.finalized.outcome, "") if case.finalized else "",
            age=max(0, (datetime.now(UTC) - since).days),
            target=case.credential.turnaround_days,
        )
    )
    return QueueLine(case.record.id, html, progress.running, waits)


def _handed_on(program: Program, case: Case) -> bool:
    """Whether the person has done their part and others are next."""
    if not all_scored(case.open, case.standings):
        return False
    return case.kind is Kind.SECOND or bool(program.desk.records.settling.held(case.record.id))


def _part(case: Case) -> str:
    """The person's part in words; to evaluators, all that must stay without aid look alike."""
    if case.kind in (Kind.ADJUDICATION, Kind.TRAINING):
        return case.kind
    return "without any aid" if case.independent else ""
