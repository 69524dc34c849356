"""kill -9 of worker, scheduler, web and PostgreSQL at random moments through 100 submissions.

On SQLite: test_faults.py, the other hundred. They are two files so that two processes take them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_faults import Town, work_while_it_is_killed
from house_postgresql import Server

pytestmark = pytest.mark.slow


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    pytest.importorskip("distributed")
    server = Server(tmp_path / "postgresql")
    made = Town(tmp_path, server.url, server)
    yield made
    made.end()
    server.stop()


def test_nothing_is_lost_whatever_is_killed(town: Town) -> None:
    work_while_it_is_killed(town, submissions=100, kills=11)
