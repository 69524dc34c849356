"""The zip container of DOCX, PPTX and ODT, read within bounds.

Invariant: no entry is ever unpacked beyond what is left of ``Limits.max_unpacked_bytes``, whatever
the archive declares; nothing is written to disk; XML is parsed without entities, DTDs or network.
"""

import io
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from reviewer.errors import DamagedFile, Encrypted, UnpacksTooLarge
from reviewer.intake.limits import Limits

_MOST_ENTRIES = 10_000  # a presentation of 500 slides has about 3,000
_DIRECTORY_BYTES = 4_000_000  # of the archive's table of contents, which zipfile reads at once
_XML_PART_BYTES = 50_000_000  # a parsed tree takes several times the memory of its text
_CHUNK_BYTES = 1 << 20
_LINE_BYTES = 200
_ENCRYPTED_FLAG = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what office formats allow
_ENTITY = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))

# All that zipfile raises on hostile bytes, found by fuzzing: see the tests.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


class _BoundedReader(io.BufferedReader):
    """A file that refuses to hand out more than the largest table of contents at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = _DIRECTORY_BYTES + 1
        if size <= _DIRECTORY_BYTES:
            return super().read(size)
        data = super().read(_DIRECTORY_BYTES + 1)
        if len(data) > _DIRECTORY_BYTES:
            raise _TooManyEntries
        return data


class _TooManyEntries(Exception):
    """The table of contents is too long; turned into `UnpacksTooLarge` below."""


class OfficeZip:
    """One opened office file; part names are matched without regard to case, as the formats say."""

    def __init__(self, archive: zipfile.ZipFile, name: str, budget: int) -> None:
        self._archive = archive
        self._name = name
        self._left = budget
        self._entries = {
            entry.filename.replace("\\", "/").lstrip("/").lower(): entry
            for entry in archive.infolist()
        }

    @property
    def names(self) -> frozenset[str]:
        """The part names, lower case."""
        return frozenset(self._entries)

    def read(self, part: str) -> bytes | None:
        """The bytes of `part`; null if there is no such part.

        Raises `UnpacksTooLarge`, `Encrypted`, `DamagedFile`.
        """
        entry = self._entries.get(part.lstrip("/").lower())
        if entry is None:
            return None
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise _locked(self._name)
        if entry.compress_type not in _METHODS:
            raise damaged(self._name)
        out = bytearray()
        try:
            with self._archive.open(entry) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise _too_large(self._name)
                    out += chunk
        except _UNREADABLE as error:
            raise damaged(self._name) from error
        return bytes(out)

    def start_of(self, part: str) -> bytes:
        """The first bytes of `part`, a line's worth; empty where it cannot be read."""
        entry = self._entries.get(part.lower())
        if entry is None or entry.compress_type not in _METHODS:
            return b""
        try:
            with self._archive.open(entry) as stream:
                return stream.read(_LINE_BYTES)
        except _UNREADABLE:
            return b""

    def xml(self, part: str) -> "etree._Element | None":
        """The root element of an XML part; null if there is no such part.

        Raises as `read` does; `UnpacksTooLarge` also for a part that declares entities.
        """
        data = self.read(part)
        if data is None:
            return None
        if len(data) > _XML_PART_BYTES:
            raise _too_large(self._name)
        if any(mark in data for mark in _ENTITY):
            raise UnpacksTooLarge(
                f"{self._name} declares entities that could unpack without end, as no office "
                "program does: export it again as DOCX or PDF."
            )
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise damaged(self._name) from error


@contextmanager
def open_office_zip(path: Path, limits: Limits) -> Iterator[OfficeZip]:
    """Open an office file and check what it declares.

    Raises `DamagedFile` where the archive is cut off or corrupt, `UnpacksTooLarge` where its
    entries declare more than ``limits.max_unpacked_bytes`` or are too many.
    """
    name = path.name
    with _BoundedReader(io.FileIO(path)) as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except _TooManyEntries as error:
            raise _too_large(name) from error
        except _UNREADABLE as error:
            raise damaged(name) from error
        with archive:
            entries = archive.infolist()
            declared = sum(entry.file_size for entry in entries)
            if len(entries) > _MOST_ENTRIES or declared > limits.max_unpacked_bytes:
                raise _too_large(name)
            yield OfficeZip(archive, name, limits.max_unpacked_bytes)


def list_office_zip(path: Path) -> tuple[frozenset[str], str]:
    """The part names (lower case) and what the entry ``mimetype`` says, or an empty text.

    Unpacks nothing else. Raises `DamagedFile`; `UnpacksTooLarge` for too many entries.
    """
    with open_office_zip(path, Limits(max_unpacked_bytes=sys.maxsize)) as office:
        return office.names, office.start_of("mimetype").decode("ascii", "replace").strip()


def damaged(name: str) -> DamagedFile:
    """The error for an office file that cannot be decoded to its end."""
    return DamagedFile(
        f"{name} is damaged or was cut off on its way: open it where it was written, "
        "save it again and submit that file."
    )


def _too_large(name: str) -> UnpacksTooLarge:
    return UnpacksTooLarge(
        f"{name} would unpack to far more than a document holds: "
        "export it as PDF and submit that file."
    )


def _locked(name: str) -> Encrypted:
    return Encrypted(
        f"{name} is locked with a password: save it again without one and submit that file."
    )
