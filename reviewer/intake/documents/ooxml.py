"""What DOCX and PPTX have in common: relations between parts, and elements by local name.

Invariant: namespaces are ignored on purpose, so that files in the strict and the transitional form
of the standard, which differ in nothing else here, are read alike.
"""

import posixpath
from collections.abc import Iterator

from lxml import etree

from reviewer.intake.documents.document import Block, BlockCollector
from reviewer.intake.office_zip import OfficeZip

FALLBACK = "Fallback"
"""The older twin of the ``Choice`` in an ``AlternateContent``; both would say it twice."""


def local_name(element: "etree._Element") -> str:
    """The tag without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: "etree._Element", name: str) -> str | None:
    """The attribute of that local name, in whatever namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: "etree._Element | None", *names: str) -> "etree._Element | None":
    """The first child of the given local name, then its first child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local_name(one) == name), None)
    return element


def switched_on(element: "etree._Element | None") -> bool | None:
    """The value of an on/off property such as ``w:vanish``; null where it is not given."""
    if element is None:
        return None
    return (attribute(element, "val") or "true").lower() not in ("0", "false", "off", "none")


class Relations:
    """The parts that one part points to, by id and by kind."""

    def __init__(self, office: OfficeZip, part: str) -> None:
        folder, name = posixpath.split(part)
        root = office.xml(f"{folder}/_rels/{name}.rels".lstrip("/"))
        self._targets: dict[str, tuple[str, str]] = {}
        for relation in root if root is not None else ():
            if attribute(relation, "TargetMode") == "External":
                continue  # never fetched
            kind = (attribute(relation, "Type") or "").rpartition("/")[2]
            target = attribute(relation, "Target") or ""
            path = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            self._targets[attribute(relation, "Id") or ""] = (kind, path)

    def part(self, identifier: str | None) -> str | None:
        """The part with this relation id."""
        return self._targets.get(identifier or "", (None, None))[1]

    def of_kind(self, kind: str) -> Iterator[str]:
        """The parts of a kind (the last piece of its type), such as ``notesSlide``."""
        for found, path in self._targets.values():
            if found == kind:
                yield path


def main_part(office: OfficeZip, usual: str) -> str:
    """The part that holds the document, which some programs name unusually."""
    return next((part for part in Relations(office, "").of_kind("officeDocument")), usual)


def diagram_blocks(root: "etree._Element | None") -> list[Block]:
    """The texts of a SmartArt diagram, a block each, in the order in which they were entered."""
    collector = BlockCollector()
    for paragraph in root.iter("{*}p") if root is not None else ():
        collector.open_block()
        for text in paragraph.iter("{*}t"):
            collector.add(text.text or "")
        collector.close_block()
    return collector.finish()
