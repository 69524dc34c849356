"""Whose line an indicator asks for: the voice that leads a recording, or another one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from eval.speech import heard
from reviewer.evidence.citation import Stance
from reviewer.evidence.match import Query
from reviewer.evidence.voices import OTHER_SIDE, Side, leading_voice, side_of, weights
from reviewer.intake.artifact import Artifact

TEACHER = Query("asks", "e", Stance.SUPPORTS, "The teacher asks a pupil to say more.")
PUPIL = Query("answers", "e", Stance.SUPPORTS, "A classmate answers the pupil who has spoken.")
NOBODY = Query("feels", "e", Stance.SUPPORTS, "Feelings are named.")


def talk(*turns: tuple[str | None, str]) -> Artifact:
    """A recording with one turn a line, by the speakers given."""
    artifact = heard("\n".join(said for _, said in turns))
    segments = tuple(
        replace(one, speaker=who) for one, (who, _) in zip(artifact.segments, turns, strict=True)
    )
    return replace(artifact, segments=segments)


def weighed(artifact: Artifact, queries: Sequence[Query]) -> list[list[float]]:
    lines = [(artifact, segment) for segment in artifact.segments]
    rows: list[list[float]] = weights(lines, queries).tolist()
    return rows


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("The teacher says back what a pupil said.", Side.LEADER),
        ("An adult brings a pupil back by a gesture.", Side.LEADER),
        ("A pupil says a thought of their own.", Side.OTHERS),
        ("Only pupils who raise a hand speak.", Side.OTHERS),
        ("The class answers together.", Side.OTHERS),
        ("After a pupil shares, only the teacher says something.", None),
        ("Sharing is cut because time has run out.", None),
        ("The classroom is tidy.", None),
    ],
)
def test_an_indicator_is_about_whom_its_sentence_begins_with(text: str, side: Side | None) -> None:
    assert side_of(Query("q", "e", Stance.SUPPORTS, text)) is side


def test_the_voice_with_most_words_leads() -> None:
    lesson = talk(("S2", "Yes."), ("S1", "Tell us what you did then."), ("S2", "I waited."))
    assert leading_voice(lesson) == "S1"


@pytest.mark.parametrize(
    "turns",
    [
        [("S1", "Tell us what you did then.")],
        [(None, "Tell us what you did then."), (None, "I waited.")],
        [("S1", "Tell us more."), ("S2", "I waited there.")],
    ],
)
def test_nobody_leads_where_there_is_one_voice_none_or_two_that_are_level(
    turns: list[tuple[str | None, str]],
) -> None:
    artifact = talk(*turns)
    assert leading_voice(artifact) is None
    assert all(one == 1 for row in weighed(artifact, [TEACHER, PUPIL]) for one in row)


def test_a_line_by_the_other_side_counts_less_and_an_unsure_voice_counts_fully() -> None:
    lesson = talk(
        ("S1", "What did you do after he had said no to you?"),
        ("S2", "I went away."),
        (None, "I would have cried."),
    )
    assert weighed(lesson, [TEACHER, PUPIL, NOBODY]) == [
        [1, OTHER_SIDE, 1],
        [OTHER_SIDE, 1, 1],
        [1, 1, 1],
    ]
