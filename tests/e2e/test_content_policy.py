"""The content security policy: each relaxation is needed and told in the documents, no other is.

What Gradio needs is not believed but tried: the page is opened in a real browser without each
relaxation, and the browser has to complain.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import DESKTOP, Watched
from house_program import MemoryProgram, serving, stage, write_video

from reviewer.settings import CHECKOUT
from reviewer.store.records import StageState
from reviewer.web import guard

pytestmark = pytest.mark.slow

DONE = (stage("read", StageState.DONE), stage("draft", StageState.DONE))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("store")
    program = MemoryProgram(folder)
    film = write_video(folder / "film.mp4", seconds=10)
    program.repository.files |= {sample.VIDEO.id: film, sample.SECOND_VIDEO.id: film}
    program.hold("sub-1", sample.first_pass(), DONE)
    with serving(program) as started:
        yield started


def visited(browser: Any, address: str) -> list[str]:
    """What the browser says of the policy while both pages are opened."""
    watched = Watched(browser, DESKTOP)
    page = watched.page
    page.goto(f"{address}/sign-in")
    page.click("#demo-evaluator")
    page.wait_for_timeout(1500)
    page.goto(f"{address}/submission?id=sub-1")
    page.wait_for_timeout(2500)
    said = [one for one in watched.complaints if "Content Security Policy" in one]
    page.close()
    return said


def test_with_all_relaxations_the_browser_has_nothing_to_say(browser: Any, address: str) -> None:
    assert visited(browser, address) == []


@pytest.mark.parametrize("left_out", guard.RELAXATIONS, ids=lambda one: f"{one[0]} {one[1]}")
def test_each_relaxation_is_needed(
    browser: Any, address: str, left_out: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [one for one in guard.RELAXATIONS if one != left_out]
    monkeypatch.setattr(guard, "GRADIO_POLICY", guard.gradio_policy(kept))
    said = visited(browser, address)
    assert any(left_out[0] in one for one in said), f"{left_out[:2]} is not needed: leave it out"


def test_the_documents_list_each_relaxation_and_why() -> None:
    page = (CHECKOUT / "docs" / "security.md").read_text(encoding="utf-8")
    for directive, source, why in guard.RELAXATIONS:
        assert f"| `{directive}` | `{source}` | {why} |" in page
    rows = [one for one in page.splitlines() if one.startswith("| `")]
    assert len(rows) == len(guard.RELAXATIONS)
