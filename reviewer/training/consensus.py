"""From what experts say of an anchor to the key that trainees are compared with.

Invariant: a consensus is the level that at least `EXPERTS` people gave, all of whom gave the same;
where they differ, the element has no key until they agree. Nothing is averaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.training.work import Key, KeyEntry, Span

EXPERTS = 2
"""People whose agreement makes a consensus."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one expert says of one element now; `level` is null for not observable."""

    element: str
    rater: str
    level: float | None
    rationale: str
    excerpts: tuple[Span, ...]


def key_of(voices: Sequence[Voice]) -> Key:
    """The elements on which the panel agrees; `voices` has one entry of each expert and element.

    Rationales stand one after the other, excerpts each once; who said what is not kept.
    """
    by_element: dict[str, list[Voice]] = {}
    for one in voices:
        by_element.setdefault(one.element, []).append(one)
    made = {}
    for element, own in by_element.items():
        levels = {one.level for one in own}
        level = own[0].level
        if len({one.rater for one in own}) >= EXPERTS and len(levels) == 1 and level is not None:
            said = dict.fromkeys(one.rationale.strip() for one in own if one.rationale.strip())
            excerpts = sorted({span for one in own for span in one.excerpts})
            made[element] = KeyEntry(level, "\n".join(said), tuple(excerpts))
    return made


def disagreed(voices: Sequence[Voice]) -> frozenset[str]:
    """The elements on which experts gave different levels."""
    levels: dict[str, set[float | None]] = {}
    for one in voices:
        levels.setdefault(one.element, set()).add(one.level)
    return frozenset(element for element, own in levels.items() if len(own) > 1)
