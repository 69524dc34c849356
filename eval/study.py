"""What a study is, and how the ones in eval/studies/ are found.

Invariant: a study is a module with `NAME`, `HELP`, `BENCH` and `run`; it reads data only from the
folder that it is given, writes nothing there, and returns plain figures (name -> number).
"""

import importlib
import json
import os
import pkgutil
import platform
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

from rich.console import Console

import eval.studies

BASELINES = Path(__file__).parent / "baselines"


class Skipped(Exception):
    """The study cannot run here (data or weights are absent); the text says what is missing."""


class Study(Protocol):
    """A module in eval/studies/: its name, its one line of help, whether `bench` runs it."""

    NAME: str
    HELP: str
    BENCH: bool

    def run(self, data: Path | None, out: Console) -> dict[str, float]:
        """Measure, print tables to `out`, return the figures; raises `Skipped`."""


def studies() -> dict[str, Study]:
    """Every study by name, in the order of their file names."""
    found = {}
    for module in pkgutil.iter_modules(eval.studies.__path__):
        study = cast("Study", importlib.import_module(f"eval.studies.{module.name}"))
        found[study.NAME] = study
    return found


def need(data: Path | None, *parts: str) -> Path:
    """The path of one file or folder of the data; raises `Skipped` where it is absent."""
    if data is None:
        raise Skipped("no data folder: give --data DIR or set REVIEWER_EVAL_DATA")
    path = data.joinpath(*parts)
    if not path.exists():
        raise Skipped(f"{'/'.join(parts)} is not in the data folder {data.name}/")
    return path


def baseline(name: str) -> dict[str, float]:
    """The figures that were measured and committed for a study; empty where there are none."""
    path = BASELINES / f"{name}.json"
    if not path.exists():
        return {}
    return cast("dict[str, float]", json.loads(path.read_text(encoding="utf-8"))["figures"])


def machine_and_month() -> str:
    """What a baseline was measured on, where nobody says it better."""
    return f"{os.cpu_count()} cores ({platform.machine()}), {datetime.now():%B %Y}"


def save_baseline(name: str, figures: Mapping[str, float], note: str) -> Path:
    """Write the figures as the new baseline; `note` says on what machine and data."""
    rounded = {key: round(float(value), 4) for key, value in figures.items()}
    path = BASELINES / f"{name}.json"
    path.write_text(
        json.dumps({"note": note, "figures": rounded}, indent=2) + "\n", encoding="utf-8"
    )
    return path
