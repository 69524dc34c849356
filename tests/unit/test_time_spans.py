"""Time spans of recordings as evidence: what is said in them, how they are named."""

from dataclasses import replace

import house_sample as sample
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.desk.marked import place_of, times_of
from reviewer.export.compose import artifact_view
from reviewer.export.wording import time_span
from reviewer.intake.artifact import Problem
from reviewer.store.remarks import EvidenceMark

QUIET = replace(sample.VIDEO, segments=sample.VIDEO.segments[:5] + sample.VIDEO.segments[6:])
"""Nothing is heard in it from 31.8 to 38 seconds."""
SECONDS = st.floats(0, 80, allow_nan=False)


def test_the_words_are_those_of_the_segments_that_it_touches() -> None:
    start, end = QUIET.said_between(7.0, 13.5)
    assert QUIET.quote(start, end).splitlines() == [
        "Good morning, Amara. Good morning, Jonas. Good morning, Li Wen.",
        "Good morning, Ms. Okafor, I brought my yellow umbrella.",
    ]


@pytest.mark.parametrize(("start_s", "end_s"), [(32.0, 37.0), (72.0, 80.0), (0.0, 1.0)])
def test_where_nothing_is_said_there_are_no_words(start_s: float, end_s: float) -> None:
    start, end = QUIET.said_between(start_s, end_s)
    assert start == end
    assert all(one.end <= start for one in QUIET.segments if (one.end_s or 0) <= start_s)
    assert all(one.start >= end for one in QUIET.segments if (one.start_s or 0) >= end_s)


@given(SECONDS, SECONDS)
def test_any_span_lies_in_the_text_and_has_every_segment_that_it_touches(
    one: float, other: float
) -> None:
    start_s, end_s = sorted((one, other))
    start, end = QUIET.said_between(start_s, end_s)
    assert 0 <= start <= end <= len(QUIET.text)
    for segment in QUIET.segments:
        assert segment.start_s is not None
        assert segment.end_s is not None
        if segment.start_s < end_s and start_s < segment.end_s:
            assert start <= segment.start < segment.end <= end


def test_a_recording_without_any_words_has_none_anywhere() -> None:
    assert replace(QUIET, text="", segments=()).said_between(3, 9) == (0, 0)


def mark(start: int, end: int, times: tuple[float, float] | None = None) -> EvidenceMark:
    return EvidenceMark(1, "greeting", QUIET.id, start, end, times)


def test_a_mark_is_named_by_its_own_times_or_by_where_its_words_lie() -> None:
    assert place_of(mark(0, 0, (61.9, 3725.0)), QUIET) == "circle monday.mp4, 1:01–1:02:05"
    assert times_of(mark(0, 0, (61.9, 70.0)), QUIET) == (61.9, 70.0)
    assert place_of(mark(0, 13), QUIET) == "circle monday.mp4, 0:01"
    assert times_of(mark(0, 60), QUIET) == (1.2, 13.0)
    second = sample.PLANS.pages[1].start
    assert place_of(mark(second, second + 3), sample.PLANS) == "plans autumn.pdf, p. 2"
    assert times_of(mark(second, second + 3), sample.PLANS) is None


def test_a_span_is_written_as_a_player_writes_it() -> None:
    assert time_span(41.2, 52.9) == "0:41–0:52"


@pytest.mark.parametrize(("kind", "playable"), [("JobError", True), ("DuplicateFile", False)])
def test_a_recording_without_words_is_played_unless_it_is_there_twice(
    kind: str, playable: bool
) -> None:
    unread = replace(QUIET, text="", segments=(), problem=Problem(kind, "It could not be used."))
    assert artifact_view(unread, sample.CREDENTIAL, ()).playable is playable
