"""During a whole review, from signing in to signing out, the browser asks this machine alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_evaluator import Evaluator
from house_program import DONE, MemoryProgram, serving, write_video

pytestmark = pytest.mark.slow


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    program = MemoryProgram(tmp_path)
    film = write_video(tmp_path / "film.mp4", seconds=20)
    program.repository.files |= {sample.VIDEO.id: film, sample.SECOND_VIDEO.id: film}
    program.hold("sub-1", sample.first_pass(), DONE)
    with serving(program) as started:
        yield started


def test_no_request_leaves_the_machine(address: str, browser: Any) -> None:
    me = Evaluator(browser, address)
    page, asked = me.page, []
    me.context.on("request", lambda one: asked.append(one.url))
    page.goto(address)
    page.wait_for_selector("[data-next]:not([hidden])")
    page.click(".hand-in summary")
    me.open_next()
    me.at(1)
    me.press("1", "Enter", "ArrowDown")
    page.wait_for_function("!document.querySelector('video').paused")
    me.press("/")
    page.keyboard.type("question card")
    page.click("[data-hit]")
    page.click(f"#tab-{sample.PLANS.id}")
    me.press("c", "2", "Enter", "c", "1", "Enter", "c", "1", "Enter", "0", "Enter")
    page.wait_for_selector("[data-outcome]")
    me.press("Enter")
    page.wait_for_selector(":text('Finalized by evaluator')")
    page.goto(f"{address}/report/sub-1")
    page.goto(address)
    page.click("#sign-out")
    page.wait_for_selector("#demo-evaluator")
    foreign = [url for url in asked if not url.startswith((f"{address}/", "data:", "blob:"))]
    assert foreign == []
    assert len(asked) > 40, "all of it was seen"
    assert me.watched.complaints == []
    me.close()
