"""Pictures of every page, made from the demo by a real browser: ``python docs/screenshots.py``.

Invariant: what the pictures show was computed and clicked, never drawn: the demo is served by
``reviewer demo``, in a copy of the given home folder, so that a finished demo can be used again
and again. Needs Debian's chromium (or REVIEWER_CHROMIUM) and playwright.
"""

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

OUT = Path(__file__).parent / "screenshots"
SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FINISHED_S = 1200  # patience with a first pass over both submissions
COLOURS = 128  # enough for these pages, at a third of the bytes
TO_DRAFT = """() => {
  document.querySelector('.revealed')?.scrollIntoView();
  document.querySelector('#element').scrollTop -= 60;  // the bar of elements stays on top
}"""
TO_TAG = """() => {
  const text = document.querySelector('#work .said').firstChild;
  const start = text.textContent.indexOf('So our meetings');
  const end = text.textContent.indexOf('.', start) + 1;
  getSelection().setBaseAndExtent(text, start, text, end);
}"""
UNMET = "Each pupil"  # begins the title of the element that the first attempt does not meet


@contextmanager
def served(home: Path | None) -> Iterator[tuple[str, Path]]:
    """The demo on a free port, over a copy of `home` if one is given: its address, its home."""
    with tempfile.TemporaryDirectory() as folder:
        if home is not None:
            shutil.copytree(home / "demo", Path(folder) / "demo")
        process = subprocess.Popen(
            [sys.executable, "-m", "reviewer", "demo", "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"REVIEWER_HOME": folder, "PYTHONUNBUFFERED": "1"},
        )
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            if found is None:
                sys.exit("The demo did not say its address: run `reviewer demo` and see why.")
            yield found[0], Path(folder) / "demo"
        finally:
            process.terminate()
            process.wait(20)


def keep(page: Any, name: str) -> None:
    """Take a picture and keep it small."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    image.save(OUT / f"{name}.png", optimize=True)


def come_in(page: Any, address: str, name: str) -> None:
    """The sign-in page, its picture, and the list, once both submissions are finished."""
    page.goto(f"{address}/sign-in")
    keep(page, f"sign-in-{name}")
    page.click("#demo-evaluator")
    page.wait_for_selector("[data-rows] [data-id]")
    patience = time.monotonic() + FINISHED_S
    while page.locator("[data-rows] .progress.done").count() < 2:
        if time.monotonic() > patience:
            sys.exit("The first pass of the demo did not come to its end.")
        page.wait_for_timeout(1000)
    keep(page, f"submissions-{name}")


def at(page: Any, number: int) -> None:
    """Wait until the element of this number is shown."""
    page.wait_for_selector(f"#element .of:has-text('Element {number} of')", state="attached")


def review(page: Any, name: str) -> None:
    """The first attempt, by keyboard: blind, revealed, a page of a document, what is recorded."""
    page.wait_for_selector("[data-next]:not([hidden])")
    page.keyboard.press("n")
    at(page, 1)
    page.wait_for_timeout(1500)  # the player shows its first picture
    if show(page, "work"):
        keep(page, f"work-{name}")
    show(page, "element")
    keep(page, f"blind-{name}")
    for number in range(1, page.locator("[data-element]").count() + 1):
        at(page, number)
        unmet = page.inner_text("#element [data-part=head] h2").startswith(UNMET)
        page.keyboard.press("1" if unmet else "2")
        page.wait_for_selector(".level.chosen", state="attached")
        if page.locator("[data-act=reveal]").count():
            page.keyboard.press("Enter")
            page.wait_for_selector(".revealed", state="attached")
        if unmet:
            page.keyboard.press("ArrowDown")
            page.wait_for_timeout(2500)
            show(page, "element")
            page.evaluate(TO_DRAFT)
            keep(page, f"revealed-{name}")
        page.keyboard.press("c")
        page.wait_for_selector(f"#nav-{number}.decided", state="attached")
    page.wait_for_selector("[data-outcome]", state="attached")
    show(page, "element")
    keep(page, f"finish-{name}")
    show(page, "work")
    page.locator("[data-tab]:has-text('.pdf')").dispatch_event("click")
    page.wait_for_function("document.querySelector('.leaf img')?.naturalWidth > 0")
    keep(page, f"document-{name}")


def train(page: Any, address: str, name: str) -> None:
    """A trainee's first work: blind, and beside its key; then what they and the trainer see."""
    enter(page, address, "trainee")
    page.click("#practice-1")
    page.wait_for_selector("#element h2", state="attached")
    page.evaluate(TO_TAG)
    page.keyboard.press("e")
    page.wait_for_selector("#work mark.own", state="attached")
    for number, level in enumerate((1, 1, 0, 2, 2), start=1):
        at(page, number)
        page.keyboard.press(str(level))
        page.wait_for_selector(f"#nav-{number}.scored", state="attached")
        if number == 1:
            keep(page, f"practice-{name}")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("g")
    page.wait_for_selector(".compared", state="attached")
    show(page, "element")
    keep(page, f"compared-{name}")
    page.click("#back")
    page.wait_for_selector(".progress-grid")
    keep(page, f"training-{name}")
    enter(page, address, "trainer")
    keep(page, f"trainer-{name}")


def enter(page: Any, address: str, who: str) -> None:
    """Come in as somebody else, to the training page."""
    page.goto(f"{address}/sign-in")
    page.click(f"#demo-{who}")
    page.wait_for_selector("#training")
    page.click("#training")
    page.wait_for_selector("section.set table")


def show(page: Any, sheet: str) -> bool:
    """On a phone, turn to a sheet; false where both stand side by side."""
    button = page.locator(f"[data-sheet={sheet}]")
    if not button.is_visible():
        return False
    button.click()
    page.wait_for_timeout(600)
    return True


def people(page: Any, address: str, home: Path, name: str) -> None:
    """The pages of people and of tokens, before an issuer who is an administrator too."""
    subprocess.run(
        [sys.executable, "-m", "reviewer", "user", "grant", "issuer", "administrator"],
        env=os.environ | {"REVIEWER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in")
    page.click("#demo-issuer")
    page.wait_for_selector("#to-people")
    page.goto(f"{address}/people")
    page.locator("summary:has-text('Change')").nth(1).click()
    keep(page, f"people-{name}")
    page.goto(f"{address}/account")
    page.fill("#label", "gradebook")
    page.click("#make")
    keep(page, f"account-{name}")


def programs(page: Any, name: str) -> None:
    """The pages of issuers and adjudicators, over a program that is played, not the demo's."""
    with played() as (address, work):
        for who, path, picture in (
            ("issuer", "/program/graded", "program"),
            ("issuer", "/monitoring/graded#severity", "monitoring"),
            ("adjudicator", f"/adjudication/{work}", "adjudication"),
        ):
            page.context.clear_cookies()
            page.goto(f"{address}/sign-in")
            page.click(f"#demo-{who}")
            page.wait_for_selector("[data-rows]", state="attached")
            page.goto(address + path)
            keep(page, f"{picture}-{name}")


@contextmanager
def played() -> Iterator[tuple[str, str]]:
    """The program of the tests after a year in small: its address, a work before an adjudicator."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from house_issuer import Year
    from house_program import MemoryProgram, serving

    with tempfile.TemporaryDirectory() as folder:
        program = MemoryProgram(Path(folder))
        work = Year(program).until_one_dispute_is_left(works=40)
        program.measure("graded")
        with serving(program) as address:
            yield address, work


def main() -> None:
    """Make all pictures."""
    parser = argparse.ArgumentParser(description="Make the pictures in docs/screenshots/.")
    parser.add_argument("--home", type=Path, help="REVIEWER_HOME of a finished demo, to save time")
    chosen = parser.parse_args()
    path = os.environ.get("REVIEWER_CHROMIUM") or shutil.which("chromium")
    if path is None:
        sys.exit("No chromium on this machine: install it, or name it with REVIEWER_CHROMIUM.")
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name, size in SIZES.items():
            with served(chosen.home) as (address, home):
                page = browser.new_page(viewport=size, color_scheme="light")
                come_in(page, address, name)
                review(page, name)
                people(page, address, home, name)
                programs(page, name)
                train(page, address, name)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
