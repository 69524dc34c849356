"""RTF: the text body, with tables, text boxes and notes.

Invariant: control words that are not known leave no text and change nothing; groups that the
format marks as ignorable are ignored; a file whose groups are not all closed was cut off.
"""

import re
from dataclasses import dataclass, replace

from reviewer.errors import DamagedFile
from reviewer.intake.documents.document import Block, BlockCollector, Document, join_blocks
from reviewer.intake.documents.rtf_tables import read_tables
from reviewer.intake.documents.visibility import TINY_PT, is_near_white

_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    r"|\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<sign>[^a-zA-Z])"
    r"|(?P<brace>[{}])"
    r"|[\r\n\x00]+"
    r"|(?P<text>[^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_DEEPEST = 10_000  # open groups
_SKIPPED_WORDS = """
annotation atnauthor atndate atnicn atnid atnparent atnref atntime atrfend atrfstart author
bkmkend bkmkstart buptim category colortbl comment company creatim datafield datastore doccomm
docvar falt fchars file filetbl fldinst fonttbl footer footerf footerl footerr formfield ftncn
ftnsep ftnsepc generator header headerf headerl headerr info keywords latentstyles lchars list
listoverridetable listtable listtext manager nonesttables nonshppict objdata object operator pict
pn pntext printim private revtbl revtim rsidtbl rxe shppict shprslt sn sp stylesheet subject sv tc
template themedata title txe ud userprops xe xmlnstbl
"""
_SKIPPED = frozenset(_SKIPPED_WORDS.split())
_ENTERED = frozenset({"shpinst", "shptxt", "footnote", "dptxbxtext", "do"})  # though ignorable
_BOXES = frozenset({"shptxt", "footnote", "dptxbxtext"})  # paragraphs within a paragraph
_PARAGRAPH_ENDS = frozenset({"par", "sect", "page", "nestcell", "nestrow"})
_SIGNS = {
    "tab": "\t",
    "line": "\n",
    "emdash": "\u2014",
    "endash": "\u2013",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "~": "\u00a0",
    "_": "\u2011",
    "{": "{",
    "}": "}",
    "\\": "\\",
}


@dataclass(frozen=True, slots=True)
class _State:
    """What a group hands on to the groups in it."""

    encoding: str
    skipped: bool = False
    boxes: int = 0  # open text boxes and notes around
    fallback: int = 1  # characters after \u that stand for it in old readers
    gone: frozenset[str] = frozenset()  # of ``v`` and ``deleted``, those that are switched on
    half_points: int = 24
    colour: int = 0
    papers: frozenset[str] = frozenset()  # control words that painted something behind the text


def read_rtf(data: bytes, name: str) -> Document:
    """Read an RTF file. Raises `DamagedFile` where its groups do not close."""
    reader = _Reader(data.decode("latin-1"))
    if not reader.read():
        raise DamagedFile(
            f"{name} is damaged or was cut off on its way: open it where it was written, "
            "save it again and submit that file."
        )
    return Document(join_blocks(reader.blocks))


