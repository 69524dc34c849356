"""The shape of a credential file, with every default, and the hash that names a version of it.

Invariant: all models are frozen and forbid unknown keys; a minimal file (id, version, title and
elements of id, title and levels of value and descriptor) is a complete credential; what a
`Credential` refers to (slots, levels, its stack) exists in it.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Medium = Literal["text", "speech", "picture"]
Version = Annotated[
    Text,
    StringConstraints(max_length=40),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 40}, {"type": "number"}]}
    ),
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _fault(at: str, message: str) -> PydanticCustomError:
    """An error of the model as a whole that points at its field `at`."""
    return PydanticCustomError("does_not_fit", "{message}", {"message": message, "at": at})


def _refuse_twins(at: str, what: str, ids: Iterable[str]) -> None:
    """Refuse two ids that are equal but for case: they would share a file name somewhere."""
    seen: set[str] = set()
    for one in ids:
        if one.casefold() in seen:
            raise _fault(at, f"{what} id {one!r} stands twice; give each its own")
        seen.add(one.casefold())


class SlotKind(StrEnum):
    """What a slot takes: a document, a recording with pictures, one with sound alone, or either."""

    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"
    RECORDING = "recording"
    ANY = "any"


_RECORDING_ONLY = ("min_minutes", "max_minutes", "captions")
_DOCUMENT_ONLY = ("min_words", "max_words")
_FOREIGN_LIMITS = {
    SlotKind.DOCUMENT: _RECORDING_ONLY,
    SlotKind.VIDEO: _DOCUMENT_ONLY,
    SlotKind.AUDIO: _DOCUMENT_ONLY,
    SlotKind.RECORDING: _DOCUMENT_ONLY,
}


class GatePolicy(StrEnum):
    """Which drafts are shown: `pilot`: unmeasured too, labelled; `enforced`: only open ones."""

    PILOT = "pilot"
    ENFORCED = "enforced"


class ReviewMode(StrEnum):
    """What an evaluator sees before the own level is stored (never the draft but in the last)."""

    BLIND_FIRST = "blind_first"
    EVIDENCE_HIDDEN = "evidence_hidden_until_scored"
    DRAFT_FIRST = "draft_first"


class Slot(_Frozen):
    """One kind of artifact that the credential asks for."""

    id: Slug
    title: Text
    description: str = Field(default="", description="Words for the candidate.")
    kind: SlotKind = SlotKind.DOCUMENT
    min: int = Field(default=1, ge=0, description="Fewest files.")
    max: int | None = Field(default=None, ge=1, description="Most files; null is any number.")
    min_words: int | None = Field(default=None, ge=1, description="Fewest words, per document.")
    max_words: int | None = Field(default=None, ge=1, description="Most words, per document.")
    min_minutes: float | None = Field(default=None, gt=0, description="Per recording.")
    max_minutes: float | None = Field(default=None, gt=0, description="Per recording.")
    captions: bool = Field(
        default=False, description="True: each recording comes with its own WEBVTT or SRT captions."
    )
    required: bool = Field(default=True, description="False: the slot may stay empty.")

    @model_validator(mode="after")
    def _limits_fit(self) -> Self:
        for low, high, unit in (
            (self.min, self.max, ""),
            (self.min_words, self.max_words, "_words"),
            (self.min_minutes, self.max_minutes, "_minutes"),
        ):
            if low is not None and high is not None and low > high:
                raise _fault(
                    f"max{unit}", f"max{unit} {high:g} is less than min{unit} {low:g}; change one"
                )
        for name in _FOREIGN_LIMITS.get(self.kind, ()):
            if getattr(self, name):
                raise _fault(name, f"{name} does not belong to a slot of kind {self.kind.value}")
        return self


class Level(_Frozen):
    """An ordered category of one element; values are whole or half points."""

    value: float = Field(ge=0, le=100, multiple_of=0.5, description="Whole or half points.")
    title: str = ""
    descriptor: Text


class Indicator(_Frozen):
    """An observable sign: for the element (`supporting`) or against it (`counter`)."""

    id: Slug
    text: Text = Field(description="What one would see, hear or read.")
    examples: tuple[Text, ...] = Field(default=(), description="Phrasings as they might occur.")


class Element(_Frozen):
    """One scored dimension of the rubric."""

    id: Slug
    title: Text
    question: str = ""
    levels: tuple[Level, ...] = Field(min_length=2, description="In rising order of value.")
    required_level: float | None = Field(
        default=None, description="Value of the lowest level that is enough; null is none needed."
    )
    supporting: tuple[Indicator, ...] = ()
    counter: tuple[Indicator, ...] = ()
    slots: tuple[Slug, ...] = Field(default=(), description="Slots that can show it; empty = all.")
    observable_in: tuple[Medium, ...] = Field(
        default=("text", "speech"),
        min_length=1,
        description="Media that show it; an element of `picture` alone is not observable here.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if any(low >= high for low, high in zip(self.values, self.values[1:], strict=False)):
            raise _fault("levels", "levels must stand in rising order of value, each value once")
        if self.required_level is not None and self.required_level not in self.values:
            raise _fault(
                "required_level",
                f"required_level {self.required_level:g} is not one of the levels "
                f"({', '.join(f'{value:g}' for value in self.values)})",
            )
        _refuse_twins("counter", "indicator", (one.id for one in self.supporting + self.counter))
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
    def _parameters_fit(self) -> Self:
        if self.kind == "minimum_sum" and self.minimum is None:
            raise _fault("kind", "minimum_sum needs `minimum`, the least sum that is enough")
        if self.kind != "minimum_sum" and self.minimum is not None:
            raise _fault("minimum", f"minimum belongs to minimum_sum, not to the rule {self.kind}")
        if self.kind != "all_but" and self.but != 1:
            raise _fault("but", f"but belongs to all_but, not to the rule {self.kind}")
        return self

    @property
    def in_words(self) -> str:
        """The rule as a clause for people, such as "a sum of 8 or more"."""
        if self.minimum is not None:
            return f"a sum of {self.minimum:g} or more"
        return "every element met" if self.kind == "every_element" else f"all but {self.but} met"


class Resubmission(_Frozen):
    """What happens after an outcome of resubmission requested."""

    review: Literal["unmet_elements", "every_element"] = Field(
        default="unmet_elements", description="Elements that the next review opens on."
    )
    attempts: int | None = Field(
        default=None, ge=1, description="Most attempts, the first one included; null is any number."
    )


class Recognition(_Frozen):
    """What a recognizer counts the badge (or the stack) as, such as 5 points in Tennessee."""

    recognizer: Text
    amount: float = Field(gt=0)
    unit: Text
    note: str = ""


class Stack(_Frozen):
    """Credentials that count together."""

    id: Slug
    title: Text
    members: tuple[Slug, ...] = Field(
        min_length=1, description="Ids of credentials, this one included."
    )
    complete: bool = Field(
        default=True,
        description="False: further members are kept elsewhere, so those listed do not make it up.",
    )
    recognition: tuple[Recognition, ...] = ()


class Credential(_Frozen):
    """A micro-credential: its rubric, what is to be submitted, and what it counts for."""

    id: Slug
    version: Version
    title: Text
    summary: str = ""
    elements: tuple[Element, ...] = Field(min_length=1)
    slots: tuple[Slot, ...] = Field(default=(), description="Empty = any document in any number.")
    decision: DecisionRule | None = None
    resubmission: Resubmission = Resubmission()
    gate: GatePolicy = GatePolicy.PILOT
    review_mode: ReviewMode = Field(
        default=ReviewMode.BLIND_FIRST,
        description="What evaluators see before they score; draft_first is faster and anchors.",
    )
    turnaround_days: int | None = Field(
        default=None, ge=1, description="Days in which a submission should be answered."
    )
    retention_days: int | None = Field(
        default=None,
        ge=1,
        description="Days after the outcome for which the work is kept; null is without an end.",
    )
    erase_ratings: bool = Field(
        default=False,
        description="Whether an erasure takes the levels too; else they stay, under a pseudonym of "
        "nobody.",
    )
    stack: Stack | None = None
    recognition: tuple[Recognition, ...] = ()
    source: str = Field(default="", description="Where the scale comes from, if it is public.")

    @field_validator("version", mode="before")
    @classmethod
    def _version_as_text(cls, value: object) -> object:
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if numeric else value

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _refuse_twins("elements", "element", (element.id for element in self.elements))
        _refuse_twins("slots", "slot", (slot.id for slot in self.slots))
        known = {slot.id for slot in self.slots}
        for number, element in enumerate(self.elements):
            unknown = [slot for slot in element.slots if slot not in known]
            if unknown:
                raise _fault(
                    f"elements.{number}.slots",
                    f"{unknown[0]!r} is not the id of a slot of this credential",
                )
        if self.stack and self.id not in self.stack.members:
            raise _fault("stack.members", f"the stack does not name this credential, {self.id!r}")
        return self

    @model_validator(mode="after")
    def _decidable(self) -> Self:
        rule = self.decision
        if rule is None:
            return self
        most = sum(element.values[-1] for element in self.elements)
        required = [one for one in self.elements if one.required_level is not None]
        if rule.minimum is not None and rule.minimum > most:
            raise _fault(
                "decision.minimum",
                f"the sum {rule.minimum:g} cannot be reached: the top levels add up to {most:g}",
            )
        if rule.kind != "minimum_sum" and not required:
            raise _fault(
                "decision.kind",
                f"the rule {rule.kind} needs a required_level in at least one element",
            )
        if rule.kind == "all_but" and rule.but >= len(required):
            raise _fault(
                "decision.but",
                f"all but {rule.but} of {len(required)} required elements leaves none; lower it",
            )
        return self

    @property
    def rubric_hash(self) -> str:
        """SHA-256 (hex) of what a rating rests on: elements, slots and decision rule.

        Gate policy, review mode, turnaround, retention, resubmission, stack and recognition may
        change without making a new version:
        they decide what is shown and what it counts for, never what a level means. Neither does a
        line break moved inside a text, nor a key written out with its default: so a later release
        that adds an optional key leaves the hashes of existing files as they are.
        """
        return _rubric_hash(self)


@lru_cache(maxsize=256)
def _rubric_hash(credential: Credential) -> str:
    """Asked for at every act of a review; keyed by value, so a changed copy has its own."""
    judged = credential.model_dump(
        mode="json",
        include={"id", "version", "title", "elements", "slots", "decision"},
        exclude_defaults=True,
    )
    canonical = json.dumps(
        _one_line(judged), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _one_line(value: object) -> object:
    """`value` with every text in NFC and its white space runs as single spaces."""
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).split())
    if isinstance(value, dict):
        return {key: _one_line(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_one_line(one) for one in value]
    return value
