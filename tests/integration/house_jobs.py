"""A store with submissions of toy stages, and commands that work on them (see toy_work.py)."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psutil
from sqlalchemy import insert
from toy_work import EXECUTIONS, toy_engine

from reviewer.jobs.engine import Engine
from reviewer.store import schema
from reviewer.store.database import open_database
from reviewer.store.ledger import Ledger
from reviewer.store.records import StageState

SCRIPT = Path(__file__).with_name("toy_work.py")
_LATER = count()
SOON_S = 60.0  # far more than anything takes on a busy machine


class Bench:
    """A store with one submission, a control folder, and commands that work on it."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.url = url or f"sqlite:///{folder / 'reviewer.sqlite3'}"
        self.control = folder / "control"
        self.control.mkdir()
        self.database = open_database(self.url)
        self.ledger = Ledger(self.database)
        self.commands: list[psutil.Popen] = []
        self.add("one")

    def add(self, name: str, attempt: int = 1) -> None:
        """Hand in a submission, after those that are there."""
        with self.database.writing() as connection:
            connection.execute(
                insert(schema.submission).values(
                    id=name,
                    credential_id="c",
                    rubric_hash="0" * 64,
                    credential="{}",
                    candidate="C-1",
                    attempt=attempt,
                    messages="[]",
                    created_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(_LATER)),
                )
            )

    def command(self, *setting: str) -> psutil.Popen:
        """A process that finishes the submission "one"."""
        return self.process(sys.executable, str(SCRIPT), self.url, str(self.control), *setting)

    def process(self, *command: str) -> psutil.Popen:
        """A process that is killed with all its children at the end of the test."""
        path = os.pathsep.join(sys.path)
        started = psutil.Popen(
            command,
            env={**os.environ, "PYTHONPATH": path, "DASK_LOGGING__DISTRIBUTED": "error"},
            stderr=subprocess.PIPE,
            # A shell that starts the tests in the background has interrupts ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.commands.append(started)
        return started

    def finish(self) -> None:
        command = self.command()
        assert command.wait(SOON_S) == 0, command.stderr.read().decode()

    def engine(self) -> Engine:
        return toy_engine(self.url, self.control)

    def tell(self, what: str) -> None:
        (self.control / what).touch()

    def untell(self, what: str) -> None:
        (self.control / what).unlink()

    def log(self, what: str) -> list[tuple[str, str, int]]:
        path = self.control / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        parts = [line.split() for line in lines]
        return [(stage, name, int(pid)) for did, stage, name, pid in parts if did == what]

    def begun(self, stage: str) -> int:
        """Wait until a stage is under way; the process that is at it."""
        self.until(lambda: any(one == stage for one, _, _ in self.log("begin")))
        return next(pid for one, _, pid in reversed(self.log("begin")) if one == stage)

    def until(self, happens: Callable[[], bool]) -> None:
        late = time.monotonic() + SOON_S
        while not happens():
            assert time.monotonic() < late, (self.ledger.lines("one"), self.log("begin"))
            time.sleep(0.02)

    def gone(self, *pids: int) -> None:
        self.until(lambda: not any(lives(pid) for pid in pids))

    def states(self) -> set[StageState]:
        return {line.state for line in self.ledger.lines("one")}

    def end(self) -> None:
        """Kill what was started."""
        for command in self.commands:
            for process in [command, *_children(command)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            command.wait(SOON_S)
            command.stderr.close()

    def executed(self) -> Counter[tuple[str, str]]:
        """How often each stage came to its end."""
        return Counter((stage, name) for stage, name, _ in self.log("end"))

    def assert_each_once(self) -> None:
        assert self.states() == {StageState.DONE}
        assert len(self.executed()) == EXECUTIONS
        assert set(self.executed().values()) == {1}


def lives(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _children(command: psutil.Popen) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return command.children(recursive=True)
    return []
