"""A recording in the practice page: it plays from a line, is followed, and stays while one tags."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_anchors import SUBMISSION, finalize, second_score
from house_browser import DESKTOP, PHONE, Watched, chromium, faults
from house_program import DONE, MemoryProgram, serving, write_video

from reviewer.training.work import Part

pytestmark = pytest.mark.slow

AT = "document.querySelector('video').currentTime"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[MemoryProgram, str, str]]:
    """The program, its address, and the path of an anchor to practise on, with two videos."""
    program = MemoryProgram(tmp_path)
    program.hold(SUBMISSION, sample.first_pass(), DONE)
    film = write_video(tmp_path / "film.mp4")
    program.repository.files |= {sample.VIDEO.id: film, sample.SECOND_VIDEO.id: film}
    for name in ("trainer", "adjudicator"):
        second_score(program, name, 1)
    finalize(program)
    set_id = program.anchors.new_set(program.person("trainer"), sample.CREDENTIAL, "Ours")
    issuer = program.person("issuer")
    work = program.anchors.make(issuer, set_id, SUBMISSION, [], Part.PRACTICE, recordings=True)
    with serving(program) as address:
        yield program, address, f"{address}/practice?set={set_id}&work={work}&for=practice"


def come_in(browser: Any, house: tuple[MemoryProgram, str, str], size: dict[str, int]) -> Watched:
    watched = Watched(browser, size)
    watched.sign_in(house[1], "trainee")
    watched.page.goto(house[2])
    watched.page.wait_for_function("document.querySelector('video')?.readyState > 0")
    return watched


def test_a_line_plays_from_its_words_and_the_transcript_follows(
    browser: Any, house: tuple[MemoryProgram, str, str]
) -> None:
    watched = come_in(browser, house, DESKTOP)
    page = watched.page
    page.click("#work .line[data-t='31.8'] .t")
    page.wait_for_function("!document.querySelector('video').paused")
    assert 29.8 <= page.evaluate(AT) < 33
    page.wait_for_selector("#work .line.now")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    page.wait_for_function("document.querySelector('video').paused")
    assert page.locator("#work .line.now").count() == 1
    assert faults(page) == []
    assert watched.overflow() <= 0
    assert watched.complaints == []


def test_a_tag_and_a_level_leave_the_player_where_it_is(
    browser: Any, house: tuple[MemoryProgram, str, str]
) -> None:
    watched = come_in(browser, house, DESKTOP)
    page = watched.page
    page.evaluate("const v = document.querySelector('video'); v.currentTime = 20; v.mine = true")
    page.wait_for_selector("#work .line.now")
    page.evaluate(
        "const t = document.querySelector('#work .line .said').firstChild;"
        "getSelection().setBaseAndExtent(t, 0, t, 12)"
    )
    page.keyboard.press("e")
    page.wait_for_selector("#work mark.own")
    page.keyboard.press("1")
    page.wait_for_selector("#nav-1.scored")
    assert page.evaluate("document.querySelector('video').mine === true")
    assert page.evaluate(AT) == 20
    assert page.locator("#work .line.now").count() == 1
    assert watched.complaints == []


def test_the_second_recording_takes_the_stage_of_the_first(
    browser: Any, house: tuple[MemoryProgram, str, str]
) -> None:
    watched = come_in(browser, house, DESKTOP)
    page = watched.page
    first = page.get_attribute("video", "src")
    page.click("#work [data-plays] >> nth=1 >> [data-show]")
    page.wait_for_function(f"document.querySelector('video').getAttribute('src') !== '{first}'")
    assert page.locator("video").count() == 1
    assert watched.complaints == []


def test_on_a_phone_the_player_stays_above_the_sheets(
    browser: Any, house: tuple[MemoryProgram, str, str]
) -> None:
    watched = come_in(browser, house, PHONE)
    page = watched.page
    stage = page.locator("[data-stage]").bounding_box()
    assert stage is not None
    assert stage["height"] < PHONE["height"] / 3
    page.click("[data-sheet='element']")
    page.wait_for_function("document.querySelector('[data-sheet=element]').ariaPressed === 'true'")
    assert page.locator("video").is_visible()
    assert watched.overflow() <= 0
    assert faults(page) == []
    assert watched.complaints == []
