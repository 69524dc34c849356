"""Who scores which work: as evenly as can be, never twice the same person, nobody in a conflict.

Invariant: pure, and made again from the same arguments. Nobody is given a work that they have
rated, were given before, or whose candidate they are in conflict with. No exchange of works would
make the loads more even: a semi-matching without cost-reducing paths is optimal (Harvey, Ladner,
Lovász & Tamir 2006).
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from reviewer.review.draw import drawn


@dataclass(frozen=True, slots=True)
class Need:
    """A work that `raters` more people are to score; `taken` have it, had it, or rated it."""

    submission: str
    candidate: str
    raters: int = 1
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """`given`: (submission, person) in the order of the needs; `short`: works lacking somebody."""

    given: tuple[tuple[str, str], ...]
    short: tuple[str, ...]


def plan(
    needs: Sequence[Need],
    loads: Mapping[str, int],
    conflicts: Collection[tuple[str, str]],
    seed: int,
) -> Plan:
    """Share `needs` among the people in `loads` (person -> works that they have still to score).

    `conflicts` are pairs (person, candidate). Among equally loaded people the seed decides.
    """
    shared = _Sharing(needs, loads, frozenset(conflicts), seed)
    shared.give()
    while path := shared.path():
        shared.shift(path)
    given = [(need.submission, one) for need in needs for one in sorted(shared.holders[need])]
    short = [need.submission for need in needs if len(shared.holders[need]) < need.raters]
    return Plan(tuple(given), tuple(short))


_Move = tuple[str, Need, str]  # giver, work, taker


class _Sharing:
    """The state of one plan while it is made."""

    def __init__(
        self,
        needs: Sequence[Need],
        loads: Mapping[str, int],
        conflicts: frozenset[tuple[str, str]],
        seed: int,
    ) -> None:
        self.loads = dict(sorted(loads.items()))
        self.holders: dict[Need, set[str]] = {need: set() for need in needs}
        self._seed = seed
        self._eligible = {
            need: tuple(
                one
                for one in self.loads
                if one not in need.taken and (one, need.candidate) not in conflicts
            )
            for need in needs
        }

    def give(self) -> None:
        """A first sharing: each work, in an order that is drawn, to those with the least to do."""
        for need in sorted(self.holders, key=lambda one: drawn(self._seed, "work", one.submission)):
            at = need.submission
            ordered = sorted(
                self._eligible[need],
                key=lambda one: (self.loads[one], drawn(self._seed, "rater", at, one)),
            )
            for one in ordered[: need.raters]:
                self.holders[need].add(one)
                self.loads[one] += 1

    def path(self) -> list[_Move]:
        """Moves from somebody, through others, to somebody with two or more works less; or none."""
        moves = self._moves()
        for start in sorted(self.loads, key=lambda one: (-self.loads[one], one)):
            came: dict[str, tuple[str, Need]] = {}
            ahead, seen = deque([start]), {start}
            while ahead:
                at = ahead.popleft()
                if self.loads[at] <= self.loads[start] - 2:
                    return _back(at, came)
                for to, need in moves.get(at, {}).items():
                    if to not in seen:
                        seen.add(to)
                        came[to] = (at, need)
                        ahead.append(to)
        return []

    def _moves(self) -> dict[str, dict[str, Need]]:
        """Person -> whom they could hand a work to -> the first such work."""
        found: dict[str, dict[str, Need]] = {}
        for need, holders in self.holders.items():
            for one in sorted(holders):
                own = found.setdefault(one, {})
                for other in self._eligible[need]:
                    if other not in holders:
                        own.setdefault(other, need)
        return found

    def shift(self, path: list[_Move]) -> None:
        """Hand each work of the path on."""
        for giver, need, taker in path:
            self.holders[need].remove(giver)
            self.holders[need].add(taker)
            self.loads[giver] -= 1
            self.loads[taker] += 1


def _back(at: str, came: Mapping[str, tuple[str, Need]]) -> list[_Move]:
    """The moves of the path that ends at `at`."""
    moves: list[_Move] = []
    while at in came:
        giver, need = came[at]
        moves.append((giver, need, at))
        at = giver
    return moves
