"""The account of an element about the writing itself: every sentence carries a part.

Invariant: the evidence of a choice of passages is the number of different words in them, each
counted at the mean worth of the chosen sentences that hold it; saying a thing twice adds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.evidence.embed import Vectors
from reviewer.evidence.locate import Sentence, repeats
from reviewer.evidence.match import Numbers
from reviewer.scoring import lexicon
from reviewer.scoring.aims import Aims
from reviewer.scoring.reading import Reading
from reviewer.scoring.worth import IN_DOUBT

PASSAGE_WORDS = 80  # words of one passage; five of them hold most essays whole
ENOUGH = 35.0  # different words at full worth that reach half of the way
ENOUGH_CORRECT = 47.0  # the same where correctness alone is asked
LINK_HALF, LINK_SOFT, LINK_MOST = 0.25, 0.1, 0.6  # cosine of neighbors that makes a link; above
# LINK_MOST it is repetition, which links no better
LINK_NEAR = 0.6  # weight of the sentence before beside the one before that
OF_DENIED = 0.2  # share of its worth that a wholly denied sentence loses,
OF_INTENDED = 0.3  # and an intended one, as far as detail is asked for
OFF_TOPIC = 0.5  # what is left of the evidence where no cited sentence touches the topic
TOPIC_HALF, TOPIC_SOFT = 0.25, 0.04  # cosine of the nearest sentence to the topic


@dataclass(frozen=True, slots=True)
class WritingAccount:
    """Passages (numbers of consecutive sentences) with each sentence's worth and vocabulary.

    A vocabulary is in alphabetical order: sums do not depend on the order of a set.
    """

    passages: tuple[tuple[int, ...], ...]
    owners: tuple[str, ...]
    worth: tuple[float, ...]
    vocabulary: tuple[tuple[str, ...], ...]
    touches: tuple[float, ...]
    enough: float

    def contributions(self, chosen: Sequence[int]) -> list[float]:
        """Different words at their mean worth, shared out to the passages that hold them."""
        holders: dict[str, list[tuple[int, float]]] = {}
        for place, number in enumerate(chosen):
            for member in self.passages[number]:
                for word in self.vocabulary[member]:
                    holders.setdefault(word, []).append((place, self.worth[member]))
        parts = [0.0] * len(chosen)
        for held in holders.values():
            for place, worth in held:
                parts[place] += worth / len(held)
        nearest = max(
            (self.touches[member] for number in chosen for member in self.passages[number]),
            default=1.0,
        )
        kept = OFF_TOPIC + (1 - OFF_TOPIC) * nearest
        return [part * kept for part in parts]


def writing_account(
    sentences: Sequence[Sentence],
    readings: Sequence[Reading],
    specific: Numbers,
    vectors: Vectors,
    topic: Vectors | None,
    aims: Aims,
) -> WritingAccount:
    """The account of all sentences that count; `topic` holds the vectors of the task, if any."""
    passages = _passages(sentences, readings)
    linked = _links(passages, sentences, readings, vectors)
    worth = [
        reading.clean**aims.form
        * (1 - aims.detail + aims.detail * float(specific[at]))
        * (1 - aims.links + aims.links * linked[at])
        * (1 - OF_DENIED * reading.negated)
        * (1 - OF_INTENDED * aims.detail * reading.planned)
        * (IN_DOUBT if sentences[at].in_doubt else 1.0)
        for at, reading in enumerate(readings)
    ]
    touches = [1.0] * len(sentences)
    if topic is not None and aims.topic:
        nearest = (vectors @ topic.T).max(axis=1)
        touches = [_step(float(one), TOPIC_HALF, TOPIC_SOFT) for one in nearest]
    correct = aims.form == 1.0 and aims.detail == 0.0
    return WritingAccount(
        passages=passages,
        owners=tuple(sentences[passage[0]].artifact.id for passage in passages),
        worth=tuple(worth),
        vocabulary=tuple(tuple(sorted(reading.vocabulary)) for reading in readings),
        touches=tuple(touches),
        enough=ENOUGH_CORRECT if correct else ENOUGH,
    )


def _links(
    passages: Sequence[Sequence[int]],
    sentences: Sequence[Sentence],
    readings: Sequence[Reading],
    vectors: Vectors,
) -> list[float]:
    """How each sentence goes on from the one or two before it in its passage, in [0, 1].

    One half for the first of a passage, which has none before it to go on from; but nothing for a
    work that opens as if something had gone before ("Then he", "But").
    """
    made = [0.5] * len(sentences)
    for passage in passages:
        first = passage[0]
        if sentences[first].at == 0 and readings[first].words[0] in lexicon.OPENS_LINKED:
            made[first] = 0.0
        for place in range(1, len(passage)):
            before = [passage[place - 1], passage[max(0, place - 2)]]
            alike = vectors[before] @ vectors[passage[place]]
            near, far = (min(float(one), LINK_MOST) for one in alike)
            made[passage[place]] = _step(
                LINK_NEAR * near + (1 - LINK_NEAR) * far, LINK_HALF, LINK_SOFT
            )
    return made


def _step(value: float, half: float, soft: float) -> float:
    return float(1 / (1 + np.exp((half - round(value, 4)) / soft)))


def _passages(
    sentences: Sequence[Sentence], readings: Sequence[Reading]
) -> tuple[tuple[int, ...], ...]:
    """Runs of consecutive sentences that count, cut where they would pass PASSAGE_WORDS."""
    made: list[tuple[int, ...]] = []
    run: list[int] = []
    length = 0
    repeated = repeats(sentences)
    for at, (sentence, reading) in enumerate(zip(sentences, readings, strict=True)):
        counts = reading.void is None and at not in repeated
        follows = (
            bool(run)
            and sentences[run[-1]].artifact is sentence.artifact
            and sentence.at == sentences[run[-1]].at + 1
            and length + len(reading.words) <= PASSAGE_WORDS
        )
        if run and not (counts and follows):
            made.append(tuple(run))
            run, length = [], 0
        if counts:
            run.append(at)
            length += len(reading.words)
    return tuple([*made, tuple(run)] if run else made)
