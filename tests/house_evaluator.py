"""An evaluator at a keyboard, in a real browser: every act is a key.

Invariant: each has a browser context of their own, so cookies and storage are shared with nobody.
"""

from typing import Any

from house_browser import DESKTOP, Watched


class Evaluator:
    """One signed-in person; `watched` has what the browser complained of."""

    def __init__(self, browser: Any, address: str, name: str = "evaluator") -> None:
        self.context = browser.new_context()  # cookies and storage of one's own
        self.watched = Watched(self.context, DESKTOP)
        self.watched.sign_in(address, name)
        self.page = self.watched.page

    def close(self) -> None:
        self.page.close()
        self.context.close()

    def open_next(self) -> None:
        self.page.wait_for_selector("[data-next]:not([hidden])")
        self.page.keyboard.press("n")
        self.page.wait_for_selector("#element [data-card]:not([hidden]) h2")

    def at(self, number: int) -> None:
        self.page.wait_for_selector(f"#element .of:has-text('Element {number} of')")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def level(self, digit: int) -> None:
        self.press(str(digit))
        self.page.wait_for_selector(".level.chosen")

    def reveal(self) -> None:
        self.press("Enter")
        self.page.wait_for_selector(".revealed")

    def decided(self, number: int) -> None:
        self.page.wait_for_selector(f"#nav-{number}.decided")
