"""The engine: plans submissions, keeps a crew at the stages that are ready, until all are done.

Invariant: the engine holds no state that matters; a new one, in this process or another, goes on
from the ledger. It is the same one whoever the crew is: worker processes of its own
(`reviewer.jobs.workers`) or a cluster (`reviewer.jobs.cluster`).
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from types import FrameType
from typing import Any, Protocol

from reviewer.errors import JobError, ReviewerError, StoreError
from reviewer.jobs.planning import Steps, settle
from reviewer.jobs.processes import is_dead
from reviewer.logs import about
from reviewer.store.ledger import Ledger
from reviewer.store.records import StageLine, StageState, Standing, standing

TICK_S = 0.25  # seconds between looks at the ledger while somebody watches
RECHECK_S = 5.0  # seconds between looks while nothing is heard: another process may have planned
PAUSE_S = 1.0  # seconds before the next try where the store or the scheduler could not be used
LINGER_S = 60.0  # seconds that idle workers keep their models in memory

_OPEN = (StageState.QUEUED, StageState.LEASED)

log = logging.getLogger(__name__)


class Crew(Protocol):
    """Whoever performs stages: it takes ready ones from the ledger once it is woken."""

    @property
    def idle(self) -> bool:
        """Whether none of it works."""

    @property
    def alive(self) -> bool:
        """Whether it holds anything that `stop` would give back."""

    def wake(self) -> None:
        """There is work; raises `JobError` or `EngineError` where nobody can be set to it."""

    def wait(self, timeout: float | None, *others: Any) -> bool:
        """Return when something happened in it, or one of `others` is ready; false if neither."""

    def stop(self) -> None:
        """Let go of everything; what is being done may be done again."""


OpenCrew = Callable[[str | None], Crew]
"""Makes a crew for the stages of one submission, or (null) of all."""


class Engine:
    """A crew at work, for a command that waits or a server that does not.

    `steps` says what a submission needs now.
    """

    def __init__(self, ledger: Ledger, steps: Steps, open_crew: OpenCrew) -> None:
        self._ledger = ledger
        self._steps = steps
        self._open_crew = open_crew
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._bell: tuple[int, int] | None = None

    def finish(self, submission_id: str, on_change: Callable[[], None]) -> None:
        """Work until every stage of the submission is done or failed for good; blocks.

        Nothing else is worked on: whoever waits for one submission does not wait for others.

        Stages that failed before get new attempts. `on_change` is called, here, whenever a line
        of the ledger has changed. Raises `JobError` if no worker can be started or somebody
        pauses it, `EngineError` if the cluster cannot be reached.
        """
        crew = self._open_crew(submission_id)
        with _terminable():
            try:
                self._ledger.plan(submission_id, self._steps(submission_id), retry=True)
                settled: Standing | None = None
                shown: tuple[StageLine, ...] = ()
                while True:
                    lines = self._ledger.lines(submission_id)
                    if standing(lines) != settled:
                        lines = settle(self._ledger, self._steps, submission_id)
                        settled = standing(lines)
                    if lines != shown:
                        on_change()
                        shown = lines
                    if not any(line.state in _OPEN for line in lines):
                        return
                    if self._ledger.held(submission_id):
                        raise _held(submission_id)
                    if self._ledger.ready(is_dead, submission_id):
                        crew.wake()
                    crew.wait(TICK_S)
            finally:
                crew.stop()

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
        """End the thread and its crew; what was finished is kept."""
        if self._thread is None or self._bell is None:
            return
        self._stopping.set()
        self.wake()
        self._thread.join()
        for end in self._bell:
            os.close(end)
        self._thread = self._bell = None

    def _serve(self, bell: int) -> None:
        crew = self._open_crew(None)
        begun, said, last = False, "", time.monotonic()
        try:
            while not self._stopping.is_set():
                try:
                    happened = crew.wait(RECHECK_S if begun else 0.0, bell)
                    _hush(bell)
                    if not begun:
                        self._begin()
                        begun = True
                    if self._round(crew, happened):
                        last = time.monotonic()
                    elif crew.alive and time.monotonic() - last > LINGER_S:
                        crew.stop()
                    said = ""
                except ReviewerError as error:
                    if str(error) != said:  # once is enough for as long as it lasts
                        log.warning("First passes wait: %s", error, extra=about(error))
                    said = str(error)
                    self._give_up(error)
                    self._stopping.wait(PAUSE_S)
        finally:
            crew.stop()

    def _give_up(self, error: ReviewerError) -> None:
        """Where no worker can be started, say so on the stages that wait for one."""
        if isinstance(error, JobError):
            with suppress(StoreError):
                self._ledger.fail_ready(str(error))

    def _begin(self) -> None:
        """Whoever starts the server again wants failed stages tried again."""
        for submission_id in self._ledger.failed():
            if self._stopping.is_set():
                return
            settle(self._ledger, self._steps, submission_id, retry=True)

    def _round(self, crew: Crew, happened: bool) -> bool:
        """Wake the crew; whether there is, or was, anything to do.

        Whoever finishes a stage plans the next ones; those who ended before they could are seen
        here, when there is little else to do.
        """
        ready = self._ledger.ready(is_dead)
        if not (ready and happened):
            for submission_id in self._ledger.stuck():
                settle(self._ledger, self._steps, submission_id)
            ready = ready or self._ledger.ready(is_dead)
        if ready:
            crew.wake()
        return ready or not crew.idle or self._ledger.busy()


def _held(submission_id: str) -> JobError:
    return JobError(
        f"The first pass of {submission_id} is paused: `reviewer jobs retry {submission_id}` goes "
        "on with it."
    )


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
