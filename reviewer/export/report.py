"""One first pass as one self-contained HTML file that a person likes to read.

Invariant: the file asks the network for nothing (its own Content-Security-Policy says so), runs
no script, and holds what a candidate wrote only as escaped text.
"""

from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reviewer.export import wording
from reviewer.export.compose import compose
from reviewer.export.layout import UNSURE
from reviewer.rubric.model import Credential
from reviewer.scoring.first_pass import FirstPass


def report_html(first_pass: FirstPass, credential: Credential) -> str:
    """The report on `first_pass`, complete or partial, as the text of one HTML document.

    The result encodes to UTF-8 whatever was submitted, and is equal for equal arguments.
    """
    return (
        templates()
        .get_template("report.html.j2")
        .render(
            view=compose(first_pass, credential),
            css=Markup(stylesheet("tokens", "parts", "report")),  # noqa: S704 - our own files
        )
    )


@cache
def templates() -> Environment:
    """The templates of this package, escaping by default and strict about names."""
    environment = Environment(
        loader=PackageLoader("reviewer.export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"legible": wording.legible, "clock": wording.clock}
    environment.globals["unsure"] = UNSURE
    return environment


def stylesheet(*names: str) -> str:
    """The named style sheets of this package, joined."""
    folder = resources.files("reviewer.export") / "templates"
    return "\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names)
