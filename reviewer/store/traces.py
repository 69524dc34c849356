"""Whether words of a work are left anywhere: every row of every table, every byte of every file.

Invariant: what is looked for are runs of `RUN` words of the work, whatever stands between them in
the place that is searched: punctuation, line breaks, escapes of JSON. The tables are those that
the database has, known to reviewer or not. Submitted files are not opened: they may be packed, so
that their bytes tell nothing; whether one is there, its hash tells.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, select, table, text

from reviewer.store.database import Database

RUN = 8
"""Words in a row: fewer are said by chance, as in "at the end of the day we"."""

BLOCK = 1 << 20  # bytes of a file read at once
OVERLAP = 1 << 12  # bytes read again with the next block, so that no run is cut
ROWS_AT_ONCE = 200

_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SUBMITTED = re.compile(r"[0-9a-f]{64}")
_SIGN = re.compile(r"\\[nrt]")


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched, and in which places something was `found` (named, never quoted)."""

    tables: int
    rows: int
    files: int
    found: tuple[str, ...]


def runs(words: str) -> Iterator[str]:
    """Every run of `RUN` words, in small letters with single spaces; JSON's escapes are read."""
    plain = _SIGN.sub(" ", _CODE.sub(lambda code: chr(int(code[1], 16)), words))
    found = _WORD.findall(plain.lower())
    return map(" ".join, zip(*(found[start:] for start in range(RUN)), strict=False))


def holds(value: object, wanted: frozenset[str]) -> bool:
    """Whether a cell of a table, text or bytes, holds one of the `wanted` runs."""
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode("utf-8", "replace")
    return isinstance(value, str) and not wanted.isdisjoint(runs(value))


def search(database: Database, folders: Iterable[Path], wanted: frozenset[str]) -> Searched:
    """Look for `wanted` runs in all tables, and in all files below `folders` but submitted ones."""
    found: list[str] = []
    tables, rows = _search_tables(database, wanted, found)
    every = {one for folder in folders for one in folder.rglob("*")}
    files = sorted(one for one in every if one.is_file() and not _SUBMITTED.fullmatch(one.name))
    found += [str(one) for one in files if _file_holds(one, wanted)]
    return Searched(tables, rows, len(files), tuple(found))


def _search_tables(database: Database, wanted: frozenset[str], found: list[str]) -> tuple[int, int]:
    rows = 0
    with database.reading() as connection:
        names = inspect(connection).get_table_names()
        for name in names:
            every = select(text("*")).select_from(table(name))
            result = connection.execute(every, execution_options={"yield_per": ROWS_AT_ONCE})
            for row in result:
                rows += 1
                if any(holds(value, wanted) for value in row):
                    found.append(f"{name} ({next(iter(result.keys()))} {row[0]})")
    return len(names), rows


def _file_holds(path: Path, wanted: frozenset[str]) -> bool:
    before = b""
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                if holds(before + block, wanted):
                    return True
                before = block[-OVERLAP:]
    except FileNotFoundError:
        return False  # a passing file, such as a lock
    return False
