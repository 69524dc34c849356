"""Everything that an operator starts (docs/deploy), killed at random moments while people work.

`reviewer serve`, `dask scheduler`, two `reviewer worker`, and PostgreSQL where the store is there.
The texts are few, so that all but the first embeddings come from the cache and a worker that is
started anew is soon at work.
"""

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from house_postgresql import Server
from sqlalchemy import func, select

from reviewer.bench.cluster import free_port, scheduler_command, worker_command
from reviewer.errors import StoreUnusable
from reviewer.review.permission import Grant, Role
from reviewer.store import audit, schema
from reviewer.store.database import Database, open_database
from reviewer.store.human import HumanRecords, human_records
from reviewer.store.ledger import Ledger
from reviewer.store.reconcile import reconcile

BETWEEN_S = (0.5, 3.5)  # seconds between two kills
DEADLINE_S = 600.0
SEED = 20261126
CREDENTIAL = "morning-meetings-for-sel"
ELEMENTS = 2  # of each submission that are scored
PROCESSES = ("scheduler", "worker 1", "worker 2", "web")
WORDS = (
    "Each pupil greets a neighbour by name.",
    "The class sits in a circle where all can see.",
    "Maya shares how her weekend was and two friends ask about it.",
    "A song about feelings opens the meeting.",
    "The teacher reads the morning message aloud.",
    "Every child has a turn to speak.",
    "Partners tell each other one thing that went well.",
    "The group plans the day together.",
)


