"""How well sentences match the queries of an element: its indicators, or its descriptors.

Invariant: the match of a sentence with a query depends on that sentence, that query and the other
queries of the credential, never on the rest of the work.

A match adds likeness in meaning (cosine to the indicator's text and, mostly, to its examples) and
likeness in wording (shared words and word pairs, rare ones more), less half of what the sentence
shares with the credential's other queries on average; longer sentences say more and count a little
more. The weights were chosen in eval/studies/retrieval.py on public sentences with codes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reviewer.evidence.citation import Stance
from reviewer.evidence.dictionary import rarity
from reviewer.evidence.embed import Vectors
from reviewer.evidence.words import words
from reviewer.rubric import Credential, Element

TEXT, EXAMPLES, WORDING = 0.3, 0.7, 0.6  # weights of a query's own text, its examples, its wording
OTHERS = 0.5  # how much of the likeness to the other queries is taken off
LENGTH, USUAL_WORDS = 0.05, 12  # how much a sentence e times as long as usual gains
HALF, STEEPNESS = 0.3, 0.07  # match at which relevance is one half, and how fast it rises there

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: an indicator by its id, or ``level:VALUE`` for a descriptor."""

    id: str
    element: str
    stance: Stance
    text: str
    examples: tuple[str, ...] = ()

    @property
    def likely(self) -> tuple[str, ...]:
        """What work that shows it may sound like: the examples, else the text itself."""
        return self.examples or (self.text,)


def queries_of(element: Element) -> tuple[Query, ...]:
    """An element's indicators; where it has no supporting ones, its levels above the lowest.

    Levels that only stand between two others say nothing to look for and are left out.
    """
    made = [
        Query(one.id, element.id, stance, one.text, one.examples)
        for stance, indicators in (
            (Stance.SUPPORTS, element.supporting),
            (Stance.COUNTER, element.counter),
        )
        for one in indicators
    ]
    if element.supporting:
        return tuple(made)
    for level in element.levels[1:]:
        if not level.descriptor.startswith("Between "):
            text = f"{element.title}. {level.descriptor}"
            made.append(Query(f"level:{level.value:g}", element.id, Stance.SUPPORTS, text))
    return tuple(made)


def queries_of_all(credential: Credential) -> tuple[Query, ...]:
    """The queries of every element, in the credential's order."""
    return tuple(query for element in credential.elements for query in queries_of(element))


def texts_of(queries: Sequence[Query]) -> list[str]:
    """Every text that `relevance` needs a vector of, each once."""
    return list(dict.fromkeys(text for query in queries for text in (query.text, *query.likely)))


def relevance(
    sentences: Sequence[str],
    vectors: Vectors,
    queries: Sequence[Query],
    vector_of: Mapping[str, Vectors],
) -> Numbers:
    """Relevance in (0, 1) of each sentence to each query, shape (sentences, queries).

    One half is where, in the studies, about half of the sentences carried the code looked for.
    `vectors` has one row a sentence, `vector_of` one vector for each of `texts_of`.
    """
    if not sentences or not queries:
        return np.zeros((len(sentences), len(queries)))
    raw = likeness(sentences, vectors, queries, vector_of)
    others = (raw.sum(axis=1, keepdims=True) - raw) / max(1, len(queries) - 1)
    counts = np.array([[len(words(sentence))] for sentence in sentences])
    longer = LENGTH * np.log((counts + 1) / (USUAL_WORDS + 1))
    net = np.round(raw - OTHERS * others + longer, 4)
    made: Numbers = 1 / (1 + np.exp((HALF - net) / STEEPNESS))
    return made


def likeness(
    sentences: Sequence[str],
    vectors: Vectors,
    queries: Sequence[Query],
    vector_of: Mapping[str, Vectors],
) -> Numbers:
    """Likeness of each sentence to each query alone, in meaning and wording, same shape."""
    wordings = [_wording(sentence) for sentence in sentences]
    return np.column_stack([_match(vectors, wordings, query, vector_of) for query in queries])


def _match(
    vectors: Vectors,
    wordings: Sequence[Mapping[str, float]],
    query: Query,
    vector_of: Mapping[str, Vectors],
) -> Numbers:
    meaning = TEXT * (vectors @ vector_of[query.text])
    for text in query.likely:
        meaning = meaning + EXAMPLES / len(query.likely) * (vectors @ vector_of[text])
    known = [_wording(text) for text in query.likely]
    wording = np.array([max(_shared(one, other) for other in known) for one in wordings])
    made: Numbers = meaning.astype(np.float64) + WORDING * wording
    return made


def _wording(text: str) -> dict[str, float]:
    """Words, word pairs and the question mark of a text, each with its rarity as weight."""
    low = words(text)
    made = {word: rarity(word) for word in low}
    made.update({f"{a} {b}": (rarity(a) + rarity(b)) / 2 for a, b in pairwise(low)})
    if "?" in text:
        made["?"] = 2.0
    return made


def _shared(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Weight shared by two wordings over the geometric mean of their weights, in [0, 1]."""
    if not one or not other:
        return 0.0
    shared = sum(weight for key, weight in one.items() if key in other)
    return shared / math.sqrt(sum(one.values()) * sum(other.values()))
