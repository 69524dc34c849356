"""Thirty evaluators at once over a full store: opening a review, saving a score, nothing lost.

Invariant: a real server process over loopback, as `reviewer serve` runs it; every answer that said
a score was stored is looked up in the store afterwards, and has to be there exactly once. Through
the page's cookie and through a REST token apart.
"""

import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from rich.console import Console
from sqlalchemy import insert

from eval.recordings import say
from reviewer import demo
from reviewer.intake.documents import Document
from reviewer.review.permission import Grant, Kind, Person, Role
from reviewer.rubric import Credential, find_credential
from reviewer.settings import load_settings
from reviewer.store import schema, values
from reviewer.store.database import Database, open_database
from reviewer.store.human import HumanRecords, human_records
from reviewer.store.people_schema import assignment
from reviewer.web.signing import COOKIE

NAME = "workbench_load"
HELP = "30 evaluators at once: opening a review (p95 < 0.4 s), saving a score (p95 < 0.15 s)"
BENCH = True

SUBMISSIONS = 10_000
SEGMENTS = 100  # of each submission: a million in all
EVALUATORS = 30
EVERY_S = 5.0  # between two saves of one evaluator
LASTS_S = 60.0  # of each way in
SEED = 20260301


@dataclass
class Seen:
    """What the callers saw: seconds of each opening and saving, and what was acknowledged."""

    opened: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    acknowledged: list[tuple[str, str, str, float]] = field(default_factory=list)
    refused: int = 0


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Measure both ways in, at full size."""
    return measure(out, SUBMISSIONS, EVALUATORS, LASTS_S)


def measure(out: Console, submissions: int, evaluators: int, lasts_s: float) -> dict[str, float]:
    """The figures for a store of `submissions`; raises `AssertionError` where a score was lost."""
    credential = find_credential(demo.CREDENTIAL, load_settings().rubrics_dir)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'reviewer.sqlite3'}")
        records = human_records(database)
        _fill(database, credential, submissions)
        people = _people(database, records, submissions, evaluators)
        figures = {"submissions": float(submissions), "evaluators": float(evaluators)}
        with _server(Path(folder)) as address:
            for way in ("page", "rest"):
                headers = [_headers(records, one, way, address) for one, _ in people]
                seen = asyncio.run(_all(address, people, headers, credential, lasts_s, way))
                _check(records, seen)
                figures |= _figures(out, seen, way)
        database.close()
    return figures


def _fill(database: Database, credential: Credential, submissions: int) -> None:
    sentences = (
        f"In minute {index} a pupil answers what another pupil has just said."
        + ("\n\n" if index % 5 == 4 else " ")
        for index in range(SEGMENTS)
    )
    plain = Document("".join(sentences).strip())
    result = values.DOCUMENT.encode(plain)
    written = credential.model_dump_json()
    began = datetime(2026, 1, 1, tzinfo=UTC)
    with database.writing() as connection:
        for number in range(submissions):
            name, sha256 = f"load{number:08}", f"{number:064x}"
            connection.execute(
                insert(schema.submission).values(
                    id=name,
                    credential_id=credential.id,
                    rubric_hash=credential.rubric_hash,
                    credential=written,
                    candidate=f"C-{number}",
                    attempt=1,
                    consent=True,
                    messages="[]",
                    created_at=began + timedelta(minutes=number),
                )
            )
            connection.execute(insert(schema.artifact).values(**_artifact(name, sha256)))
            connection.execute(insert(schema.stage).values(**_stage(name, sha256, began)))
            connection.execute(
                insert(schema.stage_result).values(
                    stage="read", input_hash=sha256, value=result, sha256=sha256, created_at=began
                )
            )


def _artifact(name: str, sha256: str) -> dict[str, object]:
    return {
        "submission": name,
        "position": 0,
        "artifact": sha256[-12:],
        "name": "plans.txt",
        "sha256": sha256,
        "size": 1000,
        "slot": "activity-plans",
        "kind": "document",
        "content": "text",
    }


def _stage(name: str, sha256: str, at: datetime) -> dict[str, object]:
    return {
        "submission": name,
        "stage": "read",
        "artifact": sha256[-12:],
        "position": 0,
        "input_hash": sha256,
        "state": "done",
        "attempts": 1,
        "fraction": 1.0,
        "started_at": at,
        "finished_at": at,
    }


def _people(
    database: Database, records: HumanRecords, submissions: int, evaluators: int
) -> list[tuple[Person, list[str]]]:
    """Each evaluator with the submissions assigned to them: an equal part of the store."""
    people = []
    for number in range(evaluators):
        person = records.accounts.person(
            records.accounts.add(f"evaluator{number:02}", None, [Grant(Role.EVALUATOR)])
        )
        assert person is not None
        names = [f"load{one:08}" for one in range(number, submissions, evaluators)]
        rows = [
            {
                "submission": name,
                "account": person.id,
                "kind": Kind.FIRST.value,
                "created_at": datetime.now(UTC),
            }
            for name in names
        ]
        with database.writing() as connection:
            connection.execute(insert(assignment), rows)
        people.append((person, names))
    return people


@contextmanager
def _server(home: Path) -> Iterator[str]:
    environment = os.environ | {"REVIEWER_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "reviewer", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the address is the first thing said"
            httpx.get(f"{found[0]}/healthz", timeout=60).raise_for_status()
            yield found[0]
        finally:
            process.terminate()


def _headers(records: HumanRecords, person: Person, way: str, address: str) -> dict[str, str]:
    if way == "rest":
        return {"Authorization": f"Bearer {records.entries.new_token(person, 'load')}"}
    secret = records.entries.open(person.id)
    return {"Cookie": f"{COOKIE}={secret}", "Origin": address}


async def _all(
    address: str,
    people: list[tuple[Person, list[str]]],
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
            _one(address, person, names, head, credential, until, chooser, seen, way)
            for (person, names), head in zip(people, headers, strict=True)
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
) -> None:
    await asyncio.sleep(chooser.random() * EVERY_S)
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
        half = len(names) // 2
        mine = names[:half] if way == "page" else names[half:]
        while time.monotonic() < until:
            name, element = mine.pop(), credential.elements[0]
            began = time.perf_counter()
            for path in _opening(name, element.id, way):
                (await client.get(path)).raise_for_status()
            seen.opened.append(time.perf_counter() - began)
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


def _opening(name: str, element: str, way: str) -> tuple[str, ...]:
    """What is asked for until a review can be read: by the page, and by a program."""
    if way == "rest":
        return (f"/api/v1/submissions/{name}", f"/api/v1/submissions/{name}/elements/{element}")
    artifact = f"{int(name[4:]):064x}"[-12:]
    return (
        f"/submission?id={name}",
        f"/live/{name}",
        f"/review/{name}/{element}",
        f"/text/{name}/{artifact}?element={element}",
    )


def _check(records: HumanRecords, seen: Seen) -> None:
    kept = Counter(
        (one.submission, one.element, one.rater, one.level) for _, one in records.reviews.ratings()
    )
    lost = [one for one in seen.acknowledged if kept[one] != 1]
    assert not lost, f"{len(lost)} acknowledged scores are not stored exactly once"
    assert not seen.refused, f"{seen.refused} scores were refused"


def _figures(out: Console, seen: Seen, way: str) -> dict[str, float]:
    opened, saved = _p95(seen.opened), _p95(seen.saved)
    n = f"n = {len(seen.saved)}, every acknowledged score stored once"
    say(out, f"opening a review ({way}), p95 s", opened, "< 0.4", n)
    say(out, f"saving a score ({way}), p95 s", saved, "< 0.15", n)
    return {
        f"opening_{way}_p95_s": opened,
        f"saving_{way}_p95_s": saved,
        f"saved_{way}": float(len(seen.acknowledged)),
    }


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
