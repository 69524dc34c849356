"""A trainee's path from first practice to certificate, on the demo's synthetic set, by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import DESKTOP, PHONE, Watched, chromium
from house_program import MemoryProgram, serving

from reviewer import demo
from reviewer.review.outcome import Outcome
from reviewer.rubric import find_credential
from reviewer.settings import CHECKOUT
from reviewer.store.sittings import Purpose
from reviewer.training.reading import read_set
from reviewer.training.work import FORMS, Part, Work

pytestmark = pytest.mark.slow

SET = read_set(demo.TRAINING, find_credential(demo.CREDENTIAL, CHECKOUT / "rubrics"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def program(tmp_path: Path) -> MemoryProgram:
    made = MemoryProgram(tmp_path)
    made.records.training_sets.add(SET, "trainer")
    return made


@pytest.fixture
def address(program: MemoryProgram) -> Iterator[str]:
    with serving(program) as started:
        yield started


def come_in(
    browser: Any,
    address: str,
    name: str,
    size: dict[str, int] = DESKTOP,
    scheme: str = "light",
) -> Watched:
    watched = Watched(browser.new_context(color_scheme=scheme), size)
    watched.sign_in(address, name)
    watched.page.click("#training")
    watched.page.wait_for_selector("section.set")
    return watched


def select(page: Any, text: str) -> None:
    """Select `text` where it stands in the work, as a mouse would."""
    done = page.evaluate(
        """(text) => {
          for (const said of document.querySelectorAll("#work .said")) {
            const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
              const at = node.textContent.indexOf(text);
              if (at < 0) continue;
              getSelection().setBaseAndExtent(node, at, node, at + text.length);
              return true;
            }
          }
          return false;
        }""",
        text,
    )
    assert done, text


def rate(page: Any, work: Work, *, off: int = 0) -> None:
    """Give every element its key's level, the first `off` of them another, and hand in."""
    page.wait_for_selector("#element h2")
    for number, (_, entry) in enumerate(work.key.items(), start=1):
        page.wait_for_selector(f"#element .of:has-text('Element {number} of')")
        level = int(entry.level)
        page.keyboard.press(str(level if number > off else (level + 1) % 3))
        page.wait_for_selector(f"#nav-{number}.scored")
        page.wait_for_selector("#element .level.chosen")
        page.keyboard.press("Enter")
    page.keyboard.press("g")
    page.wait_for_selector("#back")


