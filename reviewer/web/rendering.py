"""Templates and style of the pages, on top of those of the report.

Invariant: autoescape is on everywhere; the pages use the report's own parts, so an element or a
marked text reads the same in both.
"""

import hashlib
from functools import cache
from importlib import resources

from jinja2 import ChoiceLoader, Environment, PackageLoader

from reviewer.export.report import stylesheet, templates

_SCRIPT = "text/javascript"
ASSETS = {
    "page.css": "text/css",
    "training.css": "text/css",
    "page.js": _SCRIPT,
    "watch.js": _SCRIPT,
    "evidence.js": _SCRIPT,
    "active.js": _SCRIPT,
    "texts.js": _SCRIPT,
    "hall.js": _SCRIPT,
    "work.js": _SCRIPT,
    "review.js": _SCRIPT,
    "keyboard.js": _SCRIPT,
    "outbox.js": _SCRIPT,
    "training.js": _SCRIPT,
    "practice.js": _SCRIPT,
    "player.js": _SCRIPT,
    "recordings.js": _SCRIPT,
}
"""Style and scripts by name, with their media types."""


@cache
def page_templates() -> Environment:
    """The templates of this package and of the report."""
    loader = ChoiceLoader([PackageLoader("reviewer.web"), PackageLoader("reviewer.export")])
    return templates().overlay(loader=loader)


@cache
def asset(name: str) -> str:
    """The text of ``page.css`` (with the report's tokens and parts before it) or of a script."""
    own = (resources.files("reviewer.web") / "static" / name).read_text(encoding="utf-8")
    return f"{stylesheet('tokens', 'parts')}\n{own}" if name == "page.css" else own


@cache
def asset_path(name: str) -> str:
    """Where the pages load the asset from; changes with any of them, so no old one is used.

    All lie in one folder, so that the scripts can import one another.
    """
    return f"/ui/{_version()}/{name}"


@cache
def _version() -> str:
    whole = "".join(asset(name) for name in sorted(ASSETS))
    return hashlib.sha256(whole.encode()).hexdigest()[:12]
