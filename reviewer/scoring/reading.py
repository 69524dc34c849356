"""One sentence, read: its words, what is wrong with it, what it tells, and whether it counts.

Invariant: a reading depends on the sentence alone, never on its neighbors, so leaving out one
sentence never changes how another is read.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from reviewer.evidence.dictionary import is_word
from reviewer.evidence.words import tokens, words
from reviewer.scoring import lexicon
from reviewer.scoring.grammar import disagreements, misordered

PER_WORDS = 20  # faults are counted per so many words,
SHORT_SENTENCE = 10  # and a shorter sentence as if it had so many
LONG_SENTENCE = 40  # words; beyond it a sentence is counted as run on
MOST_UNKNOWN = 0.5  # share of words that no dictionary has, from which a sentence is gibberish
FEWEST_FUNCTION = 0.12  # share of function words, below which a long line is a list of words
MOST_MISORDERED = 0.2  # faults of word order per word, from which no sentence is left


class Void(StrEnum):
    """Why a sentence carries nothing."""

    EMPTY = "no words"
    GIBBERISH = "not readable as English"
    WORD_LIST = "a list of words without a sentence"
    MISORDERED = "words in no order"
    COPIED = "the rubric's own words"
    TO_THE_SCORER = "addressed to whoever scores"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one sentence offers.

    `vocabulary`: its different known words; `faults`: of spelling, agreement, capitals, end marks,
    word order and length; `misordered`: those of word order, also in speech; `signs` 0 to 4: done
    rather than intended, when or how many, who by name, spoken words; `planned` and `negated`:
    share (0 to 1) of its words in clauses that intend or deny.
    """

    words: tuple[str, ...]
    vocabulary: frozenset[str]
    faults: int
    misordered: int
    signs: int
    done: bool
    planned: float
    negated: float
    void: Void | None

    @property
    def clean(self) -> float:
        """Correctness in (0, 1]: 1 without a fault, one half with one in PER_WORDS words."""
        return 1 / (1 + self.faults * PER_WORDS / max(SHORT_SENTENCE, len(self.words)))


def read(sentence: str, heard: bool, copied: bool) -> Reading:
    """Read one sentence.

    `heard`: somebody said it in a recording, so its spelling is not theirs; `copied`: it repeats
    the rubric. What is heard happens as it is said: it counts as done and as spoken words, and has
    no faults.
    """
    written = tokens(sentence)
    low = words(sentence)
    spelled = [
        _is_spelled(token, word, at)
        for at, (token, word) in enumerate(zip(written, low, strict=True))
    ]
    moved = misordered(written, low)
    faults = 0 if heard else _faults(sentence, low, spelled) + moved
    planned, negated = _shares(sentence)
    done = heard or _tells_of_the_past(sentence)
    signs = (
        done,
        bool(lexicon.WHEN_OR_HOW_MANY.search(sentence)),
        any(_is_name(token, at) for at, token in enumerate(written)),
        heard or bool(lexicon.QUOTED.search(sentence)) or any(w in lexicon.SAYING for w in low),
    )
    return Reading(
        words=tuple(low),
        vocabulary=frozenset(word for word, good in zip(low, spelled, strict=True) if good),
        faults=faults,
        misordered=moved,
        signs=sum(signs),
        done=done,
        planned=0.0 if heard else planned,
        negated=negated,
        void=_void(sentence, low, spelled, moved, copied),
    )


def _is_spelled(token: str, word: str, at: int) -> bool:
    """Known, or nothing to spell: a number, a masked name, a name, a word with a lost letter."""
    if not token[0].isalpha() or "�" in token:
        return True
    return is_word(word) or word in lexicon.FUNCTION_WORDS or _is_name(token, at)


def _is_name(token: str, at: int) -> bool:
    """A masked name, or a capitalized word that does not open the sentence."""
    if token[0] == "@":
        return True
    return at > 0 and len(token) > 1 and token[0].isupper() and token[:2] not in {"I'", "I’", "I�"}


def _faults(sentence: str, low: list[str], spelled: list[bool]) -> int:
    """Unknown words, missing agreement, and faults of form.

    Of form: no capital at the start, no end mark, a lower-case I, a mark glued to a word, too long.
    """
    length = len(low)
    return (
        spelled.count(False)
        + disagreements(low)
        + (re.match(r"\W*[A-Z\d@]", sentence) is None)
        + (re.search(r"[.!?:]\W*$", sentence) is None)
        + len(re.findall(r"(?<![\w'’�.])i(?=[ '’�,])", sentence))
        + len(re.findall(r"[a-z][.,!?;][A-Za-z]{2}", sentence))
        + (length > LONG_SENTENCE)
        + length // (LONG_SENTENCE + LONG_SENTENCE // 2)
    )


def _tells_of_the_past(sentence: str) -> bool:
    """Whether some clause tells of something done: past, and neither intended nor denied."""
    return any(
        not lexicon.PLANNED.search(clause)
        and not lexicon.NEGATION.search(clause)
        and any(
            word in lexicon.IRREGULAR_PAST or (word.endswith("ed") and len(word) > 4)
            for word in words(clause)
        )
        for clause in _clauses(sentence)
    )


def _clauses(sentence: str) -> list[str]:
    return re.split(r"[,;:.!?]|\b(?:but|because|while|although|and|so)\b", sentence)


def _shares(sentence: str) -> tuple[float, float]:
    """Shares of the words that stand in clauses which intend, and in clauses which deny."""
    clauses = [(clause, len(words(clause))) for clause in _clauses(sentence)]
    total = sum(count for _, count in clauses) or 1
    planned = sum(count for clause, count in clauses if lexicon.PLANNED.search(clause))
    negated = sum(count for clause, count in clauses if lexicon.NEGATION.search(clause))
    return planned / total, negated / total


def _void(
    sentence: str, low: list[str], spelled: list[bool], moved: int, copied: bool
) -> Void | None:
    if not any(word[0].isalpha() or word[0] == "@" for word in low):
        return Void.EMPTY
    if copied:
        return Void.COPIED
    if lexicon.TO_THE_SCORER.search(sentence):
        return Void.TO_THE_SCORER
    if spelled.count(False) > MOST_UNKNOWN * len(low):
        return Void.GIBBERISH
    if len(low) >= 8 and moved >= max(2, MOST_MISORDERED * len(low)):
        return Void.MISORDERED
    function = sum(word in lexicon.FUNCTION_WORDS for word in low)
    if len(low) >= 8 and function < FEWEST_FUNCTION * len(low):
        return Void.WORD_LIST
    return None