def test_from_first_practice_to_the_certificate(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    watched = come_in(browser, address, "trainee")
    page = watched.page
    assert "synthetic: intended levels" in page.inner_text("section.set")
    assert "Practise first: 0 of 4 works" in page.inner_text("section.set")

    # The first work: tag what the key has, rate one element wrong, hand in, compare.
    first = SET.of(Part.PRACTICE)[0]
    page.click("#practice-1")
    page.wait_for_selector("#element h2")
    entry = first.key["purpose"]
    texts = {one.id: one for one in first.artifacts}
    quote = texts[entry.excerpts[1].artifact].quote(entry.excerpts[1].start, entry.excerpts[1].end)
    select(page, quote)
    page.keyboard.press("e")
    page.wait_for_selector("#work mark.own")
    assert page.locator("#work mark.own").inner_text() == quote
    assert page.locator("#work mark.key").count() == 0  # no key before handing in
    assert entry.rationale not in page.content()
    rate(page, first, off=1)
    page.wait_for_selector(".compared")
    card = page.inner_text("#element")
    assert "2 levels too low" in card or "1 level too" in card
    assert entry.rationale in card
    assert "Intended level" in card
    assert "1 of 3 passages found" in card
    assert page.locator("#work mark.both").count() == 1
    assert page.locator("#work mark.key").count() == 2
    assert "Fewer than three others" in card
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#element .of:has-text('Element 2 of')")
    assert "Exact: " in page.inner_text("#element")
    page.click("#back")
    page.wait_for_selector(".progress-grid")
    assert "4 of 5 elements" in page.inner_text(".works")
    assert "n = 1" in page.inner_text(".progress-grid")
    assert page.locator(".by-work").all_inner_texts()[0].startswith("✗")

    for number, work in enumerate(SET.of(Part.PRACTICE)[1:], start=2):
        page.click(f"#practice-{number}")
        rate(page, work)
        page.click("#back")
        page.wait_for_selector(f"#practice-{number}:has-text('Look again')")

    # Both forms: 96 of 100 exactly the key's.
    page.click("#begin")
    for number, work in enumerate(SET.of(*FORMS), start=1):
        page.click(f"#qualify-{number}")
        rate(page, work, off=1 if number <= 4 else 0)
        assert page.locator("#work mark.key").count() == 0
        assert work.key["purpose"].rationale not in page.content()
        page.click("#back")
        page.wait_for_selector("section.set h3")
    page.wait_for_selector("#certificate")
    assert "96 of 100 ratings are exactly the key's (96%)" in page.inner_text(".attempt")

    page.click("#certificate")
    page.wait_for_selector("h1")
    text = page.inner_text("main")
    assert "Qualified evaluator: Morning Meetings for SEL, on a synthetic practice set" in text
    assert "96 %" in text
    (attempt,) = program.records.qualifications.of(SET.id, program.person("trainee").id)
    assert attempt.expires_at is not None
    assert watched.complaints == []
    page.close()


def test_a_trainer_sees_coverage_and_who_is_where(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    desk, ann = program.training, program.person("trainee")
    for work in SET.of(Part.PRACTICE)[:2]:
        number = desk.enter(ann, SET.id, work.id, Purpose.PRACTICE).sitting.id
        for element, entry in work.key.items():
            desk.rate(ann, number, element, entry.level)
        desk.hand_in(ann, number)
    watched = come_in(browser, address, "trainer")
    shown = watched.page.inner_text("section.set")
    assert "Every level stands in the two forms" in shown
    assert "Not trained here: A circle in which everyone is turned to the speaker" in shown
    assert "2 of 4" in shown
    assert "n = 10" in shown
    assert watched.page.locator("#begin, #practice-1").count() == 0
    watched.page.fill("#new-title", "Our own works")
    watched.page.click("[data-new-set] button")
    watched.page.wait_for_selector("section.set:has-text('Our own works')")
    assert watched.complaints == []
    watched.page.close()


def test_an_anchor_is_made_of_a_reviewed_submission_and_rated_by_a_panel(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    program.hold("attempt-1", sample.first_pass(), ())
    desk, evaluator = program.desk, program.person("evaluator")
    for element in sample.CREDENTIAL.elements:
        desk.rate(evaluator, "attempt-1", element.id, element.values[-1], 0)
        standing = desk.reveal(evaluator, "attempt-1", element.id)
        desk.decide(evaluator, "attempt-1", element.id, element.values[-1], standing.version)
    desk.finalize(evaluator, "attempt-1", Outcome.AWARDED)
    kept = program.anchors.new_set(program.person("trainer"), sample.CREDENTIAL, "Our works")
    issuer = come_in(browser, address, "issuer")
    issuer.page.fill("#anchor", "attempt-1")
    issuer.page.click("[data-names]")
    issuer.page.wait_for_selector("#anchor-names:visible")
    issuer.page.fill("#anchor-names", issuer.page.input_value("#anchor-names") + "\nAmara")
    issuer.page.click("[data-anchor] [type=submit]")
    issuer.page.wait_for_function("document.querySelector('[data-message]').hidden")
    issuer.page.wait_for_timeout(500)
    found = program.records.training_sets.get(kept)
    assert found is not None
    (work,) = found.works
    assert not any("Amara" in one.text for one in work.artifacts)
    issuer.page.click("[data-anchor] [type=submit]")  # the same again is refused, in a sentence
    issuer.page.wait_for_selector("[data-message]:has-text('in the set already')")

    trainer = come_in(browser, address, "trainer")
    trainer.page.click("a:has-text('Work 1')")
    trainer.page.wait_for_selector("#rationale")
    trainer.page.keyboard.press("1")
    trainer.page.wait_for_selector("#nav-1.scored")
    trainer.page.fill("#rationale", "The first line <b>shows</b> it.")
    trainer.page.keyboard.press("Escape")
    trainer.page.keyboard.press("ArrowRight")
    trainer.page.wait_for_selector("#element .of:has-text('Element 2 of')")
    for number in range(2, len(sample.CREDENTIAL.elements) + 1):
        trainer.page.keyboard.press("n")
        trainer.page.wait_for_selector(f"#nav-{number}.scored")
        trainer.page.keyboard.press("ArrowRight")
    trainer.page.keyboard.press("g")
    trainer.page.wait_for_selector("#back")
    voices = program.records.training_sets.voices(kept, work.id)
    assert [one.rationale for one in voices if one.level == 1.0] == [
        "The first line <b>shows</b> it."
    ]
    assert ["422" in one for one in issuer.complaints] == [True]  # the refusal above
    assert trainer.complaints == []


def test_an_issuer_asks_for_qualification(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    watched = come_in(browser, address, "issuer")
    (asked,) = [one.id for one in program.credentials()]
    watched.page.check(f"#ask-{asked}")
    watched.page.wait_for_timeout(300)
    assert program.records.qualifications.asked_for(asked)
    assert watched.complaints == []
    watched.page.close()


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")])
def test_the_pages_fit_and_have_no_serious_fault(
    program: MemoryProgram, address: str, browser: Any, size: dict[str, int], scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")

    def faults() -> list[tuple[str, str]]:
        found = axe.Axe().run(page).response["violations"]
        return [
            (one["id"], str(one["nodes"][0]["target"]))
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    trainer = come_in(browser, address, "trainer", size, scheme)
    page = trainer.page
    assert faults() == []
    assert trainer.overflow() == 0
    page.close()
    watched = come_in(browser, address, "trainee", size, scheme)
    page = watched.page
    assert faults() == []
    assert watched.overflow() == 0
    assert page.evaluate(
        "[...document.querySelectorAll('.set .tag')]"
        ".every((one) => one.getBoundingClientRect().right <= innerWidth)"
    )
    page.click("#practice-1")
    page.wait_for_selector("#element h2", state="attached")
    assert faults() == []
    select(page, "So our meetings work on one thing")  # by touch: there is no key to press
    page.click("#tag")
    page.wait_for_selector("#work mark.own", state="attached")
    assert page.locator("#tag").is_hidden()
    for number, level in enumerate((2, 1, 0, 1, 2), start=1):
        page.keyboard.press(str(level))
        page.wait_for_selector(f"#nav-{number}.scored", state="attached")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("g")
    page.wait_for_selector(".compared", state="attached")
    assert page.locator(".title .synthetic").is_visible()
    assert faults() == []
    assert watched.overflow() == 0
    assert watched.complaints == []
    page.close()
