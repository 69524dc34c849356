"""The header of an RTF file: which encoding each font has, and which colours are numbered how.

Invariant: what is missing or odd falls back to Windows-1252 and to visible text.
"""

import codecs
import re
from dataclasses import dataclass

from reviewer.intake.documents.visibility import Colour

_HEADER = re.compile(r"\\(ansicpg|mac\b|pca\b|pc\b|deff)(\d+)?")
_HEADER_WITHIN = 4096  # characters
_FONTS = re.compile(r"\{\\fonttbl")
_FONT = re.compile(r"\\f(\d{1,6})(?!\w)[^;{}]*?\\fcharset(\d{1,3})")
_BRACE = re.compile(r"[{}]")
_COLOURS = re.compile(r"\{\\colortbl([^{}]*)\}")
_COMPONENT = re.compile(r"\\(red|green|blue)(\d{1,3})")
_CHARSETS = {  # the value of \fcharset to a codec (RTF specification 1.9.1, font table)
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_OLD = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


@dataclass(frozen=True, slots=True)
class Tables:
    """Encodings by font number, and colours by their number (null for the automatic one)."""

    encoding: str
    default_font: int | None
    fonts: dict[int, str]
    colours: tuple[Colour | None, ...]

    def encoding_of(self, font: int | None) -> str:
        """The encoding of bytes set in a font."""
        return self.encoding if font is None else self.fonts.get(font, self.encoding)

    def colour(self, number: int) -> Colour | None:
        """The colour of that number; null where there is none."""
        return self.colours[number] if 0 <= number < len(self.colours) else None


def read_tables(text: str) -> Tables:
    """The tables of a file whose bytes are given as Latin-1 characters."""
    encoding, default_font = "cp1252", None
    for word, number in _HEADER.findall(text[:_HEADER_WITHIN]):
        if word == "ansicpg" and number:
            encoding = code_page(int(number))
        elif word == "deff" and number:
            default_font = int(number)
        elif word in _OLD:
            encoding = _OLD[word]
    fonts = {
        int(font): _CHARSETS[int(charset)]
        for font, charset in _FONT.findall(_font_group(text))
        if int(charset) in _CHARSETS
    }
    return Tables(encoding, default_font, fonts, _colours(text))


def code_page(number: int) -> str:
    """The codec of a Windows code page; Windows-1252 where Python has none."""
    name = "utf-8" if number == 65001 else f"cp{number}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def _font_group(text: str) -> str:
    start = _FONTS.search(text)
    if start is None:
        return ""
    depth = 1
    for brace in _BRACE.finditer(text, start.end()):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return text[start.start() : brace.end()]
    return ""


def _colours(text: str) -> tuple[Colour | None, ...]:
    table = _COLOURS.search(text)
    colours: list[Colour | None] = []
    for entry in table.group(1).split(";")[:-1] if table else ():
        named = {name: min(int(value), 255) for name, value in _COMPONENT.findall(entry)}
        colours.append((named["red"], named["green"], named["blue"]) if len(named) == 3 else None)
    return tuple(colours)
