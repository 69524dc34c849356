"""The account of a draft: which passages carry how much, and which few of them are cited.

Invariant: a score is computed from the chosen passages alone, and their contributions add up to the
evidence it rests on. So what is cited carries the score, and what is not cited carries nothing.
"""

from collections.abc import Sequence
from typing import Protocol

MOST_CITED = 5
SMALL = 0.01  # share of the evidence, below which a passage is not worth a citation
SECOND_ARTIFACT = 0.3  # share of the weakest chosen one's part that another artifact must offer


class Account(Protocol):
    """Passages of one element, and what any choice of them would contribute."""

    @property
    def owners(self) -> Sequence[str]:
        """The artifact id of each passage."""

    @property
    def enough(self) -> float:
        """The evidence that reaches half of the way to the highest level."""

    def contributions(self, chosen: Sequence[int]) -> list[float]:
        """What each chosen passage (by number, in this order) adds; negative speaks against.

        Their sum is the evidence of the choice.
        """


def choose(account: Account, most: int = MOST_CITED) -> list[int]:
    """Up to `most` passages that move the draft most, strongest first.

    Greedy: each next one is the passage that changes the evidence most, up or down, given those
    chosen before (so what repeats them adds little). Then, if one artifact holds all the places
    and another has something of weight to show, the latter takes the last place.
    """
    chosen: list[int] = []
    total = 0.0
    while len(chosen) < most:
        gains = {
            number: sum(account.contributions([*chosen, number])) - total
            for number in range(len(account.owners))
            if number not in chosen
        }
        if not gains:
            break
        best = max(gains, key=lambda number: (abs(round(gains[number], 6)), -number))
        if abs(gains[best]) < SMALL * account.enough:
            break
        chosen.append(best)
        total += gains[best]
    return _with_second_artifact(account, chosen, most)


def _with_second_artifact(account: Account, chosen: list[int], most: int) -> list[int]:
    held = {account.owners[number] for number in chosen}
    if len(chosen) < most or len(held) != 1:
        return chosen
    kept = chosen[:-1]
    before = sum(account.contributions(kept))
    last = abs(sum(account.contributions(chosen)) - before)
    others = {
        number: sum(account.contributions([*kept, number])) - before
        for number in range(len(account.owners))
        if account.owners[number] not in held
    }
    best = max(others, key=lambda number: (round(others[number], 6), -number), default=None)
    if best is None or others[best] < SECOND_ARTIFACT * last:
        return chosen
    return [*kept, best]
