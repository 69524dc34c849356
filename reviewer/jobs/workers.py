"""The worker processes of one engine: started when there is work, seen when they die, stopped.

Invariant: after `stop` none of them lives and none holds a lease.
"""

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from reviewer.errors import JobError, StoreUnusable
from reviewer.jobs.worker import Message, OpenWork, serve
from reviewer.store.ledger import Ledger

STARTS = 3  # how often in a row a worker may die before it is ready
STOP_S = 5.0  # seconds that a worker is given to end before it is killed


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    orders: "Connection[str, Message]"
    identity: str = ""  # empty until it is ready
    busy: bool = True


class Workers:
    """At most `count` processes, each of which makes its `Work` by calling `open_work`.

    With `only`, they work on nothing but that submission.
    """

    def __init__(
        self, open_work: OpenWork, ledger: Ledger, count: int, only: str | None = None
    ) -> None:
        self._open_work = open_work
        self._ledger = ledger
        self._count = count
        self._only = only
        self._workers: list[_Worker] = []
        self._died_early = 0

    @property
    def idle(self) -> bool:
        """Whether none of them works (or none lives)."""
        return not any(worker.busy for worker in self._workers)

    @property
    def alive(self) -> bool:
        """Whether there is any process."""
        return bool(self._workers)

    def wake(self) -> None:
        """There is work: tell the idle ones, start the missing ones."""
        for worker in self._workers:
            if not worker.busy:
                worker.busy = _tell(worker, "go")
        while len(self._workers) < self._count:
            self._workers.append(self._start())

    def _start(self) -> _Worker:
        # Spawned, not forked: the parent has threads, and a page server has its own state.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=serve,
            args=(theirs, self._open_work, self._only),
            name="reviewer-worker",
            daemon=True,
        )
        process.start()
        theirs.close()  # so that the pipe ends when the worker does
        return _Worker(process, ours)

    def wait(self, timeout: float | None, *others: Any) -> bool:
        """Return when a worker says something or dies, or one of `others` is ready.

        False if none of that happened within `timeout` seconds. Raises `JobError` if workers
        cannot be started at all, `StoreUnusable` if one has waited for the database in vain.
        """
        sources = [worker.orders for worker in self._workers]
        sentinels = [worker.process.sentinel for worker in self._workers]
        ready: Sequence[Any] = wait([*sources, *sentinels, *others], timeout)
        for worker in list(self._workers):
            if worker.orders in ready:
                self._listen(worker)
            elif worker.process.sentinel in ready:
                self._bury(worker)
        return bool(ready)

    def _listen(self, worker: _Worker) -> None:
        try:
            while worker.orders.poll():
                what, word = worker.orders.recv()
                if what == "ready":
                    worker.identity = word
                    self._died_early = 0
                    _tell(worker, "go")
                elif what == "idle":
                    worker.busy = False
                elif what in ("broken", "cut off"):
                    worker.process.join()
                    self._workers.remove(worker)
                    raise JobError(word) if what == "broken" else StoreUnusable(word)
        except (EOFError, OSError):
            self._bury(worker)

    def _bury(self, worker: _Worker) -> None:
        worker.process.join()
        self._workers.remove(worker)
        worker.orders.close()
        code = worker.process.exitcode
        how = f"signal {-code}" if code is not None and code < 0 else f"status {code}"
        if worker.identity:
            self._ledger.abandon(worker.identity, f"the worker process ended with {how}")
            return
        self._died_early += 1
        if self._died_early >= STARTS:
            self._died_early = 0
            raise JobError(
                f"A worker process ended with {how} before it could begin, {STARTS} times; is "
                "there enough memory, and is the installation complete (`make setup`)?"
            )

    def stop(self) -> None:
        """End them all; what they held is queued again and the attempt not counted."""
        for worker in self._workers:
            worker.orders.close()  # an idle one ends by itself when its pipe does
            if worker.busy:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(STOP_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            if worker.identity:
                self._ledger.release(worker.identity)
        self._workers.clear()


def _tell(worker: _Worker, order: str) -> bool:
    try:
        worker.orders.send(order)
    except OSError:
        return False  # it died; its sentinel says so
    return True
