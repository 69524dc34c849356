"""A server that logs JSON while work is handed in, read and asked for: no word of it is there."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from reviewer.bench.cluster import free_port
from reviewer.review.permission import Grant, Role
from reviewer.store.database import open_database
from reviewer.store.human import human_records

pytestmark = pytest.mark.slow

WORDS = ("Zaphira", "whispered", "marigold", "quinceberry", "Tollander")
PLAN = "Zaphira whispered to the marigold that each pupil greets a neighbour.\n\n" * 3


def test_no_word_of_the_work_is_logged(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'reviewer.sqlite3'}")
    records = human_records(database)
    records.accounts.add("ann", None, [Grant(Role.EVALUATOR), Grant(Role.ISSUER)])
    person = records.accounts.named("ann")
    assert person is not None
    token, port = records.entries.new_token(person, "logs"), free_port()
    with (tmp_path / "err").open("wb") as err:
        served = subprocess.Popen(
            [sys.executable, "-m", "reviewer", "serve", "--port", str(port)],
            env={**os.environ, "REVIEWER_HOME": str(tmp_path), "REVIEWER_LOG": "json",
                 "REVIEWER_ENGINE": "", "REVIEWER_DATABASE": "", "REVIEWER_THREADS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=err,
        )  # fmt: skip
        try:
            _use(f"http://127.0.0.1:{port}", token)
        finally:
            served.terminate()
            served.wait(60)
            database.close()
    written = (tmp_path / "err").read_text(encoding="utf-8")
    events = [json.loads(one) for one in written.splitlines() if one.startswith("{")]
    stages = {one["stage"] for one in events if one.get("event") == "stage done"}
    assert stages == {"read", "embed", "draft"}
    routes = {(one["route"], one["status"]) for one in events if one.get("event") == "request"}
    assert ("/api/v1/submissions", 201) in routes
    assert ("/api/v1/submissions/{submission}", 404) in routes
    assert ("-", 401) in routes  # the door is before every route
    for word in WORDS:
        assert word.lower() not in written.lower()


def _use(address: str, token: str) -> None:
    """Hand in good and bad files, wait for the drafts, ask for what is not there."""
    head = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, headers=head, timeout=60) as client:
        _answered(client)
        made = client.post(
            "/api/v1/submissions",
            data={"credential": "morning-meetings-for-sel", "candidate": "Tollander",
                  "consent": "true"},
            files=[("files", ("quinceberry.txt", PLAN.encode())),
                   ("files", ("quinceberry.docx", b"PK\x03\x04 Zaphira")),
                   ("files", ("quinceberry.mp4", b"\0\0\0\x18ftypmp42 Zaphira"))],
        )  # fmt: skip
        assert made.status_code == 201, made.text
        name, late = made.json()["id"], time.monotonic() + 120
        while client.get(f"/api/v1/submissions/{name}").json()["first_pass"]["share"] < 1:
            assert time.monotonic() < late, "the drafts were not made"
            time.sleep(0.2)
        client.get("/api/v1/submissions/quinceberry")
        client.get(f"/text/{name}/Zaphira?element=marigold")
        client.get("/Tollander")


def _answered(client: httpx.Client) -> None:
    late = time.monotonic() + 60
    while True:
        try:
            client.get("/readyz").raise_for_status()
        except httpx.TransportError:
            assert time.monotonic() < late, "the server did not start"
            time.sleep(0.1)
        else:
            return
