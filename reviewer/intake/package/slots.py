"""Which slot a file belongs to, where submission.yaml does not say.

Invariant: deterministic, and every choice has a sentence that says why. A file is assigned by kind
where one slot alone takes its kind; else by words of its name that stand in a slot's title or id;
else to the one slot that still lacks a file, or has room. What stays open stays unassigned.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from reviewer.intake.completeness import takes
from reviewer.intake.submitted import SubmittedFile
from reviewer.rubric.model import Credential, Slot

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EMPTY_WORDS = frozenset(
    {"a", "an", "and", "as", "for", "how", "i", "in", "it", "my", "of", "on", "or", "our", "the"}
    | {"this", "to", "what", "with", "your", "final", "draft", "copy", "new", "version"}
)

Declared = Mapping[str, tuple[str, str]]
"""File name -> slot id and the place in submission.yaml that says so."""


def assign(
    credential: Credential, files: Sequence[SubmittedFile], declared: Declared
) -> tuple[tuple[SubmittedFile, ...], tuple[str, ...]]:
    """Give each usable file its slot; returns the files, in order, and sentences that say why.

    Slots named in `declared` must exist. Files with a problem get a slot only from `declared`, and
    no sentence: they count as nothing.
    """
    slots = {slot.id: slot for slot in credential.slots}
    chosen: dict[str, tuple[str, str]] = {
        one.name: (declared[one.name][0], f"as {declared[one.name][1]} says")
        for one in files
        if one.name in declared
    }
    open_files = [one for one in files if one.name not in chosen and one.problem is None]
    if slots:
        _choose(credential, open_files, chosen)
    messages = []
    for one in files:
        if one.name in chosen and one.problem is None and slots:
            slot, why = chosen[one.name]
            messages.append(f"{one.name} counts as “{slots[slot].title}”, {why}.")
        elif one in open_files and slots:
            messages.append(f"{one.name} was not assigned: {_why_not(credential, one)}.")
    if slots and open_files:
        messages.append(
            "To change an assignment, list the file under its slot in submission.yaml "
            "(docs/submission-folder.md)."
        )
    placed = tuple(
        replace(one, slot=chosen[one.name][0]) if one.name in chosen else one for one in files
    )
    return placed, tuple(messages)


def _choose(
    credential: Credential, files: Sequence[SubmittedFile], chosen: dict[str, tuple[str, str]]
) -> None:
    """Fill `chosen` (file name -> slot id, why) for the files where one slot stands out."""
    candidates: dict[str, list[Slot]] = {}
    for one in files:
        fitting = [slot for slot in credential.slots if takes(slot, one.kind)]
        if len(fitting) == 1:
            chosen[one.name] = (fitting[0].id, "the only slot for its kind")
            continue
        named, words = _named(credential, fitting, one.name)
        if len(named) == 1:
            chosen[one.name] = (named[0].id, f"because its name says “{' '.join(words)}”")
        elif fitting:
            candidates[one.name] = named or fitting
    _fill(candidates, chosen)


def _named(
    credential: Credential, slots: Iterable[Slot], name: str
) -> tuple[list[Slot], list[str]]:
    """The slots that share most words with the file's name (numbers decide ties).

    Words of the credential's own title are in most names and say nothing. The words that decided
    stand as in the name.
    """
    path = PurePosixPath(name)
    written = f"{path.parent} {path.stem}"
    said = _words(written)
    idle = _words(credential.title)
    best: list[Slot] = []
    best_words: frozenset[str] = frozenset()
    best_score = (0, 0)
    for slot in slots:
        own = _words(f"{slot.title} {slot.id}")
        shared = said & ((own - idle) or own)
        letters = [word for word in shared if not word.isdecimal()]
        score = (len(letters), len(shared) - len(letters))
        if letters and score > best_score:
            best, best_words, best_score = [slot], shared, score
        elif letters and score == best_score:
            best.append(slot)
    return best, [token for token in _tokens(written) if _words(token) & best_words]


def _fill(candidates: dict[str, list[Slot]], chosen: dict[str, tuple[str, str]]) -> None:
    """Assign, as long as it changes anything, what has one slot in need, then one with room."""
    for why, wants in (
        ("the only one that still lacked a file", _lacks),
        ("the only one with room for it", _has_room),
    ):
        moved = True
        while moved:
            moved = False
            for name in [name for name in candidates if name not in chosen]:
                many = Counter(slot for slot, _ in chosen.values())
                left = [slot for slot in candidates[name] if wants(slot, many[slot.id])]
                if len(left) == 1:
                    chosen[name] = (left[0].id, why)
                    moved = True


def _lacks(slot: Slot, have: int) -> bool:
    return slot.required and have < slot.min


def _has_room(slot: Slot, have: int) -> bool:
    return slot.max is None or have < slot.max


def _why_not(credential: Credential, one: SubmittedFile) -> str:
    fitting = [slot for slot in credential.slots if takes(slot, one.kind)]
    if not fitting:
        return "no slot takes its kind"
    return f"it could be {' or '.join(f'“{slot.title}”' for slot in fitting)}"


def _words(text: str) -> frozenset[str]:
    """Words and numbers, small letters, without plural s and words that say nothing."""
    found = set()
    for token in _tokens(text):
        word = token.casefold()
        if word not in _EMPTY_WORDS:
            plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
            found.add(word[:-1] if plural else word)
    return frozenset(found)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_CAMEL.sub(" ", text))
