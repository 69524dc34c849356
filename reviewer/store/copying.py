"""A store copied row by row into another one, of either kind of database.

Invariant: what is copied is one state of the source, whoever writes meanwhile; the target has all
of it or is as it was. Then both are compared: rows by table, the chain of events by its hashes.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, func, insert, select

from reviewer.errors import StoreError
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.dialects import append_only_tables, count_on, lifted
from reviewer.store.reconcile import reconcile
from reviewer.store.schema import metadata

ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Copied:
    """What the target has now: rows of how many tables, and events, each hash computed anew."""

    tables: int
    rows: int
    events: int


def is_empty(database: Database) -> bool:
    """Whether nothing was ever kept in a store."""
    with database.reading() as connection:
        return _is_empty(connection)


def copy_store(source: Database, target: Database, *, replace: bool = False) -> Copied:
    """Copy every row; with `replace`, in the place of what the target has.

    Submitted files are not in a database, and stay where they are. Raises `StoreError` where the
    target is not empty, or is not the same afterwards.
    """
    with source.snapshot() as rows_of, target.writing() as connection:
        if replace:
            _clear(connection)
        elif not _is_empty(connection):
            raise StoreError(
                f"The store {target.name} is not empty: name the URL of a new, empty database."
            )
        expected = _counts(rows_of)
        for table in metadata.sorted_tables:
            every = rows_of.execute(select(table), execution_options={"yield_per": ROWS_AT_ONCE})
            for rows in every.partitions():
                connection.execute(insert(table), [dict(row._mapping) for row in rows])
        count_on(connection, metadata.sorted_tables)
        found = _counts(connection)
    for name, count in expected.items():
        if found[name] != count:
            raise StoreError(
                f"{target.name} has {found[name]} rows in {name} and {source.name} has {count}: "
                "empty it and copy again."
            )
    events = audit.verify(target)
    reconcile(target)
    return Copied(len(expected), sum(expected.values()), events)


def _is_empty(connection: Connection) -> bool:
    return not any(
        connection.scalar(select(exists(select(table)))) for table in metadata.sorted_tables
    )


def _counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
    }


def _clear(connection: Connection) -> None:
    with lifted(connection, append_only_tables(connection)):
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
