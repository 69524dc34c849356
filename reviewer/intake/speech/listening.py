"""One recording from sound to transcript: where a voice is, what it says, whose turn it is.

Invariant: the recording is read as a stream, twice (once for voices, once for words), and never
held: a few windows of half a minute are the most sound in memory (see `beside`). Equal sound gives
an equal transcript.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from reviewer.intake.limits import Limits
from reviewer.intake.media import SAMPLE_RATE, decode, probe
from reviewer.intake.speech.beside import hear_windows
from reviewer.intake.speech.engines import HeardWord, Language, SpeechEngine
from reviewer.intake.speech.lines import SpokenWord, broken_at_turns, report, write_down
from reviewer.intake.speech.speakers import SpeakerModel, attribute, find_turns
from reviewer.intake.speech.turns import HeardSpan
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
    words: list[SpokenWord] = []
    voices: list[HeardSpan] = []
    language: Language | None = None
    packed = windows(voiced_spans(voice, samples))
    recording = zip(packed, sounds(packed, decode(path)), strict=True)
    with closing(hear_windows(recording, engine, speakers)) as heard:
        for one in heard:
            language = one.language
            words.extend(_on_the_clock(one.window, one.words))
            voices.extend(one.voices)
            end = one.window.spans[-1].end / samples
            progress(VOICE_SHARE + (1 - VOICE_SHARE) * end)
    text, lines, timed = write_down(words, voice)
    if speakers is not None:
        lines = attribute(lines, timed, find_turns(voices))
        text = broken_at_turns(text, lines)
    progress(1.0)
    return Transcript(
        text=text,
        lines=lines,
        words=timed,
        duration_s=round(duration_s, 3),
        hearing=report(lines, timed, voice, language.code if language else None),
        language_confidence=round(language.confidence, 4) if language else None,
    )


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
