"""An excerpt is a verbatim span; a citation is an excerpt that carries part of a score.

Invariant: ``artifact.text[start:end] == quote`` for the artifact that is named; `excerpt` and
`cite` are the only ways to make either, and they check.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from reviewer.intake.artifact import Artifact


class Stance(StrEnum):
    """Whether a citation speaks for the element or against it."""

    SUPPORTS = "supports"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One or more whole consecutive sentences of one artifact.

    `segments` are indices into the artifact's segments; `similarity` (cosine, -1 to 1) is to the
    closest query, which `query` names (an indicator id, or ``level:VALUE`` for a descriptor).
    """

    artifact: str
    segments: tuple[int, ...]
    start: int
    end: int
    quote: str
    similarity: float
    query: str
    stance: Stance
    page: int | None = None
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    hearing: float | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked link from a draft score to a place in the work.

    `weight` >= 0 is this excerpt's share of what moved the draft: the weights of one draft's
    citations sum to 1 (or there are none).
    """

    artifact: str
    quote: str
    start: int
    end: int
    page: int | None
    start_s: float | None
    end_s: float | None
    speaker: str | None
    stance: Stance
    weight: float
    hearing: float | None


def excerpt(
    artifact: Artifact,
    segments: Sequence[int],
    similarity: float,
    query: str,
    stance: Stance,
) -> Excerpt:
    """The excerpt that consecutive segments of an artifact make; raises `ValueError` otherwise.

    `segments` are positions in ``artifact.segments``, each one more than the one before.
    """
    if not segments or any(b != a + 1 for a, b in pairwise(segments)):
        raise ValueError(f"segments {list(segments)} of {artifact.name} are not consecutive")
    parts = [artifact.segments[at] for at in segments]
    first, last = parts[0], parts[-1]
    speakers = {part.speaker for part in parts}
    heard = [part.hearing for part in parts if part.hearing is not None]
    return Excerpt(
        artifact=artifact.id,
        segments=tuple(segments),
        start=first.start,
        end=last.end,
        quote=artifact.quote(first.start, last.end),
        similarity=round(similarity, 4),
        query=query,
        stance=stance,
        page=first.page,
        start_s=first.start_s,
        end_s=last.end_s,
        speaker=speakers.pop() if len(speakers) == 1 else None,
        hearing=round(sum(heard) / len(heard), 4) if heard else None,
        in_doubt=any(part.doubt is not None for part in parts),
    )


def cite(work: Excerpt, artifacts: Mapping[str, Artifact], weight: float) -> Citation:
    """The citation of an excerpt; raises `ValueError` where its quote is not in the work."""
    artifact = artifacts[work.artifact]
    if artifact.quote(work.start, work.end) != work.quote or not work.quote:
        raise ValueError(f"the quote at {work.start} is not in {artifact.name}")
    return Citation(
        artifact=work.artifact,
        quote=work.quote,
        start=work.start,
        end=work.end,
        page=work.page,
        start_s=work.start_s,
        end_s=work.end_s,
        speaker=work.speaker,
        stance=work.stance,
        weight=weight,
        hearing=work.hearing,
    )
