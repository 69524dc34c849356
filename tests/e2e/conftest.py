"""What the browser tests share: the browser, and a submission that the evaluator is to review.

A module that needs another program has a fixture of its own under the same name.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import chromium
from house_program import DONE, MemoryProgram, serving, write_video


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def program(tmp_path: Path) -> MemoryProgram:
    """``attempt-1`` with two films, its first pass done, assigned to the evaluator."""
    made = MemoryProgram(tmp_path)
    film = write_video(tmp_path / "film.mp4")
    made.repository.files |= {sample.VIDEO.id: film, sample.SECOND_VIDEO.id: film}
    made.hold("attempt-1", sample.first_pass(), DONE)
    return made


@pytest.fixture
def address(program: MemoryProgram) -> Iterator[str]:
    with serving(program) as started:
        yield started
