"""Drafts cite verbatim, rest on what they cite, and say honestly why there is none."""

from pathlib import Path

from house_texts import by_words, document
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.intake.artifact import Artifact
from reviewer.rubric import Credential, find_credential
from reviewer.scoring.coverage import draft_elements
from reviewer.scoring.draft import DraftKind, ElementDraft, Fitness

RUBRICS = Path(__file__).parents[2] / "rubrics"
MEETINGS = find_credential("morning-meetings-for-sel", RUBRICS)
ESSAY = find_credential("analytic-essay-four-traits", RUBRICS)

PLANS = (
    "On Monday at 8:15 each of the sixteen pupils told a partner about the weekend. "
    "Then the partner said back one thing she had heard. "
    "Amira passed first, so we came back to her at the end. "
    "I marked every name on the chart until nobody was left. "
    "The bus was late that day and we had soup for lunch."
)


def drafts(credential: Credential, *artifacts: Artifact) -> tuple[ElementDraft, ...]:
    return draft_elements(credential, artifacts, by_words, "0" * 64)


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=400) | st.lists(st.sampled_from(PLANS.split(". "))).map(". ".join))
def test_every_quote_is_verbatim_and_weights_sum_to_one(text: str) -> None:
    work = document(text)
    for credential in (MEETINGS, ESSAY):
        for draft in drafts(credential, work):
            for citation in draft.citations:
                assert work.text[citation.start : citation.end] == citation.quote
            if draft.kind is DraftKind.DRAFT:
                assert 1 <= len(draft.citations) <= 5
                assert abs(sum(one.weight for one in draft.citations) - 1) < 1e-3
                assert abs(sum(draft.probabilities.values()) - 1) < 1e-6
                assert draft.fitness is Fitness.UNMEASURED
            else:
                assert draft.reason
                assert draft.level is None
                assert draft.probabilities == {}


def test_equal_work_gives_equal_drafts_in_any_order_of_files() -> None:
    one, two = document(PLANS), document("We read the message together. " + PLANS[::-1])
    assert drafts(MEETINGS, one, two) == drafts(MEETINGS, two, one)


def test_an_element_of_the_picture_alone_is_not_observable() -> None:
    kinds = {draft.element: draft.kind for draft in drafts(MEETINGS, document(PLANS))}
    assert kinds["circle-climate"] is DraftKind.NOT_OBSERVABLE


def test_nothing_submitted_is_insufficient_evidence_never_a_level() -> None:
    for draft in drafts(MEETINGS):
        assert draft.kind in {DraftKind.INSUFFICIENT_EVIDENCE, DraftKind.NOT_OBSERVABLE}


def test_the_rubric_copied_out_carries_no_draft_above_the_lowest_level() -> None:
    element = next(one for one in MEETINGS.elements if one.id == "individual-voice")
    pasted = " ".join(one.text for one in element.supporting) + " " + element.levels[-1].descriptor
    found = next(one for one in drafts(MEETINGS, document(pasted)) if one.element == element.id)
    assert found.kind is DraftKind.INSUFFICIENT_EVIDENCE or found.level == element.values[0]
