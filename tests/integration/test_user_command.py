"""`reviewer user …` and `reviewer audit verify` from the outside."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.errors import AccountError, StoreError

PASSWORD = "a long enough password\n"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))


def run(*words: str, text: str = "") -> str:
    done = CliRunner().invoke(app, list(words), input=text)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_person_is_added_with_roles_and_listed() -> None:
    run("user", "add", "ann", "--role", "evaluator", "--role", "issuer:c", text=PASSWORD)
    assert run("user", "list") == "ann\tevaluator, issuer:c\n"
    run("user", "revoke", "ann", "evaluator")
    run("user", "disable", "ann")
    assert run("user", "list") == "ann\tdisabled\n"
    run("user", "enable", "ann")
    assert run("user", "list") == "ann\tissuer:c\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("user", "add", "ann", "--role", "boss"), "'boss' is no role; there are evaluator"),
        (("user", "add", "Ann B", "--role", "issuer"), "cannot be the name of an account"),
        (("user", "disable", "bob"), "no account named bob"),
        (("user", "enable", "bob"), "no account named bob"),
        (("user", "token", "bob"), "no account named bob"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(AccountError, match=said):
        run(*words, text=PASSWORD)


def test_a_token_is_printed_once() -> None:
    run("user", "add", "ann", "--role", "evaluator", text=PASSWORD)
    secret = run("user", "token", "ann").strip()
    assert len(secret) > 40


def test_the_record_verifies_and_says_its_last_hash() -> None:
    run("user", "add", "ann", "--role", "evaluator", text=PASSWORD)
    said = run("audit", "verify")
    assert "2 events, each hash right; 0 ratings, decisions and outcomes" in said


def test_a_changed_record_is_named(tmp_path: Path) -> None:
    run("user", "add", "ann", "--role", "evaluator", text=PASSWORD)
    raw = sqlite3.connect(tmp_path / "reviewer.sqlite3")
    raw.execute("DROP TRIGGER audit_event_no_update")
    raw.execute("UPDATE audit_event SET actor = 'somebody' WHERE number = 1")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match="tampered with at event 1"):
        run("audit", "verify")


@pytest.mark.slow
def test_a_refusal_is_one_sentence_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "user", "disable", "bob"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("reviewer: There is no account named bob")
