"""The ledger of one submission in words: what is done, what is under way, what went wrong.

Invariant: a pure function of the stages; an unknown stage is shown under its own name, never
left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.jobs.steering import Steer
from reviewer.store.records import Held, StageProgress, StageState

_WORDS = {
    "read": ("Reading", "Read"),
    "transcribe": ("Transcribing", "Transcribe"),
    "embed": ("Embedding", "Embed"),
    "draft": ("Drafting every element", "Draft"),
}
"""Stage -> (what is said while it runs, what it is called); see reviewer.jobs.stages."""

_HELD = {Held.PAUSED: "Paused", Held.CANCELED: "Canceled"}

_FINISHED = (StageState.DONE, StageState.FAILED)


@dataclass(frozen=True, slots=True)
class StageLine:
    """All ledger lines of one stage together; `state` is waiting, running, done or failed."""

    stage: str
    state: str
    glyph: str
    words: str
    fraction: float
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One submission's progress; `fraction` in [0, 1] weighs every ledger line alike.

    `steers` are what a person who may can do to it now: pause, cancel, retry.
    """

    state: str
    words: str
    fraction: float
    lines: tuple[StageLine, ...]
    steers: tuple[Steer, ...] = ()

    @property
    def percent(self) -> str:
        """Whole percent, rounded down: 100 stands only where everything is finished."""
        return f"{int(self.fraction * 100)}\u00a0%"

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.state in ("waiting", "running")


def summarize(stages: Sequence[StageProgress]) -> Progress:
    """Put the ledger lines of one submission into words, one line a stage."""
    names = list(dict.fromkeys(stage.stage for stage in stages))
    lines = tuple(_line(name, [one for one in stages if one.stage == name]) for name in names)
    fraction = sum(_share(stage) for stage in stages) / len(stages) if stages else 0.0
    if not stages:
        return Progress("waiting", "Waiting to begin", fraction, lines)
    held = stages[0].held
    if held is not None:
        word = _HELD[held]
        steers = (Steer.RETRY, Steer.CANCEL) if held is Held.PAUSED else (Steer.RETRY,)
        return Progress(
            "failed" if held is Held.CANCELED else "held", word, fraction, lines, steers
        )
    if all(stage.state in _FINISHED for stage in stages):
        failed = sum(stage.state is StageState.FAILED for stage in stages)
        words = f"Finished; {_steps(failed)} failed" if failed else "First pass finished"
        state = "failed" if failed else "done"
        return Progress(state, words, 1.0, lines, (Steer.RETRY,) if failed else ())
    return _going(stages, fraction, lines)


def _going(
    stages: Sequence[StageProgress], fraction: float, lines: tuple[StageLine, ...]
) -> Progress:
    steers = (Steer.PAUSE, Steer.CANCEL)
    leased = next((stage for stage in stages if stage.state is StageState.LEASED), None)
    if leased is None:
        begun = any(stage.state is StageState.DONE for stage in stages)
        words = "Waiting for the next step" if begun else "Waiting to begin"
        return Progress("waiting", words, fraction, lines, steers)
    return Progress("running", _now(leased), fraction, lines, steers)


def _steps(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"


def _share(stage: StageProgress) -> float:
    return 1.0 if stage.state in _FINISHED else min(1.0, max(0.0, stage.fraction))


def _now(stage: StageProgress) -> str:
    """What the machine is doing at the moment."""
    words = _WORDS.get(stage.stage, (stage.stage, stage.stage))[0]
    again = f" (try {stage.attempts})" if stage.attempts > 1 else ""
    return f"{words}{f' {stage.artifact}' if stage.artifact else ''}{again}"


def _line(name: str, stages: Sequence[StageProgress]) -> StageLine:
    done = sum(stage.state is StageState.DONE for stage in stages)
    errors = tuple(
        f"{stage.artifact}: {stage.error}" if stage.artifact else stage.error
        for stage in stages
        if stage.state is StageState.FAILED and stage.error
    )
    if all(stage.state in _FINISHED for stage in stages):
        state, glyph = ("failed", "✗") if done < len(stages) else ("done", "✓")
    elif any(stage.state is StageState.LEASED for stage in stages) or done:
        state, glyph = "running", "▸"
    else:
        state, glyph = "waiting", "·"
    noun = _WORDS.get(name, (name, name))[1]
    words = f"{noun}: {done} of {len(stages)}" if len(stages) > 1 else noun
    return StageLine(name, state, glyph, words, sum(map(_share, stages)) / len(stages), errors)
