"""`reviewer jobs …` and `reviewer worker` from the outside."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.errors import JobError, ReviewerError, SettingsError
from reviewer.rubric import find_credential
from reviewer.settings import load_settings
from reviewer.wiring import open_program

PLAN = "Each pupil greets a neighbour by name."


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("REVIEWER_ENGINE", raising=False)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


@pytest.fixture
def submission(tmp_path: Path) -> str:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "plans.txt").write_text(PLAN)
    (folder / "submission.yaml").write_text("candidate: C-1\n")
    settings = load_settings()
    credential = find_credential("morning-meetings-for-sel", settings.rubrics_dir)
    return open_program(settings).submit(folder, credential)


def test_a_store_without_work_says_so() -> None:
    assert "No first pass is waiting" in run("jobs", "list")


def test_a_first_pass_is_listed_paused_canceled_and_retried(submission: str) -> None:
    assert "waiting" in run("jobs", "list")
    assert run("jobs", "pause", submission) == f"{submission}: paused\n"
    assert "paused" in run("jobs", "list")
    assert run("jobs", "cancel", submission) == f"{submission}: canceled\n"
    assert "canceled" in run("jobs", "list")
    assert "queued" in run("jobs", "retry", submission)
    assert "0 of 3" in run("jobs", "list")


def test_nothing_of_the_work_is_printed(submission: str) -> None:
    shown = run("jobs", "list", "--all")
    assert "greets" not in shown
    assert "C-1" not in shown


@pytest.mark.parametrize("word", ["pause", "retry", "cancel"])
def test_an_unknown_submission_is_said(word: str) -> None:
    with pytest.raises(JobError, match="no submission nobody; `reviewer jobs list` names them"):
        run("jobs", word, "nobody")


def test_a_worker_without_a_scheduler_to_work_for_is_refused() -> None:
    with pytest.raises(SettingsError, match="give --scheduler dask://HOST:PORT"):
        run("worker")


@pytest.mark.parametrize("address", ["nonsense", "http://host:1"])
def test_a_wrong_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(SettingsError, match="no address of a scheduler"):
        run("worker", "--scheduler", address)
    monkeypatch.setenv("REVIEWER_ENGINE", address)
    with pytest.raises(SettingsError, match="no address of a scheduler"):
        open_program(load_settings())


def test_where_dask_is_not_installed_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.jobs.cluster_worker.find_spec", lambda _: None)
    for words in (("worker", "--scheduler", "dask://h:1"), ("bench", "scale")):
        with pytest.raises(ReviewerError, match=r"reviewer\[cluster\]"):
            run(*words)


@pytest.mark.slow
def test_working_alone_imports_no_dask(submission: str) -> None:
    looked = (
        "import sys; from reviewer.settings import load_settings; from reviewer.wiring import "
        "open_program; open_program(load_settings()); "
        "sys.exit('distributed' in sys.modules or 'dask' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", looked], timeout=60).returncode == 0
