"""Bytes of a text file to characters: the encoding is told with confidence, or the file is refused.

Invariant: `decode` changes nothing but the encoding, newlines (to line feeds) and the normal form
(NFC); a U+FFFD that comes out was in the file. The time is proportional to the length of the file.

Tried in order: a byte order mark; strict UTF-8; UTF-16 without a mark where the zero bytes give it
away; Windows-1252, which contains all printable characters of Latin-1, where the result reads like
a Western language. Other one-byte encodings cannot be told apart without knowing the language.
"""

import codecs
import re
import unicodedata

from reviewer.errors import UnreadableEncoding

_MARKS = (  # the longer marks first: UTF-32 LE begins with the mark of UTF-16 LE
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""Characters that no text editor writes; tabs, line ends, form feeds and escapes are not here."""

_MOST_CONTROLS = 0.02  # share of characters; above it the file is no text
_MARKS_IN_A_ROW = 30  # UAX #15, Stream-Safe Text Format: no writing system needs more
_MARK_RUN = re.compile(rf"[^\x00-\u02ff]{{{_MARKS_IN_A_ROW},}}")

# What a wrong guess of Windows-1252 looks like, as far as one line of text can show it.
_JOINERS = "’‘´`“”–—…\u00ad·&/"  # stand between letters in real Western text
_FOREIGN = re.compile(
    r"[^\x00-\x7f]{3,}"  # Cyrillic, Greek, Hebrew, Thai, East Asian: whole words of high bytes
    r"|[a-zß-öø-ÿ][À-ÖØ-Þ][a-zß-öø-ÿ]"  # Mac OS Roman: don’t becomes donÕt
    rf"|[^\W\d_][^\x00-\x7f\w\s{_JOINERS}][^\W\d_]"  # Latin-2, code page 850: signs inside words
    r"|[^\W\d_][‚„]"  # code page 437 and 850: café becomes caf‚
    r"|[¼¾¹³¶±][a-zß-öø-ÿ]"  # Latin-2: žák becomes ¾ák
    r"|[ðþ]"  # code page 1254: Turkish ğ and ş; Icelandic has to come as UTF-8
)
_JOINERS_OUT = re.compile(f"[{_JOINERS}]")
_LETTERS_FOR_A_SHARE = 100
_MOST_ACCENTED = 0.10  # share of letters; French has 4 to 6 %, Czech 15 %


def decode(data: bytes, name: str) -> str:
    """The characters of `data`, newlines as line feeds, in normal form C.

    Raises `UnreadableEncoding`, with `name` in the sentence, where no encoding can be told.
    """
    text = decode_only(data)
    if text is None:
        raise UnreadableEncoding(
            f"{name} is text in an encoding that cannot be told: "
            "save it again as UTF-8 and submit that file."
        )
    return canonical(text)


def decode_only(data: bytes) -> str | None:
    """The characters of `data` as they stand, without its byte order mark; null if untellable."""
    return decode_start(data, whole=True)


def decode_start(data: bytes, whole: bool) -> str | None:
    """As `decode_only`; where `data` is not the `whole` file, its last character may be cut off."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, whole)
    for text in (_utf16_without_mark(data, whole), _strictly(data, "utf-8", whole)):
        if text is not None:
            return text
    text = _strictly(data, "cp1252", whole)
    return text if text is not None and _reads_western(text) else None


def canonical(text: str) -> str:
    """`text` with line feeds, in normal form C: the only changes a text file undergoes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if unicodedata.is_normalized("NFC", text):
        return text
    # `normalize` sorts combining marks by insertion, which takes quadratic time on a long run of
    # them; decomposing and sorting such a run first (the same stable order) keeps it linear.
    return unicodedata.normalize("NFC", _MARK_RUN.sub(_marks_in_order, text))


def is_mostly_text(text: str) -> bool:
    """Whether control characters are as rare as they are in text that people write."""
    return len(CONTROLS.findall(text)) <= _MOST_CONTROLS * len(text)


def _strictly(data: bytes, encoding: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, whole)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(data: bytes, whole: bool) -> str | None:
    """Certain only where all zero bytes are high halves and nothing unprintable comes out."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if (whole and len(data) % 2) or max(even, odd) < max(2, len(data) // 20) or min(even, odd):
        return None
    text = _strictly(data, "utf-16-be" if even else "utf-16-le", whole)
    if text is None or CONTROLS.search(text):
        return None
    strange = sum(unicodedata.category(character) in ("Cn", "Co") for character in text)
    return None if strange else text


def _reads_western(text: str) -> bool:
    if CONTROLS.search(text) or _FOREIGN.search(_JOINERS_OUT.sub(" ", text)):
        return False
    letters = sum(map(str.isalpha, text))
    accented = sum(character > "\x7f" and character.isalpha() for character in text)
    return letters < _LETTERS_FOR_A_SHARE or accented <= _MOST_ACCENTED * letters


def _marks_in_order(run: re.Match[str]) -> str:
    """The run decomposed, each stretch of combining marks in it sorted by combining class."""
    out: list[str] = []
    marks: list[str] = []
    for character in "".join(unicodedata.normalize("NFD", one) for one in run.group()):
        if unicodedata.combining(character):
            marks.append(character)
            continue
        out += sorted(marks, key=unicodedata.combining)
        marks = []
        out.append(character)
    return "".join(out + sorted(marks, key=unicodedata.combining))