class _Reader:
    """Reads from the first brace to the one that closes it."""

    def __init__(self, text: str) -> None:
        self.blocks: list[Block] = []
        self._text = text
        self._tables = read_tables(text)
        first = self._tables.encoding_of(self._tables.default_font)
        self._state = _State(first)
        self._states: list[_State] = []
        self._paragraph = _new_paragraph()
        self._row: list[list[Block]] = []
        self._cell: list[Block] = []
        self._in_table = False
        self._bytes = bytearray()
        self._high: int | None = None  # half of a character outside the basic plane
        self._to_skip = 0  # of those characters, how many are still to come
        self._starts_group = self._ignorable = False

    def read(self) -> bool:
        """Fill `blocks`; false where the file ends within a group."""
        at = 0
        while at < len(self._text):
            token = _TOKEN.match(self._text, at)
            if token is None:  # a lone backslash at the end
                return False
            at = token.end()
            if token["word"] == "bin":
                at += max(0, int(token["number"] or 0))
            elif not self._take(token):
                self._end_paragraph()
                self._end_row()
                return True
            if len(self._states) > _DEEPEST:
                return False
        return False

    def _take(self, token: re.Match[str]) -> bool:
        """Act on one token; false when the outermost group has closed."""
        if token["text"]:
            self._characters(token["text"].encode("latin-1"))
            self._starts_group = False
        elif token["hex"]:
            self._characters(bytes.fromhex(token["hex"]))
        elif token["brace"] == "{":
            self._flush()
            self._states.append(self._state)
            self._starts_group, self._ignorable = True, False
        elif token["brace"]:
            return self._close_group()
        elif token["sign"] == "*":
            self._ignorable = True
        elif token["sign"]:
            self._flush()
            self._sign("par" if token["sign"] in "\r\n" else token["sign"])
        elif token["word"]:
            self._flush()
            self._word(token["word"], int(token["number"]) if token["number"] else None)
        return True

    def _close_group(self) -> bool:
        self._flush()
        self._to_skip = 0
        if not self._states:
            return False
        outer = self._states.pop()
        for _ in range(self._state.boxes - outer.boxes):
            self._paragraph.close_block()
        self._state = outer
        return bool(self._states)

    def _characters(self, data: bytes) -> None:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._state.encoding, "replace")
            self._bytes.clear()
            self._add(text)

    def _add(self, text: str) -> None:
        if not self._state.skipped and self._is_seen():
            self._paragraph.add(text)

    def _is_seen(self) -> bool:
        state = self._state
        white = is_near_white(self._tables.colour(state.colour)) and not state.papers
        return not (state.gone or state.half_points / 2 <= TINY_PT or white)

    def _sign(self, sign: str) -> None:
        if self._state.skipped:
            return
        if self._to_skip:
            self._to_skip -= 1
        elif sign in _PARAGRAPH_ENDS:
            self._end_paragraph()
        elif sign in _SIGNS:
            self._add(_SIGNS[sign])

    def _word(self, word: str, number: int | None) -> None:
        starts, self._starts_group = self._starts_group, False
        ignorable, self._ignorable = self._ignorable, False
        if word == "u" and number is not None:
            self._unicode(number)
        elif self._to_skip and word in _SIGNS:
            self._to_skip -= 1
        elif (word in _SKIPPED and (starts or word == "pict")) or (
            ignorable and word not in _ENTERED
        ):
            self._state = replace(self._state, skipped=True)
        elif self._state.skipped:
            return
        elif word in _BOXES:
            self._paragraph.open_block()
            self._state = replace(self._state, boxes=self._state.boxes + 1)
        elif word in _SIGNS or word in _PARAGRAPH_ENDS:
            self._sign(word)
        elif word in ("intbl", "cell", "row", "pard"):
            self._table_word(word)
        else:
            self._state = self._formatted(word, number)

    def _unicode(self, number: int) -> None:
        self._to_skip = self._state.fallback
        code = number & 0xFFFF
        if 0xDC00 <= code < 0xE000 and self._high is not None:
            code = 0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00)
        self._high = code if 0xD800 <= code < 0xDC00 else None
        if self._high is None:
            self._add("\ufffd" if 0xDC00 <= code < 0xE000 else chr(code))

    def _table_word(self, word: str) -> None:
        if word == "intbl":
            self._in_table = True
        elif word == "pard":
            self._in_table = False
            self._state = replace(self._state, papers=self._state.papers - {"cbpat"})
        elif word == "cell":
            self._in_table = True
            self._end_paragraph()
            self._row.append(self._cell)
            self._cell = []
        else:
            self._end_row()

    def _end_paragraph(self) -> None:
        if self._state.boxes:
            self._paragraph.close_block()
            self._paragraph.open_block()
            return
        self._paragraph.close_block()
        done = self._paragraph.finish()
        self._paragraph = _new_paragraph()
        if self._in_table:
            self._cell += done
            return
        if self._row or self._cell:
            self._end_row()
        self.blocks += done

    def _end_row(self) -> None:
        row, self._row, self._cell = [*self._row, self._cell], [], []
        collector = BlockCollector()
        collector.open_row()
        for cell in row:
            collector.open_cell()
            collector.put(cell)
            collector.close_cell()
        collector.close_row()
        self.blocks += collector.finish()

    def _formatted(self, word: str, number: int | None) -> _State:
        """The state after a control word that formats; the same where it says nothing here."""
        state = self._state
        if word in ("v", "deleted"):
            gone = state.gone - {word} if number == 0 else state.gone | {word}
            return replace(state, gone=gone)
        if word == "plain":
            encoding = self._tables.encoding_of(self._tables.default_font)
            papers = state.papers - {"highlight", "cb", "chcbpat"}
            return _State(encoding, state.skipped, state.boxes, state.fallback, papers=papers)
        if number is None:
            return state
        if word == "f":
            return replace(state, encoding=self._tables.encoding_of(number))
        if word == "uc":
            return replace(state, fallback=max(0, number))
        if word == "fs":
            return replace(state, half_points=number)
        if word == "cf":
            return replace(state, colour=number)
        if word in ("highlight", "cb", "chcbpat", "cbpat", "clcbpat"):
            white = is_near_white(self._tables.colour(number)) or number == 0
            papers = state.papers - {word} if white else state.papers | {word}
            return replace(state, papers=papers)
        return state


def _new_paragraph() -> BlockCollector:
    collector = BlockCollector()
    collector.open_block()
    return collector
