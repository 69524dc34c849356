"""How a run of a DOCX looks, as far as hiding goes: styles, direct formatting, shading.

Invariant: a property that is given nowhere leaves the text visible.
"""

from dataclasses import dataclass, fields, replace

from lxml import etree

from reviewer.intake.documents.ooxml import attribute, child, local_name, switched_on
from reviewer.intake.documents.visibility import TINY_PT, is_near_white, parse_colour

_WHITE_THEME = frozenset({"background1", "light1", "bg1", "lt1"})
_NO_FILL = frozenset({"", "auto", "none", "clear", "nil"})


@dataclass(frozen=True, slots=True)
class Look:
    """Properties of a run; null where they are not given and the next wider rule holds."""

    vanish: bool | None = None
    points: float | None = None
    white: bool | None = None
    shaded: bool | None = None

    def over(self, wider: "Look") -> "Look":
        """What `self` says, and where it says nothing, what the wider one says."""
        given = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) is not None
        }
        return replace(wider, **given) if given else wider

    @property
    def hidden(self) -> bool:
        """Whether nobody who reads the page can see it."""
        tiny = self.points is not None and self.points <= TINY_PT
        return bool(self.vanish) or tiny or (bool(self.white) and not self.shaded)


def look_of(properties: "etree._Element | None") -> Look:
    """The look that a ``w:rPr`` (or, for its shading, a ``w:pPr``, ``w:tcPr``) gives."""
    if properties is None:
        return Look()
    size = child(properties, "sz")
    half_points = attribute(size, "val") if size is not None else None
    return Look(
        vanish=switched_on(child(properties, "vanish")),
        points=float(half_points) / 2 if half_points and half_points.isdecimal() else None,
        white=_is_white(child(properties, "color")),
        shaded=_is_shaded(properties),
    )


def _is_white(colour: "etree._Element | None") -> bool | None:
    if colour is None:
        return None
    value = attribute(colour, "val") or ""
    named = parse_colour(value)
    if named is not None:
        return is_near_white(named)
    return attribute(colour, "themeColor") in _WHITE_THEME and not attribute(colour, "themeShade")


def _is_shaded(properties: "etree._Element") -> bool | None:
    """Whether something other than white is painted behind the text; null where nothing is."""
    highlight = child(properties, "highlight")
    if highlight is not None and attribute(highlight, "val") not in (None, "none"):
        return attribute(highlight, "val") != "white"
    shading = child(properties, "shd")
    if shading is None:
        return None
    if (attribute(shading, "val") or "clear").lower() not in _NO_FILL:
        return True  # a pattern
    if attribute(shading, "themeFill") is not None:
        return attribute(shading, "themeFill") not in _WHITE_THEME
    fill = (attribute(shading, "fill") or "").lower()
    return None if fill in _NO_FILL else not is_near_white(parse_colour(fill))


class Styles:
    """The styles of a document, each with what it inherits."""

    def __init__(self, root: "etree._Element | None") -> None:
        self._looks: dict[str, Look] = {}
        self._based_on: dict[str, str] = {}
        self._shaded_tables: set[str] = set()
        self.default = look_of(child(root, "docDefaults", "rPrDefault", "rPr"))
        for style in root if root is not None else ():
            if local_name(style) == "style":
                self._add(style)

    def _add(self, style: "etree._Element") -> None:
        identifier = attribute(style, "styleId") or ""
        own = look_of(child(style, "rPr"))
        paragraph = look_of(child(style, "pPr"))
        self._looks[identifier] = own.over(Look(shaded=paragraph.shaded))
        parent = child(style, "basedOn")
        if parent is not None:
            self._based_on[identifier] = attribute(parent, "val") or ""
        if any(_is_shaded(shading.getparent()) for shading in style.iter("{*}shd")):
            self._shaded_tables.add(identifier)
        if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true"):
            self.default = own.over(self.default)

    def look(self, identifier: str | None) -> Look:
        """What the style and all that it is based on say."""
        look = Look()
        for style in self._chain(identifier):
            look = look.over(self._looks.get(style, Look()))
        return look

    def shades_tables(self, identifier: str | None) -> bool:
        """Whether a table style colours any of its cells."""
        return any(style in self._shaded_tables for style in self._chain(identifier))

    def _chain(self, identifier: str | None) -> list[str]:
        chain: list[str] = []
        while identifier and identifier not in chain:
            chain.append(identifier)
            identifier = self._based_on.get(identifier)
        return chain
