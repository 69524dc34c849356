"""The pages in a real browser: live progress, citations that lead to their place, inert text."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import DESKTOP, PHONE, Watched
from house_program import MemoryProgram, serving, stage, write_video

from reviewer.scoring.draft import DraftKind
from reviewer.store.records import StageState

pytestmark = pytest.mark.slow

_NUMBERS = itertools.count(10)

DONE = (
    stage("read", StageState.DONE),
    stage("transcribe", StageState.DONE, "circle monday.mp4"),
    stage("transcribe", StageState.DONE, "circle thursday.mp4"),
    stage("draft", StageState.DONE),
)
RUNNING = (
    stage("read", StageState.DONE),
    stage("transcribe", StageState.DONE, "circle monday.mp4"),
    stage("transcribe", StageState.LEASED, "circle thursday.mp4", 0.43),
    stage("draft", StageState.QUEUED),
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("films") / "film.mp4")


@pytest.fixture(scope="module")
def house(film: Path) -> Iterator[tuple[MemoryProgram, str]]:
    program = MemoryProgram(film.parent)
    program.repository.files |= {sample.VIDEO.id: film, sample.SECOND_VIDEO.id: film}
    with serving(program) as address:
        yield program, address


@pytest.fixture
def program(house: tuple[MemoryProgram, str]) -> MemoryProgram:
    """An empty program behind the running pages."""
    house[0].clear()
    return house[0]


@pytest.fixture
def address(house: tuple[MemoryProgram, str]) -> str:
    return house[1]


@pytest.fixture
def desktop(browser: Any, address: str) -> Iterator[Watched]:
    yield from _watched(browser, DESKTOP, address)


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[Watched]:
    yield from _watched(browser, PHONE, address)


def _watched(browser: Any, size: dict[str, int], address: str) -> Iterator[Watched]:
    watched = Watched(browser, size)
    watched.sign_in(address)
    yield watched
    watched.page.close()
    assert watched.complaints == []


@pytest.fixture
def sub() -> str:
    """A submission's id that no other test uses: the pages keep what they rendered for a while."""
    return f"sub-{next(_NUMBERS)}"


def open_submission(watched: Watched, address: str, submission: str) -> Any:
    """The submission page, with its first element shown."""
    watched.page.goto(f"{address}/submission?id={submission}")
    watched.page.wait_for_selector("#element article:not([hidden]) h2")
    watched.page.wait_for_selector("#nav-1[aria-current=true]")
    return watched.page


def reveal(page: Any, number: int = 1, level: int = 1) -> None:
    """Store a level for an element and have its draft shown."""
    page.click(f"#nav-{number}")
    page.wait_for_selector(f"#element .of:has-text('Element {number} of')")
    page.click(f"#level-{level}")
    page.click("[data-act=reveal]")
    page.wait_for_selector(".revealed")


def picture(page: Any, name: str) -> None:
    """Keep a screenshot where REVIEWER_SCREENSHOTS names a folder."""
    if folder := os.environ.get("REVIEWER_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_an_empty_store_says_what_to_do_next(
    program: MemoryProgram, address: str, desktop: Watched
) -> None:
    desktop.page.goto(address)
    desktop.page.wait_for_selector("[data-empty]:not([hidden])")
    assert "reviewer draft FOLDER" in desktop.page.inner_text("[data-empty]")
    assert not desktop.page.is_visible(".submissions")


