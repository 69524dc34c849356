"""When text counts as hidden: what nobody reading the document can see is no evidence.

Invariant: pure functions; whatever cannot be told is visible, so that no candidate loses a word to
a guess. What each format hides, and why, is in docs/decisions/0022-hidden-text.md.
"""

import re

TINY_PT = 1.0
"""Text of this size in points, or smaller, is hidden."""

Colour = tuple[int, int, int]
"""Red, green, blue, each 0 to 255."""

WHITE: Colour = (255, 255, 255)
_NEAR_WHITE = 245  # of 255, in every component: no reader tells such text from the paper
_HEX = re.compile(r"#?([0-9a-fA-F]{6})\Z")
_SHORT_HEX = re.compile(r"#([0-9a-fA-F]{3})\Z")
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*([\d.]+%?)\s*)?\)\Z"
)
_NAMED: dict[str, Colour] = {
    "white": WHITE,
    "snow": (255, 250, 250),
    "black": (0, 0, 0),
}


def parse_colour(value: str) -> Colour | None:
    """The colour that `value` names as ``RRGGBB``, ``#rgb``, ``rgb(…)`` or a name; null if unknown.

    >>> parse_colour("#fff"), parse_colour("rgb(255, 0, 10)"), parse_colour("auto")
    ((255, 255, 255), (255, 0, 10), None)
    """
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if short := _SHORT_HEX.match(value):
        value = "".join(digit * 2 for digit in short.group(1))
    if full := _HEX.match(value):
        digits = full.group(1)
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if (rgb := _RGB.match(value)) and float((rgb.group(4) or "1").rstrip("%")) > 0:
        return min(int(rgb.group(1)), 255), min(int(rgb.group(2)), 255), min(int(rgb.group(3)), 255)
    return None


def is_near_white(colour: Colour | None) -> bool:
    """Whether text of this colour disappears on white paper."""
    return colour is not None and min(colour) >= _NEAR_WHITE
