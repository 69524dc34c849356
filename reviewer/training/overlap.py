"""How far two people's evidence is the same: F1 over the words that their spans touch.

Invariant: word by word, so ragged ends of a selection do not count, nor does how a passage was cut
into spans. Source: token F1 as for rationales in ERASER (DeYoung et al. 2020, ACL).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reviewer.training.work import Span

HALF = 0.5
"""Share of a passage's words that must be tagged for the passage to count as found."""

_WORD = re.compile(r"\S+")

Words = frozenset[tuple[str, int]]
"""Words as (artifact, where the word begins)."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Agreement of tagged words, each in [0, 1]; `found` of `passages` in the key were tagged.

    `f1` is null where the key names no passage: then there is nothing to agree with.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    found: int
    passages: int


def overlap(texts: Mapping[str, str], own: Iterable[Span], key: Iterable[Span]) -> Overlap:
    """The overlap of `own` spans with those of the key, over `texts` by artifact.

    F1 = 2 |own ∩ key| / (|own| + |key|) in words. Precision is null where nothing was tagged.
    """
    passages = [touched(texts, [one]) for one in key]
    wanted = frozenset[tuple[str, int]]().union(*passages)
    tagged = touched(texts, own)
    if not wanted:
        return Overlap(None, None, None, 0, 0)
    both = len(tagged & wanted)
    found = sum(len(one & tagged) >= HALF * len(one) for one in passages if one)
    return Overlap(
        both / len(tagged) if tagged else None,
        both / len(wanted),
        2 * both / (len(tagged) + len(wanted)),
        found,
        sum(bool(one) for one in passages),
    )


def touched(texts: Mapping[str, str], spans: Iterable[Span]) -> Words:
    """The words of which a span has at least one character."""
    by_artifact: dict[str, list[Span]] = {}
    for one in spans:
        by_artifact.setdefault(one.artifact, []).append(one)
    return frozenset(
        (artifact, word.start())
        for artifact, own in by_artifact.items()
        for word in _WORD.finditer(texts[artifact])
        if any(one.start < word.end() and word.start() < one.end for one in own)
    )
