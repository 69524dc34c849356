"""From a first pass and its credential to the values that the report and the pages show.

Invariant: the result depends on the `FirstPass` and the `Credential` alone, and holds every
element of the credential in its order, drafted or not.
"""

from collections.abc import Mapping, Sequence

from reviewer.errors import DuplicateFile
from reviewer.evidence.citation import Citation
from reviewer.export import wording
from reviewer.export.layout import Mark, in_doubt, lay_out
from reviewer.export.view import ArtifactView, CitationView, ElementView, LevelView, PassView
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.rubric.model import Credential, Element
from reviewer.scoring.draft import DraftKind, ElementDraft
from reviewer.scoring.first_pass import FirstPass

_PLAYABLE = (ArtifactKind.VIDEO, ArtifactKind.AUDIO)


def compose(first_pass: FirstPass, credential: Credential) -> PassView:
    """Everything a reader sees of `first_pass`; elements without a draft are ``waiting``."""
    artifacts = {artifact.id: artifact for artifact in first_pass.artifacts}
    drafts = {draft.element: draft for draft in first_pass.elements}
    elements = tuple(
        _element(number, element, drafts.get(element.id), artifacts)
        for number, element in enumerate(credential.elements, start=1)
    )
    marks = _marks(credential, drafts, artifacts)
    slots = {slot.id: slot.title for slot in credential.slots}
    return PassView(
        submission=first_pass.submission_id,
        candidate=first_pass.candidate,
        attempt=first_pass.attempt,
        title=credential.title,
        summary=credential.summary,
        rule=_rule(credential),
        artifacts=tuple(
            _artifact(artifact, slots.get(artifact.slot or "", ""), marks.get(artifact.id, ()))
            for artifact in first_pass.artifacts
        ),
        elements=elements,
        findings=first_pass.completeness,
        messages=first_pass.messages,
        waiting=sum(element.kind == "waiting" for element in elements),
        outcome=wording.outcome([element.kind for element in elements]),
        unreadable=sum(artifact.problem is not None for artifact in first_pass.artifacts),
        engines=_engines(first_pass),
    )


def _number(element: int, citation: int) -> str:
    return f"{element}-{citation}"


def _marks(
    credential: Credential, drafts: Mapping[str, ElementDraft], artifacts: Mapping[str, Artifact]
) -> dict[str, list[Mark]]:
    """The cited spans of each artifact, numbered as `_element` numbers the citations."""
    marks: dict[str, list[Mark]] = {}
    for number, element in enumerate(credential.elements, start=1):
        draft = drafts.get(element.id)
        for index, citation in enumerate(draft.citations if draft else (), start=1):
            marks.setdefault(citation.artifact, []).append(
                Mark(
                    _number(number, index),
                    citation.start,
                    citation.end,
                    citation.stance.value,
                    _doubtful(citation, artifacts),
                )
            )
    return marks


def _doubtful(citation: Citation, artifacts: Mapping[str, Artifact]) -> bool:
    artifact = artifacts.get(citation.artifact)
    return artifact is not None and in_doubt(artifact.segments, citation.start, citation.end)


def artifact_view(
    artifact: Artifact, credential: Credential, marks: Sequence[Mark]
) -> ArtifactView:
    """One artifact alone, with other marks than those of a draft."""
    slots = {slot.id: slot.title for slot in credential.slots}
    return _artifact(artifact, slots.get(artifact.slot or "", ""), marks)


def _artifact(artifact: Artifact, slot: str, marks: Sequence[Mark]) -> ArtifactView:
    return ArtifactView(
        id=artifact.id,
        name=artifact.name,
        slot=slot,
        kind=wording.artifact_kind(artifact),
        playable=_playable(artifact),
        size=wording.artifact_size(artifact),
        hearing=wording.hearing(artifact),
        problem=artifact.problem.message if artifact.problem else "",
        blocks=lay_out(artifact, marks),
    )


def _playable(artifact: Artifact) -> bool:
    """A recording whose words could not be had can be watched; the second of two equal ones not."""
    twice = artifact.problem is not None and artifact.problem.kind == DuplicateFile.__name__
    return artifact.kind in _PLAYABLE and not twice


