"""A program in memory behind the real pages, and a server that stands them up on a free port.

`MemoryProgram` is the `Program` of reviewer.web with the test in the place of the engine: the test
sets what is finished. `serving` runs the real application under uvicorn in a thread.
"""

import fractions
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import av
import house_sample
import numpy as np
import uvicorn

from reviewer.errors import StoreError
from reviewer.rubric import Credential
from reviewer.scoring.first_pass import FirstPass
from reviewer.store.records import StageProgress, StageState, SubmissionRecord
from reviewer.web.app import build_app
from reviewer.web.serving import address_of, listen


@dataclass
class MemoryStore:
    """Submissions, stages and files as the test sets them."""

    passes: dict[str, FirstPass] = field(default_factory=dict)
    stages: dict[str, tuple[StageProgress, ...]] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)

    def submissions(self) -> tuple[SubmissionRecord, ...]:
        return tuple(
            SubmissionRecord(
                id=name,
                credential=one.credential,
                credential_title=house_sample.CREDENTIAL.title,
                rubric_hash=one.rubric_hash,
                candidate=one.candidate,
                attempt=one.attempt,
                consent=True,
                created_at=datetime(2026, 1, 5, tzinfo=UTC),
            )
            for name, one in self.passes.items()
        )

    def credential(self, submission_id: str) -> Credential:
        return house_sample.CREDENTIAL

    def progress(self, submission_id: str) -> tuple[StageProgress, ...]:
        return self.stages[submission_id]

    def first_pass(self, submission_id: str) -> FirstPass | None:
        return self.passes.get(submission_id)

    def file_path(self, submission_id: str, artifact_id: str) -> Path:
        if artifact_id not in self.files:
            raise StoreError(f"The file {artifact_id} is gone from the store.")
        return self.files[artifact_id]


@dataclass
class MemoryProgram:
    """A `reviewer.web.program.Program`."""

    repository: MemoryStore = field(default_factory=MemoryStore)

    def hold(
        self,
        submission: str,
        first_pass: FirstPass,
        stages: tuple[StageProgress, ...],
    ) -> None:
        """Show `first_pass` as what there is of `submission`, at `stages`."""
        self.repository.passes[submission] = replace(first_pass, submission_id=submission)
        self.repository.stages[submission] = stages


def stage(
    name: str,
    state: StageState,
    artifact: str | None = None,
    fraction: float = 0.0,
    error: str | None = None,
) -> StageProgress:
    """One line of a ledger."""
    return StageProgress(name, artifact, state, fraction, 1, error)


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
    with listen("127.0.0.1", 0, exactly=True) as listener:
        config = uvicorn.Config(
            lambda: build_app(program), factory=True, log_level="error", timeout_graceful_shutdown=1
        )
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
