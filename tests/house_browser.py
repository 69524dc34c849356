"""A real browser for tests: Debian's chromium driven by playwright, or a visible skip.

`Watched` is a page that remembers every console error, page error and dialog; `faults` are those of
accessibility.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
IN_GRADIO: frozenset[str] = frozenset()
"""Rules of accessibility that fail inside Gradio's own frame; none is known today."""


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser of the machine (REVIEWER_CHROMIUM, or chromium on the path)."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = os.environ.get("REVIEWER_CHROMIUM") or shutil.which("chromium")
    if not path or not Path(path).exists():
        pytest.skip("no chromium on this machine (REVIEWER_CHROMIUM names one)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


class Watched:
    """One page; `complaints` is what the browser complained of, and must stay empty."""

    def __init__(self, browser: Any, size: dict[str, int], scheme: str = "light") -> None:
        self.page = browser.new_page()  # of a browser, or of a context that several pages share
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=scheme)
        self.complaints: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dialog)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def sign_in(self, address: str, name: str = "evaluator") -> None:
        """Come in as one of the demo's people, by the button."""
        self.page.goto(f"{address}/sign-in")
        self.page.click(f"#demo-{name}")
        self.page.wait_for_selector("[data-rows]", state="attached")

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
                " - window.innerWidth"
            )
        )


def faults(page: Any) -> list[tuple[str, str]]:
    """(rule, first place) of every serious or critical fault of accessibility."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [
        (one["id"], str(one["nodes"][0]["target"]))
        for one in found
        if one["impact"] in ("serious", "critical") and one["id"] not in IN_GRADIO
    ]