def _element(
    number: int, element: Element, draft: ElementDraft | None, artifacts: Mapping[str, Artifact]
) -> ElementView:
    names = {
        level.value: f"{wording.points(level.value)} {level.title}".strip()
        for level in element.levels
    }
    level = names.get(draft.level, "") if draft and draft.level is not None else ""
    drafted = draft is not None and draft.kind is DraftKind.DRAFT
    return ElementView(
        number=number,
        id=element.id,
        title=element.title,
        question=element.question,
        kind=draft.kind.value if draft else "waiting",
        headline=wording.headline(draft, level),
        glyph=wording.outcome_glyph(draft),
        level=wording.points(draft.level) if draft and draft.level is not None else "",
        meaning=wording.meaning(draft),
        reason=(draft.reason or "") if draft else "",
        rationale=draft.rationale if draft else "",
        strength=wording.strength(draft.strength) if draft and drafted else "",
        fitness=wording.fitness(draft.fitness) if draft and drafted else "",
        asked=_asked(element, draft, names),
        needed=names.get(element.required_level, "") if element.required_level is not None else "",
        levels=tuple(_levels(element, draft)),
        citations=tuple(
            _citation(_number(number, index), citation, artifacts)
            for index, citation in enumerate(draft.citations if draft else (), start=1)
        ),
    )


def _asked(element: Element, draft: ElementDraft | None, names: Mapping[float, str]) -> str:
    """What the credential asks for, and on which side of it the draft lies."""
    if element.required_level is None:
        return ""
    asked = f"The credential asks for {names[element.required_level]}"
    if draft is None or draft.level is None:
        return f"{asked}."
    side = "reaches it" if draft.level >= element.required_level else "falls short of it"
    return f"{asked}; the draft {side}."


def _levels(element: Element, draft: ElementDraft | None) -> list[LevelView]:
    shares = {float(value): share for value, share in draft.probabilities.items()} if draft else {}
    return [
        LevelView(
            value=wording.points(level.value),
            title=level.title,
            descriptor=level.descriptor,
            required=level.value == element.required_level,
            drafted=draft is not None and level.value == draft.level,
            probability=shares.get(level.value, 0.0) if shares else None,
        )
        for level in element.levels
    ]


def _citation(number: str, citation: Citation, artifacts: Mapping[str, Artifact]) -> CitationView:
    artifact = artifacts.get(citation.artifact)
    return CitationView(
        number=number,
        stance=citation.stance.value,
        glyph=wording.GLYPHS[citation.stance],
        in_doubt=_doubtful(citation, artifacts),
        share=citation.weight,
        quote=citation.quote,
        artifact=citation.artifact,
        name=artifact.name if artifact else citation.artifact,
        place=wording.place(citation, artifact),
        seconds=citation.start_s,
        linked=artifact is not None,
    )


def _rule(credential: Credential) -> str:
    """The decision rule as one sentence; empty where the credential has none."""
    rule = credential.decision
    if rule is None:
        return ""
    if rule.kind == "minimum_sum" and rule.minimum is not None:
        return f"Awarded when the levels add up to {wording.points(rule.minimum)} or more."
    if rule.kind == "all_but":
        return f"Awarded when all elements but {rule.but} reach the level asked for."
    return "Awarded when every element reaches the level asked for."


def _engines(first_pass: FirstPass) -> tuple[tuple[str, str], ...]:
    """How the drafts were made: label and value, each engine once."""
    rows: list[tuple[str, str]] = [("rubric", first_pass.rubric_hash)]
    for draft in first_pass.elements:
        engine = draft.engine
        settings = ", ".join(f"{key} {value}" for key, value in sorted(engine.settings.items()))
        for row in (
            ("engine", f"{engine.id} {engine.version}"),
            ("weights", engine.weights_sha256),
            ("settings", settings),
        ):
            if row[1] and row not in rows:
                rows.append(row)
    return tuple(rows)
