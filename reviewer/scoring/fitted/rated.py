"""Works and the expert scores that a scorer is fitted to, wherever both come from.

Invariant: every score is a mean of blind expert ratings, or is filled in and marked as not known;
what was left out is counted by reason.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.errors import TooFewRatings
from reviewer.evidence.match import Numbers
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.intake.segmenting import segment_document
from reviewer.rubric import Credential, Element
from reviewer.scoring.fitted.fit import FEWEST

Known = NDArray[np.bool_]
Given = Mapping[str, Mapping[str, Sequence[float]]]
"""Scores by submission and element id, one an expert."""

ALIKE = 0.5  # of an element's missing score that follows the work's other elements


@dataclass(frozen=True, slots=True)
class Text:
    """One work to fit on or to score; `read` is what intake made of it, empty for a bare text."""

    submission: str
    candidate: str
    group: str
    text: str
    read: tuple[Artifact, ...] = ()

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """The artifacts of the work; a bare text is the document that intake would make of it."""
        if self.read:
            return self.read
        sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        made = Artifact(
            sha256[:12],
            f"{self.submission}.txt",
            None,
            ArtifactKind.DOCUMENT,
            sha256,
            text=self.text,
            segments=segment_document(sha256[:12], self.text, ()),
        )
        return (made,)


@dataclass(frozen=True, slots=True)
class Rated:
    """Works with a score for every one of `elements`, shape (works, elements).

    A score is the mean of its experts. `known` says where there was a rating; elsewhere the score
    was filled in from the others. `left_out` counts, by reason, the works and ratings that were not
    used; `data_sha256` names all that was fitted on.
    """

    texts: tuple[Text, ...]
    elements: tuple[str, ...]
    scores: Numbers
    known: Known
    left_out: dict[str, int]
    data_sha256: str

    @property
    def one_group(self) -> bool:
        """Whether all works are of one group (one prompt, one cohort)."""
        return len({one.group for one in self.texts}) == 1

    @property
    def held_together(self) -> list[str]:
        """What is held out together: the group, or the candidate where there is one group only."""
        return [one.candidate if self.one_group else one.group for one in self.texts]


def rated_elements(credential: Credential, rated: Rated) -> tuple[Element, ...]:
    """The credential's elements that there are scores for, in its order."""
    return tuple(one for one in credential.elements if one.id in rated.elements)


def join(
    texts: Sequence[Text],
    given: Given,
    elements: Sequence[str],
    left_out: Mapping[str, int],
    data_sha256: str,
) -> Rated:
    """Works with their scores; raises `TooFewRatings` for FEWEST and for each element.

    Works that are empty or have no rating are left out, and counted.
    """
    counts = dict(left_out)
    kept = []
    for one in texts:
        if not one.text.strip():
            counts["texts that are empty"] = counts.get("texts that are empty", 0) + 1
        elif one.submission not in given:
            reason = "texts without an expert rating"
            counts[reason] = counts.get(reason, 0) + 1
        else:
            kept.append(one)
    if len(kept) < FEWEST:
        raise TooFewRatings(
            f"{len(kept)} texts have blind expert ratings; a scorer needs {FEWEST} or more. Left "
            f"out: {said(counts)}."
        )
    known = np.array([[name in given[one.submission] for name in elements] for one in kept])
    for name, number in zip(elements, known.sum(axis=0).tolist(), strict=True):
        if number < FEWEST:
            raise TooFewRatings(
                f"The element {name!r} has {number} rated texts; a scorer needs {FEWEST} or more "
                "of each element."
            )
    sparse = np.array(
        [[_mean(given[one.submission].get(name, [0.0])) for name in elements] for one in kept]
    )
    return Rated(tuple(kept), tuple(elements), filled(sparse, known), known, counts, data_sha256)


def said(left_out: dict[str, int]) -> str:
    """What was left out, in words."""
    return "; ".join(f"{count} {reason}" for reason, count in sorted(left_out.items())) or "nothing"


def filled(sparse: Numbers, known: Known) -> Numbers:
    """Scores with the missing ones filled in: the element's mean, and half of the work's own lead.

    A work's lead is the mean of how far its known scores lie above their elements' means.
    """
    number = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, sparse, 0.0).sum(axis=0) / number
    above = np.where(known, sparse - means, 0.0)
    lead = above.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    made: Numbers = np.where(known, sparse, means + ALIKE * lead[:, None])
    return made


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)
