"""Where a recording is worth recognizing: voiced spans, packed into windows that a model takes.

Invariant: spans do not overlap and rise in time; every voiced frame lies in exactly one span, every
span in exactly one window; a window holds at most `WINDOW_S` seconds of sound.

A window is what Whisper sees at once: 30 s, the length that its encoder is built for. So windows
are cut where nobody speaks, and each costs one pass and no second look.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from reviewer.intake.media import SAMPLE_RATE, Sound
from reviewer.intake.speech.voice import FRAME, Probabilities

VOICE = 0.25  # probability at which a voice begins
HUSH = 0.15  # probability below which it may have ended
PAUSE_S = 1.0  # silence that ends a span; a shorter one is part of speaking
PAD_S = 0.4  # kept around a span: consonants are quieter than the network's threshold
WINDOW_S = 29.5  # sound in one window; Whisper's encoder takes 30 s

_PAUSE, _PAD = (round(seconds * SAMPLE_RATE / FRAME) for seconds in (PAUSE_S, PAD_S))  # in frames


@dataclass(frozen=True, slots=True)
class Span:
    """Samples ``[start, end)`` of the recording."""

    start: int
    end: int

    @property
    def samples(self) -> int:
        """Length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Window:
    """Spans whose sounds are heard as one, without the silence between them."""

    spans: tuple[Span, ...]

    @property
    def samples(self) -> int:
        """Length of the sound."""
        return sum(span.samples for span in self.spans)

    def recording_s(self, window_s: float, like_s: float | None = None) -> float:
        """The second of the recording at which second `window_s` of the window sounds.

        At a seam the answer is in the span that holds `like_s` (seconds of the window): the start
        and the end of a word belong to the span of its middle.
        """
        starts = list(accumulate((span.samples for span in self.spans), initial=0))[:-1]
        sample = round((window_s if like_s is None else like_s) * SAMPLE_RATE)
        index = max(0, bisect_right(starts, sample) - 1)
        span = self.spans[index]
        at = span.start + round(window_s * SAMPLE_RATE) - starts[index]
        return min(max(at, span.start), span.end) / SAMPLE_RATE


def voiced_frames(probabilities: Probabilities) -> list[tuple[int, int]]:
    """Frames ``[first, last)`` with a voice, without padding; pauses under `PAUSE_S` are inside."""
    found: list[tuple[int, int]] = []
    first = quiet = -1
    for frame, probability in enumerate(probabilities):
        if probability >= VOICE:
            first = frame if first < 0 else first
            quiet = -1
        elif first >= 0 and probability < HUSH:
            quiet = frame if quiet < 0 else quiet
            if frame - quiet + 1 >= _PAUSE:
                found.append((first, quiet))
                first = quiet = -1
    if first >= 0:
        found.append((first, quiet if quiet >= 0 else len(probabilities)))
    return found


def voiced_spans(probabilities: Probabilities, samples: int) -> tuple[Span, ...]:
    """The voiced spans of a recording of `samples` samples, padded, none longer than a window."""
    frames = voiced_frames(probabilities)
    padded = []
    for index, (first, last) in enumerate(frames):
        before = frames[index - 1][1] if index else 0
        after = frames[index + 1][0] if index + 1 < len(frames) else len(probabilities)
        low = max(first - _PAD, (before + first + 1) // 2 if index else 0)
        high = min(last + _PAD, (last + after + 1) // 2 if index + 1 < len(frames) else after)
        padded.append((low, high))
    limit = int(WINDOW_S * SAMPLE_RATE / FRAME)
    return tuple(
        Span(low * FRAME, min(high * FRAME, samples))
        for first, last in padded
        for low, high in _split(first, last, probabilities, limit)
    )


def _split(
    first: int, last: int, probabilities: Probabilities, limit: int
) -> Iterator[tuple[int, int]]:
    """Cut a span that is longer than a window where a voice is least likely."""
    while last - first > limit:
        half = first + limit // 2
        cut = half + int(np.argmin(_smoothed(probabilities[half : first + limit])))
        yield first, cut
        first = cut
    yield first, last


def _smoothed(values: Probabilities) -> Probabilities:
    """Mean over a quarter of a second: a breath, not one quiet frame within a word."""
    width = min(8, len(values))
    return np.convolve(values, np.full(width, 1 / width, np.float32), mode="same")


def windows(spans: Iterable[Span]) -> tuple[Window, ...]:
    """Pack spans, in order, into as few windows as fit."""
    packed: list[list[Span]] = []
    limit = round(WINDOW_S * SAMPLE_RATE)
    room = -1
    for span in spans:
        if span.samples > room:
            packed.append([])
            room = limit
        packed[-1].append(span)
        room -= span.samples
    return tuple(Window(tuple(held)) for held in packed)


def sounds(windows: Iterable[Window], recording: Iterable[Sound]) -> Iterator[Sound]:
    """The sound of each window, in order, from a recording that is read only once."""
    source = _Reader(recording)
    for window in windows:
        yield np.concatenate([source.read(span) for span in window.spans])


class _Reader:
    """Reads rising spans from a stream, holding no more than one array and one span."""

    def __init__(self, recording: Iterable[Sound]) -> None:
        self._stream = iter(recording)
        self._held: Sound = np.zeros(0, np.float32)
        self._start = 0  # sample of the recording at which the held array begins

    def read(self, span: Span) -> Sound:
        while self._start + len(self._held) < span.end:
            more = next(self._stream, None)
            if more is None:
                break
            drop = min(max(0, span.start - self._start), len(self._held))
            self._held = np.concatenate([self._held[drop:], more])
            self._start += drop
        return self._held[max(0, span.start - self._start) : span.end - self._start]
