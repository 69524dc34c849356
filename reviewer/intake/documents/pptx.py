"""PPTX: the slides in the order of the show, each with its speaker notes after it.

Invariant: one span with ``unit="slide"`` a slide, in the order in which they are shown. Hidden
slides count (they stand in the file, are printed, and a reader sees them); hidden shapes, slide
numbers, dates, footers and what the layout prompts for do not.
"""

from pathlib import Path

from lxml import etree

from reviewer.intake.documents.document import (
    Block,
    BlockCollector,
    Document,
    join_blocks,
    join_pages,
)
from reviewer.intake.documents.ooxml import (
    FALLBACK,
    Relations,
    attribute,
    child,
    diagram_blocks,
    local_name,
    main_part,
)
from reviewer.intake.documents.visibility import TINY_PT
from reviewer.intake.limits import Limits
from reviewer.intake.office_zip import OfficeZip, damaged, open_office_zip

NOTES_MARK = "Notes:"
"""The line of its own that stands between a slide's text and its speaker notes."""

_SKIPPED = frozenset(
    {FALLBACK, "fld", "pPr", "rPr", "endParaRPr", "bodyPr", "lstStyle", "tblPr", "tcPr"}
)
_REPEATED = frozenset({"dt", "ftr", "hdr", "sldNum"})  # placeholders that every slide has
_SHAPES = frozenset({"sp", "grpSp", "graphicFrame", "cxnSp", "pic"})
_HUNDREDTHS = 100.0  # of a point, in which sizes are given


def read_pptx(path: Path, limits: Limits) -> Document:
    """Read a presentation. Raises `DamagedFile`, `UnpacksTooLarge`, `Encrypted`."""
    with open_office_zip(path, limits) as office:
        part = main_part(office, "ppt/presentation.xml")
        presentation = office.xml(part)
        if presentation is None or local_name(presentation) != "presentation":
            raise damaged(path.name)
        relations = Relations(office, part)
        listed = child(presentation, "sldIdLst")
        slides = [
            relations.part(_relation_id(slide)) for slide in (listed if listed is not None else ())
        ]
        return join_pages((_slide(office, one, path.name) for one in slides), "slide")


def _relation_id(slide: "etree._Element") -> str | None:
    """The ``r:id``; the plain ``id`` beside it is a number of no use here."""
    return next((str(value) for key, value in slide.attrib.items() if key.endswith("}id")), None)


def _slide(office: OfficeZip, part: str | None, name: str) -> str:
    root = office.xml(part) if part else None
    if part is None or root is None:
        raise damaged(name)
    relations = Relations(office, part)
    blocks = _Shapes(office, relations, frozenset()).walk(root)
    for notes in relations.of_kind("notesSlide"):
        written = office.xml(notes)
        if written is not None:
            said = _Shapes(office, Relations(office, notes), frozenset({"sldImg"})).walk(written)
            blocks += [Block(NOTES_MARK), *said] if said else []
    return join_blocks(blocks)


class _Shapes:
    """Walks the shapes of one slide, or of its notes page, from start tags to end tags."""

    def __init__(self, office: OfficeZip, relations: Relations, skipped: frozenset[str]) -> None:
        self._collector = BlockCollector()
        self._office = office
        self._relations = relations
        self._skipped = _REPEATED | skipped
        self._tiny = False

    def walk(self, root: "etree._Element") -> list[Block]:
        """The blocks of all shapes that count, in the order of the slide."""
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
        if name in _SKIPPED or (name in _SHAPES and not self._counts(element)):
            return False
        if name == "p":
            self._collector.open_block()
        elif name == "tr":
            self._collector.open_row()
        elif name == "tc":
            self._collector.open_cell()
        elif name == "br":
            self._collector.add("\n")
        elif name == "r":
            properties = child(element, "rPr")
            size = "" if properties is None else attribute(properties, "sz") or ""
            self._tiny = size.isdecimal() and int(size) / _HUNDREDTHS <= TINY_PT
        elif name == "t" and not self._tiny:
            self._collector.add(element.text or "")
        elif name == "relIds":
            part = self._relations.part(attribute(element, "dm"))
            self._collector.put(diagram_blocks(self._office.xml(part)) if part else [])
        return True

    def _end(self, name: str) -> None:
        if name == "p":
            self._collector.close_block()
        elif name == "tr":
            self._collector.close_row()
        elif name == "tc":
            self._collector.close_cell()
        elif name == "r":
            self._tiny = False

    def _counts(self, shape: "etree._Element") -> bool:
        properties = next((one for one in shape if local_name(one).startswith("nv")), None)
        drawn = child(properties, "cNvPr")
        if drawn is not None and attribute(drawn, "hidden") in ("1", "true"):
            return False
        placeholder = child(properties, "nvPr", "ph")
        return placeholder is None or attribute(placeholder, "type") not in self._skipped
