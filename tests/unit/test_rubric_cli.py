"""``reviewer rubric``: check, list, schema."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.rubric import schema_text
from reviewer.settings import CHECKOUT

RUBRICS = CHECKOUT / "rubrics"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No store of this machine is looked in."""
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["rubric", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_valid_file_is_called_valid_with_what_it_is() -> None:
    status, out, err = run("check", str(RUBRICS / "virtual-teaching.yaml"))
    assert status == 0
    assert "virtual-teaching.yaml is valid: Virtual Teaching, version 1.0, 5 elements" in out
    assert "all but 1 met" in out
    assert err == ""


def test_elements_without_indicators_are_pointed_out(tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    levels = [{"value": 0, "descriptor": "No."}, {"value": 1, "descriptor": "Yes."}]
    element = {"id": "one", "title": "One", "levels": levels}
    bare.write_text(json.dumps({"id": "b", "version": 1, "title": "B", "elements": [element]}))
    status, out, _ = run("check", str(bare))
    assert status == 0
    assert "1 element, no decision rule" in out
    assert "no indicators in one" in out


def test_every_fault_is_one_line_on_standard_error(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: a b\nversion: 1\n")
    status, out, err = run("check", str(bad), str(RUBRICS / "virtual-teaching.yaml"))
    assert status == 1
    assert "virtual-teaching.yaml is valid" in out
    lines = err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"reviewer: {bad}, line 1, ") for line in lines)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    status, out, err = run("check", str(tmp_path / "gone.yaml"))
    assert (status, out) == (1, "")
    assert err == f"reviewer: There is no file {tmp_path / 'gone.yaml'}; check the name.\n"


def test_an_id_is_as_good_as_a_file_and_the_ids_inside_are_named() -> None:
    status, out, err = run("check", "virtual-teaching")
    assert (status, err) == (0, "")
    assert out.startswith("virtual-teaching is valid: Virtual Teaching, version 1.0, 5 elements")
    assert "  slots: meeting-recording, session-plan, reflection\n" in out
    assert (
        "  elements: clear-start, pupils-talk, checks-and-adjusts, access, screen-in-use\n" in out
    )


def test_an_unknown_id_is_said_and_the_others_are_still_checked() -> None:
    status, out, err = run("check", "virtual-teachin", "virtual-teaching")
    assert status == 1
    assert "did you mean 'virtual-teaching'?" in err
    assert "virtual-teaching is valid" in out


def test_no_file_at_all_is_wrong_usage() -> None:
    assert run("check")[0] == 2


def test_list_shows_every_credential_by_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_RUBRICS_DIR", str(RUBRICS))
    status, out, err = run("list")
    assert status == 0
    assert err == ""
    for path in RUBRICS.glob("*.yaml"):
        assert path.stem in out


def test_list_shows_the_good_ones_and_tells_of_the_faulty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_RUBRICS_DIR", str(tmp_path))
    (tmp_path / "good.yaml").write_bytes((RUBRICS / "virtual-teaching.yaml").read_bytes())
    (tmp_path / "bad.yaml").write_text("id: [")
    status, out, err = run("list")
    assert status == 1
    assert "virtual-teaching" in out
    assert err.startswith(f"reviewer: {tmp_path / 'bad.yaml'}, line ")


def test_a_folder_that_is_not_there_lists_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_RUBRICS_DIR", str(tmp_path / "nowhere"))
    status, out, _ = run("list")
    assert status == 0
    assert "nowhere" in out


def test_schema_prints_the_schema() -> None:
    status, out, _ = run("schema")
    assert (status, out) == (0, schema_text())
