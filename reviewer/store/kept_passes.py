"""First passes put together once and kept for as long as nothing that they are made of changed.

Invariant: what is handed out equals what `first_pass_so_far` would make now. It is made of what was
handed in, the ledger's lines, the results that those name by the hash of their input (which never
change), and the verdicts that hold; all but the results are compared at every call.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from reviewer.scoring.draft import Fitness
from reviewer.scoring.first_pass import FirstPass
from reviewer.store.records import StageLine, StoredSubmission

MOST = 64
"""How many are kept: about twice as many as people who work at a time."""


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What a first pass depends on; `fitness` is by element and engine version."""

    stored: StoredSubmission
    lines: tuple[StageLine, ...]
    fitness: dict[tuple[str, str], Fitness]


class KeptPasses:
    """The latest first pass of each submission, ungated; safe to share among threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._changing = threading.Lock()
        self._kept: dict[str, tuple[MadeOf, FirstPass]] = {}

    def get(self, made_of: MadeOf, make: Callable[[MadeOf], FirstPass]) -> FirstPass:
        """The one that is kept if it was made of equal values, else a new one."""
        submission = made_of.stored.record.id
        with self._changing:
            kept = self._kept.pop(submission, None)
            if kept and kept[0] == made_of:
                self._kept[submission] = kept  # the latest asked for is the last to go
                return kept[1]
        made = make(made_of)
        with self._changing:
            self._kept[submission] = (made_of, made)
            while len(self._kept) > self._most:
                self._kept.pop(next(iter(self._kept)))
        return made
