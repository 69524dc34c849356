"""What a submitted file is, told from its content; the name says nothing but TEXT or MARKDOWN.

Invariant: `sniff` reads the beginning of a file and, of office files, the table of contents,
whatever the size of the file; it changes nothing and unpacks no more than a line.
"""

import mmap
import re
from enum import StrEnum
from pathlib import Path

from reviewer.errors import DamagedFile, EmptyFile, Encrypted, UnreadableEncoding, WrongType
from reviewer.intake.encoding import decode_start, is_mostly_text
from reviewer.intake.office_zip import list_office_zip
from reviewer.intake.signatures import foreign_binary, is_media, is_pdf, name_ole_container


class ContentKind(StrEnum):
    """What reviewer reads; captions and recordings are not documents."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    ODT = "odt"
    RTF = "rtf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    WEBVTT = "webvtt"
    SRT = "srt"
    MEDIA = "media"


_HEAD_BYTES = 1 << 18
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_BINARY = 0.02  # share of bytes that no text in a one-byte encoding has

_ODT = "application/vnd.oasis.opendocument.text"
_OFFICE_FOLDERS = (("word/", ContentKind.DOCX), ("ppt/", ContentKind.PPTX))
_OTHER_OFFICE = (  # what the name of an entry, or the declared type, says
    ("xl/", "a spreadsheet (Excel)"),
    ("visio/", "a Visio drawing"),
    ("application/vnd.oasis.opendocument.spreadsheet", "a spreadsheet (OpenDocument)"),
    ("application/vnd.oasis.opendocument.presentation", "a presentation (OpenDocument)"),
    ("application/vnd.oasis.opendocument", "an OpenDocument file, but no text"),
    ("application/epub+zip", "an e-book (EPUB)"),
    ("index/", "a Pages, Numbers or Keynote document"),
    ("index.apxl", "a Keynote presentation"),
    ("index.xml", "a Pages or Numbers document"),
)

_LEADING = r"\A(?:[\s\ufeff]|<!--.*?-->|<\?xml.*?\?>)*"
_HTML = re.compile(_LEADING + r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_FRAGMENT = re.compile(
    _LEADING + r"<(?:p|div|h[1-6]|table|ul|ol|section|article|main|style|title|meta)\b[^<]*>",
    re.IGNORECASE | re.DOTALL,
)
_SVG = re.compile(_LEADING + r"(?:<!doctype\s+svg[^>]*>\s*)?<svg\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\A[\s\ufeff]*<\?xml\s")
_MAIL = re.compile(r"\A(?:[A-Za-z-]+: .*\n(?:[ \t].*\n)*)*?MIME-Version: 1\.0\b", re.IGNORECASE)
_MAIL_BYTES = 4096
_WEBVTT = re.compile(r"\A\ufeff?WEBVTT(?:[ \t\n]|\Z)")
_TIME = r"\d{1,3}:\d\d:\d\d[,.]\d{1,3}"
_SRT = re.compile(rf"\A[\s\ufeff]*(?:\d+[ \t]*\n[ \t]*)?{_TIME}[ \t]*-->[ \t]*{_TIME}")
_MARKS = re.compile(
    r"^(?:#{1,6}[ \t]+\S|```|~~~|[ \t]*[-*+][ \t]+\[[ xX]\][ \t]|\|?[ \t]*:?-{3,}:?[ \t]*\|)"
    r"|\[[^\]\n]{1,200}\]\((?:https?:|mailto:|#|\./)"
    r"|(?<!\*)\*\*[^\s*][^*\n]{0,200}\*\*",
    re.MULTILINE,
)
_BY_NAME = {
    ".md": ContentKind.MARKDOWN,
    ".markdown": ContentKind.MARKDOWN,
    ".mdown": ContentKind.MARKDOWN,
    ".txt": ContentKind.TEXT,
    ".text": ContentKind.TEXT,
}


def sniff(path: Path) -> ContentKind:
    """Tell what the file at `path` is from its bytes.

    Raises `EmptyFile`; `WrongType` for content that is not read, each kind with its own sentence;
    `Encrypted` for an office file behind a password; `UnreadableEncoding` for text in no tellable
    encoding; `DamagedFile` and `UnpacksTooLarge` for a zip container that cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        whole = len(head) < _HEAD_BYTES or not stream.read(1)
    if not head:
        raise EmptyFile(f"{path.name} is empty (0 bytes): please submit it again.")
    if head.startswith(b"{\\rtf"):
        return ContentKind.RTF
    if is_pdf(head):
        return ContentKind.PDF
    if head.startswith(_ZIP):
        return _inside_zip(path, head)
    if head.startswith(_OLE):
        raise _inside_ole(path)
    if is_media(head):
        return ContentKind.MEDIA
    foreign = foreign_binary(head)
    if foreign is not None:
        raise WrongType(f"{path.name} {foreign}")
    return _kind_of_text(path, head, whole)


