"""What the store survives: full and read-only disks, clocks, damage, restarts, two servers."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house_postgresql import Server
from house_store import House
from sqlalchemy import text

from eval.postgresql import NewDatabase
from reviewer.errors import StoreError
from reviewer.store import audit
from reviewer.store.copying import copy_store
from reviewer.store.database import Database, open_database
from reviewer.store.reconcile import reconcile

PLAN = "Every morning the pupils of the red table choose how they want to be greeted."
ROOT = Path(__file__).resolve().parents[2]

APPEND = """
import sys
from reviewer.errors import ReviewerError
from reviewer.store import audit
from reviewer.store.database import open_database
done = 0
try:
    opened = open_database(sys.argv[1])
    {before}
    for done in range(int(sys.argv[2])):
        with opened.writing() as connection:
            audit.append(connection, "looked", {{"padding": "x" * 2000}})
    done += 1
except ReviewerError as error:
    print(done, error)
    sys.exit(1)
print(done)
"""
"""Appends events to a store, and prints how many of them were acknowledged."""

FULL = """
    import resource, signal
    from pathlib import Path
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    files = Path(sys.argv[3]).glob("reviewer.sqlite3*")
    most = max(one.stat().st_size for one in files) + 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
"""


def append(url: str, count: int, *more: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """A process that appends `count` events; `before` runs once the store is opened."""
    return subprocess.run(
        [sys.executable, "-c", APPEND.format(before=before.strip()), url, str(count), *more],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'reviewer.sqlite3'}")
    yield opened
    opened.close()


@pytest.mark.slow
def test_on_a_full_disk_what_was_acknowledged_is_there_and_nothing_else(
    sqlite: Database, tmp_path: Path
) -> None:
    done = append(_sqlite_url(tmp_path), 1000, str(tmp_path), before=FULL)
    assert done.returncode == 1, done.stderr
    acknowledged, _, said = done.stdout.partition(" ")
    assert "cannot be used" in said
    assert "Check the disk" in said
    assert 0 < int(acknowledged) == audit.verify(sqlite) < 1000
    assert append(_sqlite_url(tmp_path), 1).returncode == 0  # there is room again
    assert audit.verify(sqlite) == int(acknowledged) + 1


def _sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'reviewer.sqlite3'}"


@contextmanager
def nobody() -> Iterator[None]:
    """Be somebody whom permissions stop, if it is root who runs the tests."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_read_only_home_is_said_in_one_sentence() -> None:
    folder = Path(tempfile.mkdtemp(prefix="reviewer-readonly-"))  # where others may look
    opened = open_database(_sqlite_url(folder))
    with opened.writing() as connection:
        audit.append(connection, "looked", {})
    opened.close()
    for one in folder.iterdir():
        one.chmod(0o444)
    folder.chmod(0o555)
    try:
        with nobody(), pytest.raises(StoreError, match=r"cannot be (used|opened).*read") as caught:
            _append_one(_sqlite_url(folder))
        assert str(caught.value).count("\n") == 0
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def _append_one(url: str) -> None:
    opened = open_database(url)
    try:
        with opened.writing() as connection:
            audit.append(connection, "looked", {})
    finally:
        opened.close()


