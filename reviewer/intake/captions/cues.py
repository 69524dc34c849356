"""The grammar of caption files: which lines are times, identifiers, comments and spoken rows.

Invariant: every line of the file is read once or twice and by patterns without nested repetition,
so the cost grows with the length of the file; a line that tries to be a time and is none raises
`CaptionError` with its number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviewer.errors import CaptionError

_TIME = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,6}))?")
_TIMING_ATTEMPT = re.compile(r"(?:[0-9][0-9:.,]*)?[ \t]*-->")
_BROKEN_ARROW = re.compile(  # demands a fraction: "10:30-11:45, circle time" may be spoken
    r"[0-9]{1,4}(?::[0-9]{2}){1,2}[.,][0-9]{1,6}[ \t]*(?:[-=–—→]+|>|-*&gt;)>?[ \t]*[0-9]{1,4}:"
)
_LANGUAGE = re.compile(r"Language:[ \t]*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4})", re.IGNORECASE)
_COMMENT = re.compile(r"NOTE(?:[ \t]|$)|STYLE$|REGION$")

_NUMBER = re.compile(r"[0-9]{1,9}")
_UNMISTAKABLE = re.compile(
    r"[0-9A-Fa-f-]{8,36}/[0-9]{1,9}-[0-9]{1,9}"  # Teams: <uuid>/12-0
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    r'|[0-9]{1,9}[ \t]+"[^"]{1,200}"(?:[ \t]+\([0-9]{1,20}\))?'  # Webex: 1 "Name" (12345)
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: line of its times (from 1), milliseconds, identifier or "", rows with their tags."""

    line: int
    start_ms: int
    end_ms: int
    identifier: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueFile:
    """All cues in the order of the file, and the language that a WEBVTT header names, if any."""

    cues: tuple[Cue, ...]
    language: str | None


def split_cues(text: str, name: str) -> CueFile:
    """Find the cues of a WEBVTT or SRT text; `name` is the file's name, for the sentence.

    Raises `CaptionError` naming the line for a broken time, an end before its start, spoken text
    before the first time of an SRT file, and for a file without any cue.
    """
    lines = [line.strip() for line in text.split("\n")]
    first = next((line for line in lines if line), "")
    webvtt = first == "WEBVTT" or first.startswith(("WEBVTT ", "WEBVTT\t"))
    timings = list(_timings(lines, name))
    if not timings:
        kind = "a WEBVTT file" if webvtt else "neither WEBVTT nor SRT, or a caption file"
        raise CaptionError(
            f"{name} is {kind} without a single cue (a line such as 00:00:01.000 --> "
            "00:00:04.000): save the captions again, or leave them out and the recording is "
            "transcribed."
        )
    cues: list[Cue] = []
    head, identifier = _parting(lines, 0, timings[0].index, "", webvtt)
    if not webvtt:
        _refuse_text_before_times(lines, head, name)
    for number, timing in enumerate(timings):
        start = timing.index + 1
        end, following = len(lines), ""
        if number + 1 < len(timings):
            end, following = _parting(lines, start, timings[number + 1].index, identifier, webvtt)
        rows = tuple(_spoken_rows(lines[start:end], webvtt))
        cues.append(Cue(timing.index + 1, timing.start_ms, timing.end_ms, identifier, rows))
        identifier = following
    return CueFile(tuple(cues), _language(lines[:head]) if webvtt else None)


@dataclass(frozen=True, slots=True)
class _Timing:
    index: int
    start_ms: int
    end_ms: int


def _timings(lines: list[str], name: str) -> Iterator[_Timing]:
    latest = -2
    for index, line in enumerate(lines):
        if _TIMING_ATTEMPT.match(line):
            start, _, rest = line.partition("-->")
            end = (rest.split(maxsplit=1) or [""])[0]
            start_ms = _milliseconds(start.strip(), index + 1, name)
            end_ms = _milliseconds(end, index + 1, name)
            if end_ms < start_ms:
                raise CaptionError(
                    f"{name}, line {index + 1}: the cue ends at {end}, before it starts at "
                    f"{start.strip()}; correct the times, or leave the captions out and the "
                    "recording is transcribed."
                )
            yield _Timing(index, start_ms, end_ms)
            latest = index
        elif index - 1 != latest and _BROKEN_ARROW.match(line):  # right under times stand words
            raise CaptionError(
                f"{name}, line {index + 1}: the two times are not joined by -->; write them as "
                "00:00:01.000 --> 00:00:04.000."
            )


def _milliseconds(time: str, line: int, name: str) -> int:
    found = _TIME.fullmatch(time)
    if found is None or int(found[2]) > 59 or int(found[3]) > 59:
        what = f"“{time[:40]}” is not a time" if time else "a time is missing beside -->"
        raise CaptionError(
            f"{name}, line {line}: {what}; write it as hours:minutes:seconds.milliseconds, such as "
            "00:01:15.000."
        )
    hours, minutes, seconds, fraction = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + round(float(f"0.{fraction or 0}") * 1000)


def _parting(
    lines: list[str], start: int, timing: int, previous: str, webvtt: bool
) -> tuple[int, str]:
    """Where the rows before the times in line index `timing` end, and the identifier of its cue.

    An identifier stands alone before its times. Files that lost their blank lines have it right
    under the words of the cue before: there only what cannot be speech counts (the identifiers of
    Teams and Webex, or a number where the cue before was numbered too).
    """
    last = timing - 1
    while last >= start and not lines[last]:
        last -= 1
    if last < start:
        return timing, ""
    line = lines[last]
    adjacent = last == timing - 1
    opens_block = last == 0 or not lines[last - 1]
    shaped = bool(_NUMBER.fullmatch(line) or _UNMISTAKABLE.fullmatch(line))
    if opens_block:
        belongs = shaped or (webvtt and adjacent)
    elif adjacent:
        belongs = bool(_UNMISTAKABLE.fullmatch(line)) or (
            shaped and bool(_NUMBER.fullmatch(previous))
        )
    else:
        belongs = False
    return (last, line) if belongs else (timing, "")


def _refuse_text_before_times(lines: list[str], head: int, name: str) -> None:
    for index in range(head):
        if lines[index]:
            raise CaptionError(
                f"{name}, line {index + 1}: text stands before the first time; an SRT file begins "
                "with a number and a line such as 00:00:01,000 --> 00:00:04,000."
            )


def _spoken_rows(lines: list[str], webvtt: bool) -> Iterator[str]:
    """Rows of one cue; a block after a blank line still belongs to it, unless it is a comment."""
    comment = False
    opens_block = False
    for line in lines:
        if not line:
            comment, opens_block = False, True
            continue
        if opens_block:
            comment = webvtt and _COMMENT.match(line) is not None
            opens_block = False
        if not comment:
            yield line


def _language(header: list[str]) -> str | None:
    for line in header:
        found = _LANGUAGE.fullmatch(line)
        if found:
            return found[1].lower()
    return None