def test_the_list_follows_the_work_without_moving_what_is_read(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    program.hold("sub-2", sample.partial(), RUNNING)
    program.hold(sub, sample.first_pass(), DONE)
    page = desktop.page
    page.goto(address)
    row = page.wait_for_selector('[data-id="sub-2"]')
    assert "Transcribing circle thursday.mp4" in row.inner_text()
    assert "43\u00a0%" in row.inner_text() or "Transcribe: 1 of 2" in row.inner_text()
    picture(page, "submissions-1366")
    below = page.query_selector(f'[data-id="{sub}"]')
    page.evaluate(f"document.querySelector('[data-id=\"{sub}\"] td').kept = true")
    before = below.bounding_box()
    page.focus('[data-id="sub-2"] a')
    program.hold("sub-2", sample.partial(), (*RUNNING[:2], stage("draft", StageState.LEASED)))
    page.wait_for_function(
        "document.querySelector('[data-id=\"sub-2\"]').innerText.includes('Drafting')"
    )
    assert below.bounding_box() == before
    assert page.evaluate(f"document.querySelector('[data-id=\"{sub}\"] td').kept")
    assert page.evaluate("document.activeElement.id") == "open-sub-2"


def test_a_step_that_failed_says_why_in_the_list(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    failed = stage("transcribe", StageState.FAILED, "a.mp4", error="No weights are here.")
    program.hold(sub, sample.partial(), (failed,))
    desktop.page.goto(address)
    row = desktop.page.wait_for_selector(f'[data-id="{sub}"]')
    assert "Finished; 1 step failed" in row.inner_text()
    assert "a.mp4: No weights are here." in row.inner_text()


def test_nothing_of_a_draft_is_in_the_page_before_a_level_is_stored(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    answers: list[str] = []
    desktop.page.on("response", lambda one: answers.append(_text(one)))
    page = open_submission(desktop, address, sub)
    for number in range(1, 6):
        page.click(f"#nav-{number}")
        page.wait_for_selector(f"#element .of:has-text('Element {number} of')")
    page.wait_for_load_state("networkidle")
    seen = "".join(answers) + page.content()
    for draft in sample.DRAFTS[:3]:
        assert not any(words in seen for words in (draft.rationale, draft.reason) if words)
    assert not any(word in seen for word in ('"supports"', "counter", "probability", "weight 4"))
    assert page.locator(".passage").count() == 0
    page.click("#nav-1")
    page.wait_for_selector(".passage")
    assert page.locator(".revealed").count() == 0


def _text(response: Any) -> str:
    wanted = ("/live", "/review/", "/text/", "/api/")
    return str(response.text()) if any(one in response.url for one in wanted) else ""


def test_after_the_level_every_outcome_is_shown_apart(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    page = open_submission(desktop, address, sub)
    reveal(page, 1)
    said = page.inner_text(".revealed .headline")
    assert said.startswith("Draft: 2 Demonstrated")
    assert "not validated here" in said
    reveal(page, 3)
    assert page.inner_text(".revealed .headline") == "Insufficient evidence in the work"
    for number, words in (
        (4, "No draft: the engine abstains"),
        (5, "Not observable in this work"),
    ):
        page.click(f"#nav-{number}")
        page.wait_for_selector(f"#element .of:has-text('Element {number} of')")
        page.click("#level-1")
        page.wait_for_selector(".revealed")
        assert page.inner_text(".revealed .headline") == words


@pytest.mark.parametrize("number", [1, 3])
def test_a_citation_plays_its_recording_from_two_seconds_before(
    program: MemoryProgram, address: str, sub: str, desktop: Watched, number: int
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    page = open_submission(desktop, address, sub)
    reveal(page)
    citation = sample.DRAFTS[0].citations[number - 1]
    assert citation.start_s is not None
    page.click(f'.revealed [data-cite="1-{number}"]')
    page.wait_for_function("!document.querySelector('video').paused")
    at = page.evaluate("document.querySelector('video').currentTime")
    assert max(0, citation.start_s - 2) <= at < citation.start_s
    assert page.inner_text("#work mark.cited") == citation.quote
    picture(page, "review-1366")


def test_a_line_of_the_transcript_plays_from_two_seconds_before(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    page = open_submission(desktop, address, sub)
    page.click(".line[data-t='45.7'] .said")
    page.wait_for_function("document.querySelector('video').currentTime > 43.7")
    assert page.evaluate("document.querySelector('video').currentTime") < 45.7
    page.wait_for_function("document.querySelector('.line.now')?.dataset.t === '38.0'")


def test_a_citation_of_a_document_brings_and_marks_exactly_its_characters(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    long = sample.document("plans autumn.pdf", "plans", *(["Filler sentence. " * 200] * 3), "End.")
    citation = sample.cite(long, "End.", 1.0)
    draft = replace(sample.DRAFTS[0], citations=(citation,), excerpts=(sample.place(citation),))
    program.hold(sub, sample.first_pass((draft,), (sample.VIDEO, long)), DONE)
    page = open_submission(desktop, address, sub)
    page.click('.passage [data-cite="1-1"]')
    page.wait_for_selector("mark.cited")
    assert page.eval_on_selector_all("mark.cited", "all => all.map(m => m.textContent)") == ["End."]
    mark, pane = (page.locator(one).bounding_box() for one in ("mark.cited", "#work"))
    assert pane["y"] <= mark["y"] <= pane["y"] + pane["height"]
    assert page.evaluate("window.scrollY") == 0, "the pane scrolls, never the page"


def test_partial_results_arrive_without_moving_the_reader(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    program.hold(sub, sample.partial(), RUNNING)
    page = open_submission(desktop, address, sub)
    page.click("#nav-2")
    page.wait_for_selector("#element .of:has-text('Element 2 of')")
    assert "No excerpts are ready" in page.inner_text("#element article:not([hidden])")
    picture(page, "running-1366")
    page.wait_for_timeout(1000)  # the text is drawn for element 2 by now
    page.evaluate("document.querySelector('#work').scrollTop = 60")
    line = page.locator(".line[data-t='38.0']")
    before = line.bounding_box()
    levels = page.query_selector("#element .levels:visible").bounding_box()["y"]
    program.hold(sub, sample.first_pass(), DONE)
    page.wait_for_selector("#element article:not([hidden]) .passage")
    page.wait_for_selector("mark.passage", state="attached")  # the text was drawn anew, in place
    assert line.bounding_box() == before
    assert page.query_selector("#element .levels:visible").bounding_box()["y"] == levels
    page.wait_for_selector(".tabs:has-text('circle thursday.mp4')")


def test_what_a_candidate_wrote_stays_text(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> ${alert(3)} {{constructor}}."
    essay = replace(sample.document("essay.txt", "statement", hostile), name=f"{hostile}.txt")
    draft = sample.draft(
        "greeting",
        DraftKind.DRAFT,
        replace(sample.cite(essay, hostile, 1.0)),
        level=1,
        probabilities=(0.2, 0.5, 0.3),
        rationale=hostile,
    )
    passed = replace(sample.first_pass((draft,), (essay,)), candidate=hostile)
    program.hold(sub, passed, DONE)
    desktop.page.goto(address)
    desktop.page.wait_for_selector("[data-rows] .what")
    page = open_submission(desktop, address, sub)
    page.click('.passage [data-cite="1-1"]')
    page.wait_for_selector("mark.cited")
    assert page.inner_text("mark.cited") == hostile
    assert not page.query_selector("#room img, #room script")


def test_an_unreadable_file_and_its_reason_can_be_opened(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    program.hold(sub, sample.unreadable(), DONE)
    page = open_submission(desktop, address, sub)
    assert "locked with a password" in page.inner_text("#work")
    page.click(f"#tab-{sample.LOCKED.id}")
    page.wait_for_selector(f'[data-text="{sample.LOCKED.id}"]:not([hidden])')
    assert "could not be used" in page.inner_text("#work")


def test_a_recording_that_the_browser_cannot_play_says_so_and_keeps_its_words(
    program: MemoryProgram, address: str, sub: str, desktop: Watched, film: Path
) -> None:
    odd = sample.recording("odd.wmv", "videos", 9.0, (1.0, "S1", "It can be read all the same."))
    program.repository.files[odd.id] = film.with_name("odd.wmv")
    program.repository.files[odd.id].write_bytes(b"\x30\x26\xb2\x75 not for browsers")
    program.hold(sub, sample.first_pass((), (odd,)), DONE)
    page = open_submission(desktop, address, sub)
    page.wait_for_selector("[data-stage] p")
    assert "cannot play the recording" in page.inner_text("[data-stage]")
    assert "It can be read all the same." in page.inner_text("#work")


def test_a_lost_connection_is_said_and_found_again(
    program: MemoryProgram, address: str, sub: str, browser: Any
) -> None:
    program.hold(sub, sample.partial(), RUNNING)
    watched = Watched(browser, DESKTOP)
    watched.sign_in(address)
    page = open_submission(watched, address, sub)
    where = "document.querySelector('#work').getBoundingClientRect().top"
    before = page.evaluate(where)
    page.context.set_offline(True)
    page.wait_for_selector(".lost:not([hidden])")
    assert page.evaluate(where) == before, "nothing moves under a reader's eyes"
    page.context.set_offline(False)
    page.wait_for_selector(".lost", state="hidden")
    page.close()


@pytest.mark.parametrize("path", ["/", "/submission?id="])
def test_no_page_scrolls_sideways_on_a_phone(
    program: MemoryProgram, address: str, sub: str, phone: Watched, path: str
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    phone.page.goto(f"{address}{path}{sub if len(path) > 1 else ''}")
    phone.page.wait_for_selector("[data-rows] .what, #element article h2")
    assert phone.overflow() == 0
    picture(phone.page, f"phone-{path.strip('/').split('?')[0].split('/')[0] or 'submissions'}")


def test_on_a_phone_work_and_elements_are_two_sheets(
    program: MemoryProgram, address: str, sub: str, phone: Watched
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    page = open_submission(phone, address, sub)
    page.click("[data-sheet=element]")
    page.wait_for_selector('[data-sheet=element][aria-pressed="true"]')
    page.click('.passage [data-cite="1-3"]')
    page.wait_for_selector('[data-sheet=work][aria-pressed="true"]')
    page.wait_for_selector("mark.cited")
    box = page.locator("mark.cited").first.bounding_box()
    assert 0 <= box["x"] < PHONE["width"]


def test_on_a_phone_an_element_has_most_of_the_height(
    program: MemoryProgram, address: str, sub: str, phone: Watched
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    page = open_submission(phone, address, sub)
    page.click("[data-sheet=element]")
    page.wait_for_selector('[data-sheet=element][aria-pressed="true"]')
    fixed = page.evaluate("document.querySelector('.card').getBoundingClientRect().top")
    assert fixed < PHONE["height"] * 0.4


def test_the_strip_of_tabs_begins_at_its_first_and_follows_the_open_one(
    program: MemoryProgram, address: str, sub: str, phone: Watched
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    page = open_submission(phone, address, sub)
    assert page.evaluate("document.querySelector('.tabs').scrollLeft") == 0
    last = page.locator(".tabs [data-tab]").last
    last.evaluate("tab => tab.click()")
    page.wait_for_function("document.querySelector('.tabs').scrollLeft > 0")
    box = last.bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"]


def test_every_element_is_named_where_its_number_stands(
    program: MemoryProgram, address: str, sub: str, desktop: Watched
) -> None:
    program.hold(sub, sample.first_pass(), DONE)
    page = open_submission(desktop, address, sub)
    chip = page.locator("#nav-1")
    assert chip.get_attribute("title") == sample.CREDENTIAL.elements[0].title
    assert chip.get_attribute("aria-label") == f"1 {sample.CREDENTIAL.elements[0].title}: open"


def test_the_report_is_for_who_may_see_drafts_and_complains_of_nothing(
    program: MemoryProgram, address: str, sub: str, browser: Any
) -> None:
    program.hold(sub, sample.first_pass(), DONE, to=None)
    watched = Watched(browser, DESKTOP)
    watched.sign_in(address, "issuer")
    page = watched.page
    page.goto(f"{address}/submission?id={sub}")
    page.click("#nav-finish")
    page.click("#to-report")
    page.wait_for_selector(".report h1")
    page.click('a[data-cite="1-2"]')
    assert page.evaluate("location.hash") == "#w-1-2"
    picture(page, "report-1366")
    page.close()
    assert watched.complaints == []
