"""A program in memory behind the real pages, and a server that stands them up on a free port.

`MemoryProgram` is the `Program` of reviewer.web with the test in the place of the engine: the test
sets what is finished. `serving` runs the real application under uvicorn in a thread.
"""

import fractions
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import av
import house_sample
import numpy as np
import uvicorn
from fastapi import FastAPI
from sqlalchemy import insert, select, text

from reviewer.desk.anchors import Anchors
from reviewer.desk.badges import BulkBadges
from reviewer.desk.desk import Desk
from reviewer.desk.exports import Exports
from reviewer.desk.monitoring import Monitoring
from reviewer.desk.programs import ProgramDesk
from reviewer.desk.training import TrainingDesk
from reviewer.errors import StoreError
from reviewer.export.badge import Issuer
from reviewer.jobs.steering import Steer
from reviewer.review.permission import Act, Grant, Kind, Person, Role
from reviewer.rubric import Credential
from reviewer.scoring.draft import DraftedLevel, ElementDraft
from reviewer.scoring.first_pass import FirstPass
from reviewer.store import schema
from reviewer.store.database import open_database
from reviewer.store.human import human_records
from reviewer.store.listing import ListedWork, SoFar
from reviewer.store.queue import Queue
from reviewer.store.records import Held, StageProgress, StageState, SubmissionRecord
from reviewer.web.app import build_app
from reviewer.web.serving import address_of, listen
from reviewer.web.signing import COOKIE, DEMO_PEOPLE


@dataclass
class MemoryStore:
    """Submissions, stages and files as the test sets them."""

    passes: dict[str, FirstPass] = field(default_factory=dict)
    stages: dict[str, tuple[StageProgress, ...]] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    credentials: dict[str, Credential] = field(default_factory=dict)

    def submissions(self) -> tuple[SubmissionRecord, ...]:
        return tuple(_record(one) for one in self.passes.values())

    def newest(
        self, most: int, credentials: frozenset[str] | None = None
    ) -> tuple[SubmissionRecord, ...]:
        known = self.submissions()
        return tuple(one for one in known if not credentials or one.credential in credentials)[
            :most
        ]

    def record(self, submission_id: str) -> SubmissionRecord | None:
        one = self.passes.get(submission_id)
        return None if one is None else _record(one)

    def credential(self, submission_id: str) -> Credential:
        return self.credentials.get(submission_id, house_sample.CREDENTIAL)

    def headers(
        self, submissions: Collection[str]
    ) -> dict[str, tuple[SubmissionRecord, Credential]]:
        here = [one for one in submissions if one in self.passes]
        return {one: (_record(self.passes[one]), self.credential(one)) for one in here}

    def so_far(self, submission_id: str) -> SoFar | None:
        if submission_id not in self.passes:
            return None
        return SoFar(self.passes[submission_id], self.stages[submission_id])

    def listed(self, submissions: Collection[str]) -> dict[str, ListedWork]:
        return {one: self._listed(self.passes[one]) for one in submissions if one in self.passes}

    def _listed(self, work: FirstPass) -> ListedWork:
        problems = tuple(one.problem for one in work.artifacts if one.problem is not None)
        stages = self.stages[work.submission_id]
        return ListedWork(stages, work.completeness, problems, len(work.artifacts))

    def first_pass(self, submission_id: str) -> FirstPass | None:
        return self.passes.get(submission_id)

    def drafts(self, submission_id: str) -> tuple[ElementDraft, ...]:
        return self.passes[submission_id].elements

    def drafted(self, credential: str | None) -> Iterator[tuple[str, tuple[DraftedLevel, ...]]]:
        for name, one in self.passes.items():
            if credential in (None, one.credential):
                yield name, tuple(map(DraftedLevel.of, one.elements))

    def masked(self, words: str) -> str:
        return words

    def file_path(self, submission_id: str, artifact_id: str) -> Path:
        if artifact_id not in self.files:
            raise StoreError(f"The file {artifact_id} is gone from the store.")
        return self.files[artifact_id]


def _record(one: FirstPass) -> SubmissionRecord:
    return SubmissionRecord(
        id=one.submission_id,
        credential=one.credential,
        credential_title=house_sample.CREDENTIAL.title,
        rubric_hash=one.rubric_hash,
        candidate=one.candidate,
        attempt=one.attempt,
        consent=True,
        created_at=datetime(2026, 1, 5, tzinfo=UTC),
    )


