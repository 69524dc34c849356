"""Ideas for scoring an essay without labels, each as one number per essay: to be compared.

Invariant: no idea sees a score or an essay other than the one it rates.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from reviewer.evidence.dictionary import rarity
from reviewer.evidence.embed import Vectors
from reviewer.evidence.match import Numbers
from reviewer.scoring import lexicon
from reviewer.scoring.account import choose
from reviewer.scoring.aims import CORRECTNESS, DEVELOPMENT, EXPRESSION, ORDER, Aims
from reviewer.scoring.work import Work
from reviewer.scoring.writing import writing_account

ANYTHING = Aims(form=0.0, detail=0.0, links=0.0)
COMMON = 4.5  # rarity above which a word counts as less common


@dataclass(frozen=True, slots=True)
class Reference:
    """Vectors that some ideas compare with.

    Highest and lowest descriptor of each element, one row an element; the prompt, one row or none.
    """

    highest: Vectors
    lowest: Vectors
    prompt: Vectors


# One number, or one for each element.
Idea = Callable[[Work, Reference], float | Numbers]


def evidence(work: Work, aims: Aims) -> float:
    """What the engine adds up for these aims, from the passages that it would cite."""
    account = writing_account(
        work.sentences, work.readings, work.specific, work.vectors, work.topic, aims
    )
    return sum(account.contributions(choose(account)))


def _all_words(work: Work) -> list[str]:
    return [word for reading in work.readings for word in reading.words]


def _content(work: Work) -> list[str]:
    return [word for word in _all_words(work) if word not in lexicon.FUNCTION_WORDS]


def words(work: Work, _: Reference) -> float:
    """How many words."""
    return float(len(_all_words(work)))


def sentences(work: Work, _: Reference) -> float:
    """How many sentences."""
    return float(len(work.sentences))


def distinct_words(work: Work, _: Reference) -> float:
    """How many different words."""
    return float(len(set(_all_words(work))))


def like_highest(work: Work, reference: Reference) -> Numbers:
    """Likeness of the whole to each element's highest descriptor."""
    return (_whole(work) @ reference.highest.T).astype(np.float64)


def like_highest_not_lowest(work: Work, reference: Reference) -> Numbers:
    """Likeness to the highest descriptor less likeness to the lowest."""
    return (_whole(work) @ (reference.highest - reference.lowest).T).astype(np.float64)


def like_prompt(work: Work, reference: Reference) -> float:
    """Likeness of the whole to the prompt; 0 where none is known."""
    return float((reference.prompt @ _whole(work)).sum())


def _whole(work: Work) -> Vectors:
    mean = work.vectors.mean(axis=0)
    unit: Vectors = mean / np.linalg.norm(mean)
    return unit


def rare_words(work: Work, _: Reference) -> float:
    """Share of less common words among the content words."""
    content = _content(work)
    return float(np.mean([rarity(word) > COMMON for word in content])) if content else 0.0


def new_meaning(work: Work, _: Reference) -> float:
    """How much each sentence differs from all before it, summed."""
    alike = work.vectors @ work.vectors.T
    return float(sum(1 - alike[at, :at].max(initial=0.0) for at in range(len(alike))))


def neighbors_alike(work: Work, _: Reference) -> float:
    """Mean cosine of neighboring sentences."""
    pairs = (work.vectors[1:] * work.vectors[:-1]).sum(axis=1)
    return float(pairs.mean()) if len(pairs) else 0.0


def longer_sentences(work: Work, _: Reference) -> float:
    """Words per sentence."""
    return words(work, _) / max(1, len(work.sentences))


def connectives(work: Work, _: Reference) -> float:
    """Subordinating and ordering words per word."""
    links = {"because", "although", "when", "while", "since", "until", "after", "before", "then"}
    own = _all_words(work)
    return sum(word in links for word in own) / max(1, len(own))


def signs_only(work: Work, _: Reference) -> float:
    """Sentences' signs of the specific (done, when, who, said), summed."""
    return float(sum(reading.signs for reading in work.readings))


def concrete_only(work: Work, _: Reference) -> float:
    """Mean specificity of the sentences."""
    return float(work.specific.mean()) if len(work.specific) else 0.0


def few_faults(work: Work, _: Reference) -> float:
    """Mean correctness of the sentences."""
    return float(np.mean([reading.clean for reading in work.readings] or [0.0]))


def _engine(aims: Aims) -> Idea:
    return lambda work, _: evidence(work, aims)


ALL: dict[str, Idea] = {
    "words": words,
    "sentences": sentences,
    "distinct words": distinct_words,
    "like the highest descriptor": like_highest,
    "like the highest, unlike the lowest": like_highest_not_lowest,
    "like the prompt": like_prompt,
    "rare words, share": rare_words,
    "new meaning per sentence, sum": new_meaning,
    "likeness of neighbors": neighbors_alike,
    "words per sentence": longer_sentences,
    "connectives, share": connectives,
    "signs of the specific, sum": signs_only,
    "specificity, mean": concrete_only,
    "correctness, mean": few_faults,
    "engine: distinct words, cited only": _engine(ANYTHING),
    "engine: development": _engine(DEVELOPMENT),
    "engine: development, no form": _engine(replace(DEVELOPMENT, form=0.0)),
    "engine: development, no links": _engine(replace(DEVELOPMENT, links=0.0)),
    "engine: order": _engine(ORDER),
    "engine: expression": _engine(EXPRESSION),
    "engine: correctness": _engine(CORRECTNESS),
}
