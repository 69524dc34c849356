"""Who speaks a line, as far as an indicator asks: the voice that leads a recording, or another one.

Invariant: nobody is identified. A recording in which fewer than two voices were told apart, a line
whose voice is unsure, and an indicator that names no one are left as they are.

In a lesson the teacher is nearly always the voice with most words, and an indicator such as "The
teacher asks for more" is not shown by a pupil's question. Where the leading voice is a pupil's,
this is wrong; so a line by the other side counts less, and is not thrown away.
"""

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from reviewer.evidence.match import Numbers, Query
from reviewer.evidence.words import words
from reviewer.intake.artifact import Artifact, Segment

OTHER_SIDE = 0.4  # what a match counts when the other side than the indicator names says it

_LEADER = re.compile(r"(?:the|a|an)\s+(?:teacher|educator|adult|candidate|facilitator)\b", re.I)
_OTHERS = re.compile(
    r"(?:(?:a|an|the|one|each|every|only|some|several|other)\s+)*"
    r"(?:pupils?|students?|classmates?|child(?:ren)?|learners?|class|partners?|participants?)\b",
    re.I,
)


class Side(StrEnum):
    """Whom an indicator is about, or who speaks."""

    LEADER = "the voice that leads"
    OTHERS = "another voice"


def side_of(query: Query) -> Side | None:
    """Whom the indicator's sentence begins with; None where it is neither or cannot be told."""
    if _LEADER.match(query.text):
        return Side.LEADER
    return Side.OTHERS if _OTHERS.match(query.text) else None


def leading_voice(artifact: Artifact) -> str | None:
    """The speaker with most words; None with fewer than two speakers or where two are level."""
    spoken: Counter[str] = Counter()
    for segment in artifact.segments:
        if segment.speaker is not None:
            spoken[segment.speaker] += len(words(artifact.quote(segment.start, segment.end)))
    ranked = spoken.most_common(2)
    if len(ranked) < 2 or ranked[0][1] == ranked[1][1]:
        return None
    return ranked[0][0]


def weights(spoken: Sequence[tuple[Artifact, Segment]], queries: Sequence[Query]) -> Numbers:
    """1, or OTHER_SIDE where a line is by the other side: shape (lines, queries)."""
    leaders = {artifact.id: leading_voice(artifact) for artifact, _ in spoken}
    sides = [side_of(query) for query in queries]
    made = np.ones((len(spoken), len(queries)))
    for row, (artifact, segment) in zip(made, spoken, strict=True):
        leader = leaders[artifact.id]
        if leader is None or segment.speaker is None:
            continue
        own = Side.LEADER if segment.speaker == leader else Side.OTHERS
        row[[side is not None and side is not own for side in sides]] = OTHER_SIDE
    return made
