"""Whether pages can be had, and the store behind them read: told without a sign-in."""

from pathlib import Path

import httpx
import pytest
from house_program import MemoryProgram, serving

COOKIE = "reviewer_sign_in=somebody"

pytestmark = pytest.mark.slow  # Gradio takes seconds to import


def test_it_is_ready_until_the_store_cannot_be_read(tmp_path: Path) -> None:
    program = MemoryProgram(tmp_path, demo=False)
    with serving(program) as address, httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/readyz").json() == {"status": "ready"}
        program.database.close()
        for one in tmp_path.glob("reviewer.sqlite3*"):
            one.write_bytes(b"this is no database any more" * 1000)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (503, "the store cannot be read")
        assert client.get("/healthz").status_code == 200
        for path in ("/api/v1/queue", "/"):  # who asks cannot be told, and why is not told them
            door = client.get(
                path, headers={"Authorization": "Bearer rvw_nobody", "Cookie": COOKIE}
            )
            assert (door.status_code, door.headers["Retry-After"]) == (503, "5")
            assert "The store cannot be read just now" in door.text
            assert "sqlite" not in door.text
        program.database.close()
