"""The first bytes by which binary files are told: recordings, pictures, archives, programs.

Invariant: pure functions of the bytes given; a signature is long enough, or checked further, that
no text in a Western or UTF-8 encoding begins with it.
"""

import mmap
from itertools import pairwise

_PDF_WITHIN = 1024  # bytes; readers look for the header this far (ISO 32000-1, annex H)

_MEDIA = (
    b"\x1aE\xdf\xa3",  # Matroska, WebM
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c",  # WMV, WMA (ASF)
    b"fLaC",
    b"OggS",
    b"ID3",  # a tag before MP3 (or AAC) frames
    b"#!AMR",
    b"FLV\x01",
    b"\x00\x00\x01\xba",  # MPEG program stream
)
_RIFF_MEDIA = (b"AVI ", b"WAVE")
_MP4_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp")  # QuickTime, no ftyp
_PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"crx ")

_PICTURE = (
    "is a picture ({what}), and only words can be reviewed: put it into a document that says in "
    "words what it shows, or submit a PDF with recognized text."
)
_ARCHIVE = "is an archive ({what}): unpack it and submit the files one by one."
_PROGRAM = "is a program ({what}), which is never opened: submit a document or a recording."
_EXPORT = "is {what}: export it as PDF and submit that file."

_FOREIGN: tuple[tuple[int, bytes, str, str], ...] = (  # offset, bytes, sentence, what
    (0, b"\x89PNG\r\n\x1a\n", _PICTURE, "PNG"),
    (0, b"\xff\xd8\xff", _PICTURE, "JPEG"),
    (0, b"GIF87a", _PICTURE, "GIF"),
    (0, b"GIF89a", _PICTURE, "GIF"),
    (0, b"II*\x00", _PICTURE, "TIFF"),
    (0, b"MM\x00*", _PICTURE, "TIFF"),
    (0, b"8BPS\x00\x01", _PICTURE, "Photoshop"),
    (0, b"\x00\x00\x01\x00", _PICTURE, "icon"),
    (0, b"\x7fELF", _PROGRAM, "Linux"),
    (0, b"\xcf\xfa\xed\xfe", _PROGRAM, "macOS"),
    (0, b"\xce\xfa\xed\xfe", _PROGRAM, "macOS"),
    (0, b"\xca\xfe\xba\xbe", _PROGRAM, "macOS or Java"),
    (0, b"#!/", _PROGRAM, "script"),
    (0, b"\x1f\x8b\x08", _ARCHIVE, "gzip"),
    (4, b"1AY&SY", _ARCHIVE, "bzip2"),
    (0, b"\xfd7zXZ\x00", _ARCHIVE, "xz"),
    (0, b"7z\xbc\xaf\x27\x1c", _ARCHIVE, "7z"),
    (0, b"Rar!\x1a\x07", _ARCHIVE, "RAR"),
    (0, b"\x28\xb5\x2f\xfd", _ARCHIVE, "Zstandard"),
    (257, b"ustar", _ARCHIVE, "tar"),
    (0, b"SQLite format 3\x00", _EXPORT, "a database"),
    (0, b"%!PS", _EXPORT, "a PostScript file"),
)

_OLE_ENTRY_BYTES = 128  # one entry of the directory of an OLE compound file
_OLE_NAMES = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "an old Word document (.doc)"),
    ("Workbook", "an old Excel workbook (.xls)"),
    ("Book", "an old Excel workbook (.xls)"),
    ("PowerPoint Document", "an old PowerPoint presentation (.ppt)"),
    ("__properties_version1.0", "an Outlook message (.msg)"),
)

# MPEG audio layer III: kbit/s by index, for version 1 and for versions 2 and 2.5
_MP3_KBITS = (
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_MP3_HZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MP3_FRAMES = 3  # that follow one another
_MP3_WITHIN = 8192  # bytes; a recording cut from a stream begins within a frame


def is_pdf(head: bytes) -> bool:
    """Whether `head`, the first KiB or more of a file, is of a PDF.

    Past the first bytes the header counts only in a file that is no text: people write about PDF.
    """
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    return start.startswith(b"%PDF-") or (b"%PDF-" in head[:_PDF_WITHIN] and b"\x00" in head)


def is_media(head: bytes) -> bool:
    """Whether `head` is of a recording that could be decoded; pictures in MP4 boxes are none."""
    return _has_mp3_frames(head) or (b"\x00" in head and _has_container(head))


def _has_container(head: bytes) -> bool:
    if head.startswith(_MEDIA) or (head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC")):
        return True
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return head[8:12] in _RIFF_MEDIA
    if head[4:8] == b"ftyp":
        return head[8:12] not in _PICTURE_BRANDS
    if head[4:8] in _MP4_BOXES:
        return True
    return len(head) > 376 and head[0] == head[188] == head[376] == 0x47  # MPEG transport stream


def foreign_binary(head: bytes) -> str | None:
    """The end of the sentence on a binary file of a known kind that is not read; null if unknown.

    Takes 300 bytes or more of the beginning.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _PICTURE.format(what="WebP")
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return _PICTURE.format(what="HEIC or AVIF")
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return _PICTURE.format(what="BMP")
    if head[:2] == b"MZ" and b"\x00" in head:
        return _PROGRAM.format(what="Windows")
    for offset, signature, sentence, what in _FOREIGN:
        if head[offset : offset + len(signature)] == signature:
            return sentence.format(what=what)
    return None


def name_ole_container(data: bytes | mmap.mmap) -> str | None:
    """What an OLE compound file holds, by the names in its directory; null if none is known.

    ``"encrypted"`` stands for an Office Open XML file locked with a password.
    """
    for name, what in _OLE_NAMES:
        entry = name.encode("utf-16-le") + b"\x00\x00"
        at = data.find(entry)
        while at >= 0:
            if at % _OLE_ENTRY_BYTES == 0:
                return what
            at = data.find(entry, at + 1)
    return None


def _has_mp3_frames(head: bytes) -> bool:
    at = head.find(b"\xff", 0, _MP3_WITHIN)
    while at >= 0:
        if _frames_from(head, at) == _MP3_FRAMES:
            return True
        at = head.find(b"\xff", at + 1, _MP3_WITHIN)
    return False


def _frames_from(head: bytes, at: int) -> int:
    """How many frames follow one another from `at`, up to the number that is asked for."""
    starts = [at]
    for _ in range(_MP3_FRAMES):
        length = _mp3_frame_length(head[starts[-1] : starts[-1] + 4])
        if length is None:
            break
        starts.append(starts[-1] + length)
    return sum(1 for _ in pairwise(starts))


def _mp3_frame_length(header: bytes) -> int | None:
    """Bytes of the layer III frame that begins with these four; null if it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return None
    kbits = _MP3_KBITS[version != 3][bitrate - 1]
    per_frame = 144_000 if version == 3 else 72_000
    return per_frame * kbits // _MP3_HZ[version][rate] + (header[2] >> 1 & 1)
