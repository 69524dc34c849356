"""Words to lines: where a line ends, how well it was heard, and what is wrong with it.

Invariant: the text is the words alone, in their order; every line and word is a span of it, lines
are parted by exactly one white space, and times never decrease.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reviewer.intake.artifact import Doubt, HearingReport
from reviewer.intake.media import SAMPLE_RATE
from reviewer.intake.speech.voice import FRAME, Probabilities
from reviewer.intake.speech.windows import HUSH, voiced_frames
from reviewer.intake.transcript import Line, Word

PAUSE_S = 0.8  # silence that ends a line
MOST_WORDS = 30  # in a line without a pause or a full stop
LEAST_CONFIDENCE = 0.5  # mean probability of a line's words below which it is in doubt
LEAST_VOICE = 0.25  # share of a line's time with a voice below which it may be invented
REPEATS = 3  # how often in a row the same line, or phrase within a line, is one too many
LONGEST_PHRASE = 8  # words of a phrase whose repeats are counted

_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’)]*$")


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as the model wrote it, with the space before it; seconds of the recording."""

    text: str
    start_s: float
    end_s: float
    confidence: float


def write_down(
    spoken: Sequence[SpokenWord], voice: Probabilities
) -> tuple[str, tuple[Line, ...], tuple[Word, ...]]:
    """Text, lines and words of a recording whose voice probabilities (a frame each) are given."""
    text = ""
    words: list[Word] = []
    lines: list[Line] = []
    clock = 0.0
    for group in _grouped([word for word in spoken if word.text.strip()]):
        first = len(words)
        for word in group:
            apart = bool(words) and (len(words) == first or word.text[0].isspace())
            text += " " if apart else ""
            start = len(text)
            text += word.text.strip()
            start_s = max(clock, round(word.start_s, 3))
            clock = max(start_s, round(word.end_s, 3))
            confidence = round(min(1.0, max(0.0, word.confidence)), 4)
            words.append(Word(start, len(text), start_s, clock, confidence))
        lines.append(_line(words[first:], voice))
    return text, _with_repeats(text, lines), tuple(words)


def _grouped(spoken: Sequence[SpokenWord]) -> Iterator[list[SpokenWord]]:
    group: list[SpokenWord] = []
    for word in spoken:
        if group and _ends_line(group, word):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _ends_line(group: Sequence[SpokenWord], then: SpokenWord) -> bool:
    if not then.text[0].isspace() and then.start_s - group[-1].end_s < PAUSE_S:
        return False  # the rest of a written word
    return (
        then.start_s - group[-1].end_s >= PAUSE_S
        or len(group) >= MOST_WORDS
        or _SENTENCE_END.search(group[-1].text) is not None
    )


def _line(words: Sequence[Word], voice: Probabilities) -> Line:
    known = [word.confidence for word in words if word.confidence is not None]
    hearing = round(sum(known) / len(known), 4)
    doubt = None
    if _voiced_share(words[0].start_s, words[-1].end_s, voice) < LEAST_VOICE:
        doubt = Doubt.SILENCE
    elif hearing < LEAST_CONFIDENCE:
        doubt = Doubt.LOW_CONFIDENCE
    return Line(
        start=words[0].start,
        end=words[-1].end,
        start_s=words[0].start_s,
        end_s=words[-1].end_s,
        hearing=hearing,
        doubt=doubt,
    )


def _voiced_share(start_s: float, end_s: float, voice: Probabilities) -> float:
    first = int(start_s * SAMPLE_RATE / FRAME)
    frames = voice[first : max(first + 1, int(end_s * SAMPLE_RATE / FRAME) + 1)]
    return float((frames >= HUSH).mean()) if len(frames) else 0.0


def _with_repeats(text: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Mark lines that say what the lines before said, or one phrase over and over."""
    marked: list[Line] = []
    run, before = 0, ""
    for line in lines:
        said = " ".join(re.findall(r"\w+", text[line.start : line.end].lower()))
        run = run + 1 if said == before else 1
        before = said
        if line.doubt is None and (run >= REPEATS or _loops(said.split())):
            line = replace(line, doubt=Doubt.REPEATED)
        marked.append(line)
    return tuple(marked)


def _loops(words: Sequence[str]) -> bool:
    """Whether a phrase of a few words stands more than `REPEATS` times in a row."""
    for length in range(1, min(LONGEST_PHRASE, len(words) // (REPEATS + 1)) + 1):
        same = 0
        for at in range(length, len(words)):
            same = same + 1 if words[at] == words[at - length] else 0
            if same >= REPEATS * length:
                return True
    return False


def broken_at_turns(text: str, lines: Sequence[Line]) -> str:
    """The text with a new line where the speaker changes: the same length, the same words."""
    characters = list(text)
    for line, then in pairwise(lines):
        if line.speaker != then.speaker and characters[then.start - 1] == " ":
            characters[then.start - 1] = "\n"
    return "".join(characters)


def report(
    lines: Sequence[Line], words: Sequence[Word], voice: Probabilities, language: str | None
) -> HearingReport:
    """How well the recording was heard."""
    doubtful = [line for line in lines if line.doubt is not None]
    in_doubt = sum(
        1 for word in words if any(line.start <= word.start < line.end for line in doubtful)
    )
    frames = sum(last - first for first, last in voiced_frames(voice))
    return HearingReport(
        source="recognition",
        language=language,
        voiced_s=round(frames * FRAME / SAMPLE_RATE, 3),
        share_confident=round(1 - in_doubt / len(words), 4) if words else None,
        segments=len(lines),
        segments_in_doubt=len(doubtful),
    )
