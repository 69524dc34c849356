"""What an erasure changes in rows of others: a candidate's name, an issuer's words in snapshots.

Invariant: inside the caller's transaction, which has lifted the refusal of the tables; a snapshot
is changed in these cells and in nothing else.
"""

import json
from collections.abc import Callable, Collection

from sqlalchemy import Connection, delete, select, update

from reviewer.calibration.monitoring.model import WAIVERS
from reviewer.store.people_schema import candidate_name
from reviewer.store.program_schema import conflict, monitoring, waiver
from reviewer.store.traces import holds


def rename_candidate(connection: Connection, candidate: str, tombstone: str) -> None:
    """Let nothing beside submissions and events name a candidate of whom nothing is left."""
    named = candidate_name.c.candidate == candidate
    connection.execute(delete(candidate_name).where(named))
    declared = update(conflict).where(conflict.c.candidate == candidate)
    connection.execute(declared.values(candidate=tombstone))
    old, new = (json.dumps(one, ensure_ascii=False) for one in (candidate, tombstone))
    _rewrite(connection, lambda written: written.replace(old, new))


def said_of(
    connection: Connection, submissions: Collection[str], wanted: frozenset[str]
) -> frozenset[str]:
    """Reasons of waivers that are about these submissions, or hold `wanted` runs of words."""
    rows = connection.execute(select(waiver.c.submission, waiver.c.words))
    return frozenset(
        row.words for row in rows if row.submission in submissions or holds(row.words, wanted)
    )


def without_words(connection: Connection, said: Collection[str]) -> None:
    """Empty the cells of snapshots that are one of these reasons."""
    if said:
        _rewrite(connection, lambda written: _emptied(written, said))


def _emptied(written: str, said: Collection[str]) -> str:
    whole = json.loads(written)
    tables = [one for one in whole.get("tables", ()) if one["name"] == WAIVERS]
    if not any(cell in said for table in tables for row in table["rows"] for cell in row):
        return written
    for table in tables:
        table["rows"] = [["" if cell in said else cell for cell in row] for row in table["rows"]]
    return json.dumps(whole, ensure_ascii=False)


def _rewrite(connection: Connection, rewritten: Callable[[str], str]) -> None:
    for row in connection.execute(select(monitoring.c.number, monitoring.c.snapshot)).all():
        written = rewritten(row.snapshot)
        if written != row.snapshot:
            this = monitoring.c.number == row.number
            connection.execute(update(monitoring).where(this).values(snapshot=written))
