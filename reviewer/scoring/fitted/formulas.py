"""Openings that a work puts before sentence after sentence are read once.

Invariant: what is said is read whole; only words that many sentences of the same document open
with (“I plan to tell that …”) are left out of how they are read, but for the first time. The
quotes, and what a sentence intends or denies, stay as they are.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from reviewer.evidence.locate import Sentence
from reviewer.evidence.words import tokens, words
from reviewer.intake.artifact import ArtifactKind
from reviewer.scoring.reading import Reading, read

OPENING, LONGEST = 4, 12  # words of an opening, at least and at most
OFTEN, SHARE = 4, 0.1  # sentences, and share of all, from which an opening is a formula


def without_formulas(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with the texts that are read; most are as they were."""
    openings = [_openings(one) for one in sentences]
    counts = Counter(opening for own in openings for opening in own)
    enough = max(OFTEN, SHARE * len(sentences))
    seen: set[tuple[str, ...]] = set()
    made = []
    for sentence, own in zip(sentences, openings, strict=True):
        formula = next((one for one in own if counts[one] >= enough), None)
        if formula is None or formula not in seen:
            made.append(sentence)
        else:
            made.append(replace(sentence, text=_rest(sentence.text, len(formula))))
        if formula is not None:
            seen.add(formula)
    return made


def _openings(sentence: Sentence) -> list[tuple[str, ...]]:
    """Every opening that leaves something over, the longest first; none of what is heard."""
    if sentence.artifact.kind is not ArtifactKind.DOCUMENT:
        return []
    low = words(sentence.text)
    return [tuple(low[:size]) for size in range(min(LONGEST, len(low) - 1), OPENING - 1, -1)]


def _rest(text: str, gone: int) -> str:
    """The text after its first words, with a capital if it had one."""
    end = 0
    for token in tokens(text)[:gone]:
        end = text.index(token, end) + len(token)
    rest = text[end:].lstrip(" ,:;–-")
    first = next((letter for letter in text if letter.isalpha()), "")
    return rest[:1].upper() + rest[1:] if first.isupper() else rest


def read_again(
    before: Sequence[Sentence], after: Sequence[Sentence], readings: Sequence[Reading]
) -> list[Reading]:
    """Readings of what is left; what a sentence intends, denies and tells is that of all of it."""
    made = []
    for one, other, reading in zip(before, after, readings, strict=True):
        if one is other or reading.void is not None:
            made.append(reading)
            continue
        anew = read(other.text, heard=False, copied=False)
        made.append(
            replace(
                anew,
                signs=reading.signs,
                done=reading.done,
                planned=reading.planned,
                negated=reading.negated,
            )
        )
    return made
