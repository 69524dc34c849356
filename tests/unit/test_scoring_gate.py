"""Which drafts are shown, and that holding one back says why and takes nothing else away."""

from dataclasses import replace

import pytest

from reviewer.evidence.citation import Citation, Stance
from reviewer.rubric import GatePolicy
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness
from reviewer.scoring.gate import gate, may_show

CITATION = Citation("a", "Words.", 0, 6, None, None, None, None, Stance.SUPPORTS, 1.0, None)
DRAFT = ElementDraft(
    element="voice",
    kind=DraftKind.DRAFT,
    reason=None,
    fitness=Fitness.UNMEASURED,
    level=2.0,
    expected=1.7,
    probabilities={"0": 0.1, "1": 0.1, "2": 0.8},
    strength=0.6,
    rationale="Passages match.",
    citations=(CITATION,),
    engine=EngineIdentity("coverage", "2", "0" * 64, "1" * 64, {}),
)


@pytest.mark.parametrize(
    ("fitness", "policy", "shown"),
    [
        (Fitness.UNMEASURED, GatePolicy.PILOT, True),
        (Fitness.OPEN, GatePolicy.PILOT, True),
        (Fitness.CLOSED, GatePolicy.PILOT, False),
        (Fitness.UNMEASURED, GatePolicy.ENFORCED, False),
        (Fitness.OPEN, GatePolicy.ENFORCED, True),
        (Fitness.CLOSED, GatePolicy.ENFORCED, False),
    ],
)
def test_closed_is_never_shown_and_unmeasured_only_in_a_pilot(
    fitness: Fitness, policy: GatePolicy, shown: bool
) -> None:
    draft = replace(DRAFT, fitness=fitness)
    assert may_show(fitness, policy) is shown
    seen = gate(draft, policy)
    if shown:
        assert seen == draft
    else:
        assert seen.kind is DraftKind.ABSTENTION
        assert seen.reason
        assert "by hand" in seen.reason


def test_what_is_held_back_leaks_nothing_of_the_draft() -> None:
    seen = gate(replace(DRAFT, fitness=Fitness.CLOSED), GatePolicy.PILOT)
    assert (seen.level, seen.expected, seen.probabilities) == (None, None, {})
    assert (seen.strength, seen.rationale, seen.citations) == (0.0, "", ())
    assert seen.engine == DRAFT.engine
    assert seen.fitness is Fitness.CLOSED


def test_insufficient_evidence_is_a_judgement_too_and_is_held_back_likewise() -> None:
    finding = replace(
        DRAFT, kind=DraftKind.INSUFFICIENT_EVIDENCE, reason="None was found.", level=None
    )
    assert gate(finding, GatePolicy.ENFORCED).kind is DraftKind.ABSTENTION


@pytest.mark.parametrize("kind", [DraftKind.ABSTENTION, DraftKind.NOT_OBSERVABLE])
def test_what_the_engine_did_not_judge_passes_with_its_own_reason(kind: DraftKind) -> None:
    silent = replace(DRAFT, kind=kind, reason="It was heard badly.", level=None)
    assert gate(silent, GatePolicy.ENFORCED) == silent
