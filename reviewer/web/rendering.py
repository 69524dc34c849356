"""Templates and style of the pages, on top of those of the report.

Invariant: autoescape is on everywhere; the pages use the report's own parts, so an element or a
marked text reads the same in both.
"""

import hashlib
from functools import cache
from importlib import resources

from jinja2 import ChoiceLoader, Environment, PackageLoader

from reviewer.export.report import stylesheet, templates


@cache
def page_templates() -> Environment:
    """The templates of this package and of the report."""
    loader = ChoiceLoader([PackageLoader("reviewer.web"), PackageLoader("reviewer.export")])
    return templates().overlay(loader=loader)


@cache
def asset(name: str) -> str:
    """The text of ``page.css`` (with the report's tokens and parts before it) or ``page.js``."""
    own = (resources.files("reviewer.web") / "static" / name).read_text(encoding="utf-8")
    return f"{stylesheet('tokens', 'parts')}\n{own}" if name.endswith(".css") else own


@cache
def asset_path(name: str) -> str:
    """Where the pages load the asset from; changes with its content, so no old one is used."""
    return f"/ui/{hashlib.sha256(asset(name).encode()).hexdigest()[:12]}/{name}"