def _inside_zip(path: Path, head: bytes) -> ContentKind:
    try:
        names, mimetype = list_office_zip(path)
    except DamagedFile:
        # What can still be told lets the reader, and the check of the slots, name it.
        kind = next((kind for folder, kind in _OFFICE_FOLDERS if folder.encode() in head), None)
        if kind is None and _ODT.encode() not in head:
            raise
        return kind or ContentKind.ODT
    if mimetype in (_ODT, _ODT + "-template", _ODT + "-master"):
        return ContentKind.ODT
    if "[content_types].xml" in names:
        for folder, kind in _OFFICE_FOLDERS:
            if any(name.startswith(folder) for name in names):
                return kind
    for sign, what in _OTHER_OFFICE:
        if mimetype.startswith(sign) or any(name.startswith(sign) for name in names):
            raise WrongType(f"{path.name} is {what}: export it as PDF and submit that file.")
    raise WrongType(f"{path.name} is an archive (ZIP): unpack it and submit the files one by one.")


def _inside_ole(path: Path) -> WrongType | Encrypted:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        what = name_ole_container(data)
    if what == "encrypted":
        return Encrypted(
            f"{path.name} is locked with a password: save it again without one and submit that."
        )
    return WrongType(
        f"{path.name} is {what or 'a file of an old office program'}: "
        "save it as DOCX or PDF and submit that file."
    )


def _kind_of_text(path: Path, head: bytes, whole: bool) -> ContentKind:
    text = decode_start(head, whole)
    if text is None and _HTML.search(head.decode("latin-1")):
        return ContentKind.HTML  # which may declare its encoding
    if text is None and len(_BINARY.findall(head)) <= _MOST_BINARY * len(head):
        raise UnreadableEncoding(
            f"{path.name} is text in an encoding that cannot be told: "
            "save it again as UTF-8 and submit that file."
        )
    if text is None or not is_mostly_text(text):
        raise WrongType(
            f"{path.name} is of no kind that can be read: submit a PDF, DOCX, PPTX, ODT, RTF, "
            "HTML, Markdown or text file, or a recording."
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _WEBVTT.search(text):
        return ContentKind.WEBVTT
    if _SRT.search(text):
        return ContentKind.SRT
    if _HTML.search(text) or (_FRAGMENT.search(text) and whole and text.rstrip().endswith(">")):
        return ContentKind.HTML
    _refuse_markup(path, text)
    by_name = _BY_NAME.get(path.suffix.lower())
    return by_name or (ContentKind.MARKDOWN if _MARKS.search(text) else ContentKind.TEXT)


def _refuse_markup(path: Path, text: str) -> None:
    """Text that machines exchange and nobody reads as it stands."""
    if _SVG.search(text):
        raise WrongType(
            f"{path.name} is a picture (SVG), and only words can be reviewed: put it into a "
            "document that says in words what it shows."
        )
    if _XML.search(text):
        raise WrongType(f"{path.name} is an XML file: export it as PDF and submit that file.")
    if _MAIL.search(text[:_MAIL_BYTES]):
        raise WrongType(
            f"{path.name} is an e-mail or a web archive: export it as PDF and submit that file."
        )
