"""The result of a first pass as JSON: the models here are its published schema.

Invariant: equal first passes give equal bytes. Keys stand in the order of the fields below, numbers
have at most four decimals, and no clock, host or folder is in it. docs/result.schema.json is made
from these models, docs/result.md says what each field means.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from reviewer.evidence.citation import Stance
from reviewer.intake.artifact import Artifact, ArtifactKind, HearingReport
from reviewer.scoring.draft import DraftKind, ElementDraft, Fitness
from reviewer.scoring.first_pass import FirstPass
from reviewer.scoring.gate import engine_version

DECIMALS = 4
SCHEMA_ID = "urn:reviewer:result"
"""A name, not an address: the schema lies beside the documents."""


def _rounded(value: float) -> float:
    return round(value, DECIMALS) + 0.0  # adding zero makes -0.0 a plain 0.0


Number = Annotated[float, AfterValidator(_rounded)]
Share = Annotated[float, Field(ge=0, le=1), AfterValidator(_rounded)]
Seconds = Annotated[float, Field(ge=0), AfterValidator(_rounded)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class SubmissionPart(_Part):
    """Which work this is."""

    id: str
    candidate: str = Field(description="The pseudonym that was given.")
    attempt: int = Field(ge=1)


class CredentialPart(_Part):
    """Which rubric it was read against."""

    id: str
    rubric_hash: Sha256 = Field(description="Names the version of the rubric by its content.")


class HearingPart(_Part):
    """How well a recording was heard."""

    source: Literal["recognition", "captions"]
    language: str | None
    voiced_s: Seconds | None
    share_confident: Share | None
    segments: int = Field(ge=0)
    segments_in_doubt: int = Field(ge=0)


class ProblemPart(_Part):
    """Why a file could not be used."""

    kind: str
    message: str


class _FilePart(_Part):
    id: str
    name: str
    slot: str | None
    kind: ArtifactKind | None
    sha256: Sha256 | Literal[""] = Field(description="Empty for a file that was never opened.")
    characters: int = Field(ge=0, description="Length of its text, in Unicode code points.")


class DocumentPart(_FilePart):
    """A document; `pages` is null where its format has none."""

    kind: Literal[ArtifactKind.DOCUMENT]
    pages: int | None = Field(ge=1)
    hearing: None
    problem: ProblemPart | None


class RecordingPart(_FilePart):
    """A video or a sound recording; `duration_s` is null where it could not be read."""

    kind: Literal[ArtifactKind.VIDEO, ArtifactKind.AUDIO]
    duration_s: Seconds | None
    hearing: HearingPart | None
    problem: ProblemPart | None


class UnknownPart(_FilePart):
    """A file that is neither, so it has a problem."""

    kind: None
    hearing: None
    problem: ProblemPart


class CitationPart(_Part):
    """One place in the work that carries part of a draft."""

    artifact: str = Field(description="An id in `artifacts`.")
    quote: str = Field(min_length=1, description="Verbatim: characters [start, end) of its text.")
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    page: int | None = Field(ge=1)
    start_s: Seconds | None
    end_s: Seconds | None
    speaker: str | None
    stance: Stance
    weight: Share
    hearing: Share | None


class ExcerptPart(_Part):
    """One place worth reading for an element, whatever the engine makes of it."""

    artifact: str = Field(description="An id in `artifacts`.")
    quote: str = Field(min_length=1, description="Verbatim: characters [start, end) of its text.")
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    page: int | None = Field(ge=1)
    start_s: Seconds | None
    end_s: Seconds | None
    speaker: str | None
    hearing: Share | None


class EnginePart(_Part):
    """All that the draft depends on beside the work."""

    id: str
    version: str
    weights_sha256: str
    rubric_hash: Sha256
    settings: dict[str, bool | int | Number | str]
    engine_version: Sha256 = Field(
        description="Hash of all of it but the rubric: `engine_version` of a ratings table."
    )


class ElementPart(_Part):
    """What the engine has to say about one element."""

    element: str
    kind: DraftKind
    reason: str | None
    fitness: Fitness
    level: Number | None
    expected: Number | None
    probabilities: dict[str, Share] = Field(description="Level value -> probability.")
    strength: Share
    rationale: str
    citations: tuple[CitationPart, ...]
    engine: EnginePart
    excerpts: tuple[ExcerptPart, ...] = Field(
        description="The places most worth reading for the element, best first; five at most."
    )


class FindingPart(_Part):
    """One line of the completeness check."""

    slot: str | None
    kind: str
    message: str


class Result(_Part):
    """The result of the first pass over one submission."""

    submission: SubmissionPart
    credential: CredentialPart
    artifacts: tuple[DocumentPart | RecordingPart | UnknownPart, ...]
    elements: tuple[ElementPart, ...]
    completeness: tuple[FindingPart, ...]


def result_json(first_pass: FirstPass) -> bytes:
    """The result as UTF-8 JSON, indented, with a newline at its end."""
    result = Result(
        submission=SubmissionPart(
            id=first_pass.submission_id,
            candidate=first_pass.candidate,
            attempt=first_pass.attempt,
        ),
        credential=CredentialPart(id=first_pass.credential, rubric_hash=first_pass.rubric_hash),
        artifacts=tuple(_file(artifact) for artifact in first_pass.artifacts),
        elements=tuple(_element(draft) for draft in first_pass.elements),
        completeness=tuple(FindingPart.model_validate(one) for one in first_pass.completeness),
    )
    return (result.model_dump_json(indent=2) + "\n").encode()


def _file(artifact: Artifact) -> DocumentPart | RecordingPart | UnknownPart:
    common: dict[str, Any] = {
        "id": artifact.id,
        "name": artifact.name,
        "slot": artifact.slot,
        "kind": artifact.kind,
        "sha256": artifact.sha256,
        "characters": len(artifact.text),
        "problem": artifact.problem,
    }
    if artifact.kind is None:
        return UnknownPart(**common, hearing=None)
    if artifact.kind is ArtifactKind.DOCUMENT:
        return DocumentPart(**common, pages=len(artifact.pages) or None, hearing=None)
    return RecordingPart(**common, duration_s=artifact.duration_s, hearing=_heard(artifact.hearing))


def _heard(report: HearingReport | None) -> HearingPart | None:
    return None if report is None else HearingPart.model_validate(report)


def _element(draft: ElementDraft) -> ElementPart:
    by_level = sorted(draft.probabilities.items(), key=lambda pair: float(pair[0]))
    return ElementPart(
        element=draft.element,
        kind=draft.kind,
        reason=draft.reason,
        fitness=draft.fitness,
        level=draft.level,
        expected=draft.expected,
        probabilities=dict(by_level),
        strength=draft.strength,
        rationale=draft.rationale,
        citations=tuple(CitationPart.model_validate(one) for one in draft.citations),
        excerpts=tuple(ExcerptPart.model_validate(one) for one in draft.excerpts),
        engine=EnginePart(
            id=draft.engine.id,
            version=draft.engine.version,
            weights_sha256=draft.engine.weights_sha256,
            rubric_hash=draft.engine.rubric_hash,
            settings=dict(sorted(draft.engine.settings.items())),
            engine_version=engine_version(draft.engine),
        ),
    )


def result_schema() -> str:
    """The JSON Schema (draft 2020-12) of what `result_json` writes, as text."""
    schema = Result.model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"