@dataclass
class Town:
    """The processes, each started again as soon as it has ended, as a service manager does."""

    home: Path
    database: str = ""  # REVIEWER_DATABASE
    server: Server | None = None  # the database's own
    port: int = field(default_factory=free_port)
    scheduler_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.keeper = threading.Thread(target=self.keep)

    @property
    def mortal(self) -> tuple[str, ...]:
        """What can be killed."""
        return (*PROCESSES, "database") if self.server else PROCESSES

    def start(self, name: str) -> None:
        engine = f"dask://127.0.0.1:{self.scheduler_port}"
        commands = {
            "scheduler": scheduler_command(self.scheduler_port),
            "worker 1": worker_command(engine),
            "worker 2": worker_command(engine),
            "web": (sys.executable, "-m", "reviewer", "serve", "--port", str(self.port)),
        }
        with (self.home / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                commands[name],
                env={
                    **os.environ,
                    "REVIEWER_HOME": str(self.home),
                    "REVIEWER_DATABASE": self.database,
                    "REVIEWER_ENGINE": engine,
                    "REVIEWER_OFFLINE": "1",
                    "REVIEWER_THREADS": "1",
                    "OMP_NUM_THREADS": "1",
                },
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        self.kills[name] += 1
        if name == "database":
            assert self.server is not None
            self.server.kill()
            self.server.start()
            return
        self.processes[name].send_signal(signal.SIGKILL)

    def keep(self) -> None:
        """Start what has ended, killed or (where the database was away) by itself; until `end`."""
        while not self.over.wait(0.1):
            for name in PROCESSES:
                if name not in self.processes or self.processes[name].poll() is not None:
                    self.start(name)

    def end(self) -> None:
        self.over.set()
        if self.keeper.is_alive():
            self.keeper.join()
        for process in self.processes.values():
            process.kill()
            process.wait()


class Evaluator:
    """Hands in and scores over REST, again wherever no answer came; keeps what was acknowledged."""

    def __init__(self, town: Town, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{town.port}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )
        self._chooser = random.Random(SEED)
        self.acknowledged: list[tuple[str, str, float]] = []

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, path: str, **more: object) -> httpx.Response:
        """The answer, however often the server or its database dies before it comes."""
        late = time.monotonic() + DEADLINE_S
        while True:
            with suppress(httpx.TransportError):
                answer = self._client.request(method, path, **more)
                if answer.status_code != 503:
                    return answer
            assert time.monotonic() < late, "the server did not come back"
            time.sleep(0.2)

    def hand_in(self, number: int, sentences: tuple[str, ...]) -> str:
        answer = self._ask(
            "POST",
            "/submissions",
            data={"credential": CREDENTIAL, "candidate": f"N-{number}", "consent": "true"},
            files={"files": ("plans.txt", "\n\n".join(sentences).encode())},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def score(self, submission: str) -> None:
        """Score some elements; a lost answer is asked for anew, and may have been stored."""
        elements = self._ask("GET", f"/submissions/{submission}").json()["open"][:ELEMENTS]
        for element in elements:
            level = float(self._chooser.choice((0, 1, 2)))
            path = f"/submissions/{submission}/elements/{element}/rate"
            answer = self._ask("POST", path, json={"level": level, "version": 0})
            if answer.status_code == 200:
                self.acknowledged.append((submission, element, level))
            else:
                assert answer.status_code == 409, answer.text  # stored, but the answer was lost


def work_while_it_is_killed(town: Town, submissions: int, kills: int) -> None:
    """Hand in and score `submissions` while `kills` processes are killed, and look at the store."""
    database = open_database(town.database or f"sqlite:///{town.home / 'reviewer.sqlite3'}")
    records = human_records(database)
    records.accounts.add("ann", None, [Grant(Role.EVALUATOR), Grant(Role.ISSUER)])
    person = records.accounts.named("ann")
    assert person is not None
    town.keeper.start()
    evaluator = Evaluator(town, records.entries.new_token(person, "faults"))
    ledger = Ledger(database)

    names = [evaluator.hand_in(0, WORDS)]
    _wait(ledger)  # the models load once, for every text that there will be
    killer = threading.Thread(target=_kill_at_random, args=(town, kills))
    killer.start()
    texts = itertools.permutations(WORDS, 4)
    for number, sentences in enumerate(itertools.islice(texts, submissions - 1), start=1):
        names.append(evaluator.hand_in(number, sentences))
        evaluator.score(names[-1])
    evaluator.close()
    killer.join()
    _wait(ledger)

    assert sum(town.kills.values()) == kills
    assert all(town.kills[name] >= 2 for name in town.mortal)
    _assert_nothing_is_lost(database, records, names, evaluator.acknowledged)
    database.close()


def _assert_nothing_is_lost(
    database: Database,
    records: HumanRecords,
    names: Sequence[str],
    acknowledged: Sequence[tuple[str, str, float]],
) -> None:
    ledger = Ledger(database)
    lines = [line for name in names for line in ledger.lines(name)]
    assert Counter(line.state.value for line in lines) == {"done": 3 * len(names)}
    made = Counter(
        one.details["submission"] for one in audit.events(database) if one.event == "drafts_made"
    )
    assert made == Counter(names)  # each once, and the record says so
    with database.reading() as connection:
        results = connection.scalar(select(func.count()).select_from(schema.stage_result))
    assert results == len({(line.stage, line.input_hash) for line in lines})
    kept = Counter((one.submission, one.element, one.level) for _, one in records.reviews.ratings())
    assert [one for one in acknowledged if kept[one] != 1] == []
    assert len(acknowledged) > len(names)
    assert audit.verify(database) > 0
    assert reconcile(database) >= len(acknowledged)


def _kill_at_random(town: Town, kills: int) -> None:
    chooser = random.Random(SEED)
    for number in range(kills):
        time.sleep(chooser.uniform(*BETWEEN_S))
        # Each of them at least twice, the rest by chance.
        sure = number < 2 * len(town.mortal)
        town.kill(town.mortal[number % len(town.mortal)] if sure else chooser.choice(town.mortal))


def _wait(ledger: Ledger) -> None:
    late = time.monotonic() + DEADLINE_S
    while _busy(ledger):
        assert time.monotonic() < late, "not finished in time"
        time.sleep(0.2)


def _busy(ledger: Ledger) -> bool:
    try:
        return ledger.busy()
    except StoreUnusable:
        return True  # it is starting anew
