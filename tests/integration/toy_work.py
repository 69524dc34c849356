"""Stages small enough to be killed on purpose, and a command that finishes a submission of them.

What the stages do is told by files in the folder `control`: ``block-STAGE`` makes a stage wait
until the file is gone, ``raise-STAGE`` makes it fail, ``kill-STAGE`` makes it end its own process.
Each stage writes a line to ``control/log`` when it begins and one when it ends.

    python toy_work.py STORE_URL CONTROL [SETTING [ENGINE]]    finishes the submission "one"
    python toy_work.py worker STORE_URL CONTROL SETTING ADDRESS [gpu]    works for a scheduler
"""

import hashlib
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from reviewer.jobs.cluster import Cluster
from reviewer.jobs.cluster_worker import serve_cluster
from reviewer.jobs.engine import Crew, Engine
from reviewer.jobs.workers import Workers
from reviewer.store.database import open_database
from reviewer.store.ledger import Ledger
from reviewer.store.records import Step, Task

FILES = ("plan", "video")
FIRST = {"plan": "read", "video": "transcribe"}
STAGES = ("read", "transcribe", "embed", "draft")
EXECUTIONS = 5  # read plan, transcribe video, embed each, draft


class ToyWork:
    """The shape of a first pass: each file is read, then embedded; the draft needs all of it."""

    def __init__(self, url: str, control: Path, setting: str = "") -> None:
        self.ledger = Ledger(open_database(url))
        self._control = control
        self._setting = setting

    def steps(self, submission_id: str) -> tuple[Step, ...]:
        """Each submission has its own content."""
        first = [
            Step(FIRST[name], name, self._hash(FIRST[name], name, submission_id)) for name in FILES
        ]
        embed = [Step("embed", step.artifact, self._after("embed", step)) for step in first]
        known = [step for step in embed if self._result(step) is not None]
        whole = self._hash("draft", *map(repr, embed)) if len(known) == len(embed) else None
        return (*first, *embed, Step("draft", "", whole))

    def _after(self, stage: str, step: Step) -> str | None:
        result = self._result(step)
        return None if result is None else self._hash(stage, result.decode())

    def _result(self, step: Step) -> bytes | None:
        return (step.input_hash and self.ledger.result(step.stage, step.input_hash)) or None

    def _hash(self, *parts: str) -> str:
        return hashlib.sha256(repr((self._setting, *parts)).encode()).hexdigest()

    def perform(self, task: Task, progress: Callable[[float], None]) -> bytes:
        self._note("begin", task)
        progress(0.5)
        while (self._control / f"block-{task.stage}").exists():
            time.sleep(0.01)
        if (self._control / f"raise-{task.stage}").exists():
            raise RuntimeError("this stage cannot be done")
        if (self._control / f"kill-{task.stage}").exists():
            os.kill(os.getpid(), signal.SIGKILL)
        self._note("end", task)
        return f"{task.submission} {task.stage} {task.artifact} {self._setting}".encode()

    def _note(self, what: str, task: Task) -> None:
        with (self._control / "log").open("a") as log:
            log.write(f"{what} {task.stage} {task.artifact or '-'} {os.getpid()}\n")


def toy_engine(url: str, control: Path, setting: str = "", scheduler: str = "") -> Engine:
    """An engine with a process of its own, or with the workers of a scheduler."""
    work = ToyWork(url, control, setting)
    open_work = partial(ToyWork, url, control, setting)

    def crew(only: str | None) -> Crew:
        if scheduler:
            return Cluster(scheduler, work.ledger, work.steps, only)
        return Workers(open_work, work.ledger, 1, only)

    return Engine(work.ledger, work.steps, crew)


def main(arguments: list[str]) -> None:
    """See above."""
    if arguments[0] == "worker":
        url, control, setting, address, *gpu = arguments[1:]
        number = serve_cluster(address, ToyWork(url, Path(control), setting), bool(gpu))
        os._exit(128 + number)
    url, control, *more = arguments
    toy_engine(url, Path(control), *more).finish("one", lambda: None)


if __name__ == "__main__":
    main(sys.argv[1:])
