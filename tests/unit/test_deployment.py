"""The files of docs/deploy hold together, and every command in them is one that there is."""

import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.settings import CHECKOUT, Settings

DEPLOY = CHECKOUT / "docs" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def instructions() -> list[tuple[str, str]]:
    """(instruction, its words) of the Dockerfile, lines joined."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    parts = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in parts]


def unit(path: Path) -> dict[str, list[str]]:
    """Key -> its values, of all sections."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def commands() -> list[tuple[str, ...]]:
    """Every command of ours or of dask's that a file of docs/deploy runs."""
    found = [tuple(one["command"]) for one in compose()["services"].values() if "command" in one]
    found += [tuple(yaml.safe_load(rest)) for word, rest in instructions() if word == "CMD"]
    for path in UNITS:
        found += [tuple(shlex.split(one)) for one in unit(path)["ExecStart"]]
    ours = [(Path(words[0]).name, *words[1:]) for words in found]
    return sorted({words for words in ours if words[0] in ("reviewer", "dask")})


@pytest.mark.parametrize("words", [one for one in commands() if one[0] == "reviewer"])
def test_every_command_of_ours_can_be_called_so(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*words[1:], "--help"])
    assert done.exit_code == 0, done.output
    for option in (word for word in words if word.startswith("--")):
        assert option in done.output


@pytest.mark.slow
@pytest.mark.parametrize("words", [one for one in commands() if one[0] == "dask"])
def test_every_command_of_dask_too(words: tuple[str, ...]) -> None:
    pytest.importorskip("distributed")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dask")), *words[1:], "--help"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    for option in (word for word in words if word.startswith("--")):
        assert option.removeprefix("--no-") in done.stdout


def test_the_image_is_run_by_nobody_special_and_holds_no_weights() -> None:
    said = instructions()
    user = next(index for index, (word, _) in enumerate(said) if word == "USER")
    made = next(rest for word, rest in said if word == "RUN" and "useradd" in rest)
    assert f"--uid {int(said[user][1])} reviewer" in made
    assert not [word for word, _ in said[user:] if word in ("RUN", "COPY", "ADD")]
    volumes = next(rest for word, rest in said if word == "VOLUME")
    assert "/weights" in yaml.safe_load(volumes)


def test_the_image_copies_what_is_there_and_installs_what_the_services_need() -> None:
    said = instructions()
    for sources in (rest.split()[:-1] for word, rest in said if word == "COPY"):
        assert all((CHECKOUT / source).exists() for source in sources)
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = next(rest for word, rest in said if word == "RUN" and "--editable" in rest)
    for extra in ("postgresql", "cluster"):
        assert extra in installed
        assert extra in project["optional-dependencies"]


def test_every_setting_that_a_file_names_is_one() -> None:
    known = {f"REVIEWER_{name.upper()}" for name in Settings.model_fields}
    named = {
        key
        for service in compose()["services"].values()
        for key in service.get("environment", {})
        if key.startswith("REVIEWER_")
    }
    for path in UNITS:
        for line in unit(path)["Environment"]:
            named |= {word.partition("=")[0] for word in line.split() if "REVIEWER_" in word}
    assert named
    assert named <= known


def test_services_use_networks_and_volumes_that_are_declared() -> None:
    found = compose()
    assert {"web", "scheduler", "worker", "database"} <= set(found["services"])
    for service in found["services"].values():
        assert set(service.get("networks", [])) <= set(found["networks"])
        named = [one.partition(":")[0] for one in service.get("volumes", [])]
        assert set(named) <= set(found["volumes"])
        assert set(service.get("depends_on", [])) <= set(found["services"])


def test_nobody_outside_reaches_scheduler_or_database() -> None:
    found = compose()
    assert found["networks"]["inside"] == {"internal": True}
    for name in ("scheduler", "worker", "database"):
        assert found["services"][name]["networks"] == ["inside"]
        assert "ports" not in found["services"][name]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_has_its_sections_and_runs_as_an_ordinary_user(path: Path) -> None:
    text, said = path.read_text(encoding="utf-8"), unit(path)
    assert all(section in text for section in ("[Unit]", "[Service]", "[Install]"))
    assert said["User"] == ["reviewer"]
    assert said["NoNewPrivileges"] == ["yes"]


@pytest.mark.slow
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_wrong_with_a_unit(path: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    # What a unit runs has to be there: this Python stands for the one in /opt/reviewer.
    bent = path.read_text(encoding="utf-8").replace("/opt/reviewer/.venv/bin/reviewer", "/bin/sh")
    copy = tmp_path / path.name.replace("@", "@1")
    copy.write_text(bent, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, timeout=60
    )
    about = [line for line in done.stderr.splitlines() if copy.name in line]
    assert not about, done.stderr


def test_the_framework_is_installed_by_a_line_that_there_is_once() -> None:
    line = next(rest for word, rest in instructions() if word == "RUN" and "^torch==" in rest)
    assert "$(grep '^torch==' constraints.txt)" in line
    pinned = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert sum(one.startswith("torch==") for one in pinned) == 1


class _Ready(BaseHTTPRequestHandler):
    """Answers with the status that its server has."""

    def do_GET(self) -> None:
        assert self.path == "/readyz"
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_is_what_the_readiness_page_says(status: int, healthy: bool) -> None:
    kind, program, *words = compose()["services"]["web"]["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Ready) as server:
        server.status = status  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        bent = [one.replace(":7860", f":{server.server_port}") for one in words]
        assert bent != words
        done = subprocess.run([sys.executable, *bent], capture_output=True, timeout=60)
        server.shutdown()
    assert (done.returncode == 0) is healthy


@pytest.mark.slow
def test_the_compose_file_is_of_the_form_that_its_specification_demands() -> None:
    pytest.importorskip("check_jsonschema")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec",
         str(DEPLOY / "compose.yaml")],
        capture_output=True,
        text=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_linter_finds_nothing_in_the_dockerfile() -> None:
    linter = shutil.which("hadolint") or shutil.which("hadolint", path=Path(sys.executable).parent)
    if linter is None:
        pytest.skip("no hadolint here")
    done = subprocess.run(
        [linter, str(DEPLOY / "Dockerfile")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_composer_reads_the_compose_file() -> None:
    composer = shutil.which("docker-compose") or shutil.which(
        "docker-compose", path=Path(sys.executable).parent
    )
    if composer is None:
        pytest.skip("no docker-compose here")
    done = subprocess.run(
        [composer, "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet"],
        env={"POSTGRES_PASSWORD": "secret", "REVIEWER_SITE": "reviews.example.org"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
