"""How practice goes: agreement per element and level, and over time.

Invariant: the first time somebody practises a work counts, later times do not: they know the key
by then. Every share carries its number of ratings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reviewer.calibration.shares import Share, share
from reviewer.training.qualification import Answer


@dataclass(frozen=True, slots=True)
class Practised:
    """One work as it was handed in in practice."""

    work: str
    at: datetime
    answers: tuple[Answer, ...]

    @property
    def exact(self) -> int:
        """How many levels are the key's."""
        return sum(one.level == one.key for one in self.answers)


def firsts(practised: Sequence[Practised]) -> tuple[Practised, ...]:
    """The first time of each work, oldest first."""
    found: dict[str, Practised] = {}
    for one in sorted(practised, key=lambda one: one.at):
        found.setdefault(one.work, one)
    return tuple(found.values())


def grid(practised: Sequence[Practised]) -> Mapping[tuple[str, float], Share]:
    """Exact agreement by (element, level of the key), where there is any rating."""
    answers = [answer for one in firsts(practised) for answer in one.answers]
    cells: dict[tuple[str, float], list[Answer]] = {}
    for one in answers:
        cells.setdefault((one.element, one.key), []).append(one)
    made = {}
    for cell, own in cells.items():
        found = share([one.level == one.key for one in own], [one.work for one in own])
        assert found is not None
        made[cell] = found
    return made
