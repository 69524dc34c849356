"""Who speaks, where no voice tag says so: identifiers such as ``1 "Ana" (12345)``, or ``Ana: …``.

Invariant: a file names its speakers in one way; prefixes are read only in a file without voice
tags and without named identifiers. What is not surely a name stays in the text, word for word.

A prefix must look like a name (up to five capitalized words, no common lead-in such as "Time" or
"Question") *and* be borne out: by a form of address ("Ms. Brown") or a part ("Teacher", "Speaker
2"), by standing at least twice in the file, or by the habit of the file: half of its cues have such
a prefix and one of them recurs, so a pupil who speaks once is named too.
"""

import re
from collections import Counter
from collections.abc import Iterable

from reviewer.intake.captions.markup import Fragment, Row, spoken_name
from reviewer.intake.captions.rolling import TimedRows

_NAMED_IDENTIFIER = re.compile(r'[0-9]{1,9}[ \t]+"([^"]{1,200})"(?:[ \t]+\([0-9]{1,20}\))?')
_MARKER = re.compile(r"(?:>{1,3}|&gt;(?:&gt;){0,2}|-)[ \t]*")
_NOTE_ON_NAME = re.compile(r"[ \t]\([^()]{1,40}\)$")
_MOST_CHARACTERS = 60
_MOST_WORDS = 5
_LEAST_CUES = 3
"""Below this many prefixed cues a file's own habit says nothing about a name that stands once."""

_ADDRESS = frozenset({"mr", "mrs", "ms", "mx", "miss", "dr", "prof", "professor", "coach"})
_PART_WORDS = (
    "teacher student pupil speaker narrator interviewer interviewee host child class everyone all "
    "observer evaluator mentor participant"
)
_PARTICLE_WORDS = "de da del della di do dos du van von der den la le el al bin ibn y"
_LEAD_IN_WORDS = (
    "a activity agenda also and announcement answer because but chapter closing day definition "
    "direction directions example fact finally first friday goal goals greeting hint homework here "
    "how i idea important instructions is it lesson materials meaning monday my next no norm note "
    "now number objective ok okay one option or our page part phase please point problem purpose "
    "question quote reason remember reminder result rule rules saturday second section share so "
    "solution step story sunday task that the theme then they thing third this three thursday time "
    "tip title today tomorrow topic tuesday two unit update warning we wednesday week well what "
    "when where which who why word words yes yesterday you your"
)
_PARTS = frozenset(_PART_WORDS.split())
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_LEAD_INS = frozenset(_LEAD_IN_WORDS.split())


def with_names(cues: tuple[TimedRows, ...]) -> tuple[TimedRows, ...]:
    """Give each fragment its speaker, taking the prefix that names one out of the words."""
    if any(one.speaker for cue in cues for row in cue.rows for one in row):
        return cues
    named = [_named_by_identifier(cue.identifier) for cue in cues]
    repeated = Counter(cue.identifier for cue in cues if looks_like_a_name(cue.identifier))
    named = [
        name or (spoken_name(cue.identifier) if repeated[cue.identifier] > 1 else None)
        for name, cue in zip(named, cues, strict=True)
    ]
    if any(named):
        return tuple(
            _relabelled(cue, (_all_by(name, row) for row in cue.rows))
            for name, cue in zip(named, cues, strict=True)
        )
    accepted = _accepted(cues)
    return tuple(_relabelled(cue, _by_prefix(cue.rows, accepted)) for cue in cues)


def looks_like_a_name(text: str) -> bool:
    """Whether capitals, length and words allow `text` to be a person's name or part."""
    bare = _NOTE_ON_NAME.sub("", text[: _MOST_CHARACTERS + 1].strip())
    words = bare.split()
    if len(bare) > _MOST_CHARACTERS or not 1 <= len(words) <= _MOST_WORDS:
        return False
    first = words[0].strip(".").casefold()
    if first in _LEAD_INS or not words[0][0].isalpha():
        return False
    return all(_name_word(word) for word in words)


def prefix_of_a_name(text: str) -> tuple[str, int] | None:
    """The name-like prefix of a row and where its words begin; null where there is none."""
    marker = _MARKER.match(text)
    begin = marker.end() if marker else 0
    colon = text.find(":", begin, begin + _MOST_CHARACTERS + 2)
    if colon < 0 or text[colon + 1 : colon + 2].strip():
        return None
    name = text[begin:colon]
    return (name, colon + 1) if looks_like_a_name(name) else None


def _name_word(word: str) -> bool:
    if word.casefold() in _PARTICLES or word.isdigit():
        return True
    letters = word.translate({ord(sign): None for sign in ".'’-"})
    return letters.isalnum() and (word[0].isupper() or not word[0].islower())


def _named_by_identifier(identifier: str) -> str | None:
    found = _NAMED_IDENTIFIER.fullmatch(identifier)
    return spoken_name(found[1]) if found else None


def _accepted(cues: tuple[TimedRows, ...]) -> frozenset[str]:
    """The prefixes of this file that are names."""
    times: Counter[str] = Counter()
    prefixed_cues = 0
    for cue in cues:
        found = [one[0] for row in cue.rows if (one := prefix_of_a_name(_text(row)))]
        times.update(found)
        prefixed_cues += bool(found)
    recurs = max(times.values(), default=0) > 1
    habit = recurs and prefixed_cues >= _LEAST_CUES and prefixed_cues * 2 >= len(cues)
    return frozenset(name for name, many in times.items() if habit or many > 1 or _says_who(name))


def _says_who(name: str) -> bool:
    words = name.split()
    first = words[0].strip(".").casefold()
    return (first in _ADDRESS and len(words) > 1) or first in _PARTS


def _by_prefix(rows: tuple[Row, ...], accepted: frozenset[str]) -> Iterable[Row]:
    """A row without a prefix goes on with the voice of the row above it in the same cue."""
    speaker: str | None = None
    for row in rows:
        text = _text(row)
        found = prefix_of_a_name(text)
        if found and found[0] in accepted:
            speaker, text = spoken_name(found[0]), text[found[1] :]
        yield (Fragment(speaker, text),) if text.strip() else ()


def _all_by(speaker: str | None, row: Row) -> Row:
    return tuple(Fragment(speaker, one.text) for one in row)


def _relabelled(cue: TimedRows, rows: Iterable[Row]) -> TimedRows:
    return TimedRows(cue.start_ms, cue.end_ms, cue.identifier, tuple(row for row in rows if row))


def _text(row: Row) -> str:
    return "".join(one.text for one in row)
