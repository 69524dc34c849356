"""A command that was called wrongly: one sentence, status 2, nothing begun."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reviewer.cli.main import STATUSES, app, main
from reviewer.cli.outputs import write_whole
from reviewer.errors import OutputError
from reviewer.settings import CHECKOUT

EMPTY = [
    ("FOLDER", ("draft", "", "--credential", "x")),
    ("--credential", ("draft", ".", "--credential", "")),
    ("--json", ("draft", ".", "--credential", "x", "--json", "")),
    ("--html", ("draft", ".", "--credential", "x", "--html", "")),
    ("MEDIA", ("transcribe", "")),
    ("--model", ("transcribe", "x.wav", "--model", "")),
    ("--captions", ("transcribe", "x.wav", "--captions", "")),
    ("--out", ("transcribe", "x.wav", "--out", "")),
    ("FILE|ID", ("rubric", "check", "")),
    ("TABLE", ("agreement", "")),
    ("--raters", ("agreement", "x.csv", "--raters", "")),
    ("--levels", ("agreement", "x.csv", "--levels", " ")),
    ("RATINGS", ("calibrate", "")),
    ("--reference", ("calibrate", "x.csv", "--reference", "")),
    ("--credential", ("calibrate", "x.csv", "--credential", "")),
    ("--subgroups", ("calibrate", "x.csv", "--subgroups", "")),
    ("--by", ("calibrate", "x.csv", "--by", "")),
    ("--json", ("calibrate", "x.csv", "--json", "")),
    ("--html", ("calibrate", "x.csv", "--html", "")),
    ("REPORT", ("gate", "", "--credential", "x")),
    ("--credential", ("gate", "x.json", "--credential", "")),
    ("--thresholds", ("gate", "x.json", "--credential", "x", "--thresholds", "")),
    ("--json", ("gate", "x.json", "--credential", "x", "--json", "")),
    ("ID", ("models", "pull", "")),
    ("TEXTS", ("fit", "", "r.csv", "--rubric", "x", "--out", "o")),
    ("RATINGS", ("fit", "t.csv", "", "--rubric", "x", "--out", "o")),
    ("--rubric", ("fit", "t.csv", "r.csv", "--rubric", "", "--out", "o")),
    ("--out", ("fit", "t.csv", "r.csv", "--rubric", "x", "--out", "")),
    ("--fitted", ("score", "t.csv", "--fitted", "", "--rubric", "x", "--json", "o")),
    ("--json", ("score", "t.csv", "--fitted", "f", "--rubric", "x", "--json", "")),
    ("NAME", ("user", "add", "", "--role", "issuer")),
    ("--role", ("user", "add", "ann", "--role", "")),
    ("NAME", ("user", "disable", "")),
    ("NAME", ("user", "enable", "")),
    ("CANDIDATE", ("erase", "")),
    ("FILE", ("backup", "")),
    ("FILE", ("restore", "", "--replace")),
    ("--to", ("store", "copy", "--to", "")),
]
WRONG = [
    ("Missing argument 'FOLDER'", ("draft",)),
    ("Missing option '--credential'", ("draft", ".")),
    ("'--port': it is no number", ("serve", "--port", "x")),
    ("'--port': it should be less than or equal to 65535", ("serve", "--port", "70000")),
    ("'x' is not one of 'ratings', 'counts'", ("agreement", "t.csv", "--form", "x")),
    ("No such option: --nothing", ("draft", "--nothing")),
    ("No such command 'nothing'", ("nothing",)),
    ("unexpected extra argument", ("draft", ".", "other", "--credential", "x")),
]


def said(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """What is on standard error after a call with status 2 and nothing on standard output."""
    monkeypatch.setattr(sys, "argv", ["reviewer", *words])
    with pytest.raises(SystemExit) as left:
        main()
    printed = capsys.readouterr()
    assert (left.value.code, printed.out) == (2, "")
    return printed.err


@pytest.mark.parametrize(("name", "words"), EMPTY)
def test_an_empty_name_is_refused_and_never_the_current_folder(
    name: str,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sentence = said(words, monkeypatch, capsys)
    assert sentence.startswith(f"reviewer: Invalid value for '{name}': it is empty; ")
    assert sentence.count("\n") == 1


@pytest.mark.parametrize(("what", "words"), WRONG)
def test_a_wrong_call_is_one_sentence_that_names_the_help(
    what: str,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sentence = said(words, monkeypatch, capsys)
    assert what in sentence
    assert "--help` shows how it is called.\n" in sentence
    assert sentence.count("\n") == 1
    assert not set(sentence) & set("╭│╰")


def test_without_a_command_the_commands_are_shown() -> None:
    shown = CliRunner().invoke(app, [])
    assert "transcribe" in shown.output


def test_the_help_and_the_page_of_commands_write_the_same_usage() -> None:
    page = (CHECKOUT / "docs" / "cli.md").read_text(encoding="utf-8")
    for words, usage in (
        (("draft",), "FOLDER"),
        (("rubric", "check"), "FILE|ID..."),
        (("models", "pull"), "[ID]..."),
        (("user", "grant"), "NAME ROLE"),
    ):
        shown = CliRunner().invoke(app, [*words, "--help"])
        assert f"{' '.join(words)} [OPTIONS] {usage} " in shown.output
        assert f"\nreviewer {' '.join(words)} {usage}" in page


def test_the_help_of_draft_and_the_page_of_commands_have_the_exit_statuses() -> None:
    shown = CliRunner().invoke(app, ["draft", "--help"], env={"COLUMNS": "500"})
    assert STATUSES in " ".join(shown.output.split())
    assert STATUSES in (CHECKOUT / "docs" / "cli.md").read_text(encoding="utf-8")


def test_the_ids_of_models_are_whole_on_a_narrow_terminal() -> None:
    program = "from reviewer.cli.main import main; main()"
    shown = subprocess.run(
        [sys.executable, "-c", program, "models", "list"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for id_ in ("all-MiniLM-L6-v2", "tiny.en-openai", "ge2e"):
        assert f" {id_} " in shown
    assert max(map(len, shown.splitlines()[:-1])) <= 80


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_command_that_is_stopped_says_so_in_one_line(
    number: int,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def strike(*_: object) -> None:
        os.kill(os.getpid(), number)
        time.sleep(10)
        pytest.fail("the signal did not arrive")

    # A shell that starts the tests in the background has interrupts ignored.
    interrupts = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr("reviewer.rubric.schema_text", strike)
    monkeypatch.setattr(sys, "argv", ["reviewer", "rubric", "schema"])
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as left:
            main()
    finally:
        signal.signal(signal.SIGINT, interrupts)
    assert left.value.code == status
    assert capsys.readouterr().err == "reviewer: stopped; what was finished is kept.\n"
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_result_that_cannot_be_written_says_what_is_kept_as_the_command_does(
    tmp_path: Path,
) -> None:
    out = tmp_path / "gone" / "lesson.vtt"
    with pytest.raises(OutputError, match=r"lesson\.vtt cannot be written .*; the transcript is"):
        write_whole(out, b"", kept="the transcript is kept")
    with pytest.raises(OutputError, match=r"\); name another place\.$"):
        write_whole(out, b"")
