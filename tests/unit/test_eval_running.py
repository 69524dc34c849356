"""``python -m eval run`` and ``compare``: what is written, and what is said to be worse."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console
from typer.testing import CliRunner

import eval.__main__ as command
from eval import study
from eval.study import Skipped

FIGURES = {"macro_f1": 0.6}


@pytest.fixture
def baselines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of eval/baselines."""
    monkeypatch.setattr(study, "BASELINES", tmp_path)
    return tmp_path


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, float] | None], None]:
    """Makes ``made`` the only study, with the figures that are given; none: it is skipped."""

    def of(figures: dict[str, float] | None) -> None:
        def run(data: Path | None, out: Console) -> dict[str, float]:
            if figures is None:
                raise Skipped("no data")
            return figures

        one = SimpleNamespace(NAME="made", HELP="a study", BENCH=False, run=run)
        monkeypatch.setattr(command, "studies", lambda: {"made": one})

    return of


def call(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command.app, arguments)
    return done.exit_code, done.stdout


def test_a_run_writes_its_figures_with_machine_and_month(
    baselines: Path, measured: Callable[[dict[str, float] | None], None]
) -> None:
    measured(FIGURES)
    code, said = call("run", "made")
    kept = json.loads((baselines / "made.json").read_text())
    assert code == 0
    assert "baseline written: made.json" in said
    assert kept["figures"] == FIGURES
    assert "cores" in kept["note"]


def test_a_note_says_it_better(
    baselines: Path, measured: Callable[[dict[str, float] | None], None]
) -> None:
    measured(FIGURES)
    call("run", "made", "--note", "ten lessons")
    assert json.loads((baselines / "made.json").read_text())["note"] == "ten lessons"


def test_a_study_that_cannot_run_writes_nothing(
    baselines: Path, measured: Callable[[dict[str, float] | None], None]
) -> None:
    measured(None)
    assert call("run", "made")[0] == 3
    assert not list(baselines.iterdir())


def test_comparing_names_what_got_worse_and_writes_nothing(
    baselines: Path, measured: Callable[[dict[str, float] | None], None]
) -> None:
    measured(FIGURES)
    call("run", "made")
    assert call("compare") == (0, call("compare")[1])
    measured({"macro_f1": 0.5})
    code, said = call("compare")
    assert code == 1
    assert "worse made macro_f1: -0.1" in said
    assert json.loads((baselines / "made.json").read_text())["figures"] == FIGURES
