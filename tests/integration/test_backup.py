"""Backups and copies of a store: whole, verified, between both kinds of database."""

import io
import json
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house_empty import empty_store
from house_store import House
from sqlalchemy import select

from reviewer.errors import BackupError, StoreError
from reviewer.store import audit
from reviewer.store.backup import make_backup, restore_backup
from reviewer.store.copying import copy_store
from reviewer.store.database import Database, open_database
from reviewer.store.files import FileStore
from reviewer.store.reconcile import reconcile
from reviewer.store.schema import metadata

pytestmark = pytest.mark.slow  # a store a test: together they take many seconds

PLAN = "Every morning the pupils of the red table choose how they want to be greeted."


@pytest.fixture
def house(url: str, tmp_path: Path) -> Iterator[House]:
    opened = House(url, tmp_path)
    opened.review(opened.hand_in("C-1", {"plan.txt": PLAN}), note="Zoë: ask her.")
    yield opened
    opened.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty store of either kind, beside the one of `house`."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{empty_store(tmp_path / 'second')}")
    else:
        opened = open_database(request.getfixturevalue("postgresql")())
    yield opened
    opened.close()


@pytest.fixture
def archive(house: House, tmp_path: Path) -> Path:
    made = tmp_path / "backup.tar"
    make_backup(house.database, house.files, made)
    return made


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
            for table in metadata.sorted_tables
        }


