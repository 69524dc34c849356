"""Cue markup: tags are taken out, voices (``<v Ms. Brown>``) are kept beside their words.

Invariant: only tags that WEBVTT or SRT define are markup; any other ``<`` is a spoken character
and stays. Entities are decoded last (`decode`), so an escaped tag is never taken for one.
"""

import html
import re
from dataclasses import dataclass

from reviewer.intake.encoding import canonical

_TAG = re.compile(
    r"</?(?P<name>[cibusv]|ruby|rt|lang|font|br)(?:\.[^\s.<>/]++)*+"
    r"(?:[ \t\n](?P<annotation>[^<>]*)|/)?>"
    r"|<[0-9]{1,4}:[0-9:.,]{4,20}>"
    r"|\{\\[^{}\n]{0,80}\}",  # SRT: {\an8} places the cue
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words of one voice in one row, entities not decoded; `speaker` null where none is marked."""

    speaker: str | None
    text: str


Row = tuple[Fragment, ...]


def voices(rows: tuple[str, ...]) -> tuple[Row, ...]:
    """Take the tags out of one cue's rows; a voice lasts until ``</v>``, the next, or the end."""
    cue = "\n".join(rows)
    found: list[list[Fragment]] = [[]]
    speaker: str | None = None
    position = 0
    for tag in _TAG.finditer(cue):
        _add(found, speaker, cue[position : tag.start()])
        position = tag.end()
        kind = (tag["name"] or "").lower()
        if kind == "v":
            closing = tag[0].startswith("</")
            speaker = None if closing else spoken_name(tag["annotation"] or "")
        elif kind == "br":
            found.append([])
        if "\n" in tag[0]:
            found.append([])
    _add(found, speaker, cue[position:])
    return tuple(tuple(row) for row in found if any(one.text.strip() for one in row))


def _add(found: list[list[Fragment]], speaker: str | None, text: str) -> None:
    for number, piece in enumerate(text.split("\n")):
        if number:
            found.append([])
        row = found[-1]
        if row and row[-1].speaker == speaker:
            row[-1] = Fragment(speaker, row[-1].text + piece)
        elif piece:
            row.append(Fragment(speaker, piece))


def spoken_name(annotation: str) -> str | None:
    """A speaker's name as people read it: entities decoded, white space single; null if empty."""
    return " ".join(decode(annotation).split()) or None


def decode(text: str) -> str:
    """Decode entities (only those that end in a semicolon) and compose to NFC.

    This comes last: composed earlier, a ``>`` and the mark after it would become one character.
    """
    return canonical(_ENTITY.sub(lambda entity: html.unescape(entity[0]), text))
