"""The local engine: plans submissions, keeps worker processes at the ready stages, until done.

Invariant: the engine holds no state that matters; a new one, in this process or another, goes on
from the ledger. Where nothing is to be done, no process is started.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from types import FrameType

from reviewer.errors import JobError, ReviewerError, StoreError
from reviewer.jobs.processes import is_dead
from reviewer.jobs.worker import OpenWork
from reviewer.jobs.workers import Workers
from reviewer.store.ledger import Ledger
from reviewer.store.records import StageLine, StageState, Step

TICK_S = 0.25  # seconds between looks at the ledger while somebody watches
RECHECK_S = 5.0  # seconds between looks while only another process's work is open
LINGER_S = 60.0  # seconds that idle workers keep their models in memory

_OPEN = (StageState.QUEUED, StageState.LEASED)

log = logging.getLogger(__name__)


class LocalEngine:
    """Worker processes on this machine, for a command that waits or a server that does not.

    `steps` says what a submission needs now; `open_work` makes a worker's `Work` in its process.
    """

    def __init__(
        self,
        ledger: Ledger,
        steps: Callable[[str], tuple[Step, ...]],
        open_work: OpenWork,
        count: int = 1,
    ) -> None:
        self._ledger = ledger
        self._steps = steps
        self._open_work = open_work
        self._count = count
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._bell: tuple[int, int] | None = None

    def finish(self, submission_id: str, on_change: Callable[[], None]) -> None:
        """Work until every stage of the submission is done or failed for good; blocks.

        Nothing else is worked on: whoever waits for one submission does not wait for others.

        Stages that failed before get new attempts. `on_change` is called, here, whenever a line
        of the ledger has changed. Raises `JobError` if no worker can be started.
        """
        workers = Workers(self._open_work, self._ledger, self._count, only=submission_id)
        with _terminable():
            try:
                self._ledger.plan(submission_id, self._steps(submission_id), retry=True)
                settled: _Standing | None = None
                shown: tuple[StageLine, ...] = ()
                while True:
                    lines = self._ledger.lines(submission_id)
                    if _standing(lines) != settled:
                        lines = self._settle(submission_id)
                        settled = _standing(lines)
                    if lines != shown:
                        on_change()
                        shown = lines
                    if not any(line.state in _OPEN for line in lines):
                        return
                    if self._ledger.ready(is_dead, submission_id):
                        workers.wake()
                    workers.wait(TICK_S)
            finally:
                workers.stop()

    def _settle(self, submission_id: str) -> tuple[StageLine, ...]:
        """Plan until planning changes nothing: one result may make the next one known."""
        before = self._ledger.lines(submission_id)
        while True:
            self._ledger.plan(submission_id, self._steps(submission_id))
            after = self._ledger.lines(submission_id)
            if _standing(after) == _standing(before):
                return after
            before = after

    def start(self) -> None:
        """Work on everything unfinished from a thread of its own; once."""
        if self._thread is not None:
            return
        self._stopping.clear()
        self._bell = os.pipe()
        self._thread = threading.Thread(
            target=self._serve, args=(self._bell[0],), name="reviewer-engine", daemon=True
        )
        self._thread.start()

    def wake(self) -> None:
        """There may be new work for the thread, if there is one."""
        if self._bell is not None:
            os.write(self._bell[1], b"!")

    def stop(self) -> None:
        """End the thread and its workers; what was finished is kept."""
        if self._thread is None or self._bell is None:
            return
        self._stopping.set()
        self.wake()
        self._thread.join()
        for end in self._bell:
            os.close(end)
        self._thread = self._bell = None

    def _serve(self, bell: int) -> None:
        workers = Workers(self._open_work, self._ledger, self._count)
        settled: dict[str, _Standing] = {}
        timeout: float | None = 0.0
        retry = True  # whoever starts the server again wants failed stages tried again
        try:
            while not self._stopping.is_set():
                try:
                    happened = workers.wait(timeout, bell)
                    _hush(bell)
                    if timeout == LINGER_S and not happened:
                        workers.stop()
                    timeout = self._round(workers, settled, retry)
                    retry = False
                except ReviewerError as error:
                    log.warning("%s", error)
                    self._give_up(error)
                    timeout = RECHECK_S
        finally:
            workers.stop()

    def _give_up(self, error: ReviewerError) -> None:
        """Where no worker can be started, say so on the stages that wait for one."""
        if isinstance(error, JobError):
            with suppress(StoreError):
                self._ledger.fail_ready(str(error))

    def _round(
        self, workers: Workers, settled: dict[str, "_Standing"], retry: bool
    ) -> float | None:
        """Plan what is open, wake workers; the seconds after which to look again at the latest."""
        unfinished = self._ledger.unfinished(failed_too=retry)
        for submission_id in unfinished:
            if retry:
                self._ledger.plan(submission_id, self._steps(submission_id), retry=True)
            if _standing(self._ledger.lines(submission_id)) != settled.get(submission_id):
                settled[submission_id] = _standing(self._settle(submission_id))
        if self._ledger.ready(is_dead):
            workers.wake()
        if unfinished or not workers.idle:
            return RECHECK_S  # a worker, ours or another process's, may die without a word
        return LINGER_S if workers.alive else None


_Standing = tuple[tuple[str, str, str | None, StageState], ...]


def _standing(lines: tuple[StageLine, ...]) -> _Standing:
    """What planning depends on."""
    return tuple((line.stage, line.artifact, line.input_hash, line.state) for line in lines)


def _hush(bell: int) -> None:
    """Take the rings out of the bell, however many there were."""
    if wait([bell], 0):
        os.read(bell, 4096)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM unwind the stack as an interrupt does, so that workers are stopped first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
