"""kill -9 of worker, scheduler and web at random moments through 100 submissions on SQLite.

On PostgreSQL, and with its server killed too: test_faults_postgresql.py, the other hundred.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_faults import Town, work_while_it_is_killed

pytestmark = pytest.mark.slow


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    pytest.importorskip("distributed")
    made = Town(tmp_path)
    yield made
    made.end()


def test_nothing_is_lost_whatever_is_killed(town: Town) -> None:
    work_while_it_is_killed(town, submissions=100, kills=9)
