"""DOCX: the body in its order, with tables, lists, text boxes, diagrams and notes.

Invariant: what a reader of the final document sees, and only that: inserted text is in, deleted
and moved-away text, comments, field codes, placeholders and hidden runs are out. Headers and
footers are out as well: they repeat on every page. Footnotes follow the paragraph that calls them.
"""

from collections.abc import Callable
from pathlib import Path

from lxml import etree

from reviewer.intake.documents.document import Block, BlockCollector, Document, join_blocks
from reviewer.intake.documents.docx_look import Look, Styles, look_of
from reviewer.intake.documents.ooxml import (
    FALLBACK,
    Relations,
    attribute,
    child,
    diagram_blocks,
    local_name,
    main_part,
)
from reviewer.intake.documents.visibility import is_near_white, parse_colour
from reviewer.intake.limits import Limits
from reviewer.intake.office_zip import OfficeZip, damaged, open_office_zip

_SKIPPED = frozenset(
    {
        FALLBACK,
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "delInstrText",
        "rt",  # the reading above a character
        "pPr",
        "rPr",
        "tblPr",
        "tcPr",
        "trPr",
        "sdtPr",
        "sectPr",
    }
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


def read_docx(path: Path, limits: Limits) -> Document:
    """Read a Word document. Raises `DamagedFile`, `UnpacksTooLarge`, `Encrypted`."""
    with open_office_zip(path, limits) as office:
        part = main_part(office, "word/document.xml")
        root = office.xml(part)
        body = child(root, "body")
        if root is None or body is None:
            raise damaged(path.name)
        relations = Relations(office, part)
        styles = Styles(_first(office, relations, "styles"))
        page = child(root, "background")
        colour = parse_colour(attribute(page, "color") or "") if page is not None else None
        paper = colour is not None and not is_near_white(colour)
        notes = {
            kind: _Notes(_first(office, relations, part), styles, paper)
            for kind, part in (("footnoteReference", "footnotes"), ("endnoteReference", "endnotes"))
        }

        def diagram(identifier: str | None) -> list[Block]:
            data = relations.part(identifier)
            return diagram_blocks(office.xml(data)) if data else []

        return Document(join_blocks(_Body(styles, paper, notes, diagram).walk(body)))


def _first(office: OfficeZip, relations: Relations, kind: str) -> "etree._Element | None":
    part = next(relations.of_kind(kind), None)
    return office.xml(part) if part else None


class _Notes:
    """The footnotes or the endnotes, by the id that calls them."""

    def __init__(self, root: "etree._Element | None", styles: Styles, paper: bool) -> None:
        self._notes = {attribute(note, "id"): note for note in (root if root is not None else ())}
        self._styles = styles
        self._paper = paper

    def blocks(self, identifier: str | None) -> list[Block]:
        note = self._notes.get(identifier)
        return [] if note is None else _Body(self._styles, self._paper, {}, None).walk(note)


class _Body:
    """Walks a body, or one note, from start tags to end tags."""

    def __init__(
        self,
        styles: Styles,
        paper: bool,
        notes: dict[str, _Notes],
        diagram: Callable[[str | None], list[Block]] | None,
    ) -> None:
        self._collector = BlockCollector()
        self._styles = styles
        self._notes = notes
        self._diagram = diagram
        self._looks = [styles.default]
        self._papers = [paper]  # whether something other than white lies behind

    def walk(self, root: "etree._Element") -> list[Block]:
        """The blocks in `root`, in the order of the document."""
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            name = local_name(element)
            if event == "end":
                self._end(name)
            elif not self._start(name, element):
                walker.skip_subtree()
        return self._collector.finish()

    def _start(self, name: str, element: "etree._Element") -> bool:
        """Open what the element opens; false where nothing in it counts."""
        if name in _SKIPPED:
            return False
        if name == "t":
            if not self._looks[-1].hidden:
                self._collector.add(element.text or "")
        elif name in _SIGNS:
            self._collector.add(_SIGNS[name])
        elif name in ("p", "r"):
            self._open_text(name, element)
        elif name in ("tbl", "tr", "tc", "txbxContent"):
            return self._open_frame(name, element)
        elif name == "sdt":  # a form field; while it shows its prompt, nobody has written in it
            return child(element, "sdtPr", "showingPlcHdr") is None
        elif name in self._notes:
            self._collector.put(self._notes[name].blocks(attribute(element, "id")))
        elif name == "relIds" and self._diagram is not None:
            self._collector.put(self._diagram(attribute(element, "dm")))
        return True

    def _open_text(self, name: str, element: "etree._Element") -> None:
        properties = child(element, name + "Pr")
        style = child(properties, name + "Style")
        named = self._styles.look(attribute(style, "val") if style is not None else None)
        direct = look_of(properties)
        if name == "p":
            self._collector.open_block()
            direct = Look(shaded=direct.shaded)
            wider = Look(shaded=self._papers[-1]).over(self._styles.default)
        else:
            wider = self._looks[-1]
        self._looks.append(direct.over(named.over(wider)))

    def _open_frame(self, name: str, element: "etree._Element") -> bool:
        if name == "tr":
            self._collector.open_row()
            return child(element, "trPr", "del") is None
        if name == "tbl":
            style = child(element, "tblPr", "tblStyle")
            shades = style is not None and self._styles.shades_tables(attribute(style, "val"))
            own = look_of(child(element, "tblPr")).shaded
        elif name == "tc":
            self._collector.open_cell()
            shades, own = False, look_of(child(element, "tcPr")).shaded
        else:
            shades, own = _is_filled(element), None
        self._papers.append(shades or (self._papers[-1] if own is None else own))
        return True

    def _end(self, name: str) -> None:
        if name in ("p", "r"):
            self._looks.pop()
            if name == "p":
                self._collector.close_block()
        elif name == "tr":
            self._collector.close_row()
        elif name in ("tbl", "tc", "txbxContent"):
            self._papers.pop()
            if name == "tc":
                self._collector.close_cell()


def _is_filled(text_box: "etree._Element") -> bool:
    """Whether a text box may be coloured: unless its shape says that it has no fill."""
    shape = next((one for one in text_box.iterancestors() if local_name(one) == "wsp"), None)
    return child(shape, "spPr", "noFill") is None
