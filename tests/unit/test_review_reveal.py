"""What may be shown before and after a level is stored, over every mode, policy and fitness."""

from dataclasses import fields, replace
from itertools import product

import house_sample as sample
import pytest

from reviewer.review.reveal import Passage, Terms, decides_about, passages, view
from reviewer.rubric import GatePolicy, ReviewMode
from reviewer.scoring.draft import DraftKind, Fitness

ARTIFACTS = (sample.VIDEO, sample.SECOND_VIDEO, sample.PLANS, sample.STATEMENT)
DRAFT = sample.DRAFTS[0]
ALL = list(product(ReviewMode, GatePolicy, Fitness, (False, True), (False, True)))


def terms(mode: ReviewMode = ReviewMode.BLIND_FIRST, *, scored: bool = False) -> Terms:
    return Terms(mode, GatePolicy.PILOT, independent=False, scored=scored)


class TestBlindFirst:
    def test_excerpts_are_shown_and_the_draft_is_not(self) -> None:
        seen = view(terms(), DRAFT, ARTIFACTS)
        assert seen.draft is None
        assert seen.excerpts is not None
        assert len(seen.excerpts) == 3

    def test_excerpts_stand_in_the_order_of_the_work(self) -> None:
        seen = view(terms(), DRAFT, ARTIFACTS).excerpts
        assert seen is not None
        assert [one.quote for one in seen] == [
            "Good morning, everyone, let us see who is here today.",
            "Good morning, Amara. Good morning, Jonas. Good morning, Li Wen.",
            "Each child chooses a greeting card and greets the child on the left by name.",
        ]

    def test_an_excerpt_has_no_field_that_tells_stance_weight_or_level(self) -> None:
        names = {field.name for field in fields(Passage)}
        assert not names & {"stance", "weight", "level", "similarity", "query", "hearing"}

    def test_neither_rank_nor_what_is_cited_shines_through(self) -> None:
        turned = replace(DRAFT, citations=(), excerpts=tuple(reversed(DRAFT.excerpts)))
        assert view(terms(), DRAFT, ARTIFACTS) == view(terms(), turned, ARTIFACTS)

    def test_excerpts_are_shown_where_there_is_no_draft_too(self) -> None:
        nothing = replace(DRAFT, kind=DraftKind.INSUFFICIENT_EVIDENCE, level=None, citations=())
        assert len(view(terms(), nothing, ARTIFACTS).excerpts or ()) == 3

    def test_after_the_level_no_excerpt_is_listed_that_overlaps_a_citation(self) -> None:
        cited, *others = DRAFT.excerpts
        wider = replace(cited, start=max(0, cited.start - 1))
        draft = replace(DRAFT, citations=DRAFT.citations[:1], excerpts=(wider, *others))
        seen = view(terms(scored=True), draft, ARTIFACTS).excerpts or ()
        assert sorted(one.quote for one in seen) == sorted(one.quote for one in DRAFT.citations)

    def test_after_the_level_is_stored_the_draft_is_shown(self) -> None:
        assert view(terms(scored=True), DRAFT, ARTIFACTS).draft == DRAFT


def test_with_evidence_hidden_there_is_nothing_before_the_level() -> None:
    hidden = view(terms(ReviewMode.EVIDENCE_HIDDEN), DRAFT, ARTIFACTS)
    assert (hidden.excerpts, hidden.draft) == (None, None)
    assert view(terms(ReviewMode.EVIDENCE_HIDDEN, scored=True), DRAFT, ARTIFACTS).draft == DRAFT


def test_draft_first_shows_the_draft_at_once() -> None:
    assert view(terms(ReviewMode.DRAFT_FIRST), DRAFT, ARTIFACTS).draft == DRAFT


@pytest.mark.parametrize(("mode", "policy", "fitness", "independent", "scored"), ALL)
def test_a_closed_draft_is_never_shown_and_an_independent_rater_sees_nothing(
    mode: ReviewMode, policy: GatePolicy, fitness: Fitness, independent: bool, scored: bool
) -> None:
    draft = replace(DRAFT, fitness=fitness)
    seen = view(Terms(mode, policy, independent, scored), draft, ARTIFACTS)
    if independent:
        assert (seen.excerpts, seen.draft) == (None, None)
        return
    held_back = fitness is Fitness.CLOSED or (
        fitness is Fitness.UNMEASURED and policy is GatePolicy.ENFORCED
    )
    if held_back and seen.draft is not None:
        assert seen.draft.kind is DraftKind.ABSTENTION
        assert (seen.draft.level, seen.draft.citations, seen.draft.probabilities) == (None, (), {})
    if held_back:
        assert decides_about(draft, policy) is None


def test_a_draft_that_is_not_made_yet_shows_nothing() -> None:
    assert view(terms(scored=True), None, ARTIFACTS).draft is None


@pytest.mark.parametrize("draft", sample.DRAFTS[2:])
def test_where_the_machine_has_no_level_a_decision_can_only_score(draft: object) -> None:
    assert decides_about(draft, GatePolicy.PILOT) is None  # type: ignore[arg-type]


def test_two_citations_of_one_place_are_one_passage() -> None:
    twice = (DRAFT.citations[0], replace(DRAFT.citations[0], weight=0.1))
    assert len(passages(twice, ARTIFACTS)) == 1