class MemoryProgram:
    """A `reviewer.web.program.Program`: first passes in memory, people and reviews in a real store.

    Everybody of the demo is there; what is held is assigned to the evaluator unless told otherwise.
    """

    def __init__(self, folder: Path, *, demo: bool = True) -> None:
        self.database = open_database(f"sqlite:///{folder / 'reviewer.sqlite3'}")
        self.repository = MemoryStore()
        self.records = human_records(self.database, demo=demo)
        self.desk = Desk(self.repository, self.records)
        self.exports = Exports(self.desk, Issuer("A school of education", ""))
        self.programs = ProgramDesk(self.repository, self.records, self.credentials)
        self.monitoring = Monitoring(self.repository, self.records, self.programs)
        self.badges = BulkBadges(self.records, self.programs, self.exports)
        self.demo = demo
        self.training = TrainingDesk(self.records, demo=demo)
        self.anchors = Anchors(self.desk, self.training)
        self.public_url = ""
        self.submitted: list[tuple[list[str], str]] = []
        self.steered: list[tuple[str, Steer]] = []
        self.app: FastAPI | None = None  # once it is served
        for name in DEMO_PEOPLE:
            self.records.accounts.add(name, None, [Grant(Role(name))])

    def person(self, name: str) -> Person:
        found = self.records.accounts.named(name)
        assert found is not None
        return found

    def cookie(self, name: str = "evaluator") -> str:
        """The Cookie header of a browser that `name` signed in with."""
        return f"{COOKIE}={self.records.entries.open(self.person(name).id)}"

    def hold(
        self,
        submission: str,
        first_pass: FirstPass,
        stages: tuple[StageProgress, ...],
        to: str | None = "evaluator",
        credential: Credential = house_sample.CREDENTIAL,
    ) -> None:
        """Show `first_pass` as what there is of `submission`, at `stages`."""
        held = replace(first_pass, submission_id=submission)
        self.repository.passes[submission] = held
        self.repository.stages[submission] = stages
        self.repository.credentials[submission] = credential
        with self.database.writing() as connection:
            known = connection.scalar(select(schema.submission.c.id).filter_by(id=submission))
            if known is None:
                connection.execute(insert(schema.submission).values(**_row(held, credential)))
        if to is not None and self.records.assignments.part(submission, self.person(to).id) is None:
            self.records.assignments.assign(submission, self.person(to), Kind.FIRST, "issuer")

    def clear(self) -> None:
        """Forget every submission, as far as people see."""
        self.repository.passes.clear()
        self.repository.stages.clear()
        self.steered.clear()
        with self.database.writing() as connection:
            connection.execute(text("DELETE FROM assignment"))

    def steer(self, person: Person, submission_id: str, how: Steer) -> None:
        self.desk.cases.open(person, submission_id, Act.STEER)
        self.steered.append((submission_id, how))
        held = {Steer.PAUSE: Held.PAUSED, Steer.CANCEL: Held.CANCELED}.get(how)
        stages = self.repository.stages[submission_id]
        self.repository.stages[submission_id] = tuple(replace(one, held=held) for one in stages)

    def stage_counts(self) -> dict[tuple[str, str], int]:
        return Queue(self.database).counts()

    def credentials(self) -> tuple[Credential, ...]:
        return (house_sample.CREDENTIAL, *self.records.programs.newest())

    def measure(self, credential: str) -> None:
        """At once, and in this process: a test waits for it."""
        self.monitoring.make(next(one for one in self.credentials() if one.id == credential))

    def measuring(self, credential: str) -> bool:
        return False

    def submit(self, folder: Path, credential: Credential) -> str:
        names = sorted(path.name for path in folder.iterdir())
        self.submitted.append((names, (folder / "submission.yaml").read_text(encoding="utf-8")))
        name = f"sent-{len(self.submitted)}"
        self.hold(name, house_sample.empty(), (), to=None)
        return name


def _row(first_pass: FirstPass, credential: Credential) -> dict[str, object]:
    return {
        "id": first_pass.submission_id,
        "credential_id": first_pass.credential,
        "rubric_hash": first_pass.rubric_hash,
        "credential": credential.model_dump_json(),
        "candidate": first_pass.candidate,
        "attempt": first_pass.attempt,
        "consent": True,
        "messages": "[]",
        "created_at": datetime(2026, 1, 5, tzinfo=UTC),
    }


def stage(
    name: str,
    state: StageState,
    artifact: str | None = None,
    fraction: float = 0.0,
    error: str | None = None,
) -> StageProgress:
    """One line of a ledger."""
    return StageProgress(name, artifact, state, fraction, 1, error)


DONE = (stage("read", StageState.DONE), stage("draft", StageState.DONE))
"""The ledger of a first pass that is finished."""


def write_video(path: Path, seconds: int = 72) -> Path:
    """A small H.264 video whose grey level rises with time, with no sound."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        stream.time_base = fractions.Fraction(1, 5)
        stream.options = {"g": "5"}
        for index in range(seconds * 5):
            picture = np.full((90, 160, 3), 40 + index * 160 // (seconds * 5), dtype=np.uint8)
            picture[40:50, : 160 * index // (seconds * 5)] = 220
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@contextmanager
def serving(program: MemoryProgram) -> Iterator[str]:
    """The real application over `program` on a free loopback port; yields its address."""

    def build() -> FastAPI:
        program.app = build_app(program)
        return program.app

    with serving_app(build) as address:
        yield address


@contextmanager
def serving_app(build: Callable[[], FastAPI]) -> Iterator[str]:
    """The application that `build` makes, likewise; it is made inside the server's event loop."""
    with listen("127.0.0.1", 0, exactly=True) as listener:
        config = uvicorn.Config(build, factory=True, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the application could not be built"
            time.sleep(0.05)
        try:
            yield address_of(listener)
        finally:
            server.should_exit = True
            thread.join(10)
