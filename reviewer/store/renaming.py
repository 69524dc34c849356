"""What an erasure changes in rows of others: a candidate's name, an issuer's words in snapshots.

Invariant: inside the caller's transaction, which has lifted the refusal of the tables; a snapshot
is changed in these cells and in nothing else.
"""

import json
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, select, update

from reviewer.store.people_schema import candidate_name
from reviewer.store.program_schema import conflict, monitoring, waiver
from reviewer.store.traces import holds


def rename_candidate(connection: Connection, candidate: str, tombstone: str) -> None:
    """Let nothing beside submissions and events name a candidate of whom nothing is left."""
    named = candidate_name.c.candidate == candidate
    connection.execute(delete(candidate_name).where(named))
    declared = update(conflict).where(conflict.c.candidate == candidate)
    connection.execute(declared.values(candidate=tombstone))
    _replace(connection, {candidate: tombstone})


def said_of(
    connection: Connection, submissions: Collection[str], wanted: frozenset[str]
) -> list[str]:
    """Reasons of waivers that are about these submissions, or hold `wanted` runs of words."""
    rows = connection.execute(select(waiver.c.submission, waiver.c.words).order_by(waiver.c.id))
    return [row.words for row in rows if row.submission in submissions or holds(row.words, wanted)]


def without_words(connection: Connection, said: Iterable[str]) -> None:
    """Take these reasons out of the snapshots that show them."""
    _replace(connection, {words: "" for words in said if words})


def _replace(connection: Connection, instead: dict[str, str]) -> None:
    """Put other strings in the place of whole strings of snapshots."""
    if not instead:
        return
    for row in connection.execute(select(monitoring.c.number, monitoring.c.snapshot)).all():
        written = row.snapshot
        for old, new in instead.items():
            written = written.replace(_written(old), _written(new))
        if written != row.snapshot:
            this = monitoring.c.number == row.number
            connection.execute(update(monitoring).where(this).values(snapshot=written))


def _written(text: str) -> str:
    """A string as `snapshot_json` writes it."""
    return json.dumps(text, ensure_ascii=False)
