"""Many submissions through a real cluster: seconds, overhead and memory, for a number of workers.

Invariant: every stage but hearing is the real one; each worker computes on one thread. What is
timed begins when models are loaded and all is handed in.
"""

import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from reviewer.bench.cluster import Processes, local_cluster
from reviewer.bench.works import write_recording, write_work
from reviewer.errors import JobError
from reviewer.rubric import Credential
from reviewer.settings import Settings
from reviewer.wiring import Program, open_program

LOOK_S = 0.5  # seconds between looks at how far it is
WARM_UP = 8  # submissions for each worker that are not timed: models load with them
FIRST_WARM = 10_000_000  # number of the first of them: far from those that are timed
STALLED_S = 300.0  # seconds without any progress after which it is given up
MIB = 1 << 20

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Mark:
    """How it stood when another tenth was done: seconds since the start, and memory (MiB)."""

    done: int
    seconds: float
    engine_mib: float
    scheduler_mib: float
    worker_mib: float


@dataclass(frozen=True, slots=True)
class ScaleRun:
    """One run; `busy_s` is the time that stages took in workers, all together."""

    workers: int
    submissions: int
    stages: int
    handed_in_s: float
    seconds: float
    busy_s: float
    marks: tuple[Mark, ...]

    @property
    def ms_each(self) -> float:
        """Milliseconds for one submission."""
        return 1000 * self.seconds / self.submissions

    @property
    def overhead_ms(self) -> float:
        """Milliseconds of a worker for one stage in which it was at none: scheduling, planning."""
        return 1000 * (self.seconds * self.workers - self.busy_s) / self.stages

    def tenth_ms(self, index: int) -> float:
        """Milliseconds for one submission in a tenth of the run (0 to 9, or -1 for the last)."""
        marks = (Mark(0, 0.0, 0.0, 0.0, 0.0), *self.marks)
        end = range(1, len(marks))[index]
        before, after = marks[end - 1], marks[end]
        return 1000 * (after.seconds - before.seconds) / (after.done - before.done)


def run_scale(
    settings: Settings, credential: Credential, submissions: int, workers: int, say: Say
) -> ScaleRun:
    """Put `submissions` through a cluster of `workers`, in a store of its own.

    Raises `WeightsError` where the embedding model is not there, `JobError` where it stalls or a
    stage fails.
    """
    with tempfile.TemporaryDirectory(prefix="reviewer-scale-") as made:
        folder = Path(made)
        home = folder / "home"
        home.mkdir()
        environment = {
            "REVIEWER_HOME": str(home),
            "REVIEWER_DATABASE": "",
            "REVIEWER_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        with local_cluster(workers, environment, folder / "log") as cluster:
            ours = settings.model_copy(
                update={"home": home, "database": "", "engine": cluster.engine, "threads": 1}
            )
            program = open_program(ours)
            program.start()
            try:
                return _through(program, credential, submissions, cluster, folder, say)
            finally:
                program.stop()


def _through(
    program: Program,
    credential: Credential,
    submissions: int,
    cluster: Processes,
    folder: Path,
    say: Say,
) -> ScaleRun:
    recording = folder / "meeting.mp4"
    write_recording(recording)
    warm = WARM_UP * len(cluster.workers)
    _hand_in(program, credential, range(FIRST_WARM, FIRST_WARM + warm), folder, recording)
    say("loading models")
    _until(program, warm, lambda _: None)
    program.stop()
    say(f"handing in {submissions} submissions")
    began = time.perf_counter()
    _hand_in(program, credential, range(submissions), folder, recording)
    handed_in_s = time.perf_counter() - began
    before = program.repository.queue.worked()
    marks: list[Mark] = []
    began = time.perf_counter()
    program.start()

    def look(done: int) -> None:
        if done - warm >= submissions * (len(marks) + 1) / 10:
            marks.append(_mark(done - warm, time.perf_counter() - began, cluster))
            say(f"{done - warm} of {submissions}: {marks[-1].seconds:.0f} s")

    _until(program, warm + submissions, look)
    worked = program.repository.queue.worked()
    return ScaleRun(
        workers=len(cluster.workers),
        submissions=submissions,
        stages=worked.stages - before.stages,
        handed_in_s=handed_in_s,
        seconds=marks[-1].seconds,
        busy_s=worked.seconds - before.seconds,
        marks=tuple(marks),
    )


def _hand_in(
    program: Program, credential: Credential, numbers: Iterable[int], folder: Path, recording: Path
) -> None:
    for number in numbers:
        work = folder / "works" / str(number)
        write_work(work, number, recording)
        program.submit(work, credential)


def _until(program: Program, wanted: int, look: Callable[[int], None]) -> None:
    """Wait until `wanted` drafts are made; raises `JobError` where a stage fails or all stalls."""
    done, moved = -1, time.monotonic()
    while True:
        began = time.monotonic()
        counts = program.stage_counts()
        failed = sum(count for (_, state), count in counts.items() if state == "failed")
        if failed:
            error = program.repository.queue.jobs(1)[0].error
            raise JobError(f"{failed} stages failed; the last one: {error}")
        if counts.get(("draft", "done"), 0) != done:
            done, moved = counts.get(("draft", "done"), 0), time.monotonic()
            look(done)
        if done >= wanted:
            return
        if time.monotonic() - moved > STALLED_S:
            raise JobError(f"Nothing was finished for {STALLED_S:.0f} s; {done} of {wanted} were.")
        time.sleep(max(LOOK_S, 20 * (time.monotonic() - began)))  # looking must not cost


def _mark(done: int, seconds: float, cluster: Processes) -> Mark:
    return Mark(
        done=done,
        seconds=seconds,
        engine_mib=_mib(psutil.Process().pid),
        scheduler_mib=_mib(cluster.scheduler.pid),
        worker_mib=max(_mib(worker.pid) for worker in cluster.workers),
    )


def _mib(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / MIB
