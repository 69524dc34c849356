"""HTML: the text that a reader of the page would see; nothing is fetched and nothing runs.

Invariant: scripts, styles, comments, templates and whatever the page itself hides by attribute,
``style`` or a simple rule leave no text; white space is collapsed as a browser does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from reviewer.errors import DamagedFile, UnreadableEncoding
from reviewer.intake.documents.css import Declarations, Rules, font_size_pt, parse_declarations
from reviewer.intake.documents.document import Block, BlockCollector, Document, join_blocks
from reviewer.intake.documents.visibility import (
    TINY_PT,
    WHITE,
    Colour,
    is_near_white,
    parse_colour,
)
from reviewer.intake.encoding import decode_only

_UNSEEN_TAGS = """
audio canvas datalist embed head iframe map noembed noframes noscript object script style template
title video
"""
_BLOCK_TAGS = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu
nav ol optgroup option p plaintext pre search section select summary table tbody td textarea tfoot
th thead tr ul xmp
"""
_UNSEEN = frozenset(_UNSEEN_TAGS.split())
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_ROW = "tr"
_KEEPING_SPACE = frozenset({"pre", "textarea", "listing", "xmp", "plaintext"})
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?([\w:.-]+)", re.IGNORECASE
)
_CHARSET_WITHIN = 4096  # bytes
_OFF_PAGE = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|pt|em)\b")
_OFF_PAGE_BY = ("left", "top", "text-indent", "margin-left", "margin-top")
_PAPER_BY = ("background", "background-color")


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands on to its children."""

    hidden: bool = False  # visibility: hidden, which a child may undo
    colour: Colour | None = None
    paper: Colour | None = WHITE  # null where it cannot be told
    tiny: bool = False
    keeps_space: bool = False

    @property
    def seen(self) -> bool:
        on_white = is_near_white(self.colour) and is_near_white(self.paper)
        same = self.colour is not None and self.colour == self.paper
        return not (self.hidden or self.tiny or on_white or same)


def read_html(data: bytes, name: str) -> Document:
    """Read an HTML page. Raises `UnreadableEncoding`, `DamagedFile`."""
    text = _declared(data) or decode_only(data)
    if text is None:
        raise UnreadableEncoding(
            f"{name} is HTML in an encoding that cannot be told: save it again as UTF-8, or "
            "export it as PDF, and submit that file."
        )
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    root = etree.fromstring(text.replace("\x00", "").encode(errors="replace"), parser)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise DamagedFile(
            f"{name} nests its elements without end, so it cannot be read to its end: export it "
            "as PDF and submit that file."
        )
    if root is None:
        return Document("")
    page = _Page(Rules(["".join(style.itertext()) for style in root.iter("style")]))
    return Document(join_blocks(page.walk(root)))


def _declared(data: bytes) -> str | None:
    """The text in the encoding that the page declares; null where it declares none that fits."""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return None
    charset = _CHARSET.search(data[:_CHARSET_WITHIN])
    if charset is None:
        return None
    encoding = charset.group(1).decode("ascii").lower()
    if encoding in ("iso-8859-1", "latin1", "us-ascii", "ascii"):
        encoding = "cp1252"  # as every browser reads them
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


class _Page:
    """Walks the tree; outside of rows the collector always has a block open."""

    def __init__(self, rules: Rules) -> None:
        self._collector = BlockCollector()
        self._rules = rules
        self._looks = [_Look()]
        self._tags = [""]

    def walk(self, root: "etree._Element") -> list[Block]:
        """The blocks of the page that can be seen."""
        self._collector.open_block()
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._end(element)
            elif not self._start(element):
                walker.skip_subtree()
        self._collector.close_block()
        return self._collector.finish()

    def _start(self, element: "etree._Element") -> bool:
        """Open what `element` opens; false where nothing in it is seen."""
        tag, attributes = element.tag, element.attrib
        style = self._rules.of(tag, attributes) | parse_declarations(attributes.get("style", ""))
        if self._tags[-1] == _ROW:
            self._collector.open_cell()
            self._collector.open_block()
        self._looks.append(_look(self._looks[-1], tag, attributes, style))
        self._tags.append(tag)
        if tag == _ROW:
            self._collector.close_block()
            self._collector.open_row()
        elif tag in _BLOCKS:
            self._collector.close_block()
            self._collector.open_block()
        elif tag == "br":
            self._collector.add("\n")
        gone = tag in _UNSEEN or "hidden" in attributes or _is_gone(style)
        if not gone:
            self._text(element.text)
        return not gone

    def _end(self, element: "etree._Element") -> None:
        tag = self._tags.pop()
        self._looks.pop()
        if tag == _ROW:
            self._collector.close_row()
            self._collector.open_block()
        elif tag in _BLOCKS:
            self._collector.close_block()
            self._collector.open_block()
        if self._tags[-1] == _ROW:
            self._collector.close_block()
            self._collector.close_cell()
        self._text(element.tail)

    def _text(self, text: str | None) -> None:
        if not text or not self._looks[-1].seen:
            return
        add = self._collector.add if self._looks[-1].keeps_space else self._collector.add_words
        if self._tags[-1] != _ROW:
            add(text)
        elif text.strip():  # text that stands in a row, but in no cell
            self._collector.open_cell()
            self._collector.open_block()
            add(text)
            self._collector.close_block()
            self._collector.close_cell()


def _look(parent: _Look, tag: str, attributes: Mapping[str, str], style: Declarations) -> _Look:
    """How the text of an element looks, given its parent."""
    changes: dict[str, bool | Colour | None] = {}
    if "visibility" in style:
        changes["hidden"] = style["visibility"] in ("hidden", "collapse")
    colour = style.get("color", attributes.get("color", ""))
    if colour in ("transparent", "#00000000"):
        changes["hidden"] = True
    elif colour and colour != "inherit":
        changes["colour"] = parse_colour(colour)
    paper = next(
        (style[name] for name in _PAPER_BY if name in style), attributes.get("bgcolor", "")
    )
    if paper not in ("", "none", "transparent", "inherit", "initial"):
        changes["paper"] = parse_colour(paper)
    size = font_size_pt(style.get("font-size", ""))
    if size is not None:
        changes["tiny"] = size <= TINY_PT
    if tag in _KEEPING_SPACE or style.get("white-space", "").startswith("pre"):
        changes["keeps_space"] = True
    return replace(parent, **changes) if changes else parent  # type: ignore[arg-type]  # by name


def _is_gone(style: Declarations) -> bool:
    """Whether an element and all in it are off the page or wholly transparent."""
    return (
        style.get("display") == "none"
        or style.get("opacity") in ("0", "0.0", "0%")
        or any(_OFF_PAGE.match(style.get(name, "")) for name in _OFF_PAGE_BY)
    )
