"""The work beside the rubric: pictures of pages, captions of recordings; and the list, sorted."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import PHONE, Watched
from house_evaluator import Evaluator
from house_program import MemoryProgram, serving, stage, write_video
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from reviewer.store.records import StageState

pytestmark = pytest.mark.slow

DONE = (stage("read", StageState.DONE), stage("draft", StageState.DONE))


def write_pdf(path: Path, pages: int) -> Path:
    """A PDF whose pages have one line and a grey field each."""
    canvas = Canvas(str(path), pagesize=(595, 842))
    for number in range(1, pages + 1):
        canvas.setFillGray(0.8)
        canvas.rect(72, 300, 451, 300, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(72, 700, f"Page {number} of the plans")
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MemoryProgram, str]]:
    folder = tmp_path_factory.mktemp("store")
    made = MemoryProgram(folder)
    film = write_video(folder / "film.mp4")
    made.repository.files |= {
        sample.VIDEO.id: film,
        sample.SECOND_VIDEO.id: film,
        sample.PLANS.id: write_pdf(folder / "plans.pdf", len(sample.PLANS.pages)),
    }
    made.hold("sub-a", sample.first_pass(), DONE)
    made.hold("sub-b", replace(sample.partial(), candidate="A-0001"), DONE[:1])
    with serving(made) as address:
        yield made, address


@pytest.fixture
def address(house: tuple[MemoryProgram, str]) -> str:
    return house[1]


@pytest.fixture
def me(browser: Any, address: str) -> Iterator[Evaluator]:
    started = Evaluator(browser, address)
    yield started
    assert started.watched.complaints == []
    started.close()


def test_pages_of_a_pdf_are_pictured_beside_their_text_and_can_be_enlarged(
    me: Evaluator, address: str
) -> None:
    me.page.goto(f"{address}/submission?id=sub-a")
    me.at(1)
    me.page.click(f"#tab-{sample.PLANS.id}")
    me.page.wait_for_function("document.querySelector('.leaf img')?.naturalWidth > 1000")
    assert me.page.locator(".leaf").count() == len(sample.PLANS.pages)
    picture, text = (me.page.locator(one).first.bounding_box() for one in (".leaf img", ".leaf p"))
    assert picture["x"] + picture["width"] <= text["x"], "beside the text"
    me.page.click(".leaf [data-enlarge]")
    me.page.wait_for_selector(".leaf.large [aria-pressed=true]")
    assert me.page.locator(".leaf img").first.bounding_box()["width"] > 2 * picture["width"]
    me.page.click(".leaf [data-enlarge]")
    me.page.wait_for_selector(".leaf:first-of-type [aria-pressed=false]")


def test_words_selected_beside_a_picture_are_the_exact_characters(
    house: tuple[MemoryProgram, str], me: Evaluator, address: str
) -> None:
    me.page.goto(f"{address}/submission?id=sub-a")
    me.at(1)
    me.page.click(f"#tab-{sample.PLANS.id}")
    me.page.wait_for_selector(".leaf .said")
    chosen = me.page.evaluate(
        """() => {
          const said = [...document.querySelectorAll(".leaf .said")].at(-1);
          getSelection().selectAllChildren(said);
          return said.textContent.trim();
        }"""
    )
    me.press("e")
    me.page.wait_for_selector("[data-unmark]")
    program = house[0]
    (mark,) = program.records.remarks.marks("sub-a", program.person("evaluator").id)
    assert sample.PLANS.quote(mark.start, mark.end).strip() == chosen
    me.page.click("[data-unmark]")
    me.page.wait_for_selector("[data-unmark]", state="detached")


def test_a_picture_is_drawn_once_and_then_known_to_the_browser(me: Evaluator, address: str) -> None:
    path = f"{address}/page/sub-a/{sample.PLANS.id}/1"
    first = me.context.request.get(path)
    image = Image.open(io.BytesIO(first.body()))
    assert (first.status, image.format, max(image.size)) == (200, "PNG", 1600)
    again = me.context.request.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status == 304


@pytest.mark.parametrize(
    "path", [f"{sample.PLANS.id}/99", f"{sample.PLANS.id}/0", f"{sample.VIDEO.id}/1", "unknown/1"]
)
def test_where_there_is_no_picture_a_sentence_says_so(
    me: Evaluator, address: str, path: str
) -> None:
    answer = me.context.request.get(f"{address}/page/sub-a/{path}")
    assert answer.status == 404
    assert "There is no" in answer.text()


def test_captions_are_a_track_of_the_player(me: Evaluator, address: str) -> None:
    me.page.goto(f"{address}/submission?id=sub-a")
    me.at(1)
    me.page.click(f"#tab-{sample.VIDEO.id}")
    cues = me.page.wait_for_function(
        """() => {
          const element = document.querySelector("video track");
          if (!element) return null;
          element.track.mode = "showing";
          if (element.readyState !== HTMLTrackElement.LOADED) return null;
          return [...element.track.cues].map((cue) => [cue.startTime, cue.text]);
        }"""
    ).json_value()
    assert len(cues) == len(sample.VIDEO.segments)
    assert cues[0][0] == sample.VIDEO.segments[0].start_s
    assert any("≈" in text for _, text in cues) == any(one.doubt for one in sample.VIDEO.segments)


def test_the_list_is_sorted_by_a_column_up_down_and_as_it_came(me: Evaluator) -> None:
    def order() -> list[str]:
        return me.page.eval_on_selector_all(
            "[data-rows] tr[data-id]", "all => all.map(row => row.dataset.id)"
        )

    me.page.wait_for_selector('[data-id="sub-b"]')
    as_it_came = order()
    me.page.click("[data-sort]:has-text('Submission')")
    me.page.wait_for_selector("th[aria-sort=ascending]")
    assert order() == ["sub-b", "sub-a"], "A-0001 before C-0417"
    me.page.click("[data-sort]:has-text('Submission')")
    me.page.wait_for_selector("th[aria-sort=descending]")
    assert order() == ["sub-a", "sub-b"]
    me.page.click("[data-sort]:has-text('Submission')")
    assert me.page.locator("th[aria-sort]").count() == 0
    assert order() == as_it_came


def test_on_a_phone_a_picture_stands_above_its_text(browser: Any, address: str) -> None:
    watched = Watched(browser, PHONE)
    watched.sign_in(address)
    page = watched.page
    page.goto(f"{address}/submission?id=sub-a")
    page.wait_for_selector("#element [data-card]:not([hidden]) h2", state="attached")
    page.click(f"#tab-{sample.PLANS.id}")
    page.wait_for_function("document.querySelector('.leaf img')?.naturalWidth > 1000")
    picture, text = (page.locator(one).first.bounding_box() for one in (".leaf img", ".leaf p"))
    assert picture["y"] + picture["height"] <= text["y"] + 1
    assert watched.overflow() == 0
    assert watched.complaints == []
    page.close()
