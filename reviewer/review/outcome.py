"""From the confirmed levels of all elements to the outcome, by the credential's decision rule.

Invariant: there is no outcome before every element has a confirmed level. An element that was
found not observable is not met: a credential is awarded on evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reviewer.rubric import Credential, Element


class Outcome(StrEnum):
    """What a review ends in; `not_awarded` only where no further attempt is allowed."""

    AWARDED = "awarded"
    RESUBMISSION_REQUESTED = "resubmission_requested"
    NOT_AWARDED = "not_awarded"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a review stands.

    `outcome` is null as long as any element (ids in `open`) has no confirmed level; `unmet` are the
    elements below their required level; `because` says in a sentence how the rule was applied.
    """

    outcome: Outcome | None
    open: tuple[str, ...]
    unmet: tuple[str, ...]
    because: str


def met(element: Element, level: float | None) -> bool:
    """Whether a confirmed level (null: not observable) is enough; it is where none is required."""
    if element.required_level is None:
        return True
    return level is not None and level >= element.required_level


def verdict(
    credential: Credential, levels: Mapping[str, float | None], attempt: int = 1
) -> Verdict:
    """The verdict on the confirmed `levels` (element id -> level, null: not observable)."""
    waiting = tuple(one.id for one in credential.elements if one.id not in levels)
    unmet = tuple(
        one.id for one in credential.elements if one.id in levels and not met(one, levels[one.id])
    )
    if waiting:
        return Verdict(None, waiting, unmet, f"{len(waiting)} of {_total(credential)} are open.")
    passed, because = _apply(credential, levels, unmet)
    if passed is None:
        return Verdict(Outcome.NO_RULE, (), unmet, because)
    if passed:
        return Verdict(Outcome.AWARDED, (), unmet, because)
    most = credential.resubmission.attempts
    last = most is not None and attempt >= most
    if last:
        because += f" This was attempt {attempt} of {most}."
    return Verdict(
        Outcome.NOT_AWARDED if last else Outcome.RESUBMISSION_REQUESTED, (), unmet, because
    )


def _total(credential: Credential) -> str:
    number = len(credential.elements)
    return f"{number} element{'s' * (number != 1)}"


def _apply(
    credential: Credential, levels: Mapping[str, float | None], unmet: tuple[str, ...]
) -> tuple[bool | None, str]:
    """Whether the rule is satisfied (null: there is none), and why."""
    rule = credential.decision
    if rule is None:
        return None, "The credential has no decision rule: levels are recorded, nothing is awarded."
    if rule.minimum is not None:
        total = sum(level for level in levels.values() if level is not None)
        side = "reach" if total >= rule.minimum else "do not reach"
        return total >= rule.minimum, f"The levels add up to {total:g} and {side} {rule.minimum:g}."
    required = sum(element.required_level is not None for element in credential.elements)
    allowed = rule.but if rule.kind == "all_but" else 0
    because = f"{required - len(unmet)} of {required} required levels are reached"
    because += f"; {allowed} may be missed." if allowed else "; all are asked for."
    return len(unmet) <= allowed, because
