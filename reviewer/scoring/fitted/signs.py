"""Signs of one segment, and of a whole work, that a reader can name.

Invariant: a segment's signs depend on it and on the segments before it alone; every sign is a
finite number; a work without words has the signs of one word, so nothing is divided by nothing.
Line breaks are no sign: they are lost where a text is pasted, and say nothing of its language.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from math import log

import numpy as np

from reviewer.evidence.dictionary import is_word, rarity
from reviewer.evidence.locate import Sentence
from reviewer.evidence.match import Numbers
from reviewer.evidence.words import tokens
from reviewer.intake.artifact import ArtifactKind
from reviewer.scoring import lexicon
from reviewer.scoring.grammar import disagreements
from reviewer.scoring.reading import LONG_SENTENCE, SHORT_SENTENCE, Reading

LONG_WORD = 7  # letters
RARE, VERY_RARE = 4.3, 5.0  # orders of magnitude, as `rarity` counts
UPTAKE = 3  # content words of the turn before that a line takes up; more count as so many


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONNECTIVES = _set(
    "however therefore moreover furthermore although though because since while whereas thus hence"
    " also besides finally first second third next then instead example conclusion addition"
    " contrast result consequently overall similarly likewise indeed despite unless so but"
)
SUBORDINATORS = _set(
    "because although though while when whenever if unless since until that which who whom whose"
    " where whether after before as"
)
_SELF = _set("i me my mine myself")
_YOU = _set("you your yours yourself")
_LOST_APOSTROPHE = re.compile(
    r"\b(?:dont|cant|wont|didnt|doesnt|isnt|wasnt|im|ive|thats|couldnt|wouldnt)\b", re.IGNORECASE
)
_LOWER_I = re.compile(r"(?<![\w'’�.])i(?=[ '’�,])")
_GLUED = re.compile(r"[a-z][.,!?;][A-Za-z]{2}| [.,!?;]")

SEGMENT_SIGNS = (
    "faults",
    "unknown words",
    "missing agreement",
    "word order",
    "function words",
    "long words",
    "letters a word",
    "rarity of words",
    "rare words",
    "very rare words",
    "connectives",
    "subordinate clauses",
    "first person",
    "second person",
    "commas",
    "questions",
    "exclamations",
    "intended",
    "denied",
    "specific",
    "told as done",
    "length of sentence",
    "words beyond 25",
    "no capital at the start",
    "no end mark",
    "lower-case i",
    "lost apostrophes",
    "words not used before",
    "spoken words",
    "marks glued or loose",
    "doubled words",
    "past forms",
    "adverbs",
    "ing-forms",
    "uptake of the other speaker",
)
WHOLE_SIGNS = (
    "length (log words)",
    "sentences (log)",
    "words a sentence (log)",
    "spread of sentence length",
    "variety of words (Guiraud)",
    "different words (log)",
    "different known words (log)",
    "rare words (log)",
    "very rare words (log)",
    "commas (log)",
    "rarity of the vocabulary",
    "long words (log)",
    "kinds of connectives (log)",
    "subordinate clauses (log)",
    "speech marks (log)",
    "faults a word",
    "signs of specifics (log)",
    "balance of speakers",
)


def segment_signs(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> Numbers:
    """One row a segment, one column a sign of SEGMENT_SIGNS: rates a word, or 0 and 1."""
    seen: set[str] = set()
    rows = []
    before: Sentence | None = None
    for sentence, reading in zip(sentences, readings, strict=True):
        rows.append(_segment(sentence, reading, seen, before))
        seen.update(reading.words)
        before = sentence
    return np.array(rows, float).reshape(len(rows), len(SEGMENT_SIGNS))


def _segment(
    sentence: Sentence, reading: Reading, seen: set[str], before: Sentence | None
) -> list[float]:
    low = reading.words
    heard = sentence.artifact.kind is not ArtifactKind.DOCUMENT
    told = [reading.planned, reading.negated, reading.signs / 4, float(reading.done)]
    return [
        *_faults(reading, heard),
        *_words(low),
        *_marks(sentence.text, max(1, len(low))),
        *told,
        *_form(sentence.text, len(low)),
        len([word for word in set(low) if word not in seen]) / max(1, len(low)),
        float(heard or bool(lexicon.QUOTED.search(sentence.text))),
        len(_GLUED.findall(sentence.text)) / max(SHORT_SENTENCE, len(low)),
        *_endings(low),
        _uptake(sentence, before, set(low)),
    ]


def _faults(reading: Reading, heard: bool) -> list[float]:
    """What is wrong; what is heard is not spelled by whoever speaks."""
    low = reading.words
    steady = max(SHORT_SENTENCE, len(low))
    spelling = len(set(low)) - len(reading.vocabulary)
    own = (spelling, disagreements(low), reading.misordered)
    return [reading.faults / steady, *(0.0 if heard else one / steady for one in own)]


def _share(chosen: Sequence[object], low: Sequence[str]) -> float:
    return len(chosen) / max(1, len(low))


def _words(low: Sequence[str]) -> list[float]:
    known = [
        min(7.0, rarity(word))
        for word in low
        if word[0].isalpha() and word not in lexicon.FUNCTION_WORDS and is_word(word)
    ]
    return [
        _share([word for word in low if word in lexicon.FUNCTION_WORDS], low),
        _share([word for word in low if len(word) >= LONG_WORD], low),
        sum(map(len, low)) / max(1, len(low)),
        sum(known) / len(known) if known else RARE,
        _share([one for one in known if one > RARE], low),
        _share([one for one in known if one > VERY_RARE], low),
        _share([word for word in low if word in CONNECTIVES], low),
        _share([word for word in low if word in SUBORDINATORS], low),
        _share([word for word in low if word in _SELF], low),
        _share([word for word in low if word in _YOU], low),
    ]


def _marks(text: str, count: int) -> list[float]:
    return [text.count(",") / count, float("?" in text), float("!" in text)]


def _form(text: str, words: int) -> list[float]:
    """Length, and the form of a sentence: capitals, end marks, apostrophes."""
    count, steady = max(1, words), max(SHORT_SENTENCE, words)
    return [
        log(count),
        max(0, count - 25) / 25 + (count > LONG_SENTENCE),
        float(re.match(r"\W*[A-Z\d@]", text) is None),
        float(re.search(r"[.!?:]\W*$", text) is None),
        len(_LOWER_I.findall(text)) / steady,
        len(_LOST_APOSTROPHE.findall(text)) / steady,
    ]


def _endings(low: Sequence[str]) -> list[float]:
    past = [word for word in low if word.endswith("ed") or word in lexicon.IRREGULAR_PAST]
    return [
        _share([word for word, after in pairwise(low) if word == after], low),
        _share(past, low),
        _share([word for word in low if word.endswith("ly")], low),
        _share([word for word in low if word.endswith("ing")], low),
    ]


def _uptake(sentence: Sentence, before: Sentence | None, low: set[str]) -> float:
    """Content words taken up from what another speaker just said, as a share of UPTAKE."""
    speaker = sentence.artifact.segments[sentence.at].speaker
    if before is None or speaker is None or before.artifact is not sentence.artifact:
        return 0.0
    if before.artifact.segments[before.at].speaker in {None, speaker}:
        return 0.0
    other = {word.lower() for word in tokens(before.text)} - lexicon.FUNCTION_WORDS
    return min(UPTAKE, len(low & other)) / UPTAKE


def whole_signs(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> Numbers:
    """One number a sign of WHOLE_SIGNS, for the sentences that count."""
    lengths = [max(1, len(one.words)) for one in readings] or [1]
    total = sum(lengths)
    types = {word for one in readings for word in one.words}
    known = {word for one in readings for word in one.vocabulary}
    rare = [rarity(word) for word in known if word[0].isalpha()]
    content = [word for word in known if word not in lexicon.FUNCTION_WORDS and word[0].isalpha()]
    scarce = [rarity(word) for word in content]
    text = " ".join(one.text for one in sentences)
    return np.array(
        [
            log(total),
            log(len(lengths) + 1),
            log(total / len(lengths)),
            float(np.std(lengths) / np.mean(lengths)),
            len(types) / total**0.5,
            log(1 + len(types)),
            log(1 + len(known)),
            log(1 + sum(one > RARE for one in scarce)),
            log(1 + sum(one > VERY_RARE for one in scarce)),
            log(1 + text.count(",")),
            sum(rare) / len(rare) if rare else RARE,
            log(1 + sum(len(word) > LONG_WORD for word in known)),
            log(1 + len(types & CONNECTIVES)),
            log(1 + sum(word in SUBORDINATORS for one in readings for word in one.words)),
            log(1 + len(re.findall('["“”�]', text))),
            sum(one.faults for one in readings) / total,
            log(1 + sum(one.signs for one in readings)),
            _balance(sentences, lengths),
        ]
    )


def _balance(sentences: Sequence[Sentence], lengths: Sequence[int]) -> float:
    """Share of the words that are not the main speaker's; 0 where no speakers are known."""
    spoken: dict[str, int] = {}
    for sentence, length in zip(sentences, lengths, strict=False):
        speaker = sentence.artifact.segments[sentence.at].speaker
        if speaker is not None:
            spoken[speaker] = spoken.get(speaker, 0) + length
    return 1 - max(spoken.values()) / sum(spoken.values()) if spoken else 0.0
