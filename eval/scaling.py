"""`reviewer bench scale` as studies: what its runs are called among the figures of a baseline.

Invariant: whatever the page and the plot show is read from figures that were committed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from eval.recordings import say
from eval.study import Skipped
from reviewer.bench.scale import ScaleRun, run_scale
from reviewer.cli.bench import CREDENTIAL
from reviewer.errors import EngineError, WeightsError
from reviewer.jobs.cluster_worker import need_dask
from reviewer.rubric import find_credential
from reviewer.settings import load_settings

TENTHS = 10
MEMORY = {"server": "engine_mib", "scheduler": "scheduler_mib", "worker": "worker_mib"}
"""What the memory of a process is called in a figure, and in a mark of the run."""


@dataclass(frozen=True, slots=True)
class Series:
    """The runs of one study with one number of workers, as the page and the plot show them."""

    study: str
    submissions: int
    workers: int

    def figure(self, what: str) -> str:
        """What a figure of it is called."""
        return f"{crew(self.workers)}: {what}"

    def tenth(self, number: int) -> str:
        """What the milliseconds of a submission in a tenth (1 to 10) of it are called."""
        return self.figure(f"ms a submission, tenth {number}")


SERIES = (Series("scale", 1000, 1), Series("scale", 1000, 2), Series("scale_state", 10_000, 2))


def crew(workers: int) -> str:
    """``1 worker``, ``2 workers``."""
    return f"{workers} worker" if workers == 1 else f"{workers} workers"


def measure(out: Console, submissions: int, workers: Sequence[int]) -> dict[str, float]:
    """A run for each number of workers; raises `Skipped` where dask or weights are absent."""
    try:
        runs = _runs(out, submissions, workers)
    except (EngineError, WeightsError) as error:
        raise Skipped(str(error)) from error
    figures: dict[str, float] = {"count of submissions": float(submissions)}
    for run in runs:
        figures |= figures_of(run)
    _say(out, runs)
    if len(runs) > 1:
        times = runs[0].ms_each / runs[-1].ms_each
        figures[f"{crew(runs[-1].workers)}: times as fast"] = times
        n = f"{submissions} submissions, {crew(runs[-1].workers)} beside {crew(runs[0].workers)}"
        say(out, "times as fast", times, ">= 1.6, aim 1.8", n)
    return figures


def _runs(out: Console, submissions: int, workers: Sequence[int]) -> list[ScaleRun]:
    need_dask()
    settings = load_settings()
    credential = find_credential(CREDENTIAL, settings.rubrics_dir)
    runs = []
    for count in workers:

        def progress(words: str, who: str = crew(count)) -> None:
            out.print(f"[dim]{who}: {words}[/dim]")

        runs.append(run_scale(settings, credential, submissions, count, progress))
    return runs


def figures_of(run: ScaleRun) -> dict[str, float]:
    """The figures of one run, by name."""
    name = Series("", run.submissions, run.workers)
    found = {
        name.figure("ms to hand in a submission"): 1000 * run.handed_in_s / run.submissions,
        name.figure("ms a submission"): run.ms_each,
        name.figure("ms of overhead a stage"): run.overhead_ms,
    }
    for number in range(TENTHS):
        found[name.tenth(number + 1)] = run.tenth_ms(number)
    for process, field in MEMORY.items():
        for words, mark in (("first", run.marks[0]), ("last", run.marks[-1])):
            found[name.figure(f"MiB of {process}, {words} tenth")] = getattr(mark, field)
    return found


def _say(out: Console, runs: Sequence[ScaleRun]) -> None:
    for run in runs:
        n = f"{run.submissions} submissions, {crew(run.workers)}"
        say(out, "overhead of a stage, ms", run.overhead_ms, "<= 20", n)
        flat = run.tenth_ms(-1) / run.tenth_ms(0)
        say(out, "last tenth / first tenth, time of a submission", flat, "about 1 or less", n)


def shown(figures: Mapping[str, Mapping[str, float]]) -> list[Series]:
    """The series of which there are figures (study -> figure -> number)."""
    return [one for one in SERIES if one.tenth(1) in figures.get(one.study, {})]
