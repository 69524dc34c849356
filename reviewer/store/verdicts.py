"""Verdicts of the fitness gate as rows: appended, and the latest of each key obeyed.

Invariant: a verdict is never changed; measuring again appends. One that names another rubric hash
or engine version says nothing about this one.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, insert, select

from reviewer.calibration.gate import Check, Verdict
from reviewer.scoring.draft import Fitness
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.schema import verdict

_GIVEN = (
    select(verdict)
    .where(
        verdict.c.credential == bindparam("credential"),
        verdict.c.rubric_hash == bindparam("rubric_hash"),
    )
    .order_by(verdict.c.number)
)


class StoredVerdicts:
    """All verdicts that were ever given in this store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, given: Sequence[Verdict]) -> None:
        """Append verdicts, and one event for all of them; from now on they hold."""
        if not given:
            return
        with self._database.writing() as connection:
            last = connection.scalar(select(func.max(verdict.c.number))) or 0
            now = datetime.now(UTC)
            rows = [
                {
                    "number": last + at,
                    "credential": one.credential,
                    "rubric_hash": one.rubric_hash,
                    "element": one.element,
                    "engine_version": one.engine_version,
                    "fitness": str(one.fitness),
                    "reason": one.reason,
                    "checks": json.dumps([asdict(check) for check in one.checks]),
                    "report_sha256": one.report_sha256,
                    "given_at": now,
                }
                for at, one in enumerate(given, 1)
            ]
            connection.execute(insert(verdict), rows)
            first = given[0]
            audit.append(
                connection,
                "verdicts_given",
                {
                    "credential": first.credential,
                    "rubric_hash": first.rubric_hash,
                    "report": first.report_sha256,
                    "open": sum(one.fitness is Fitness.OPEN for one in given),
                    "closed": sum(one.fitness is Fitness.CLOSED for one in given),
                    "unmeasured": sum(one.fitness is Fitness.UNMEASURED for one in given),
                },
            )

    def latest(self, credential: str, rubric_hash: str) -> tuple[Verdict, ...]:
        """The verdicts that hold for one version of a rubric, by element and engine version."""
        with self._database.reading() as connection:
            asked = {"credential": credential, "rubric_hash": rubric_hash}
            rows = connection.execute(_GIVEN, asked).all()
        found = {
            (row.element, row.engine_version): Verdict(
                credential=row.credential,
                rubric_hash=row.rubric_hash,
                element=row.element,
                engine_version=row.engine_version,
                fitness=Fitness(row.fitness),
                reason=row.reason,
                checks=tuple(Check(**check) for check in json.loads(row.checks)),
                report_sha256=row.report_sha256,
            )
            for row in rows
        }
        return tuple(found[key] for key in sorted(found))

    def fitness(self, credential: str, rubric_hash: str) -> dict[tuple[str, str], Fitness]:
        """What holds for one version of a rubric: (element, engine version) -> fitness."""
        return fitness_of(self.latest(credential, rubric_hash))


def fitness_of(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], Fitness]:
    """The fitness that verdicts of one rubric give: (element, engine version) -> fitness."""
    return {(one.element, one.engine_version): one.fitness for one in verdicts}
