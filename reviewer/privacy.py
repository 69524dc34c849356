"""Names, addresses and numbers of people in a text, covered by marks of the same length.

Invariant: a masked text has as many characters as the text, so that places in the one are places in
the other; masking it again changes nothing; no name of the roster is left in it. Pure.

A name of the roster covers each of its parts by itself: pupils are called by their first names. A
part is met in any case and with or without accents, but one that is a word as well (Will, May)
only where it begins with a capital letter. Addresses, telephone numbers and long numbers are met by
their form.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reviewer.errors import MaskingError

VERSION = "2"
"""Raised by hand where another text comes of the same names: what was read before is read anew."""

MARK = "█"
"""Stands for one covered character; white space is left as it is."""

SHORTEST = 2
"""Letters of a part of a name that is covered."""

_PARTICLE_WORDS = "al ben bin da de del della den der di dos du el ibn la le van von"
_BOTH_WORDS = (
    "angel april art august autumn bill bishop brook chance chase christian cook crystal dale "
    "daisy dawn dean destiny drew earnest eve faith frank gene glen grace grant harmony heather "
    "hill holly hope hunter iris ivy jack jade jasmine jay jean jo joy june king lane lily love "
    "mark mason may melody mercy miles noble olive parker patience pearl penny poppy price prince "
    "ray reed rich rob robin rose ruby rusty sandy serenity skip sky smith stone sue summer taylor "
    "ted trinity turner violet ward wade walker wells west will wood young"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_WORDS_TOO = frozenset(_BOTH_WORDS.split())

# Accents and vowels that are written as marks of their own belong to the word, in every script.
_ACCENTS = "".join(
    chr(code) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_ACCENTS}])*")
_FORMS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an address for mail
    r"|[A-Za-z]{0,3}-?\d{6,}"  # a number of a pupil or a person
    r"|\+\d[\d ().\-/]{5,17}\d"  # a telephone number, with its country
    r"|(?<!\d)\(?\d{3}\)?[ .\-/]\d{3}[ .\-]\d{4}(?!\d)"
    r"|(?<!\d)\d{3}[.\-]\d{4}(?!\d)"
    r"|(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"
    r"|(?<!\d)0\d{1,4}(?:[ .\-/]\d{2,4}){3,4}(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Masking:
    """What is covered: names, one an entry, as people write them; and what has a telling form."""

    names: tuple[str, ...]

    def mask(self, text: str) -> str:
        """The text with everything covered; as long as it was, character for character."""
        while True:
            covered = _FORMS.sub(_marks, text)
            covered = _WORD.sub(self._cover, covered)
            for name in _unspaced(self.names):
                covered = covered.replace(name, MARK * len(name))
            if covered == text:
                return covered
            text = covered

    def _cover(self, found: re.Match[str]) -> str:
        word = found[0]
        plain = _folded(word)
        if plain not in _parts(self.names) or (plain in _WORDS_TOO and word[0].islower()):
            return word
        return MARK * len(word)

    @property
    def sha256(self) -> str:
        """Names this roster and how it covers, without telling who is in it."""
        return hashlib.sha256("\n".join((VERSION, *sorted(self.names))).encode()).hexdigest()


def _marks(found: re.Match[str]) -> str:
    return re.sub(r"\S", MARK, found[0])


@lru_cache(maxsize=8)
def _parts(names: tuple[str, ...]) -> frozenset[str]:
    """Parts of names that words are compared with: small letters, without accents."""
    words = (_folded(word) for name in names for word in _WORD.findall(name))
    return frozenset(one for one in words if len(one) >= SHORTEST and one not in _PARTICLES)


@lru_cache(maxsize=8)
def _unspaced(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names in scripts that set no spaces, which are met inside longer words, the longest first."""
    found = {name for name in names if len(name) >= SHORTEST and name.upper() == name.lower()}
    return tuple(
        sorted((one for one in found if any(map(str.isalpha, one))), key=lambda n: -len(n))
    )


def _folded(word: str) -> str:
    # By way of capitals: of I nobody can tell whether it was an i or the ı of Işıl.
    parts = unicodedata.normalize("NFKD", word.upper().casefold())
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()


def read_roster(path: Path) -> Masking:
    """The names of a file, one a line (``#`` begins a remark); raises `MaskingError`.

    A roster that cannot be read, or is empty, is refused: nothing is shown unmasked by mistake.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeError) else str(error.strerror)
        raise MaskingError(
            f"The roster {path} cannot be read ({reason.lower()}), so nothing is shown: mend it, "
            "or set REVIEWER_ROSTER to another file."
        ) from error
    names = tuple(dict.fromkeys(" ".join(one.split("#")[0].split()) for one in lines))
    names = tuple(one for one in names if one)
    if not _parts(names) and not _unspaced(names):
        raise MaskingError(
            f"The roster {path} holds no name, so nothing is shown: write one name a line, or "
            "leave REVIEWER_ROSTER empty."
        )
    return Masking(names)
