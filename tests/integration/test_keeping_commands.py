"""`reviewer erase`, `retention`, `backup`, `restore` and `store` from the outside."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from house_empty import empty_store
from house_store import House
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.errors import BackupError, NothingToErase, StoreError
from reviewer.settings import CHECKOUT

PLAN = "Every morning the pupils of the red table choose how they want to be greeted by others."


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A store at REVIEWER_HOME with work of C-0417, reviewed at the beginning of 2026."""
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    rubrics = tmp_path / "rubrics"
    rubrics.mkdir()
    essay = (CHECKOUT / "rubrics" / "anti-bias-instruction.yaml").read_text()
    (rubrics / "essay.yaml").write_text(essay)
    monkeypatch.setenv("REVIEWER_RUBRICS_DIR", str(rubrics))
    url = f"sqlite:///{empty_store(tmp_path / 'home')}"
    made = House(url, tmp_path, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    made.review(made.hand_in("C-0417", {"plan.txt": PLAN}), note="Ask her.")
    made.database.close()
    return made


def run(*words: str, text: str = "") -> str:
    done = CliRunner().invoke(app, list(words), input=text)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def _retain(days: int, rubrics: Path, more: str = "") -> None:
    """The house's credential with `retention_days` (and `more` lines)."""
    (rubrics / "circle.yaml").write_text(
        "id: circle\nversion: 1\ntitle: Circle\n"
        f"retention_days: {days}\n{more}"
        "elements:\n  - id: greeting\n    title: Greets\n    levels:\n"
        "      - {value: 0, descriptor: Nobody is greeted.}\n"
        "      - {value: 1, descriptor: Everybody is greeted.}\n"
    )


class TestErase:
    def test_it_asks_and_says_what_it_searched(self) -> None:
        said = run("erase", "C-0417", text="y\n")
        assert "C-0417: s-" in said
        assert "Erased: 1 submissions, 1 files, 2 results of stages, 1 vectors, 1 remarks." in said
        assert "tables (" in said
        assert "Nothing is left." in said
        assert "each hash right" in run("audit", "verify")

    def test_without_a_yes_nothing_goes(self, house: House) -> None:
        done = CliRunner().invoke(app, ["erase", "C-0417"], input="n\n")
        assert done.exit_code != 0
        assert len(house.repository.newest(5)) == 1

    def test_a_candidate_who_is_not_there_is_said(self) -> None:
        with pytest.raises(NothingToErase, match="No work of a candidate 'C-9'"):
            run("erase", "C-9", "--yes")


class TestRetention:
    def test_what_is_due_is_listed_and_erased(self, house: House, tmp_path: Path) -> None:
        _retain(2, tmp_path / "rubrics")
        assert run("retention", "list") == "2026-01-03\tcircle\tC-0417\n"
        assert "Erased: 1 submissions" in run("retention", "run", "--yes")
        assert house.repository.newest(5) == ()
        assert run("retention", "list") == ""

    def test_what_is_not_due_yet_stays(self, house: House, tmp_path: Path) -> None:
        _retain(365_000, tmp_path / "rubrics")
        assert run("retention", "run", "--yes") == (
            "No work was kept for longer than its credential says.\n"
        )
        assert len(house.repository.newest(5)) == 1

    def test_levels_go_too_where_the_credential_asks(self, tmp_path: Path) -> None:
        _retain(2, tmp_path / "rubrics", "erase_ratings: true\n")
        said = run("retention", "run", "--yes")
        assert "2 ratings too, as their credential asks; other levels stay under erased-" in said
        assert "each hash right" in run("audit", "verify")

    def test_a_credential_without_days_keeps_its_work(self) -> None:
        assert run("retention", "list") == ""


class TestBackup:
    def test_there_and_back(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        archive = str(tmp_path / "backup.tar")
        assert "1 submissions, 1 files" in run("backup", archive)
        with pytest.raises(BackupError, match="--replace"):
            run("restore", archive)
        assert "each hash right" in run("restore", archive, "--replace")
        monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "another"))
        assert "Restored as of" in run("restore", archive)
        assert "each hash right" in run("audit", "verify")

    def test_a_place_that_cannot_be_written_is_refused_before_the_work(
        self, tmp_path: Path
    ) -> None:
        with pytest.raises(Exception, match="there is no folder"):
            run("backup", str(tmp_path / "no" / "backup.tar"))


class TestStore:
    def test_a_copy_is_as_large_and_another_one_over_it_is_refused(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'copy.sqlite3'}"
        assert "as many as there were" in run("store", "copy", "--to", url)
        with pytest.raises(StoreError, match="is not empty"):
            run("store", "copy", "--to", url)

    def test_sweeping_says_what_it_did(self) -> None:
        assert run("store", "sweep") == (
            "The database was written anew, without its 1 vectors; "
            "0 copies of files were removed.\n"
        )
