"""No serious accessibility fault in what the pages draw, light and dark, desk and phone."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import DESKTOP, PHONE, Watched, faults
from house_program import DONE, MemoryProgram, serving, write_video

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("store")
    program = MemoryProgram(folder)
    film = write_video(folder / "film.mp4")
    program.repository.files |= {sample.VIDEO.id: film, sample.SECOND_VIDEO.id: film}
    for number in range(4):
        program.hold(f"sub-{number}", sample.first_pass(), DONE)
    with serving(program) as started:
        yield started


def picture(page: Any, name: str) -> None:
    """Keep a screenshot where REVIEWER_SCREENSHOTS names a folder."""
    if folder := os.environ.get("REVIEWER_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize(
    ("number", "size", "scheme"),
    [(0, DESKTOP, "light"), (1, DESKTOP, "dark"), (2, PHONE, "light"), (3, PHONE, "dark")],
)
def test_no_page_has_a_serious_fault(
    address: str, browser: Any, number: int, size: dict[str, int], scheme: str
) -> None:
    watched = Watched(browser, size, scheme)
    page, name = watched.page, f"{size['width']}-{scheme}"
    page.goto(f"{address}/sign-in")
    assert faults(page) == []
    picture(page, f"sign-in-{name}")
    watched.sign_in(address)
    page.wait_for_selector(f'[data-id="sub-{number}"]')
    page.click(".hand-in summary")
    assert faults(page) == []
    picture(page, f"queue-{name}")
    page.goto(f"{address}/submission?id=sub-{number}")
    page.wait_for_selector("#element [data-card]:not([hidden]) h2", state="attached")
    page.wait_for_load_state("networkidle")
    assert faults(page) == []
    picture(page, f"blind-{name}")
    page.keyboard.press("1")
    page.wait_for_selector(".level.chosen", state="attached")
    page.keyboard.press("Enter")
    page.wait_for_selector(".revealed", state="attached")
    page.wait_for_load_state("networkidle")
    assert faults(page) == []
    page.keyboard.press("c")
    page.wait_for_selector("#nav-1.decided", state="attached")
    page.keyboard.press("g")
    page.wait_for_selector("[data-finish-card]:not([hidden]) h2", state="attached")
    assert faults(page) == []
    picture(page, f"finish-{name}")
    page.click("#keys")
    assert faults(page) == []
    assert watched.overflow() == 0
    assert watched.complaints == []
    page.close()
