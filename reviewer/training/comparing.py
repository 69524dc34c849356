"""What a trainee sees after handing in a practised work: level by level, tag by tag, and peers.

Invariant: levels are compared by steps of the element's own scale, so that half points count as
steps. Others are never named, and not shown at all while they are fewer than `FEWEST_PEERS`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewer.rubric import Element
from reviewer.training.overlap import Overlap, overlap
from reviewer.training.work import KeyEntry, Span, Work

FEWEST_PEERS = 3
"""Other people below which what they rated could be told to be somebody's."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One element of one work: own level (null: not observable) against the key's.

    `steps` is own minus key in levels of the scale, null where nothing was observable to the
    rater. `peers` counts the levels that others gave, empty while they are too few.
    """

    element: Element
    own: float | None
    entry: KeyEntry
    steps: int | None
    overlap: Overlap
    tags: tuple[Span, ...]
    peers: Mapping[float | None, int]

    @property
    def exact(self) -> bool:
        """Whether the level is the key's."""
        return self.steps == 0

    @property
    def adjacent(self) -> bool:
        """Whether the level is at most one step from the key's (exact included)."""
        return self.steps is not None and abs(self.steps) <= 1


def steps_between(element: Element, own: float | None, key: float) -> int | None:
    """Levels of the scale from the key to the rater's own; null for not observable."""
    return None if own is None else element.values.index(own) - element.values.index(key)


def compare(
    element: Element,
    work: Work,
    own: float | None,
    tags: Sequence[Span],
    others: Sequence[float | None],
) -> Compared:
    """The comparison of one element; `others` are the levels of other trainees, one of each."""
    entry = work.key[element.id]
    texts = {one.id: one.text for one in work.artifacts}
    return Compared(
        element,
        own,
        entry,
        steps_between(element, own, entry.level),
        overlap(texts, tags, entry.excerpts),
        tuple(tags),
        Counter(others) if len(others) >= FEWEST_PEERS else {},
    )
