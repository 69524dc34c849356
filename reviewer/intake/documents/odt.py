"""ODT: the text body in its order, with lists, tables, text boxes and notes.

Invariant: as for DOCX: comments, tracked deletions and hidden text are out, notes follow the
paragraph that calls them.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from reviewer.errors import Encrypted
from reviewer.intake.documents.css import font_size_pt
from reviewer.intake.documents.document import Block, BlockCollector, Document, join_blocks
from reviewer.intake.documents.ooxml import attribute, child, local_name
from reviewer.intake.documents.visibility import TINY_PT, is_near_white, parse_colour
from reviewer.intake.limits import Limits
from reviewer.intake.office_zip import damaged, open_office_zip

_SKIPPED = frozenset(
    {
        "annotation",
        "tracked-changes",
        "note-citation",
        "hidden-text",
        "hidden-paragraph",
        "ruby-text",
        "title",  # of a picture: its alternative text
        "desc",
        "forms",
        "binary-data",
        "covered-table-cell",
        "table-of-content-source",
        "illustration-index-source",
        "table-index-source",
        "alphabetical-index-source",
        "bibliography-source",
        "user-index-source",
    }
)
_BLOCKS = frozenset({"p", "h"})
_FRAME_TAGS = """
text frame text-box list list-item list-header section table table-header-rows table-rows table-row
table-cell note note-body index-body index-title table-of-content g custom-shape
"""
_FRAMES = frozenset(_FRAME_TAGS.split())  # white space between the elements in these is no text
_ROW, _CELL = "table-row", "table-cell"
_MOST_SPACES = 1000  # in one element; more is an attack


def read_odt(path: Path, limits: Limits) -> Document:
    """Read an OpenDocument text. Raises `DamagedFile`, `UnpacksTooLarge`, `Encrypted`."""
    with open_office_zip(path, limits) as office:
        manifest = office.xml("META-INF/manifest.xml")
        if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
            raise Encrypted(
                f"{path.name} is locked with a password: save it again without one and submit that."
            )
        content = office.xml("content.xml")
        text = child(content, "body", "text")
        if text is None:
            raise damaged(path.name)
        styles = _Styles([office.xml("styles.xml"), content])
        return Document(join_blocks(_Body(styles).walk(text)))


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks, as far as hiding goes."""

    gone: bool = False
    tiny: bool = False
    white: bool = False
    on_white: bool = True

    @property
    def hidden(self) -> bool:
        return self.gone or self.tiny or (self.white and self.on_white)


class _Styles:
    """Styles by family and name; an automatic style hides one of the same name in styles.xml."""

    def __init__(self, roots: list["etree._Element | None"]) -> None:
        self._styles: dict[tuple[str | None, str | None], etree._Element] = {}
        for root in roots:
            for style in root.iter("{*}style") if root is not None else ():
                key = attribute(style, "family"), attribute(style, "name")
                self._styles[key] = style

    def apply(self, look: _Look, family: str, name: str | None) -> _Look:
        """`look` as the named style, and all that it inherits, change it."""
        chain: list[etree._Element] = []
        style = self._styles.get((family, name))
        while style is not None and style not in chain:
            chain.append(style)
            style = self._styles.get((family, attribute(style, "parent-style-name")))
        for style in reversed(chain):
            for properties in style:
                look = _changed(look, properties)
        return look


def _changed(look: _Look, properties: "etree._Element") -> _Look:
    display = attribute(properties, "display")
    if display is not None and local_name(properties) == "text-properties":
        look = replace(look, gone=display == "none")
    size = font_size_pt(attribute(properties, "font-size") or "")
    if size is not None:
        look = replace(look, tiny=size <= TINY_PT)
    colour = attribute(properties, "color")
    if colour is not None:
        look = replace(look, white=is_near_white(parse_colour(colour)))
    paper = attribute(properties, "background-color") or attribute(properties, "fill-color")
    if paper not in (None, "transparent"):
        look = replace(look, on_white=is_near_white(parse_colour(paper or "")))
    return look


class _Body:
    """Walks the body from start tags to end tags."""

    def __init__(self, styles: _Styles) -> None:
        self._collector = BlockCollector()
        self._styles = styles
        self._looks = [_Look()]
        self._in_text = [False]  # whether character data directly here is text

    def walk(self, root: "etree._Element") -> list[Block]:
        """The blocks in `root`, in the order of the document."""
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            name = local_name(element)
            if event == "end":
                self._end(name, element)
            elif not self._start(name, element):
                walker.skip_subtree()
        return self._collector.finish()

    def _start(self, name: str, element: "etree._Element") -> bool:
        """Open what the element opens; false where nothing in it counts."""
        self._looks.append(self._look(name, element))
        self._in_text.append(name in _BLOCKS or (self._in_text[-1] and name not in _FRAMES))
        if name in _BLOCKS:
            self._collector.open_block()
        elif name == _ROW:
            self._collector.open_row()
        elif name == _CELL:
            self._collector.open_cell()
        elif name == "s":
            self._collector.add(" " * _count(attribute(element, "c")))
        elif name == "tab":
            self._collector.add("\t")
        elif name == "line-break":
            self._collector.add("\n")
        if name in _SKIPPED or attribute(element, "display") == "none":
            return False
        self._text(element.text)
        return True

    def _end(self, name: str, element: "etree._Element") -> None:
        if name in _BLOCKS:
            self._collector.close_block()
        elif name == _ROW:
            self._collector.close_row()
        elif name == _CELL:
            self._collector.close_cell()
        self._looks.pop()
        self._in_text.pop()
        self._text(element.tail)

    def _text(self, text: str | None) -> None:
        if text and self._in_text[-1] and not self._looks[-1].hidden:
            self._collector.add_words(text)

    def _look(self, name: str, element: "etree._Element") -> _Look:
        look = self._looks[-1]
        if name in _BLOCKS:
            return self._styles.apply(look, "paragraph", attribute(element, "style-name"))
        if name == "span":
            return self._styles.apply(look, "text", attribute(element, "style-name"))
        if name == _CELL:
            return self._styles.apply(look, "table-cell", attribute(element, "style-name"))
        if name == "frame":
            framed = self._styles.apply(look, "graphic", attribute(element, "style-name"))
            return replace(look, on_white=framed.on_white)
        return look


def _count(value: str | None) -> int:
    return min(int(value), _MOST_SPACES) if value and value.isdecimal() else 1
