"""As much of CSS as hiding text takes: declarations, and rules for a class, an id or a tag.

Invariant: what is not understood changes nothing, so text stays visible; nothing is fetched. Rules
inside ``@media print`` and the like do not hold on a screen and are left out.
"""

import re
from collections.abc import Iterator, Mapping

Declarations = dict[str, str]
"""Property, lower case, to value, lower case and without ``!important``."""

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_TOKEN = re.compile(r"[^{}]+|[{}]")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)\Z", re.IGNORECASE)
_PART = re.compile(r"[.#][\w-]+")
_ON_SCREEN = re.compile(r"@(?:media\s+(?:all|screen)|supports|layer)\b", re.IGNORECASE)
_IMPORTANT = re.compile(r"\s*!important\s*\Z", re.IGNORECASE)
_LENGTH = re.compile(r"([\d.]+)\s*(pt|px|em|rem|%)?\Z")
_POINTS = {"pt": 1.0, "px": 0.75, "em": 12.0, "rem": 12.0, "%": 0.12, None: 0.75}


def parse_declarations(text: str) -> Declarations:
    """The declarations of a ``style`` attribute or of a rule's body."""
    found: Declarations = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = _IMPORTANT.sub("", value).strip().lower()
    return found


def font_size_pt(value: str) -> float | None:
    """A ``font-size`` in points; null for keywords. ``em`` and ``%`` count from 12 points."""
    length = _LENGTH.match(value)
    if length is None or length.group(1).count(".") > 1 or length.group(1) == ".":
        return None
    return float(length.group(1)) * _POINTS[length.group(2)]


class Rules:
    """The rules of a page's ``<style>`` elements whose selectors are one tag, classes and an id."""

    def __init__(self, sheets: list[str]) -> None:
        self._by_mark: dict[str, list[tuple[str, frozenset[str], Declarations]]] = {}
        for sheet in sheets:
            for selectors, body in _rules(_COMMENT.sub(" ", sheet)):
                declarations = parse_declarations(body)
                for selector in selectors.split(","):
                    self._add(selector.strip(), declarations)

    def of(self, tag: str, attributes: Mapping[str, str]) -> Declarations:
        """What the rules say of an element; of rules on one property the last one holds."""
        if not self._by_mark:
            return {}
        marks = {"." + one for one in attributes.get("class", "").split()}
        if "id" in attributes:
            marks.add("#" + attributes["id"].strip())
        found: Declarations = {}
        for key in (tag, *sorted(marks)):
            for rule_tag, needed, declarations in self._by_mark.get(key, ()):
                if rule_tag in ("", "*", tag) and needed <= marks:
                    found |= declarations
        return found

    def _add(self, selector: str, declarations: Declarations) -> None:
        simple = _SIMPLE.match(selector)
        if simple is None or not selector or selector == "*":
            return
        tag = (simple.group(1) or "").lower()
        marks = frozenset(_PART.findall(simple.group(2)))
        key = min(marks) if marks else tag
        self._by_mark.setdefault(key, []).append((tag, marks, declarations))


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule that holds on a screen."""
    preludes: list[str] = []
    last = ""
    for token in _TOKEN.findall(sheet):
        if token == "{":  # noqa: S105 - a brace, not a password
            preludes.append(last.strip())
            last = ""
        elif token == "}":  # noqa: S105 - a brace, not a password
            if preludes:
                selectors = preludes.pop()
                if not selectors.startswith("@") and all(map(_ON_SCREEN.match, preludes)):
                    yield selectors, last
            last = ""
        else:
            last = token.rpartition(";")[2] if not preludes else token
