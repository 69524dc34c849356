"""Whether a recording ends before its own container says that it ends.

Invariant: a file is called cut off only on the word of its own header (a length in bytes or in
seconds, an unfinished page); a container that declares nothing is never suspected.

mp4, mov, m4a, mkv, webm, flac, mp3 with a Xing tag: the seconds in the header against what the
packets reach (`declares_seconds`). wav, avi, wmv, wma: the bytes in the header against the size of
the file (`is_cut`). ogg: the last page must be whole (`is_cut`). An index of an mp4 that stands at
the end must be whole too (`is_cut`): what it lacks is no longer known to be there at all. A bare
mp3 and a webm as browsers record it declare nothing: not told.
"""

import struct
from pathlib import Path

SLACK_BYTES = 4096  # a header may be off by a trailing chunk or tag
SLACK_SHARE = 0.005  # of the declared size
OGG_TAIL = 65_307 + 27  # largest page, bytes: the last page begins within this tail
ASF_HEADER = b"0&\xb2u\x8ef\xcf\x11"
ASF_PROPERTIES = b"\xa1\xdc\xab\x8cG\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c Se"
MP4_INDEX = frozenset({b"moov", b"moof"})
MP4_BOXES = 10_000  # boxes looked at; a fragmented recording of three hours has some thousands
XING_WITHIN = 4096  # bytes after the ID3 tag: the first frame of an mp3 lies there


def declares_seconds(path: Path, demuxer: str) -> bool:
    """True where the duration that `demuxer` reports is one that the file itself declares."""
    names = set(demuxer.split(","))
    if "mp3" in names:
        return _has_xing(path)
    return bool(names & {"mov", "matroska", "flac"})


def is_cut(path: Path) -> bool:
    """True where a header promises more bytes than there are, or a last page is unfinished."""
    with path.open("rb") as file:
        head = file.read(8192)
    size = path.stat().st_size
    if head[:4] in (b"RIFF", b"RF64"):
        return _is_short(size, 8 + struct.unpack("<I", head[4:8])[0])
    if head.startswith(ASF_HEADER):
        return _is_short(size, _asf_bytes(head))
    if head[4:8] == b"ftyp":
        return _mp4_index_is_short(path, size)
    return head[:4] == b"OggS" and _ogg_is_short(path, size)


def _is_short(size: int, declared: int) -> bool:
    """Compare sizes; a declared size that a live writer never filled in says nothing."""
    unset = declared <= 8 or declared >= 0xFFFFFFFF
    return not unset and declared - size > max(SLACK_BYTES, declared * SLACK_SHARE)


def _asf_bytes(head: bytes) -> int:
    """The file size of the File Properties object; 0 where it is absent or a live broadcast."""
    at = head.find(ASF_PROPERTIES)
    if at < 0 or len(head) < at + 92:
        return 0
    size: int = struct.unpack_from("<Q", head, at + 40)[0]
    flags: int = struct.unpack_from("<I", head, at + 88)[0]
    return 0 if flags & 1 else size


def _mp4_index_is_short(path: Path, size: int) -> bool:
    """Whether a box with an index, ISO/IEC 14496-12 section 4.2, goes beyond the file's end."""
    at = 0
    with path.open("rb") as file:
        for _ in range(MP4_BOXES):
            file.seek(at)
            head = file.read(16)
            if len(head) < 8:
                return False
            length: int = struct.unpack(">I", head[:4])[0]
            if length == 1 and len(head) == 16:
                length = struct.unpack(">Q", head[8:])[0]
            if length < 8:  # 0: to the end of the file
                return False
            at += length
            if at > size:
                return head[4:8] in MP4_INDEX
    return False


def _ogg_is_short(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, size - OGG_TAIL))
        tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0:
        return True
    page = tail[at:]
    if len(page) < 27 or len(page) < 27 + page[26]:
        return True
    return len(page) < 27 + page[26] + sum(page[27 : 27 + page[26]])


def _has_xing(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(10)
        start = 0
        if head[:3] == b"ID3" and len(head) == 10:
            # four bytes of seven bits each, ID3v2 section 3.1
            start = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
        file.seek(start)
        frame = file.read(XING_WITHIN)
    return any(tag in frame for tag in (b"Xing", b"Info", b"VBRI"))
