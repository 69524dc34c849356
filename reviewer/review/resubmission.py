"""A further attempt: which elements are open, which files are the same, what changed in the rest.

Invariant: files are the same by content hash alone. Levels carried over from the attempt before
are those of elements that are not open; they stay hidden from a rater until that rater has scored
every open element.
"""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.review.outcome import met
from reviewer.rubric import Credential

ALIKE = 0.5
"""Least share of equal paragraphs' words (0 to 1) at which two documents are versions of one."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The attempt before: its rubric version, its confirmed levels, the hashes of its files."""

    submission: str
    attempt: int
    rubric_hash: str
    levels: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Changed:
    """Characters ``[start, end)`` of the new text that the earlier one does not have."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One artifact of the new attempt beside the earlier ones.

    `unchanged`: the same bytes were handed in before. `earlier` is the artifact id of what it is a
    new version of, null for a new file; `changes` are its new characters, in order.
    """

    artifact: str
    unchanged: bool
    earlier: str | None
    changes: tuple[Changed, ...]


def open_elements(credential: Credential, earlier: Earlier | None) -> tuple[str, ...]:
    """The ids of the elements that this attempt is reviewed on, in the credential's order.

    All of them where there is no earlier attempt, it was not fully decided, the rubric is another
    version, or the credential says so. Where no single element is unmet (a sum that was missed),
    those below their highest level.
    """
    everything = tuple(element.id for element in credential.elements)
    if (
        earlier is None
        or credential.resubmission.review == "every_element"
        or earlier.rubric_hash != credential.rubric_hash
        or set(everything) - earlier.levels.keys()
    ):
        return everything
    levels = earlier.levels
    unmet = tuple(one.id for one in credential.elements if not met(one, levels[one.id]))
    below = tuple(one.id for one in credential.elements if levels[one.id] != one.values[-1])
    return unmet or below or everything


def carried(credential: Credential, earlier: Earlier | None) -> dict[str, float | None]:
    """The levels that stand from the earlier attempt: those of the elements that are not open."""
    if earlier is None:
        return {}
    opened = open_elements(credential, earlier)
    return {one.id: earlier.levels[one.id] for one in credential.elements if one.id not in opened}


def earlier_visible(opened: Collection[str], scored: Collection[str]) -> bool:
    """Whether a rater may see the earlier levels: every open element has a level of their own."""
    return set(opened) <= set(scored)


def compare(new: Sequence[Artifact], old: Sequence[Artifact]) -> tuple[Comparison, ...]:
    """Each new artifact beside what was handed in before."""
    by_hash = {one.sha256: one for one in old if one.sha256}
    compared = []
    for artifact in new:
        same = by_hash.get(artifact.sha256)
        if same is not None:
            compared.append(Comparison(artifact.id, True, same.id, ()))
            continue
        before = _version_before(artifact, old)
        marks = changes(before.text, artifact.text) if before else ()
        compared.append(Comparison(artifact.id, False, before.id if before else None, marks))
    return tuple(compared)


def _version_before(artifact: Artifact, old: Sequence[Artifact]) -> Artifact | None:
    """The document of the same slot that is most like this one; null where none is like it."""
    if artifact.kind is not ArtifactKind.DOCUMENT:
        return None
    alike = [
        (_likeness(one.text, artifact.text), one)
        for one in old
        if one.kind is ArtifactKind.DOCUMENT and one.slot == artifact.slot and one.text
    ]
    share, best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= ALIKE else None


def _likeness(old: str, new: str) -> float:
    matcher = difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    return matcher.ratio()


def changes(old: str, new: str) -> tuple[Changed, ...]:
    """The spans of `new`, by whole words, that `old` does not have at this place."""
    before, after = _words(old), _words(new)
    matcher = difflib.SequenceMatcher(
        None,
        [old[start:end] for start, end in before],
        [new[start:end] for start, end in after],
        autojunk=False,
    )
    return tuple(
        Changed(after[first][0], after[last - 1][1])
        for tag, _, _, first, last in matcher.get_opcodes()
        if tag in ("replace", "insert") and first < last
    )


def _words(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    return spans
