"""One recording from sound to transcript: where a voice is, what it says, whose turn it is.

Invariant: the recording is read as a stream, twice (once for voices, once for words), and never
held: a window of half a minute is the most sound in memory (on a GPU, a batch of them). Equal sound
gives an equal transcript.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from reviewer.intake.limits import Limits
from reviewer.intake.media import SAMPLE_RATE, decode, probe
from reviewer.intake.speech.engines import HeardWord, Sound, SpeechEngine
from reviewer.intake.speech.lines import SpokenWord, broken_at_turns, report, write_down
from reviewer.intake.speech.speakers import SpeakerModel, VoiceTrack, attribute
from reviewer.intake.speech.voice import Probabilities, listen
from reviewer.intake.speech.windows import Window, sounds, voiced_spans, windows
from reviewer.intake.transcript import Transcript

VOICE_SHARE = 0.1  # share of the work that finding voices is, for the progress


def transcribe(
    path: Path,
    engine: SpeechEngine,
    speakers: SpeakerModel | None,
    limits: Limits,
    progress: Callable[[float], None],
) -> Transcript:
    """What is said in a recording, by whom (S1, S2 …), and how well it was heard.

    Without `speakers` no line has one. `progress` takes the fraction done, in [0, 1]. A silent
    recording gives an empty transcript. Raises what `probe` and `decode` raise.
    """
    duration_s = probe(path, limits).duration_s
    voice, samples = _find_voice(path, duration_s, progress)
    track = VoiceTrack(speakers) if speakers is not None else None
    words: list[SpokenWord] = []
    language: str | None = None
    confidence: float | None = None
    packed = windows(voiced_spans(voice, samples))
    for some in _batches(zip(packed, sounds(packed, decode(path)), strict=True), engine.batch):
        heard = engine.hear([sound for _, sound in some], language)
        if language is None:
            language, confidence = heard[0].language, round(heard[0].language_confidence, 4)
        for (window, sound), one in zip(some, heard, strict=True):
            words.extend(_on_the_clock(window, one.words))
            if track is not None:
                _hear_voices(track, window, sound)
        end = some[-1][0].spans[-1].end / samples
        progress(VOICE_SHARE + (1 - VOICE_SHARE) * end)
    text, lines, timed = write_down(words, voice)
    if track is not None:
        lines = attribute(lines, timed, track.turns())
        text = broken_at_turns(text, lines)
    progress(1.0)
    return Transcript(
        text=text,
        lines=lines,
        words=timed,
        duration_s=round(duration_s, 3),
        hearing=report(lines, timed, voice, language),
        language_confidence=confidence,
    )


def _batches(
    windows: Iterator[tuple[Window, Sound]], size: int
) -> Iterator[list[tuple[Window, Sound]]]:
    while some := list(islice(windows, size)):
        yield some


def _find_voice(
    path: Path, duration_s: float, progress: Callable[[float], None]
) -> tuple[Probabilities, int]:
    """How likely a voice is, frame by frame, and the number of samples."""
    found: list[Probabilities] = []
    samples = 0
    for probabilities, more in listen(path):
        found.append(probabilities)
        samples += more
        progress(VOICE_SHARE * min(1.0, samples / SAMPLE_RATE / max(duration_s, 1.0)))
    return np.concatenate(found) if found else np.zeros(0, np.float32), samples


def _on_the_clock(window: Window, words: Iterable[HeardWord]) -> Iterator[SpokenWord]:
    """The words with seconds of the recording in place of seconds of the window."""
    for word in words:
        middle_s = (word.start_s + word.end_s) / 2
        start_s = window.recording_s(word.start_s, middle_s)
        end_s = max(start_s, window.recording_s(word.end_s, middle_s))
        yield SpokenWord(word.text, start_s, end_s, word.confidence)


def _hear_voices(track: VoiceTrack, window: Window, sound: Sound) -> None:
    """Hand the window to the voices span by span: the silence between them was left out."""
    first = 0
    for span in window.spans:
        start_s, end_s = span.start / SAMPLE_RATE, span.end / SAMPLE_RATE
        track.hear(sound[first : first + span.samples], start_s, [(start_s, end_s)])
        first += span.samples
