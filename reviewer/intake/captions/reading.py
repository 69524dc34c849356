"""From the bytes of a caption file to a `Transcript`.

Invariant: the lines of the transcript stand in the order of their starts, one per cue and voice;
each word has the times of its line, because captions say no more; nothing has a confidence,
because nobody heard anything.
"""

import re

from reviewer.errors import CaptionError, UnreadableEncoding
from reviewer.intake.artifact import HearingReport
from reviewer.intake.captions.cues import split_cues
from reviewer.intake.captions.markup import decode, voices
from reviewer.intake.captions.names import with_names
from reviewer.intake.captions.rolling import TimedRows, without_repeats
from reviewer.intake.encoding import decode_only
from reviewer.intake.transcript import Line, Transcript, Word

_WORD = re.compile(r"\S+")


def read_captions(data: bytes, name: str, duration_s: float | None = None) -> Transcript:
    """Read WEBVTT or SRT, told apart by content; `name` is the file's name, for the sentence.

    `duration_s` is the length of the recording, if known; else the end of the last cue is taken.
    Speakers come from voice tags, from identifiers that carry a name, or from prefixes that are
    surely names; null where the file does not say. Lines of one speaker in a row are joined by a
    space in `Transcript.text`, a change of speaker is a newline.

    Raises `CaptionError` (a broken time, no cue, no word) or `UnreadableEncoding`.
    """
    found = split_cues(_text(data, name), name)
    cues = sorted(
        (
            TimedRows(cue.start_ms, cue.end_ms, cue.identifier, voices(cue.rows))
            for cue in found.cues
        ),
        key=lambda cue: cue.start_ms,
    )
    spoken = [
        (speaker, words, cue)
        for cue in with_names(without_repeats(tuple(cues)))
        for speaker, words in _turns(cue)
    ]
    if not spoken:
        raise CaptionError(
            f"{name} has times but no words: save the captions again, or leave them out and the "
            "recording is transcribed."
        )
    text, lines, words = _assembled(spoken)
    hearing = HearingReport("captions", found.language, None, None, len(lines), 0)
    last = max(line.end_s for line in lines)
    return Transcript(text, lines, words, last if duration_s is None else duration_s, hearing)


def _turns(cue: TimedRows) -> list[tuple[str | None, str]]:
    """The cue's voices in order, each with its words on one row."""
    turns: list[tuple[str | None, list[str]]] = []
    for row in cue.rows:
        for fragment in row:
            plain = decode(fragment.text)
            pieces = [piece.strip() for piece in plain.splitlines() if piece.strip()]
            if turns and turns[-1][0] == fragment.speaker:
                turns[-1][1].extend(pieces)
            elif pieces:
                turns.append((fragment.speaker, pieces))
    return [(speaker, " ".join(pieces)) for speaker, pieces in turns]


def _assembled(
    spoken: list[tuple[str | None, str, TimedRows]],
) -> tuple[str, tuple[Line, ...], tuple[Word, ...]]:
    parts: list[str] = []
    lines: list[Line] = []
    words: list[Word] = []
    at = 0
    for speaker, said, cue in spoken:
        if lines:
            parts.append(" " if lines[-1].speaker == speaker else "\n")
            at += 1
        start_s, end_s = cue.start_ms / 1000, cue.end_ms / 1000
        lines.append(Line(at, at + len(said), start_s, end_s, speaker))
        words.extend(
            Word(at + word.start(), at + word.end(), start_s, end_s)
            for word in _WORD.finditer(said)
        )
        parts.append(said)
        at += len(said)
    return "".join(parts), tuple(lines), tuple(words)


def _text(data: bytes, name: str) -> str:
    text = decode_only(data)
    if text is None:
        raise UnreadableEncoding(
            f"{name} is in an encoding that cannot be told: save the captions again as UTF-8."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
