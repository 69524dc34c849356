"""Which works are scored by two people, and why.

Invariant: pure. A reason is found when what it rests on is known: at the distribution, when the
evaluator is chosen, or when their levels are in; reasons are added, never taken back. Without any
reason a work is scored once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from reviewer.review.draw import drawn
from reviewer.review.outcome import Outcome, verdict
from reviewer.rubric import Credential, Element

SMALL_PROGRAM = 200
"""Works a year under which a program scores a larger share twice (as NAEP does on small items)."""

SHARE, SHARE_OF_SMALL = 0.10, 0.25
"""Shares of works scored twice at random (edTPA; NAEP)."""


class Why(StrEnum):
    """A reason for a second score."""

    RANDOM = "random"
    NEW_VERSION = "new_version"
    POOR_HEARING = "poor_hearing"
    NEW_EVALUATOR = "new_evaluator"
    NEAR_CUT = "near_cut"
    GAP = "gap"


WORDS = {
    Why.RANDOM: "drawn at random",
    Why.NEW_VERSION: "among the first of a rubric version",
    Why.POOR_HEARING: "a recording was badly heard",
    Why.NEW_EVALUATOR: "among the first of an evaluator",
    Why.NEAR_CUT: "one level from the other outcome",
    Why.GAP: "evaluator and draft lie far apart",
}
"""Each reason as pages and tables say it."""


class Routing(BaseModel):
    """When a work is scored twice; an issuer may change every value."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    share: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description=f"Share at random; null is {SHARE:g}, or {SHARE_OF_SMALL:g} where the program "
        f"has under {SMALL_PROGRAM} works a year.",
    )
    near_cut: bool = Field(default=True, description="Works one level from the other outcome.")
    gap: int | None = Field(
        default=2, ge=1, description="Levels between evaluator and draft; null is never."
    )
    hearing: float = Field(
        default=0.8, ge=0, le=1, description="Least share heard well; 0 is never."
    )
    first_of_version: int = Field(
        default=20, ge=0, description="Works of a new rubric version that are all scored twice."
    )
    first_of_evaluator: int = Field(
        default=20, ge=0, description="Works of a new evaluator that are all scored twice."
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """A work as it is when it is distributed.

    `works_a_year`: received by the program within a year; `of_version`: distributed before it under
    the same rubric version; `heard`: least share of a recording that was heard well (0 to 1), null
    where nothing had to be heard.
    """

    submission: str
    works_a_year: int
    of_version: int
    heard: float | None


@dataclass(frozen=True, slots=True)
class Routed:
    """The draw of one work: `value` in [0, 1) against `share`, and the reasons found with it."""

    value: float
    share: float
    why: tuple[Why, ...]


def share_of(routing: Routing, works_a_year: int) -> float:
    """The share of works that is scored twice at random."""
    if routing.share is not None:
        return routing.share
    return SHARE_OF_SMALL if works_a_year < SMALL_PROGRAM else SHARE


def on_arrival(routing: Routing, seed: int, work: Arrival) -> Routed:
    """The draw of a work, and what else asks for a second score before anybody has scored it."""
    share, value = share_of(routing, work.works_a_year), drawn(seed, "second", work.submission)
    badly_heard = work.heard is not None and work.heard < routing.hearing
    found = (
        (Why.RANDOM, value < share),
        (Why.NEW_VERSION, work.of_version < routing.first_of_version),
        (Why.POOR_HEARING, badly_heard),
    )
    return Routed(value, share, tuple(why for why, holds in found if holds))


def for_evaluator(routing: Routing, works_before: int) -> tuple[Why, ...]:
    """Whether the work is among the first of the evaluator who was given `works_before` others."""
    return (Why.NEW_EVALUATOR,) if works_before < routing.first_of_evaluator else ()


def after_scoring(
    routing: Routing,
    credential: Credential,
    levels: Mapping[str, float | None],
    drafts: Mapping[str, float],
) -> tuple[Why, ...]:
    """What the evaluator's `levels` of all elements ask for; `drafts` are those that were shown."""
    found = []
    if routing.near_cut and near_cut(credential, levels):
        found.append(Why.NEAR_CUT)
    if routing.gap is not None and widest_gap(credential, levels, drafts) >= routing.gap:
        found.append(Why.GAP)
    return tuple(found)


def near_cut(credential: Credential, levels: Mapping[str, float | None]) -> bool:
    """Whether one element's neighbouring level would lead to the other outcome.

    Up where the work fails, down where it is awarded; but not down from the top of a scale, which
    is as far from any cut as that scale can tell. An element that was not observable moves nothing.
    """
    outcome = verdict(credential, levels).outcome
    if outcome in (None, Outcome.NO_RULE):
        return False
    awarded = outcome is Outcome.AWARDED
    return any(
        (verdict(credential, {**levels, element.id: moved}).outcome is Outcome.AWARDED)
        is not awarded
        for element in credential.elements
        if (moved := _neighbour(element, levels[element.id], up=not awarded)) is not None
    )


def _neighbour(element: Element, level: float | None, *, up: bool) -> float | None:
    if level is None:
        return None
    at, last = element.values.index(level), len(element.values) - 1
    if up:
        return element.values[at + 1] if at < last else None
    return element.values[at - 1] if 0 < at < last else None


def widest_gap(
    credential: Credential, levels: Mapping[str, float | None], drafts: Mapping[str, float]
) -> int:
    """The most levels that an element's draft lies from the evaluator's level; 0 without any."""
    return max(
        (
            abs(element.values.index(level) - element.values.index(drafts[element.id]))
            for element in credential.elements
            if element.id in drafts and (level := levels.get(element.id)) is not None
        ),
        default=0,
    )
