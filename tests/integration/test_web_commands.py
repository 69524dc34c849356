"""`reviewer demo`, `reviewer serve`, app.py from the outside: what they refuse, in which words."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout, with REVIEWER_* of `environment` alone."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REVIEWER_")}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.slow
@pytest.mark.parametrize("command", ["demo", "serve"])
def test_another_address_than_loopback_is_refused_in_one_sentence(
    command: str, tmp_path: Path
) -> None:
    done = run(
        "-m", "reviewer", command, REVIEWER_HOST="0.0.0.0", REVIEWER_HOME=str(tmp_path / "home")
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("reviewer: The pages are served on this machine alone")
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
def test_a_taken_port_that_was_asked_for_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        asked = run("-m", "reviewer", "demo", "--port", port, REVIEWER_HOME=str(tmp_path))
        set_ = run("-m", "reviewer", "demo", REVIEWER_PORT=port, REVIEWER_HOME=str(tmp_path))
    for done in (asked, set_):
        assert done.returncode == 1
        assert f"Port {port} is in use" in done.stderr
        assert done.stderr.count("\n") == 1


def test_app_py_is_the_demo_unless_reviewer_home_holds_a_store(tmp_path: Path) -> None:
    assert "reviewer demo" in run("app.py", "--help").stdout
    assert "reviewer demo" in run("app.py", "--help", REVIEWER_HOME=str(tmp_path)).stdout
    (tmp_path / "reviewer.sqlite3").touch()
    assert "reviewer serve" in run("app.py", "--help", REVIEWER_HOME=str(tmp_path)).stdout


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_server_that_is_stopped_says_so_in_one_closing_line(
    number: int, status: int, tmp_path: Path
) -> None:
    served = subprocess.Popen(
        [sys.executable, "-m", "reviewer", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "REVIEWER_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where these tests run in the background, an interrupt would be ignored by inheritance.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert served.stdout is not None
    address = served.stdout.readline().split()[1]
    with urllib.request.urlopen(f"{address}/healthz", timeout=60):
        pass
    time.sleep(0.2)
    served.send_signal(number)
    _, err = served.communicate(timeout=60)
    assert served.returncode == status
    assert err.splitlines()[-1] == "reviewer: stopped; what was finished is kept."
    assert "Traceback" not in err
