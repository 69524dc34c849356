"""A training set: works with a key, in practice and two forms.

Invariant: a `Key` has one entry for each element that its works can show, none for others, and
every excerpt in it is a span of the work's own text. A synthetic set has intended levels; only a
panel's agreement is called a consensus.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reviewer.intake.artifact import Artifact
from reviewer.rubric import Credential, Element
from reviewer.training.policy import Policy


class Part(StrEnum):
    """Where in a set a work stands: shown with its key, or in one of the two parallel forms."""

    PRACTICE = "practice"
    FORM_A = "a"
    FORM_B = "b"


FORMS = (Part.FORM_A, Part.FORM_B)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``[start, end)`` of the text of one artifact."""

    artifact: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What one element of a work is held to be: its level, why, and the excerpts that matter."""

    level: float
    rationale: str
    excerpts: tuple[Span, ...]


Key = Mapping[str, KeyEntry]
"""Element id -> entry; an element without an entry is not asked for in that work."""


@dataclass(frozen=True, slots=True)
class Work:
    """One work to read: its texts without a name of anybody; `id` is one of the set's.

    `source`: the submission that it was made of, null for none, or none that is still here.
    `recordings`: artifact that may be played -> the artifact of the source that it is.
    """

    id: str
    part: Part
    artifacts: tuple[Artifact, ...]
    key: Key
    source: str | None = None
    recordings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Works for one version of a credential; `synthetic` ones qualify nobody for live work."""

    id: str
    title: str
    credential: Credential
    synthetic: bool
    policy: Policy
    works: tuple[Work, ...]

    def of(self, *parts: Part) -> tuple[Work, ...]:
        """The works of these parts that have a key, in the order of the set."""
        return tuple(one for one in self.works if one.part in parts and one.key)

    @property
    def asked(self) -> tuple[Element, ...]:
        """The elements that any work has a key for, in the order of the credential."""
        keyed = {element for work in self.works for element in work.key}
        return tuple(one for one in self.credential.elements if one.id in keyed)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many works of each part have a key at each level, and what is lacking.

    `counts`: (part, element id, level) -> works, zeros included. `gaps` keep a qualification from
    being held; `uneven` are differences between the forms that do not.
    """

    counts: Mapping[tuple[Part, str, float], int]
    gaps: tuple[str, ...]
    uneven: tuple[str, ...]


def coverage(kept: TrainingSet) -> Coverage:
    """Whether the set covers every level of each element that it asks for, in parallel forms."""
    counts = {
        (part, element.id, value): sum(
            element.id in work.key and work.key[element.id].level == value for work in kept.of(part)
        )
        for part in Part
        for element in kept.asked
        for value in element.values
    }
    gaps = [
        f"Form {form.value.upper()} has {len(kept.of(form))} works; qualification needs "
        f"{kept.policy.works_per_form}."
        for form in FORMS
        if len(kept.of(form)) < kept.policy.works_per_form
    ]
    gaps += _lacking(kept, counts)
    return Coverage(counts, tuple(gaps), tuple(_uneven(kept, counts)))


def _lacking(kept: TrainingSet, counts: Mapping[tuple[Part, str, float], int]) -> Sequence[str]:
    if not kept.asked:
        return ["No work of this set has a key."]
    return [
        f"No work of the two forms is at level {value:g} of {element.title!r}."
        for element in kept.asked
        for value in element.values
        if not any(counts[form, element.id, value] for form in FORMS)
    ]


def _uneven(kept: TrainingSet, counts: Mapping[tuple[Part, str, float], int]) -> Sequence[str]:
    first, second = FORMS
    return [
        f"Level {value:g} of {element.title!r} stands in {counts[first, element.id, value]} works "
        f"of form A and {counts[second, element.id, value]} of form B."
        for element in kept.asked
        for value in element.values
        if abs(counts[first, element.id, value] - counts[second, element.id, value]) > 1
    ]
