"""A worker of a cluster: a process that a dask scheduler offers lines of the ledger to.

Invariant: it performs one stage at a time, and only what its own settings would plan. It outlives
its scheduler: when that is gone, the stage in work is finished into the ledger and the next
scheduler at the address is waited for.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from reviewer.errors import EngineError, StoreError
from reviewer.jobs.processes import identity
from reviewer.jobs.worker import Work, begin, patiently, perform
from reviewer.logs import take_over
from reviewer.store.records import Step

if TYPE_CHECKING:
    from distributed import Worker

GPU = "GPU"
"""The resource that a worker with a GPU announces; it has one of it."""


class OtherPlan(Exception):
    """What was offered is no stage of `submission` by this worker's settings; nothing was done."""

    def __init__(self, submission: str) -> None:
        super().__init__(submission)
        self.submission = submission


def need_dask() -> None:
    """Raise `EngineError` where dask is not installed: a machine that works alone has no need."""
    if find_spec("distributed") is None:
        raise EngineError(
            "A cluster needs more than is installed here: `pip install 'reviewer[cluster]'`, or "
            "leave REVIEWER_ENGINE empty to work on this machine alone."
        )


@dataclass(frozen=True, slots=True)
class _Here:
    """What this process works with."""

    work: Work
    me: str


_here: _Here | None = None  # set by `serve_cluster`: what the scheduler sends names functions only
_one_at_a_time = threading.Lock()


def take(line: int) -> None:
    """Begin and perform a line of the ledger, unless somebody else did; what a worker is sent.

    Raises `OtherPlan`, `EngineError` in a process that is no worker of reviewer's, `StoreError`
    where the store cannot be used from here.
    """
    if _here is None:
        raise EngineError("this worker was not started by `reviewer worker`")
    ledger, me = _here.work.ledger, _here.me
    with _one_at_a_time:
        task = begin(ledger, me, line_id=line)
        if task is None:
            return
        step = Step(task.stage, task.artifact, task.input_hash)
        if step not in patiently(partial(_here.work.steps, task.submission)):
            patiently(partial(ledger.release, me))
            raise OtherPlan(task.submission)
        perform(_here.work, task, me)


def serve_cluster(
    address: str, work: Work, gpu: bool, on_ready: Callable[[], None] = lambda: None
) -> int:
    """Work for the scheduler at `address` until a signal says stop; the signal's number.

    What is in work then is queued again and its attempt not counted: the caller ends the process.
    """
    global _here
    _here = _Here(work, identity())
    number = asyncio.run(_until_signal(address, gpu, on_ready))
    with suppress(StoreError):  # without the database its lease runs out by itself
        work.ledger.release(_here.me)
    return number


async def _until_signal(address: str, gpu: bool, on_ready: Callable[[], None]) -> int:
    loop = asyncio.get_running_loop()
    told: asyncio.Future[int] = loop.create_future()

    def tell(number: int) -> None:
        if not told.done():
            told.set_result(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, tell, number)
    serving = asyncio.ensure_future(_serve(address, gpu, on_ready))
    either: list[asyncio.Future[Any]] = [told, serving]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()  # it ends by failing alone: raises
    return told.result()


async def _serve(address: str, gpu: bool, on_ready: Callable[[], None]) -> None:
    """One dask worker after another: each ends when its scheduler is gone."""
    while True:
        worker = await _open_worker(address, gpu)
        on_ready()
        await worker.finished()


async def _open_worker(address: str, gpu: bool) -> "Worker":
    import dask
    from distributed import Worker

    take_over("distributed")
    # Else where a stage is at is noted a hundred times a second and kept: memory, for a dashboard
    # that is not there (docs/decisions/0227).
    with dask.config.set({"distributed.worker.profile.enabled": False}):
        made = Worker(
            address,
            nthreads=1,
            resources={GPU: 1} if gpu else None,
            memory_limit=0,  # nothing is kept in dask's memory: results go to the store
            dashboard=False,
        )
    worker: Worker = await made
    return worker
