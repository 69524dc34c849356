"""A `Transcript` as WEBVTT, SRT, JSON or plain text.

Invariant: `to_vtt` read by `read_captions` gives back the same words, times (to the millisecond)
and speakers; `to_txt` holds the spoken words alone.
"""

import json
import re
from dataclasses import asdict
from typing import Any

from reviewer.intake.artifact import Artifact
from reviewer.intake.captions import prefix_of_a_name
from reviewer.intake.transcript import Line, Transcript

_DOUBT = "≈"
_LOOKS_LIKE_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]{1,32};)")
_LOOKS_LIKE_TAG = re.compile(r"<(?=[/A-Za-z0-9])")


def to_vtt(transcript: Transcript) -> str:
    """WEBVTT with voice tags; a doubt is a NOTE before its cue, marked ≈, and no spoken word."""
    language = transcript.hearing.language
    blocks = [f"WEBVTT\nLanguage: {language}" if language else "WEBVTT"]
    for line in transcript.lines:
        if line.doubt is not None:
            blocks.append(
                f"NOTE {_DOUBT} {line.doubt.value}: the next cue may not be what was said"
            )
        times = f"{clock_stamp(line.start_s, '.')} --> {clock_stamp(line.end_s, '.')}"
        blocks.append(f"{times}\n{_vtt_payload(transcript, line)}")
    return "\n\n".join(blocks) + "\n"


def artifact_vtt(artifact: Artifact) -> str:
    """The lines of a recording as WEBVTT for a player; what was badly heard is marked ≈."""
    blocks = ["WEBVTT"]
    for one in artifact.segments:
        if one.start_s is None or one.end_s is None or one.end_s <= one.start_s:
            continue
        words = escaped_cue(" ".join(artifact.quote(one.start, one.end).split()))
        voice = f"<v {escaped_cue(' '.join(one.speaker.split()))}>" if one.speaker else ""
        times = f"{clock_stamp(one.start_s, '.')} --> {clock_stamp(one.end_s, '.')}"
        blocks.append(f"{times}\n{voice}{f'{_DOUBT} ' if one.doubt else ''}{words}")
    return "\n\n".join(blocks) + "\n"


def to_srt(transcript: Transcript) -> str:
    """SRT with ``Name: `` before the words; it knows no comments, so a doubt stands in the cue."""
    blocks = []
    for number, line in enumerate(transcript.lines, 1):
        words = _LOOKS_LIKE_ENTITY.sub("&amp;", _words(transcript, line))
        words = _LOOKS_LIKE_TAG.sub("&lt;", words).replace("-->", "--&gt;")
        speaker = f"{line.speaker}: " if line.speaker else ""
        doubt = f"[{_DOUBT} {line.doubt.value}] " if line.doubt else ""
        times = f"{clock_stamp(line.start_s, ',')} --> {clock_stamp(line.end_s, ',')}"
        blocks.append(f"{number}\n{times}\n{speaker}{doubt}{words}\n")
    return "\n".join(blocks)


def to_json(transcript: Transcript) -> str:
    """Everything that the transcript holds; numbers to 4 decimals.

    ``{text, duration_s, language_confidence, hearing{…}, lines[{…, text}], words[{…, text}]}`` with
    the fields of `Transcript`, `HearingReport`, `Line` and `Word`; ``text[start:end]`` of the whole
    is the ``text`` of each line and word.
    """
    whole = _rounded(asdict(transcript))
    for span in (*whole["lines"], *whole["words"]):
        span["text"] = transcript.text[span["start"] : span["end"]]
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def to_txt(transcript: Transcript) -> str:
    """The spoken words alone, one row per `Line`."""
    return "".join(f"{_words(transcript, line)}\n" for line in transcript.lines)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value


def _words(transcript: Transcript, line: Line) -> str:
    """The words of a line on one row, whatever line separators are among them."""
    rows = transcript.text[line.start : line.end].splitlines()
    return " ".join(row.strip() for row in rows if row.strip())


def _vtt_payload(transcript: Transcript, line: Line) -> str:
    words = escaped_cue(_words(transcript, line))
    if line.speaker:
        return f"<v {escaped_cue(' '.join(line.speaker.split()))}>{words}</v>"
    if prefix_of_a_name(words):
        return words.replace(":", "&#58;", 1)  # else a reader would take it for the speaker
    return words


def escaped_cue(text: str) -> str:
    """Text as a WEBVTT cue may hold it."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("{\\", "&#123;\\")
    )


def clock_stamp(seconds: float, point: str) -> str:
    """Seconds as ``HH:MM:SS`` and milliseconds after `point`."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{milliseconds:03}"