class JumpingClock:
    """A clock that is set back whenever it is told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def test_a_clock_that_jumps_back_loses_no_score_and_breaks_no_record(
    url: str, tmp_path: Path
) -> None:
    clock = JumpingClock()
    house = House(url, tmp_path, clock)
    submission = house.hand_in("C-1", {"plan.txt": PLAN})
    house.records.reviews.rate(house.place(submission), 0.0, 0)
    clock.moment -= timedelta(days=400)
    house.records.reviews.rate(house.place(submission), 1.0, 1)
    standing = house.records.reviews.decide(house.place(submission), 1.0, None, 2)
    assert [one.level for one in standing.ratings] == [0.0, 1.0, 1.0]
    confirmed = house.records.reviews.confirmed(submission)
    assert confirmed["greeting"].level == 1.0
    assert audit.verify(house.database) > 4
    assert reconcile(house.database) == 4
    house.database.close()


def test_a_damaged_page_is_copied_nowhere(tmp_path: Path) -> None:
    house = House(_sqlite_url(tmp_path), tmp_path)
    with house.database.writing() as connection:
        for number in range(500):
            audit.append(connection, "looked", {"number": number})
    house.database.close()
    path = tmp_path / "reviewer.sqlite3"
    content = bytearray(path.read_bytes())
    for start in range(len(content) - 4096 * 8, len(content), 4096):
        content[start : start + 2048] = b"\xff" * 2048
    path.write_bytes(content)
    damaged = open_database(_sqlite_url(tmp_path))
    target = open_database(f"sqlite:///{tmp_path / 'copy' / 'reviewer.sqlite3'}")
    with pytest.raises(StoreError, match="cannot be used"):
        copy_store(damaged, target)
    assert audit.events(target) == ()
    for one in (damaged, target):
        one.close()


@pytest.mark.slow
def test_two_servers_on_one_file_take_turns_and_lose_nothing(
    sqlite: Database, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: append(_sqlite_url(tmp_path), 100), range(3)))
    assert [one.returncode for one in done] == [0, 0, 0], done
    assert audit.verify(sqlite) == 300


@pytest.mark.slow
class TestPostgresql:
    def test_a_save_whose_connection_is_cut_is_not_kept_and_the_next_one_is(
        self, postgresql: NewDatabase
    ) -> None:
        url = postgresql()
        opened, other = open_database(url), open_database(url)

        def save(cut: bool) -> None:
            with opened.writing() as connection:
                audit.append(connection, "looked", {})
                if cut:
                    _cut_all_but(other)
                audit.append(connection, "looked", {})

        with pytest.raises(StoreError, match="cannot be used"):
            save(cut=True)
        assert audit.verify(other) == 0
        save(cut=False)
        assert audit.verify(other) == 2
        for one in (opened, other):
            one.close()

    @pytest.mark.parametrize("within", [False, True])
    def test_a_question_that_a_killed_server_never_read_is_a_store_error(
        self, tmp_path: Path, within: bool
    ) -> None:
        server = Server(tmp_path / "postgresql")
        opened = open_database(server.url)
        killing = threading.Timer(0.3, server.kill)

        def ask() -> None:
            if not within:
                server.freeze()
            with opened.reading() as connection:
                if within:
                    server.freeze()
                connection.execute(text("SELECT 1"))

        try:
            with opened.reading() as connection:
                connection.execute(text("SELECT 1"))  # leaves a connection to be used again
            killing.start()
            with pytest.raises(StoreError, match="cannot be used"):
                ask()
            killing.join()
            server.start()
            assert audit.verify(opened) == 0
        finally:
            killing.join()
            opened.close()
            server.stop()

    def test_scores_that_were_acknowledged_outlive_a_killed_server(self, tmp_path: Path) -> None:
        server = Server(tmp_path / "postgresql")
        opened = open_database(server.url)
        acknowledged, stop = [0], threading.Event()

        def save() -> None:
            while not stop.is_set():
                try:
                    with opened.writing() as connection:
                        audit.append(connection, "looked", {})
                    acknowledged[0] += 1
                except StoreError:
                    time.sleep(0.02)

        saving = threading.Thread(target=save)
        saving.start()
        try:
            for _ in range(2):
                before = acknowledged[0]
                _wait(lambda before=before: acknowledged[0] > before + 20)
                server.kill()
                server.start()
            before = acknowledged[0]
            _wait(lambda: acknowledged[0] > before + 20)
        finally:
            stop.set()
            saving.join()
        try:
            # A save may have been kept whose answer was cut off; none that was answered is missing.
            assert acknowledged[0] <= audit.verify(opened) <= acknowledged[0] + 2
        finally:
            opened.close()
            server.stop()


def _cut_all_but(database: Database) -> None:
    with database.reading() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )


def _wait(until: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
