"""Tables on decisions at program level: outcomes, stacks completed, what recognizers count.

Invariant: a candidate has a credential, or a stack, at most once, however many attempts it took;
what an award counts for is the credential's own list.
"""

from collections import Counter
from collections.abc import Iterable

from reviewer.calibration.monitoring.facts import Facts
from reviewer.calibration.monitoring.model import Cell, Table
from reviewer.review.outcome import Outcome
from reviewer.rubric import Credential, Recognition, Stack

OUTCOMES = {
    Outcome.AWARDED: "awarded",
    Outcome.RESUBMISSION_REQUESTED: "resubmission_requested",
    Outcome.NOT_AWARDED: "not_awarded",
    Outcome.NO_RULE: "levels_recorded",
}
"""Each outcome as its column is called."""


def outcomes(facts: Facts) -> Table:
    """Outcomes by attempt."""
    attempts = sorted({work.attempt for work in facts.works})
    rows: list[tuple[Cell, ...]] = []
    for attempt in attempts:
        own = [work for work in facts.works if work.attempt == attempt]
        found = Counter(work.outcome for work in own)
        counts = [found[outcome.value] for outcome in OUTCOMES]
        rows.append((attempt, len(own), *counts, found[None]))
    return Table(
        "outcomes",
        "What did reviews end in?",
        ("attempt", "works", *OUTCOMES.values(), "open"),
        tuple(rows),
        "" if rows else "Nothing was handed in yet.",
    )


def stacks(facts: Facts) -> Table:
    """Candidates who have every member of the credential's stack."""
    stack = facts.credential.stack
    columns = ("stack", "members", "completed", "begun")
    if stack is None:
        return Table("stacks", _STACKS, columns, (), "The credential belongs to no stack.")
    held = _held(facts.awards)
    begun = sum(bool(set(stack.members) & own) for own in held.values())
    if not stack.complete:
        note = "The stack has further members that are kept elsewhere, so none is completed here."
        return Table("stacks", _STACKS, columns, ((stack.title, None, None, begun),), note)
    row = (stack.title, len(stack.members), completed(stack, facts.awards), begun)
    return Table("stacks", _STACKS, columns, (row,))


_STACKS = "How many stacks are completed?"


def completed(stack: Stack, awards: Iterable[tuple[str, str]]) -> int:
    """Candidates with an award in every member of the stack; 0 where members are kept elsewhere."""
    if not stack.complete:
        return 0
    return sum(set(stack.members) <= own for own in _held(awards).values())


def _held(awards: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Candidate -> the credentials that they were awarded."""
    held: dict[str, set[str]] = {}
    for candidate, credential in awards:
        held.setdefault(candidate, set()).add(credential)
    return held


def recognition(facts: Facts) -> Table:
    """What recognizers count, summed over awards and completed stacks."""
    credential = facts.credential
    held = _held(facts.awards)
    awarded = sum(credential.id in own for own in held.values())
    rows = _recognized(credential.recognition, credential.title, awarded)
    if credential.stack is not None:
        stack = credential.stack
        rows += _recognized(stack.recognition, stack.title, completed(stack, facts.awards))
    return Table(
        "recognition",
        "What do the awards count for?",
        ("recognizer", "for", "amount_each", "unit", "awards", "total"),
        tuple(rows),
        "" if rows else _nobody(credential),
    )


def _nobody(credential: Credential) -> str:
    return f"{credential.title} has no list of what recognizers count it for."


def _recognized(counted: Iterable[Recognition], what: str, awards: int) -> list[tuple[Cell, ...]]:
    return [
        (one.recognizer, what, one.amount, one.unit, awards, one.amount * awards) for one in counted
    ]
