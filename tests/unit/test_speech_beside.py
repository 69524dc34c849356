"""Windows are heard side by side, and told as if they had been heard one after another."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.errors import DamagedFile
from reviewer.intake.media import SAMPLE_RATE, Sound
from reviewer.intake.speech.beside import HeardWindow, hear_windows
from reviewer.intake.speech.engines import HeardWord, Language
from reviewer.intake.speech.windows import Span, Window

NORSE = Language("no", 0.75)


@dataclass
class Ear:
    """Hears the loudness of a window as a word; `slow` seconds pass over every odd window."""

    beside: int = 1
    batch: int = 1
    slow: float = 0.0
    at_once: threading.Barrier | None = None
    calls: list[str] = field(default_factory=list)

    def detect(self, window: Sound) -> Language:
        self.calls.append(f"detect {window[0]:g}")
        return NORSE

    def hear(self, windows: Sequence[Sound], language: str) -> list[tuple[HeardWord, ...]]:
        if self.at_once is not None:
            self.at_once.wait(timeout=10)
        self.calls.append(f"hear {[int(one[0]) for one in windows]} in {language}")
        time.sleep(self.slow * (int(windows[0][0]) % 2))
        return [(HeardWord(f" {one[0]:g}", 0.0, 1.0, 0.9),) for one in windows]


class Voices:
    """Every clip sounds like its first sample."""

    identity = "first sample"

    def embed(self, clips: Sequence[Sound]) -> np.ndarray:
        return np.array([[clip[0], 1.0] for clip in clips], np.float32)


class Recording:
    """Windows of two spans, a second each; counts how many were taken from it."""

    def __init__(self, length: int, damaged_at: int | None = None) -> None:
        self.taken = 0
        self._length, self._damaged_at = length, damaged_at

    def __iter__(self) -> Iterator[tuple[Window, Sound]]:
        for number in range(self._length):
            if number == self._damaged_at:
                raise DamagedFile("lesson.mp4 cannot be decoded beyond 0:02.")
            self.taken += 1
            at = 5 * number * SAMPLE_RATE
            spans = (
                Span(at, at + SAMPLE_RATE),
                Span(at + 2 * SAMPLE_RATE, at + 3 * SAMPLE_RATE),
            )
            yield Window(spans), np.full(2 * SAMPLE_RATE, number, np.float32)


def told(heard: Sequence[HeardWindow]) -> list[tuple[str, list[float], list[bytes]]]:
    """All that is told of windows: words, when voices sound, and what they sound like."""
    return [
        (
            "".join(word.text for word in one.words),
            [moment for voice in one.voices for moment in (voice.start_s, voice.end_s)],
            [voice.rows.tobytes() for voice in one.voices],
        )
        for one in heard
    ]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 12), st.integers(1, 4), st.integers(1, 3))
def test_side_by_side_or_in_turn_the_same_is_told(length: int, beside: int, batch: int) -> None:
    in_turn = told(list(hear_windows(Recording(length), Ear(), Voices())))
    assert told(list(hear_windows(Recording(length), Ear(beside, batch), Voices()))) == in_turn
    assert [words for words, _, _ in in_turn] == [f" {number}" for number in range(length)]
    assert [times[:4] for _, times, _ in in_turn] == [
        [5.0 * number + part for part in (0, 1, 2, 3)] for number in range(length)
    ]


def test_windows_that_are_heard_sooner_wait_for_those_before_them() -> None:
    heard = hear_windows(Recording(9), Ear(beside=3, slow=0.02), None)
    assert [one.words[0].text for one in heard] == [f" {number}" for number in range(9)]


def test_as_many_windows_are_heard_at_once_as_the_engine_takes() -> None:
    ear = Ear(beside=3, at_once=threading.Barrier(3))
    assert len(list(hear_windows(Recording(6), ear, None))) == 6


def test_all_words_are_heard_in_the_language_of_the_first_window() -> None:
    ear = Ear(beside=2)
    heard = list(hear_windows(Recording(5), ear, Voices()))
    assert [call for call in ear.calls if call.startswith("detect")] == ["detect 0"]
    assert {call.split()[-1] for call in ear.calls[1:]} == {"no"}
    assert {one.language for one in heard} == {NORSE}


def test_windows_are_heard_in_batches_where_the_engine_takes_them_so() -> None:
    ear = Ear(batch=2)
    list(hear_windows(Recording(5), ear, None))
    assert ear.calls[1:] == ["hear [0, 1] in no", "hear [2, 3] in no", "hear [4] in no"]


@pytest.mark.parametrize("beside", [1, 2, 4])
def test_no_more_than_a_few_windows_are_held(beside: int) -> None:
    recording = Recording(40)
    for number, _ in enumerate(hear_windows(recording, Ear(beside), Voices())):
        assert recording.taken <= number + 1 + 2 * beside
    assert recording.taken == 40


def test_without_a_speaker_model_there_are_no_voices() -> None:
    assert all(one.voices == () for one in hear_windows(Recording(3), Ear(), None))


def test_a_recording_without_a_voice_asks_nothing_of_the_engine() -> None:
    ear = Ear()
    assert list(hear_windows(Recording(0), ear, Voices())) == []
    assert ear.calls == []


def test_what_ends_the_recording_ends_the_hearing_and_leaves_no_thread() -> None:
    before = threading.active_count()
    with pytest.raises(DamagedFile, match="beyond 0:02"):
        list(hear_windows(Recording(9, damaged_at=5), Ear(beside=2), Voices()))
    assert threading.active_count() == before


def test_whoever_stops_listening_has_no_more_windows_heard() -> None:
    before, ear = threading.active_count(), Ear(beside=2, slow=0.01)
    heard = hear_windows(Recording(40), ear, None)
    next(heard)
    heard.close()
    assert threading.active_count() == before
    assert len(ear.calls) < 10
