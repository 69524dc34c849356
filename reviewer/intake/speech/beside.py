"""Windows heard side by side and told in their order: their words, and the voices in them.

Invariant: what is told of a window depends on its sound, the language and the models, never on what
is heard beside it or how many threads there are. Twice as many batches of windows as the engine
takes at once, and the one that is told, are the most sound held.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

from reviewer.intake.media import SAMPLE_RATE
from reviewer.intake.speech.engines import HeardWord, Language, Sound, SpeechEngine
from reviewer.intake.speech.speakers import SpeakerModel, hear_voices
from reviewer.intake.speech.turns import HeardSpan
from reviewer.intake.speech.windows import Window

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class HeardWindow:
    """The words and the voices of one window; `language` is that of the recording's first."""

    window: Window
    language: Language
    words: tuple[HeardWord, ...]
    voices: tuple[HeardSpan, ...]


def hear_windows(
    recording: Iterable[tuple[Window, Sound]], engine: SpeechEngine, speakers: SpeakerModel | None
) -> Generator[HeardWindow, None, None]:
    """Each window of a recording, heard; without `speakers` it has no voices.

    Words wait for the language of the first window, and meanwhile voices are told apart. Raises
    what taking from `recording` raises.
    """
    batches = _batches(recording, engine.batch)
    first = next(batches, None)
    if first is None:
        return
    pool = ThreadPoolExecutor(engine.beside)
    try:
        language = pool.submit(engine.detect, first[0][1])
        begun = (
            (batch, pool.submit(_voices_of, batch, speakers)) for batch in chain([first], batches)
        )
        hearing = (
            (batch, voices, pool.submit(_words_of, batch, engine, language.result().code))
            for batch, voices in _ahead(begun, engine.beside)
        )
        for batch, voices, words in _ahead(hearing, engine.beside):
            for (window, _), said, by in zip(batch, words.result(), voices.result(), strict=True):
                yield HeardWindow(window, language.result(), said, by)
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(
    windows: Iterable[tuple[Window, Sound]], size: int
) -> Iterator[list[tuple[Window, Sound]]]:
    source = iter(windows)
    while batch := list(islice(source, size)):
        yield batch


def _ahead(items: Iterable[_Item], count: int) -> Iterator[_Item]:
    """The items in their order, each when `count` more were taken: so those are at work."""
    source = iter(items)
    taken = deque(islice(source, count))
    for item in source:
        taken.append(item)
        yield taken.popleft()
    while taken:
        yield taken.popleft()


def _words_of(
    batch: list[tuple[Window, Sound]], engine: SpeechEngine, language: str
) -> list[tuple[HeardWord, ...]]:
    return engine.hear([sound for _, sound in batch], language)


def _voices_of(
    batch: list[tuple[Window, Sound]], speakers: SpeakerModel | None
) -> list[tuple[HeardSpan, ...]]:
    """The voices of each window, span by span: the silence between them was left out."""
    if speakers is None:
        return [() for _ in batch]
    return [tuple(_voices_in(window, sound, speakers)) for window, sound in batch]


def _voices_in(window: Window, sound: Sound, speakers: SpeakerModel) -> Iterator[HeardSpan]:
    first = 0
    for span in window.spans:
        start_s, end_s = span.start / SAMPLE_RATE, span.end / SAMPLE_RATE
        spoken = sound[first : first + span.samples]
        yield from hear_voices(speakers, spoken, start_s, [(start_s, end_s)])
        first += span.samples
