"""A worker process: leases stages and performs them, with what it loaded kept between tasks.

Invariant: a worker that is killed, or whose parent is, leaves at most a lease behind; it outlives
its parent by no more than a moment and burns no processor time while there is nothing to do.
"""

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from reviewer.errors import ReviewerError, StoreError, StoreUnusable
from reviewer.jobs.planning import settle
from reviewer.jobs.processes import identity, is_dead
from reviewer.logs import about
from reviewer.store.ledger import Ledger
from reviewer.store.records import Step, Task

log = logging.getLogger(__name__)

Progress = Callable[[float], None]
Message = tuple[Literal["ready", "finished", "idle", "broken", "cut off"], str]
"""What a worker tells its parent: its identity, a stage, nothing, or (twice) what is wrong."""

Result = TypeVar("Result")

BEAT_S = 0.5  # seconds between looks at the fraction done
RENEW_S = 5.0  # seconds after which the lease is renewed though nothing moved
STEP = 0.01  # smallest change of the fraction that is written down
PATIENCE_S = 60.0  # seconds that a database has to come back before the worker gives up
AGAIN_S = 0.2  # seconds between two tries meanwhile


class Work(Protocol):
    """What a process needs in order to work: made once in each, by a function that can be sent."""

    @property
    def ledger(self) -> Ledger:
        """Where the stages stand."""

    def steps(self, submission_id: str) -> tuple[Step, ...]:
        """What the submission needs now, in the order of the work."""

    def perform(self, task: Task, progress: Progress) -> bytes:
        """Do it; `progress` takes the fraction done, in [0, 1]."""


OpenWork = Callable[[], Work]


def serve(orders: "Connection[Message, str]", open_work: OpenWork, only: str | None = None) -> None:
    """The process: on ``go``, work until nothing is ready; end with the parent.

    With `only`, nothing but that submission is worked on.
    """
    # The terminal sends an interrupt to every process at once; the parent decides what ends when.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # unwinds, so that libraries clean up
    me = identity()
    try:
        work = patiently(open_work)
        threading.Thread(target=_leave_with_parent, args=(work.ledger, me), daemon=True).start()
        orders.send(("ready", me))
        while orders.recv() == "go":
            while task := begin(work.ledger, me, only):
                attempt(work, task, me)
                orders.send(("finished", task.stage))
            orders.send(("idle", ""))
    except (EOFError, ConnectionError):
        return  # the parent closed the pipe, or is gone
    except StoreUnusable as error:
        with suppress(ConnectionError):
            orders.send(("cut off", str(error)))
    except ReviewerError as error:
        with suppress(ConnectionError):
            orders.send(("broken", str(error)))
    finally:
        # It is ending already; a second unwinding would break into what libraries do at exit.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _leave_with_parent(ledger: Ledger, me: str) -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        # The work was stopped, not at fault: the attempt does not count.
        try:
            ledger.release(me)
        finally:
            os._exit(1)


def patiently(act: Callable[[], Result]) -> Result:
    """What `act` gives, tried again while the database does not answer: it may be starting anew.

    So an hour of speech that was heard is not lost over a restart. `act` has to bear being done
    twice: the answer to the first time may be what got lost. Raises `StoreUnusable` in the end.
    """
    late = time.monotonic() + PATIENCE_S
    while True:
        try:
            return act()
        except StoreUnusable:
            if time.monotonic() > late:
                raise
        time.sleep(AGAIN_S)


def begin(
    ledger: Ledger, me: str, only: str | None = None, line_id: int | None = None
) -> Task | None:
    """Lease the next stage, as `Ledger.lease`, patiently."""
    try:
        return ledger.lease(me, is_dead, only, line_id)
    except StoreUnusable:

        def again() -> Task | None:
            ledger.release(me)  # what we hold, if we do, was given in an answer that never came
            return ledger.lease(me, is_dead, only, line_id)

        return patiently(again)


def attempt(work: Work, task: Task, me: str) -> None:
    """Perform one leased stage, write down what came of it, and plan what comes next."""
    steps = patiently(lambda: work.steps(task.submission))
    if Step(task.stage, task.artifact, task.input_hash) not in steps:
        # Planned by a process with other settings: under ours the input is another one.
        patiently(lambda: work.ledger.release(me))
        patiently(lambda: work.ledger.plan(task.submission, steps))
        return
    perform(work, task, me)


def perform(work: Work, task: Task, me: str) -> None:
    """Perform one leased stage that is in today's plan; see `attempt`."""
    with _heartbeat(work.ledger, task, me) as progress:
        touched = patiently(_outcome(work, task, me, progress))
    # Ours in any case: where an answer got lost, it was finished before and touches nobody now.
    for submission_id in dict.fromkeys((task.submission, *touched)):
        patiently(partial(settle, work.ledger, work.steps, submission_id))


def _outcome(work: Work, task: Task, me: str, progress: Progress) -> Callable[[], tuple[str, ...]]:
    """Perform it; what writes down how it went, and returns the submissions that it touches."""
    began = time.monotonic()
    about_it = {"submission": task.submission, "stage": task.stage, "attempt": task.attempt}
    try:
        value = work.perform(task, progress)
    except Exception as error:  # noqa: BLE001 - a stage may fail in any way; others must go on
        log.info("stage failed", extra=about_it | about(error))
        known = isinstance(error, ReviewerError)
        said = str(error) if known else _sentence(error)
        final = known and not isinstance(error, StoreUnusable)

        def fail() -> tuple[str, ...]:
            work.ledger.fail(task, me, said, final)
            return ()

        return fail
    seconds = round(time.monotonic() - began, 3)
    log.info("stage done", extra=about_it | {"seconds": seconds})
    return partial(work.ledger.finish, task, value)


def _sentence(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return "".join(traceback.format_exception_only(error)).strip() + where


@contextmanager
def _heartbeat(ledger: Ledger, task: Task, me: str) -> Iterator[Progress]:
    """Keep the lease and write the fraction down from a thread of its own."""
    over = threading.Event()
    done = [0.0]

    def beat() -> None:
        written, at = 0.0, time.monotonic()
        while not over.wait(BEAT_S):
            fraction, now = done[0], time.monotonic()
            if abs(fraction - written) < STEP and now - at < RENEW_S:
                continue
            try:
                ledger.beat(task, me, fraction)
            except StoreError:
                continue  # the store is held up; the lease allows several missed beats
            written, at = fraction, now

    def progress(fraction: float) -> None:
        done[0] = min(1.0, max(0.0, fraction))

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        over.set()
        thread.join()
