"""The shape of a credential file, with every default, and the hash that names a version of it.

Invariant: all models are frozen and forbid unknown keys; a minimal file (id, version, title and
elements of id, title and levels of value and descriptor) is a complete credential.
"""

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SlotKind(StrEnum):
    """What a slot takes: a document, a recording with pictures, one with sound alone, or either."""

    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"
    RECORDING = "recording"
    ANY = "any"


class GatePolicy(StrEnum):
    """Which drafts are shown: `pilot`: unmeasured too, labelled; `enforced`: only open ones."""

    PILOT = "pilot"
    ENFORCED = "enforced"


class Slot(_Frozen):
    """One kind of artifact that the credential asks for."""

    id: Slug
    title: Text
    description: str = ""
    kind: SlotKind = SlotKind.DOCUMENT
    min: int = Field(default=1, ge=0, description="Fewest files.")
    max: int | None = Field(default=None, ge=1, description="Most files; null is any number.")
    min_words: int | None = Field(default=None, ge=1, description="Fewest words, per document.")
    max_words: int | None = Field(default=None, ge=1, description="Most words, per document.")
    min_minutes: float | None = Field(default=None, gt=0, description="Per recording.")
    max_minutes: float | None = Field(default=None, gt=0, description="Per recording.")
    required: bool = True


class Level(_Frozen):
    """An ordered category of one element; values are whole or half points."""

    value: float = Field(ge=0, le=100)
    title: str = ""
    descriptor: Text

    @field_validator("value")
    @classmethod
    def _half_points(cls, value: float) -> float:
        if value * 2 != int(value * 2):
            raise ValueError("level values are whole or half points, such as 2 or 2.5")
        return value


class Indicator(_Frozen):
    """An observable sign: for the element (`supporting`) or against it (`counter`)."""

    id: Slug
    text: Text
    examples: tuple[Text, ...] = ()


class Element(_Frozen):
    """One scored dimension of the rubric."""

    id: Slug
    title: Text
    question: str = ""
    levels: tuple[Level, ...] = Field(min_length=2)
    required_level: float | None = None
    supporting: tuple[Indicator, ...] = ()
    counter: tuple[Indicator, ...] = ()
    slots: tuple[Slug, ...] = Field(default=(), description="Slots that can show it; empty = all.")
    observable_in: tuple[Literal["text", "speech", "picture"], ...] = Field(
        default=("text", "speech"),
        description="Media that show it; an element of `picture` alone is not observable here.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        values = [level.value for level in self.levels]
        if sorted(set(values)) != values:
            raise ValueError("levels stand in rising order, each value once")
        if self.required_level is not None and self.required_level not in values:
            raise ValueError(f"required_level {self.required_level:g} is not one of the levels")
        return self

    @property
    def values(self) -> tuple[float, ...]:
        """The level values, rising."""
        return tuple(level.value for level in self.levels)


class DecisionRule(_Frozen):
    """How element levels become an outcome."""

    kind: Literal["every_element", "minimum_sum", "all_but"] = "every_element"
    minimum: float | None = Field(default=None, description="For minimum_sum: the least sum.")
    but: int = Field(default=1, ge=1, description="For all_but: how many may miss their level.")

    @model_validator(mode="after")
    def _minimum_given(self) -> Self:
        if (self.kind == "minimum_sum") != (self.minimum is not None):
            raise ValueError("`minimum` belongs to, and is needed by, the rule minimum_sum")
        return self


class Resubmission(_Frozen):
    """What happens after an outcome of resubmission requested."""

    review: Literal["unmet_elements", "every_element"] = Field(
        default="unmet_elements", description="Elements that the next review opens on."
    )
    attempts: int | None = Field(
        default=None, ge=2, description="Most attempts in all; null is any number."
    )


class Stack(_Frozen):
    """Credentials that count together."""

    id: Slug
    title: Text
    members: tuple[Slug, ...] = Field(min_length=1, description="Ids of credentials in rubrics/.")
    complete: bool = Field(
        default=True,
        description="False: further members are kept elsewhere, so those listed do not make it up.",
    )
    recognition: tuple["Recognition", ...] = ()


class Recognition(_Frozen):
    """What a recognizer counts the badge (or the stack) as, such as 5 points in Tennessee."""

    recognizer: Text
    amount: float = Field(gt=0)
    unit: Text
    note: str = ""


class Credential(_Frozen):
    """A micro-credential: its rubric, what is to be submitted, and what it counts for."""

    id: Slug
    version: str
    title: Text
    summary: str = ""
    elements: tuple[Element, ...] = Field(min_length=1)
    slots: tuple[Slot, ...] = ()
    decision: DecisionRule | None = None
    resubmission: Resubmission = Resubmission()
    gate: GatePolicy = GatePolicy.PILOT
    stack: Stack | None = None
    recognition: tuple[Recognition, ...] = ()
    source: str = Field(default="", description="Where the scale comes from, if it is public.")

    @field_validator("version", mode="before")
    @classmethod
    def _version_as_text(cls, value: object) -> object:
        return (
            str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for what, ids in (
            ("element", [element.id for element in self.elements]),
            ("slot", [slot.id for slot in self.slots]),
        ):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            if twice:
                raise ValueError(f"{what} id {twice[0]!r} stands twice")
        known = {slot.id for slot in self.slots}
        for element in self.elements:
            unknown = [slot for slot in element.slots if slot not in known]
            if unknown:
                raise ValueError(f"element {element.id!r} names an unknown slot {unknown[0]!r}")
        return self

    @property
    def rubric_hash(self) -> str:
        """SHA-256 (hex) of what a rating rests on: elements, slots and decision rule.

        Gate policy, stack and recognition may change without making a new version: they decide
        what is shown and what it counts for, never what a level means.
        """
        judged = self.model_dump(
            mode="json", include={"id", "version", "title", "elements", "slots", "decision"}
        )
        canonical = json.dumps(judged, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


Stack.model_rebuild()
