"""Windows: every voiced frame is recognized once, in its place, in a piece that the model takes."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.intake.speech.voice import FRAME
from reviewer.intake.speech.windows import (
    VOICE,
    WINDOW_S,
    Span,
    Window,
    sounds,
    voiced_frames,
    voiced_spans,
    windows,
)

RATE = 16_000
LIMIT = round(WINDOW_S * RATE)


@st.composite
def recordings(draw: st.DrawFn) -> tuple[np.ndarray, int]:
    """Voice probabilities made of stretches, and the number of samples; up to some minutes."""
    stretches = draw(
        st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(1, 1500)), max_size=12)
    )
    parts = [np.full(length, level, np.float32) for level, length in stretches]
    probabilities = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    missing = draw(st.integers(0, FRAME - 1)) if len(probabilities) else 0
    return probabilities, len(probabilities) * FRAME - missing


@st.composite
def rising_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Spans of up to a tenth of a second, in order, with gaps or none."""
    spans, at = [], 0
    for gap, length in draw(
        st.lists(st.tuples(st.integers(0, 900), st.integers(1, 1600)), min_size=1, max_size=30)
    ):
        spans.append(Span(at + gap, at + gap + length))
        at += gap + length
    return tuple(spans)


@settings(deadline=None)
@given(recordings())
def test_spans_rise_do_not_overlap_and_lie_in_the_recording(
    recording: tuple[np.ndarray, int],
) -> None:
    probabilities, samples = recording
    spans = voiced_spans(probabilities, samples)
    for span in spans:
        assert 0 <= span.start < span.end <= samples
        assert span.samples <= LIMIT
    for span, then in pairwise(spans):
        assert span.end <= then.start


@settings(deadline=None)
@given(recordings())
def test_every_voiced_frame_is_in_exactly_one_span(recording: tuple[np.ndarray, int]) -> None:
    probabilities, samples = recording
    covered = np.zeros(len(probabilities), int)
    for span in voiced_spans(probabilities, samples):
        covered[span.start // FRAME : -(-span.end // FRAME)] += 1
    assert covered.max(initial=0) <= 1
    assert (covered[probabilities >= VOICE] == 1).all()


@settings(deadline=None)
@given(recordings())
def test_every_span_is_in_exactly_one_window_and_no_window_is_too_long(
    recording: tuple[np.ndarray, int],
) -> None:
    spans = voiced_spans(*recording)
    packed = windows(spans)
    assert tuple(span for window in packed for span in window.spans) == spans
    for window in packed:
        assert 0 < window.samples <= LIMIT


@settings(deadline=None)
@given(recordings())
def test_a_window_takes_every_span_that_still_fits(recording: tuple[np.ndarray, int]) -> None:
    for window, then in pairwise(windows(voiced_spans(*recording))):
        assert window.samples + then.spans[0].samples > LIMIT


@settings(deadline=None)
@given(rising_spans(), st.integers(1, 5000), st.integers(1, 6))
def test_sounds_are_exactly_the_samples_of_the_spans(
    spans: tuple[Span, ...], chunk: int, together: int
) -> None:
    recording = np.arange(spans[-1].end + 100, dtype=np.float32)
    chunks = (recording[at : at + chunk] for at in range(0, len(recording), chunk))
    packed = [Window(spans[at : at + together]) for at in range(0, len(spans), together)]
    heard = list(sounds(packed, chunks))
    assert len(heard) == len(packed)
    for window, sound in zip(packed, heard, strict=True):
        expected = np.concatenate([recording[span.start : span.end] for span in window.spans])
        assert np.array_equal(sound, expected)


@settings(deadline=None)
@given(rising_spans(), st.data())
def test_a_second_of_the_window_is_the_second_of_the_recording_that_sounds_there(
    spans: tuple[Span, ...], data: st.DataObject
) -> None:
    window = Window(spans)
    index = data.draw(st.integers(0, len(spans) - 1))
    inside = data.draw(st.integers(0, spans[index].samples - 1))
    before = sum(span.samples for span in spans[:index])
    found = window.recording_s((before + inside) / RATE)
    assert round(found * RATE) == spans[index].start + inside


@settings(deadline=None)
@given(rising_spans(), st.floats(0, 5), st.floats(0, 5))
def test_the_recording_second_lies_in_the_span_of_the_words_middle(
    spans: tuple[Span, ...], window_s: float, like_s: float
) -> None:
    window = Window(spans)
    middle = min(like_s, (window.samples - 1) / RATE)
    found = round(window.recording_s(window_s, middle) * RATE)
    middle_at = round(window.recording_s(middle) * RATE)
    span = next(span for span in spans if span.start <= middle_at < span.end)
    assert span.start <= found <= span.end


def test_silence_has_no_spans_and_no_windows() -> None:
    assert voiced_frames(np.zeros(1000, np.float32)) == []
    assert voiced_spans(np.zeros(1000, np.float32), 1000 * FRAME) == ()
    assert windows(()) == ()


def test_a_short_pause_is_part_of_speaking_and_a_long_one_ends_the_span() -> None:
    spoken = np.ones(50, np.float32)
    short = np.concatenate([spoken, np.zeros(20, np.float32), spoken])
    long = np.concatenate([spoken, np.zeros(60, np.float32), spoken])
    assert voiced_frames(short) == [(0, 120)]
    assert voiced_frames(long) == [(0, 50), (110, 160)]


def test_a_monologue_is_cut_where_a_voice_is_least_likely() -> None:
    probabilities = np.ones(1500, np.float32)
    probabilities[700:710] = 0.2
    first, second = voiced_spans(probabilities, 1500 * FRAME)
    assert first.end == second.start
    assert 700 <= first.end / FRAME <= 710
