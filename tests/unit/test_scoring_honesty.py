"""What a draft may rest on: cited text alone, heard well, in English, and none of it bought."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from house_texts import document

from eval.speech import heard
from reviewer.evidence.citation import Stance
from reviewer.evidence.embed import Vectors, load_embedder
from reviewer.evidence.words import words
from reviewer.intake.artifact import Artifact, Doubt
from reviewer.rubric import Credential, find_credential
from reviewer.scoring import attacks
from reviewer.scoring.coverage import draft_elements
from reviewer.scoring.draft import DraftKind, ElementDraft

ROOT = Path(__file__).parents[2]
MEETINGS = find_credential("morning-meetings-for-sel", ROOT / "rubrics")

HEARD = Credential.model_validate(
    {
        "id": "heard",
        "version": 1,
        "title": "Pupils are heard",
        "elements": [
            {
                "id": "voice",
                "title": "Every pupil is heard by another",
                "levels": [
                    {"value": value, "descriptor": text}
                    for value, text in enumerate(("Nobody.", "Some pupils.", "Every pupil."))
                ],
                "supporting": [
                    {"id": "answers", "text": "A pupil answers.", "examples": ["I liked that."]},
                    {"id": "turns", "text": "All have a turn.", "examples": ["Your turn, Ida."]},
                ],
                "counter": [
                    {"id": "skipped", "text": "Sharing is skipped.", "examples": ["We skip it."]}
                ],
            }
        ],
    }
)
ANSWER = "Ben, I liked how you asked your brother for help on Sunday."
TURN = "Now it is the turn of Omar to tell us about the storm."
SKIP = "We skip the others today because the bell rang at nine."
ASIDE = "The clock on the wall is six minutes fast."
TOPICS = (("answers", "liked"), ("turn",), ("skip", "skipped"))
SPANISH = (
    "Los niños se sientan en el suelo y cada uno dice lo que siente por la mañana. Después la "
    "maestra pregunta a otro niño qué ha oído, y así hasta que todos han hablado una vez."
)


def by_topic(texts: Sequence[str]) -> Vectors:
    """Texts about the same of TOPICS have the same direction; all others share one more."""
    rows = np.zeros((len(texts), len(TOPICS) + 1), np.float32)
    for row, text in zip(rows, texts, strict=True):
        about = [at for at, signs in enumerate(TOPICS) if set(signs) & set(words(text))]
        row[about or [len(TOPICS)]] = 1
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def drafted(*artifacts: Artifact) -> ElementDraft:
    (draft,) = draft_elements(HEARD, artifacts, by_topic, "0" * 64)
    return draft


def lesson(*lines: str, in_doubt: Sequence[str] = ()) -> Artifact:
    artifact = heard("\n".join(lines))
    segments = tuple(
        replace(one, speaker=None, doubt=Doubt.LOW_CONFIDENCE if line in in_doubt else None)
        for one, line in zip(artifact.segments, lines, strict=True)
    )
    return replace(artifact, segments=segments)


def test_what_is_not_cited_carries_nothing() -> None:
    whole, without = drafted(lesson(ANSWER, ASIDE, TURN)), drafted(lesson(ANSWER, TURN))
    assert {citation.quote for citation in whole.citations} == {ANSWER, TURN}
    assert (whole.expected, whole.probabilities) == (without.expected, without.probabilities)


def test_taking_a_cited_passage_away_moves_the_draft_the_other_way() -> None:
    lines = (ANSWER, TURN, SKIP)
    whole = drafted(lesson(*lines))
    assert whole.expected is not None
    stances = {citation.quote: citation.stance for citation in whole.citations}
    assert stances == {
        ANSWER: Stance.SUPPORTS,
        TURN: Stance.SUPPORTS,
        SKIP: Stance.COUNTER,
    }
    for line in lines:
        less = drafted(lesson(*(other for other in lines if other != line)))
        assert less.expected is not None
        assert (less.expected > whole.expected) is (line == SKIP)


def test_a_line_in_doubt_weighs_less_than_the_same_line_heard_well() -> None:
    clear = drafted(lesson(ANSWER, TURN))
    doubtful = drafted(lesson(ANSWER, TURN, in_doubt=[TURN]))
    assert clear.expected is not None
    assert doubtful.expected is not None
    assert doubtful.expected < clear.expected


def test_text_in_doubt_is_never_the_only_support() -> None:
    draft = drafted(lesson(ANSWER, ASIDE, ASIDE, in_doubt=[ANSWER]))
    assert draft.kind is DraftKind.ABSTENTION
    assert draft.reason is not None
    assert "Listen to the recording" in draft.reason


def test_a_recording_that_was_mostly_heard_badly_is_left_to_the_person() -> None:
    draft = drafted(lesson(ANSWER, TURN, in_doubt=[ANSWER, TURN]))
    assert draft.kind is DraftKind.ABSTENTION
    assert draft.reason is not None
    assert "100 %" in draft.reason


def test_another_language_is_an_abstention_not_a_low_score() -> None:
    draft = drafted(document(SPANISH))
    assert draft.kind is DraftKind.ABSTENTION
    assert draft.reason is not None
    assert "English only" in draft.reason


def test_counter_evidence_alone_is_cited_as_such_and_reaches_the_lowest_level() -> None:
    draft = drafted(lesson(SKIP))
    assert draft.kind is DraftKind.DRAFT
    assert draft.level == 0
    assert [citation.stance for citation in draft.citations] == [Stance.COUNTER]


def test_what_is_said_twice_counts_once() -> None:
    assert drafted(lesson(ANSWER, ANSWER)).expected == drafted(lesson(ANSWER)).expected


def test_denial_of_what_is_looked_for_speaks_against() -> None:
    denied = "Omar never had a turn to tell us about the storm."
    draft = drafted(lesson(ANSWER, denied))
    assert {one.quote: one.stance for one in draft.citations}[denied] is Stance.COUNTER


@lru_cache(maxsize=1)
def _pairs() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((ROOT / "eval/pairs.yaml").read_text("utf-8"))
    return [one for one in loaded if one["credential"] == MEETINGS.id and not one.get("heard")]


@pytest.mark.slow
@pytest.mark.parametrize("item", _pairs(), ids=lambda one: str(one["element"]))
def test_denied_planned_general_pasted_or_scrambled_versions_never_score_above_the_honest_one(
    item: dict[str, Any], weights: Any
) -> None:
    model = load_embedder(weights["all-MiniLM-L6-v2"], weights.sha256("all-MiniLM-L6-v2"), 1)
    element = next(one for one in MEETINGS.elements if one.id == item["element"])

    def expected(text: str) -> float:
        drafts = draft_elements(MEETINGS, [document(text)], model.encode, model.weights_sha256)
        draft = next(one for one in drafts if one.element == element.id)
        return -1.0 if draft.expected is None else draft.expected

    honest = item["honest"]
    length = len(honest.split())
    for spoiled in (
        item["negated"],
        item["promised"],
        item["claimed"],
        attacks.pasted(element, length),
        attacks.instructed(length),
        attacks.listed(honest),
    ):
        assert expected(spoiled) < expected(honest)


BREAD = (
    "Mix the flour, the water and the salt in a wide bowl. I kneaded it for twelve minutes until "
    "it was smooth. On Saturday it rose too fast because the kitchen was warm. Bake the loaves at "
    "230 degrees for thirty-five minutes. On Monday we ate half of one with butter."
)


@pytest.mark.slow
def test_work_about_something_else_altogether_is_insufficient_evidence(weights: Any) -> None:
    model = load_embedder(weights["all-MiniLM-L6-v2"], weights.sha256("all-MiniLM-L6-v2"), 1)
    drafts = draft_elements(MEETINGS, [document(BREAD)], model.encode, model.weights_sha256)
    kinds = {draft.kind for draft in drafts}
    assert kinds <= {DraftKind.INSUFFICIENT_EVIDENCE, DraftKind.NOT_OBSERVABLE}
