"""A first paragraph of feedback per element, for an evaluator to edit before anything is sent.

Invariant: it is made of the credential's own words and of quotes from the work, never of the
machine's numbers; only passages that the evaluator may see are quoted. It begins with what was
found, then says what is missing, then what to send next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.evidence.citation import Stance
from reviewer.review.outcome import met
from reviewer.rubric import Credential, Element, Level

QUOTES = 2
"""Most quotes in one part of a paragraph."""

LONGEST = 180
"""Characters of one quote; a longer one is cut at a word, and the cut is shown."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage to quote: `place` in words (``video 1 at 0:47``), for or against the element.

    `quote` is empty where a time span was marked in which nothing is said.
    """

    place: str
    quote: str
    stance: Stance


@dataclass(frozen=True, slots=True)
class Feedback:
    """Three parts, each a sentence or more or empty: what was found, what is missing, what next."""

    strength: str
    gap: str
    next_step: str

    @property
    def paragraph(self) -> str:
        """The parts as one paragraph."""
        return " ".join(part for part in (self.strength, self.gap, self.next_step) if part)


def feedback(
    credential: Credential, element: Element, level: float | None, quotes: Sequence[Quoted]
) -> Feedback:
    """The first paragraph for `level` (null: not observable) with the evaluator's `quotes`."""
    found = [one for one in quotes if one.stance is Stance.SUPPORTS]
    against = [one for one in quotes if one.stance is Stance.COUNTER]
    if level is None:
        return Feedback("", "What you sent does not let us see this.", _next(credential, element))
    if met(element, level):
        return Feedback(_strength(element, level, found), "", "")
    return Feedback(
        _strength(element, level, found), _gap(element, against), _next(credential, element)
    )


def _level(element: Element, value: float | None) -> Level:
    return next(one for one in element.levels if one.value == value)


def _strength(element: Element, level: float, found: Sequence[Quoted]) -> str:
    at = _level(element, level)
    quoted = _quoted(found)
    if level == element.values[0] and not met(element, level):
        return f"There is a beginning in {quoted}." if quoted else ""
    named = f"{at.title}: " if at.title else ""
    says = f"{named}{_clause(at.descriptor)}."
    return f"{says} We saw it in {quoted}." if quoted else says


def _gap(element: Element, against: Sequence[Quoted]) -> str:
    needed = _level(element, element.required_level)
    named = f" ({needed.title})" if needed.title else ""
    says = f"What the credential asks for{named} is: {_clause(needed.descriptor)}."
    quoted = _quoted(against)
    return f"{says} This speaks against it: {quoted}." if quoted else says


def _next(credential: Credential, element: Element) -> str:
    titles = {slot.id: slot.title for slot in credential.slots}
    slots = [titles[slot].lower() for slot in element.slots] or ["work"]
    signs = [_clause(one.text) for one in element.supporting[:QUOTES]]
    where = " or ".join(slots)
    if not signs:
        return f"For the next attempt, send {where} in which this can be seen."
    return f"For the next attempt, send {where} in which one can see this: {'; '.join(signs)}."


def _quoted(passages: Sequence[Quoted]) -> str:
    return " and ".join(
        f"{one.place} (“{_cut(one.quote)}”)" if one.quote.strip() else one.place
        for one in passages[:QUOTES]
    )


def _cut(quote: str) -> str:
    line = " ".join(quote.split())
    if len(line) <= LONGEST:
        return line
    return line[:LONGEST].rsplit(" ", 1)[0] + " …"


def _clause(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
