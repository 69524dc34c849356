"""What reading each file showed, without its text: how many words, or what the problem was.

Invariant: a result never changes under the hash of its input, so what was told of one is told again
without looking. Words are counted in the text as it may be shown.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, or_, select

from reviewer.intake.artifact import Problem
from reviewer.privacy import Masking
from reviewer.store import values
from reviewer.store.records import READING, Stage, StageLine
from reviewer.store.schema import stage_result

MOST = 50_000
"""How many readings are remembered: about 15 MB."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file showed; `words` is null for a recording and where there is a problem."""

    words: int | None
    problem: Problem | None


class Readings:
    """The readings of one store; safe to share among threads."""

    def __init__(self, masking: Masking | None) -> None:
        self._masking = masking
        self._changing = threading.Lock()
        self._known: dict[str, Reading] = {}

    def of(self, connection: Connection, lines: Iterable[StageLine]) -> dict[str, Reading]:
        """Those of `lines` that are finished, by the hash of their input; in one query or none."""
        wanted = {one.input_hash for one in lines if one.stage in READING and one.input_hash}
        with self._changing:
            found = {one: self._known[one] for one in wanted & self._known.keys()}
        new = dict(self._read(connection, wanted - found.keys()))
        with self._changing:
            self._known |= new
            while len(self._known) > MOST:
                self._known.pop(next(iter(self._known)))
        return found | new

    def _read(self, connection: Connection, hashes: Iterable[str]) -> Iterator[tuple[str, Reading]]:
        asked = sorted(hashes)
        if not asked:
            return
        # An hour of speech is long, and nothing is asked of it but whether it is there.
        told = or_(
            stage_result.c.stage == Stage.READ,
            func.substr(stage_result.c.value, 1, len(values.PROBLEM)) == values.PROBLEM,
        )
        value = case((told, stage_result.c.value), else_=b"").label("value")
        query = select(stage_result.c.input_hash, value).where(
            stage_result.c.stage.in_(READING), stage_result.c.input_hash.in_(asked)
        )
        for row in connection.execute(query):
            yield row.input_hash, self._reading(row.value)

    def _reading(self, value: bytes) -> Reading:
        document = values.DOCUMENT.decode(value) if value else None
        if document is None or isinstance(document, Problem):
            return Reading(None, document)
        text = document.text if self._masking is None else self._masking.mask(document.text)
        return Reading(len(text.split()), None)
