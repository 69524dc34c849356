"""The account of an element that passages of the work must show, indicator by indicator.

Invariant: the evidence of a choice of passages is the mean over the supporting indicators of how
far each is covered, with diminishing returns per indicator, less half of what covers the counter
ones; a sentence in which the thing is denied counts against, and what repeats another adds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.evidence.citation import Stance
from reviewer.evidence.locate import FLOOR, Moment, Sentence
from reviewer.evidence.match import Numbers, Query
from reviewer.scoring import lexicon
from reviewer.scoring.reading import Reading
from reviewer.scoring.worth import IN_DOUBT

COVERED = 0.5  # amount (relevance times worth) that covers an indicator to 1 - 1/e
AGAINST = 0.5  # weight of counter-indicators beside supporting ones
ENOUGH = 0.3  # mean cover of the supporting indicators that reaches half of the way
PLAIN = 0.35  # relevance that at least one cited passage must have: below it, work that is about
# something else altogether would be drafted too
BARE = 0.25  # worth of a matching sentence without anything specific
DENIED = 0.5  # weight, against, of a match that is denied
OF_PLANS = 0.5  # share that what is only intended loses besides


@dataclass(frozen=True, slots=True)
class ShowingAccount:
    """Moments with the amount by which each shows each query; the last column is what is denied."""

    moments: tuple[Moment, ...]
    owners: tuple[str, ...]
    amounts: Numbers
    supports: tuple[bool, ...]
    enough: float = ENOUGH

    def contributions(self, chosen: Sequence[int]) -> list[float]:
        """Each indicator's cover, shared out to the chosen moments by their amounts."""
        if not chosen:
            return []
        some = self.amounts[list(chosen)]
        total = some.sum(axis=0)
        cover = 1 - np.exp(-total / COVERED)
        signs = np.where(self.supports, 1.0, -AGAINST) / max(1, sum(self.supports))
        shares = np.divide(some, total, out=np.zeros_like(some), where=total > 0)
        return [float(part) for part in shares @ (cover * signs)]


def showing_account(
    sentences: Sequence[Sentence],
    readings: Sequence[Reading],
    specific: Numbers,
    matched: Numbers,
    queries: Sequence[Query],
    found: Sequence[Moment],
) -> ShowingAccount:
    """The account of moments; `matched` is the relevance, shape (sentences, queries)."""
    supports = np.array([query.stance is Stance.SUPPORTS for query in queries])
    deniable = np.array([not _speaks_of_lack(query) for query in queries])
    worth = BARE + (1 - BARE) * specific
    amounts = np.zeros((len(found), len(queries) + 1))
    for row, moment in enumerate(found):
        for at in moment.members:
            reading, sentence = readings[at], sentences[at]
            if reading.void is not None:
                continue
            strong = np.where(matched[at] >= FLOOR, matched[at], 0.0)
            sure = (IN_DOUBT if sentence.in_doubt else 1.0) / (1 + reading.misordered)
            amount = strong * worth[at] * sure
            held = supports == (moment.stance is Stance.SUPPORTS)
            for_it = amount * supports * held
            amounts[row, :-1] += amount * ~supports * held
            denied = reading.negated * deniable
            amounts[row, :-1] += for_it * (1 - denied) * (1 - OF_PLANS * reading.planned)
            amounts[row, -1] += DENIED * float((for_it * denied).max(initial=0.0))
    return ShowingAccount(
        moments=tuple(found),
        owners=tuple(sentences[one.members[0]].artifact.id for one in found),
        amounts=amounts,
        supports=(*(bool(one) for one in supports), False),
    )


def _speaks_of_lack(query: Query) -> bool:
    """Whether the query itself looks for something that is not, so that denial is no objection."""
    return any(lexicon.NEGATION.search(text) for text in (query.text, *query.examples))
