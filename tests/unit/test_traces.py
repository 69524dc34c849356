"""Words of a work are found wherever they are: in JSON, in bytes, across blocks of a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from house_empty import empty_store
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import StoreError
from reviewer.store.audit import append
from reviewer.store.database import Database, open_database
from reviewer.store.traces import BLOCK, RUN, holds, runs, search

SENTENCE = "Each pupil told a partner about one thing that had gone well"
WANTED = frozenset(runs(SENTENCE))

plain_words = st.text(
    st.characters(categories=("Ll", "Nd"), max_codepoint=0xFFFF), min_size=1, max_size=8
)
texts = st.lists(plain_words, min_size=RUN, max_size=30).map(" \n".join)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{empty_store(tmp_path)}")
    yield opened
    opened.close()


def test_fewer_words_than_a_run_are_no_run() -> None:
    assert list(runs("at the end of the day we")) == []
    assert len(WANTED) == len(SENTENCE.split()) - RUN + 1


@given(texts)
def test_a_text_is_found_in_json_of_either_kind_and_in_bytes(text: str) -> None:
    wanted = frozenset(runs(text))
    for ascii_only in (True, False):
        written = json.dumps({"text": f"before. {text} after"}, ensure_ascii=ascii_only)
        assert holds(written, wanted)
        assert holds(b"\x00\xff" + written.encode() + b"\x80", wanted)


@given(texts, texts)
def test_a_text_without_a_common_run_is_not_found(one: str, other: str) -> None:
    wanted = frozenset(runs(one))
    assert holds(other, wanted) == bool(wanted & set(runs(other)))


def test_numbers_dates_and_nothing_hold_no_words() -> None:
    assert not any(holds(one, WANTED) for one in (None, 3, 2.5, True))


def test_rows_of_any_table_and_files_of_any_name_are_searched(
    database: Database, tmp_path: Path
) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE foreign_words (id INTEGER, words TEXT)")
        connection.exec_driver_sql("INSERT INTO foreign_words VALUES (7, ?)", (SENTENCE,))
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "cache.bin").write_bytes(b"." * (BLOCK - 20) + SENTENCE.encode())
    (folder / "harmless.txt").write_text("Each pupil told a partner about it.")
    searched = search(database, [folder], WANTED)
    assert searched.found == ("foreign_words (id 7)", str(folder / "cache.bin"))
    assert searched.files == 2


def test_a_store_that_cannot_be_read_is_no_proof(database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        for number in range(500):
            append(connection, "looked", {"number": number})
    database.close()
    path = tmp_path / "reviewer.sqlite3"
    content = bytearray(path.read_bytes())
    for start in range(4096 * 4, len(content), 4096):
        content[start : start + 2048] = b"\xff" * 2048
    path.write_bytes(content)
    with pytest.raises(StoreError, match="cannot be"):
        search(database, [], WANTED)
