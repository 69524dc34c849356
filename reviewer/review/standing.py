"""Where one rater stands with one element: folded from what was kept, never kept itself.

Invariant: blind, then revealed, then final: a phase never goes back. The draft counts as revealed
once it was shown; every rating after that is `revealed`, whatever it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reviewer.review.decision import Decision
from reviewer.review.rating import Aid, Phase, Rating, Sight, aid_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One rater and one element: everything kept of them, in the order it happened.

    `version` counts the ratings and decisions, so that a window that shows an older state can be
    told.
    """

    ratings: tuple[Rating, ...] = ()
    decision: Decision | None = None
    sights: tuple[Sight, ...] = ()
    version: int = 0

    @property
    def own(self) -> Rating | None:
        """The latest rating given before the draft was shown; null if there is none."""
        return _latest(self.ratings, Phase.BLIND)

    @property
    def current(self) -> Rating | None:
        """The latest rating of any phase."""
        return self.ratings[-1] if self.ratings else None

    @property
    def scored(self) -> bool:
        """Whether a level of one's own is stored."""
        return bool(self.ratings)

    @property
    def decided(self) -> bool:
        """Whether the latest level is the one decided; a level chosen later is still to be."""
        if self.decision is None or self.current is None:
            return False
        return self.decision.level == self.current.level

    @property
    def revealed(self) -> bool:
        """Whether the draft was shown."""
        return Sight.DRAFT in self.sights

    @property
    def aid(self) -> Aid:
        """What a rating given now would count as helped by."""
        return aid_of(self.sights)

    @property
    def opened(self) -> int:
        """How many citations of the draft were opened."""
        return self.sights.count(Sight.CITATION)

    @property
    def next_phase(self) -> Phase:
        """The phase that a rating given now belongs to; after a decision it is `revealed` again."""
        return Phase.REVEALED if self.revealed or self.decision else Phase.BLIND

    def rated(self, added: Rating) -> "Standing":
        """The standing once this rating is kept as well."""
        return replace(self, ratings=(*self.ratings, added), version=self.version + 1)


def _latest(ratings: Sequence[Rating], phase: Phase) -> Rating | None:
    return next((one for one in reversed(ratings) if one.phase is phase), None)
