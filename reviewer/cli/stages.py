"""The progress of a first pass on a terminal: one bar a stage."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from reviewer.cli.screen import err
from reviewer.store.records import StageProgress
from reviewer.wiring import OnProgress

_STAGES = {
    "weights": "pulling weights",
    "read": "reading documents",
    "transcribe": "transcribing recordings",
    "embed": "embedding",
    "draft": "drafting",
}


@contextmanager
def stage_bars() -> Iterator[OnProgress]:
    """One bar a stage while the block runs; yields the function that takes the stages."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def show(stages: tuple[StageProgress, ...]) -> None:
            for name in dict.fromkeys(stage.stage for stage in stages):
                ones = [stage for stage in stages if stage.stage == name]
                if name not in tasks:
                    tasks[name] = progress.add_task(_STAGES.get(name, name))
                progress.update(tasks[name], total=len(ones), completed=sum(map(_share, ones)))

        yield show


def _share(stage: StageProgress) -> float:
    return 1.0 if stage.finished else stage.fraction
