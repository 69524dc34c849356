"""A cluster as the crew of an engine: ready stages offered to the workers of a dask scheduler.

Invariant: dask is told which line of the ledger to try, never what to do. Whether it is begun, by
whom, and what came of it is decided by the ledger, so whatever dask forgets, repeats or does twice
costs an empty try. `distributed` is imported when a scheduler is first called, never before.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reviewer.errors import EngineError, SettingsError
from reviewer.jobs.cluster_worker import GPU, OtherPlan, take
from reviewer.jobs.planning import Steps, settle
from reviewer.jobs.processes import identity, is_dead
from reviewer.logs import about, take_over
from reviewer.store.ledger import Ledger
from reviewer.store.records import ReadyLine

if TYPE_CHECKING:
    from distributed import Client, Future

SHELF = 500  # lines that are fetched from the ledger at a time
FRESH_S = 10.0  # seconds after which they are fetched anew: a resubmission may have come
ASKING = 0.03  # largest share of the time that goes into asking the ledger for what is ready
AHEAD = 6  # most stages offered for each thread of the workers
FEW = 2  # stages offered for each thread at which more are: several cost one message
ROOM_S = 1.0  # seconds for which the number of workers is believed
CONNECT_S = 5.0  # seconds that a scheduler has to answer
WORKERLESS_S = 30.0  # seconds that a cluster may be without any worker before it is said
PUT_OFF_S = 5.0  # seconds before a stage is offered again that a worker could not even begin

_SCHEMES = {"dask": "tcp", "dask+tls": "tls", "tcp": "tcp", "tls": "tls"}

_OTHER_SETTINGS = (
    "a worker of the cluster has other settings than the server (models, credentials or fitted "
    "scorers): give both the same and retry"
)

log = logging.getLogger(__name__)


def scheduler_address(engine: str) -> str:
    """``dask://host:port`` as dask writes it, ``tcp://host:port``; raises `SettingsError`.

    ``dask+tls://`` asks for TLS, whose certificates dask's own configuration names.
    """
    try:
        parts = urlsplit(engine)
        scheme, host, port = _SCHEMES.get(parts.scheme), parts.hostname, parts.port
    except ValueError:
        scheme = host = port = None
    if not (scheme and host and port) or parts.path.strip("/"):
        raise SettingsError(
            f"{engine!r} is no address of a scheduler; write dask://HOST:PORT, as in "
            "dask://10.0.0.5:8786."
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port}"


@dataclass(frozen=True, slots=True)
class _Try:
    """A line that was offered."""

    line: ReadyLine
    future: "Future[None]"


@dataclass(frozen=True, slots=True)
class _Room:
    """How many stages the workers can have at a time: `gpu` of them that recognize speech on one.

    Where no worker has a GPU, every worker hears.
    """

    threads: int
    gpu: int


class _Shelf:
    """Ready lines of one kind, fetched some at a time: of many thousand, sorting takes its time."""

    def __init__(self, ledger: Ledger, only: str | None, spoken: bool) -> None:
        self._ledger = ledger
        self._only = only
        self._spoken = spoken
        self._lines: deque[ReadyLine] = deque()
        self._stale_at = self._ask_at = 0.0
        self.ask_at: float | None = None  # when to come again, where `take` could not ask yet

    def take(self, but: Collection[int]) -> ReadyLine | None:
        """The next line that is none of `but`, or null."""
        now, wanted = time.monotonic(), not self._lines
        self.ask_at = self._ask_at if wanted and now < self._ask_at else None
        if now >= self._ask_at and (wanted or now >= self._stale_at):
            self._lines = deque(self._ledger.next_lines(SHELF, self._spoken, but, self._only))
            took = time.monotonic() - now
            self._ask_at = now + took / ASKING
            self._stale_at = now + FRESH_S
        while self._lines:
            line = self._lines.popleft()
            if line.id not in but:
                return line
        return None


class Cluster:
    """The workers of the scheduler at `address`, for all stages or for one submission's.

    `steps` says what a submission needs by the settings of this process.
    """

    def __init__(self, address: str, ledger: Ledger, steps: Steps, only: str | None = None) -> None:
        self._address = address
        self._ledger = ledger
        self._steps = steps
        self._shelves = {spoken: _Shelf(ledger, only, spoken) for spoken in (True, False)}
        self._client: Client | None = None
        self._tries: dict[int, _Try] = {}
        self._put_off: dict[int, float] = {}
        self._low: dict[bool, int] = {}  # by `spoken`: how many tries are few, where there are any
        self._workers_seen = time.monotonic()
        self._room_seen: tuple[float, _Room] | None = None
        self._bell, self._ringer = Pipe(duplex=False)
        self._ringing = threading.Lock()

    @property
    def idle(self) -> bool:
        """Whether nothing is offered."""
        return not self._tries

    @property
    def alive(self) -> bool:
        """Whether a scheduler is connected."""
        return self._client is not None

    def wake(self) -> None:
        """Offer what is ready, as much as the workers can soon begin: the rest waits in the ledger.

        Raises `EngineError` where the scheduler cannot be reached or has no workers.
        """
        client = self._connected()
        self._look_at_tries()
        room = self._room(client)
        hearing = room.gpu or room.threads
        for spoken, places in ((True, hearing), (False, room.threads)):
            offered = self._offered(spoken)
            if offered <= FEW * places:
                lines = self._next_lines(spoken, AHEAD * places - offered)
                self._offer(client, lines, on_gpu=spoken and room.gpu > 0)
            self._low[spoken] = FEW * places if self._offered(spoken) else -1

    def _offered(self, spoken: bool) -> int:
        return sum(one.line.spoken is spoken for one in self._tries.values())

    def _next_lines(self, spoken: bool, most: int) -> list[ReadyLine]:
        found: list[ReadyLine] = []
        while len(found) < most:
            but = {*self._tries, *self._put_off, *(one.id for one in found)}
            line = self._shelves[spoken].take(but)
            if line is None:
                break
            found.append(line)
        return found

    def wait(self, timeout: float | None, *others: Any) -> bool:
        """Return when few tries are left, or more can be asked for, or one of `others` is ready."""
        coming = [one.ask_at for one in self._shelves.values() if one.ask_at is not None]
        ends = [*coming, *([] if timeout is None else [time.monotonic() + timeout])]
        while True:
            left = max(0.0, min(ends) - time.monotonic()) if ends else None
            ready = wait([self._bell, *others], left)
            while self._bell.poll():
                self._bell.recv_bytes()
            self._look_at_tries()
            few = any(self._offered(spoken) <= low for spoken, low in self._low.items())
            if few or ready != [self._bell]:
                return bool(ready or coming)

    def stop(self) -> None:
        """Withdraw what was offered; a worker that has begun goes on, and keeps what it makes."""
        client, self._client = self._client, None
        self._room_seen = None
        self._tries.clear()
        self._low.clear()
        if client is not None:
            client.close(timeout=CONNECT_S)

    def _connected(self) -> "Client":
        from distributed import Client

        if self._client is not None and self._client.status != "running":
            self.stop()
        if self._client is None:
            take_over("distributed")
            logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say it ourselves
            try:
                self._client = Client(
                    self._address, timeout=CONNECT_S, set_as_default=False, name="reviewer"
                )
            except OSError as error:
                raise EngineError(
                    f"No scheduler answers at {self._address}; start one with `dask scheduler`, or "
                    "leave REVIEWER_ENGINE empty to work on this machine. The work waits."
                ) from error
        return self._client

    def _room(self, client: "Client") -> _Room:
        """What the workers can take; asked anew after a second at the earliest."""
        if self._room_seen is not None and time.monotonic() - self._room_seen[0] < ROOM_S:
            return self._room_seen[1]
        try:
            workers = client.scheduler_info(n_workers=-1)["workers"].values()
        except OSError as error:
            raise EngineError(f"The scheduler at {self._address} is gone; trying again.") from error
        if workers:
            self._workers_seen = time.monotonic()
        elif time.monotonic() - self._workers_seen > WORKERLESS_S:
            raise EngineError(
                f"The scheduler at {self._address} has no workers; start one with `reviewer worker "
                f"--scheduler {self._address}`. The work waits."
            )
        room = _Room(
            threads=sum(one["nthreads"] for one in workers),
            gpu=int(sum(one["resources"].get(GPU, 0) for one in workers)),
        )
        self._room_seen = (time.monotonic(), room) if workers else None
        return room

    def _offer(self, client: "Client", lines: Sequence[ReadyLine], *, on_gpu: bool) -> None:
        for again in (True, False):
            some = [line for line in lines if line.again is again]
            if not some:
                continue
            futures = client.map(
                take,
                [line.id for line in some],
                pure=False,
                retries=0,  # the ledger counts attempts
                priority=1 if again else 0,
                resources={GPU: 1} if on_gpu else None,
            )
            for line, future in zip(some, futures, strict=True):
                self._tries[line.id] = _Try(line, future)
                future.add_done_callback(self._ring)

    def _ring(self, _future: "Future[None]") -> None:
        with self._ringing:
            self._ringer.send_bytes(b"!")

    def _look_at_tries(self) -> None:
        """Forget those that are over; what came of them stands in the ledger."""
        now = time.monotonic()
        self._put_off = {line: until for line, until in self._put_off.items() if until > now}
        for number, one in list(self._tries.items()):
            if not one.future.done():
                continue
            del self._tries[number]
            error = one.future.exception() if one.future.status == "error" else None
            if isinstance(error, OtherPlan):
                self._settle_plans(one.line, error.submission)
            elif error is not None:
                log.warning("A worker could not begin a stage: %s", error, extra=about(error))
                self._put_off[number] = now + PUT_OFF_S

    def _settle_plans(self, line: ReadyLine, submission_id: str) -> None:
        """A worker plans otherwise: either the line is of older settings, or the worker has others.

        In the first case our plan replaces it; else the stage fails, for no worker can be asked
        to compute what it would not plan.
        """
        settle(self._ledger, self._steps, submission_id)
        me = identity()
        task = self._ledger.lease(me, is_dead, line_id=line.id)
        if task is None:
            return
        if task.input_hash == line.input_hash:
            self._ledger.fail(task, me, _OTHER_SETTINGS, final=True)
        else:
            self._ledger.release(me)
