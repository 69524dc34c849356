"""`reviewer bench scale` in small: a real cluster, every stage but hearing the real one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_a_small_run_gives_every_figure(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    out = tmp_path / "scale.json"
    ran = subprocess.run(
        [sys.executable, "-m", "reviewer", "bench", "scale", "--submissions", "20",
         "--workers", "1", "--json", str(out)],
        env={**os.environ, "REVIEWER_HOME": str(tmp_path / "untouched"), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "overhead for a stage" in ran.stdout
    (run,) = json.loads(out.read_text())
    assert (run["submissions"], run["stages"]) == (20, 100)  # read, transcribe, 2 embed, draft
    assert len(run["marks"]) >= 1
    assert run["marks"][-1]["done"] == 20
    assert not (tmp_path / "untouched").exists()


def test_too_few_submissions_are_refused() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "reviewer", "bench", "scale", "--submissions", "3"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 2
    assert "--submissions" in ran.stderr