def changed(archive: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same archive with other members."""
    with tarfile.open(archive) as tar:
        members = {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]
    change(members)
    with tarfile.open(archive, "w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return archive


class TestCopying:
    def test_every_row_comes_over_and_the_record_is_right(
        self, house: House, empty: Database
    ) -> None:
        copied = copy_store(house.database, empty)
        assert rows(empty) == rows(house.database)
        assert copied.events == audit.verify(empty) > 5
        assert reconcile(empty) == 4
        assert copied.rows == sum(map(len, rows(empty).values()))

    def test_work_goes_on_in_the_copy_with_the_next_numbers(
        self, house: House, empty: Database, tmp_path: Path
    ) -> None:
        copy_store(house.database, empty)
        moved = House(_url(empty), tmp_path)
        moved.review(moved.hand_in("C-2", {"own.txt": f"{PLAN} And Ida reports."}))
        numbers = [one.number for _, one in moved.records.reviews.ratings()]
        assert numbers == [1, 2, 3, 4]
        moved.database.close()

    def test_a_store_with_anything_in_it_is_refused(self, house: House, empty: Database) -> None:
        with empty.writing() as connection:
            audit.append(connection, "looked", {})
        with pytest.raises(StoreError, match="is not empty: name the URL of a new"):
            copy_store(house.database, empty)
        assert audit.verify(empty) == 1

    def test_what_others_write_meanwhile_is_all_there_or_not_at_all(
        self, house: House, empty: Database
    ) -> None:
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                with house.database.writing() as connection:
                    audit.append(connection, "looked", {})

        writer = threading.Thread(target=write)
        writer.start()
        try:
            copied = copy_store(house.database, empty)
        finally:
            stop.set()
            writer.join()
        assert audit.verify(empty) == copied.events <= audit.verify(house.database)


def _url(database: Database) -> str:
    return database._engine.url.render_as_string(hide_password=False)


class TestBackup:
    def test_it_comes_back_into_an_empty_store_with_its_files(
        self, house: House, archive: Path, empty: Database, tmp_path: Path
    ) -> None:
        before = rows(house.database)
        files = FileStore(tmp_path / "second" / "files")
        made = restore_backup(archive, empty, files)
        assert (made.submissions, made.files) == (1, 1)
        after = rows(empty)
        assert [len(after.pop("audit_event")), len(before.pop("audit_event"))] == [
            made.events + 1,
            made.events + 1,
        ]
        assert after == before
        assert files.find(house.files.names()[0]).read_text() == PLAN
        assert audit.events(house.database)[-1].event == "backup_made"
        assert audit.events(empty)[-1].event == "store_restored"
        audit.verify(empty)

    def test_it_names_nobody_of_this_machine(self, archive: Path) -> None:
        with tarfile.open(archive) as tar:
            assert {(one.uid, one.uname) for one in tar} == {(0, "")}

    def test_a_store_with_something_in_it_is_left_alone_unless_it_is_to_be_replaced(
        self, house: House, archive: Path
    ) -> None:
        house.hand_in("C-2", {"own.txt": "We read the weather from a chart by the door."})
        with pytest.raises(BackupError, match="is not empty: restore into another REVIEWER_HOME"):
            restore_backup(archive, house.database, house.files)
        assert len(house.repository.submissions()) == 2
        restore_backup(archive, house.database, house.files, replace=True)
        assert [one.candidate for one in house.repository.submissions()] == ["C-1"]
        assert len(house.files.names()) == 1
        audit.verify(house.database)
        with pytest.raises(Exception, match="append-only"), house.database.writing() as opened:
            opened.exec_driver_sql("DELETE FROM rating")

    def test_a_submitted_file_that_was_changed_is_named_and_nothing_is_written(
        self, house: House, tmp_path: Path
    ) -> None:
        path = house.files.path(house.files.names()[0])
        path.chmod(0o600)
        path.write_text("Something else.")
        with pytest.raises(StoreError, match="was changed after it was kept"):
            make_backup(house.database, house.files, tmp_path / "backup.tar")
        assert not list(tmp_path.glob("*backup*"))

    def test_a_place_that_cannot_be_written_is_said(self, house: House, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        with pytest.raises(BackupError, match="folder cannot be written: is a directory"):
            make_backup(house.database, house.files, tmp_path / "folder")


class TestArchivesThatAreRefused:
    @pytest.fixture
    def refused(self, house: House, tmp_path: Path) -> Callable[[Path], str]:
        """What is said of an archive, and that nothing came of it."""

        def restore(archive: Path) -> str:
            home = tmp_path / "third"
            database = open_database(f"sqlite:///{home / 'reviewer.sqlite3'}")
            files = FileStore(home / "files")
            with pytest.raises(BackupError) as caught:
                restore_backup(archive, database, files)
            assert files.names() == ()
            assert audit.verify(database) == 0
            database.close()
            return str(caught.value)

        return restore

    def test_no_archive(self, refused: Callable[[Path], str], tmp_path: Path) -> None:
        (tmp_path / "x.tar").write_text("no archive")
        assert "cannot be read as a backup" in refused(tmp_path / "x.tar")
        assert "cannot be read as a backup" in refused(tmp_path / "missing.tar")

    def test_an_archive_of_something_else(
        self, refused: Callable[[Path], str], archive: Path
    ) -> None:
        for manifest in (b"{}", b"[]", b"\xff", b'{"format": 2, "members": {"store.sqlite3": ""}}'):
            other = changed(archive, lambda all_, one=manifest: all_.update({"manifest.json": one}))
            assert "no backup that this version of reviewer can read" in refused(other)

    def test_a_member_with_other_bytes(self, refused: Callable[[Path], str], archive: Path) -> None:
        def change(members: dict[str, bytes]) -> None:
            name = next(one for one in members if one.startswith("files/"))
            members[name] = b"other bytes"

        assert "was changed after the backup was made" in refused(changed(archive, change))

    def test_a_member_too_few(self, refused: Callable[[Path], str], archive: Path) -> None:
        def change(members: dict[str, bytes]) -> None:
            del members[next(one for one in members if one.startswith("files/"))]

        assert "lacks files/" in refused(changed(archive, change))

    def test_a_member_too_many(self, refused: Callable[[Path], str], archive: Path) -> None:
        other = changed(archive, lambda members: members.update({"../evil": b"x"}))
        assert "holds '../evil', which its manifest lacks" in refused(other)

    def test_a_file_that_the_store_refers_to_and_the_manifest_does_not_name(
        self, refused: Callable[[Path], str], archive: Path
    ) -> None:
        def change(members: dict[str, bytes]) -> None:
            name = next(one for one in members if one.startswith("files/"))
            del members[name]
            manifest = json.loads(members["manifest.json"])
            del manifest["members"][name]
            members["manifest.json"] = json.dumps(manifest).encode()

        assert "which its store refers to" in refused(changed(archive, change))

    def test_a_cut_archive(self, refused: Callable[[Path], str], archive: Path) -> None:
        archive.write_bytes(archive.read_bytes()[:20_000])
        assert "backup" in refused(archive)
