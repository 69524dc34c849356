"""The error tree is drawn in its docstring, and the command line turns it into one sentence."""

import inspect
import re
import subprocess
import sys

import pytest

from reviewer import errors
from reviewer.errors import ReviewerError, SettingsError
from reviewer.settings import Settings, load_settings


def test_the_drawing_names_every_error_under_its_parent() -> None:
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^([ │├└─]*)([A-Z]\w+)\b", line)
        if found and (line.startswith(("    ReviewerError", "    ├", "    │", "    └"))):
            drawn.append((len(found[1]), found[2]))
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for depth, name in drawn:
        while above and above[-1][0] >= depth:
            above.pop()
        if above:
            parents[name] = above[-1][1]
        above.append((depth, name))
    real = {
        name: one.__bases__[0].__name__
        for name, one in vars(errors).items()
        if inspect.isclass(one) and issubclass(one, ReviewerError) and one is not ReviewerError
    }
    assert parents == real


def test_every_error_says_when_it_is_raised() -> None:
    for name, one in vars(errors).items():
        if inspect.isclass(one) and issubclass(one, ReviewerError):
            assert one.__doc__, name


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_THREADS", "3")
    monkeypatch.setenv("REVIEWER_OFFLINE", "1")
    settings = load_settings()
    assert settings.threads == 3
    assert settings.offline


def test_a_setting_that_cannot_be_used_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_PORT", "seventy")
    with pytest.raises(SettingsError, match=r"REVIEWER_PORT .* 'seventy'.*docs/settings\.md"):
        load_settings()


def test_every_setting_has_a_line_of_help() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reviewer", *words], capture_output=True, text=True, check=False
    )


def test_help_fits_one_screen() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert len(done.stdout.strip().splitlines()) <= 34


def test_a_wrong_word_is_refused_without_a_traceback() -> None:
    done = run("models", "pull", "no-such-model")
    assert done.returncode == 1
    assert "no-such-model" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_help_imports_nothing_heavy() -> None:
    probe = (
        "import sys; import reviewer.cli.main; "
        "print([m for m in ('torch','gradio','sqlalchemy','pydantic','numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
