"""Pausing, canceling and retrying a first pass from the list, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import DESKTOP, PHONE, Watched, chromium
from house_program import MemoryProgram, serving, stage

from reviewer.store.records import StageState

pytestmark = pytest.mark.slow

RUNNING = (stage("read", StageState.DONE), stage("embed", StageState.LEASED, fraction=0.5))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_an_issuer_pauses_and_takes_up_again_by_the_keyboard(
    tmp_path: Path, browser: Any, size: dict[str, int]
) -> None:
    program = MemoryProgram(tmp_path)
    program.hold("one", sample.first_pass(), RUNNING, to=None)
    with serving(program) as address:
        watched = Watched(browser, size)
        watched.sign_in(address, "issuer")
        page = watched.page
        page.wait_for_selector("#pause-one")
        assert watched.overflow() <= 0
        page.focus("#pause-one")
        page.keyboard.press("Enter")
        page.wait_for_selector(".words:has-text('Paused')")
        assert page.locator("#pause-one").count() == 0
        page.click("#retry-one")
        page.wait_for_selector("#pause-one")
        assert program.steered == [("one", "pause"), ("one", "retry")]
        assert not watched.complaints
        page.close()


def test_an_evaluator_has_no_such_buttons(tmp_path: Path, browser: Any) -> None:
    program = MemoryProgram(tmp_path)
    program.hold("one", sample.first_pass(), RUNNING)
    with serving(program) as address:
        watched = Watched(browser, DESKTOP)
        watched.sign_in(address)
        watched.page.wait_for_selector("#open-one")
        assert watched.page.locator("[data-steer]").count() == 0
        watched.page.close()
