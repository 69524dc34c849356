"""The letter to a candidate: what was found, what is missing, what to send next.

Invariant: it holds the evaluator's words and the credential's, never a number of the machine; as
HTML and DOCX it says the same in the same order.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from docx import Document
from docx.shared import Cm, Pt
from markupsafe import Markup

from reviewer.export.report import stylesheet, templates
from reviewer.export.wording import legible
from reviewer.review.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The feedback on one element."""

    element: str
    words: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: `to` is a name where one is known, else the pseudonym.

    `found` are the elements that are met, `missing` those that are not, `carried` the titles of
    those that an earlier attempt had shown.
    """

    to: str
    title: str
    attempt: int
    outcome: Outcome
    found: Sequence[Paragraph]
    missing: Sequence[Paragraph]
    carried: Sequence[str]
    date: str

    @property
    def opening(self) -> str:
        """The first sentence after the address."""
        return {
            Outcome.AWARDED: f"You are awarded the micro-credential {self.title}.",
            Outcome.RESUBMISSION_REQUESTED: (
                f"Thank you for your work for {self.title}. Much of it is there; we ask you to "
                "send again what concerns the points under “What is still missing”."
            ),
            Outcome.NOT_AWARDED: (
                f"Thank you for your work for {self.title}. It could not be awarded, and this was "
                "the last attempt that the credential allows."
            ),
            Outcome.NO_RULE: f"Thank you for your work for {self.title}. This is what we saw.",
        }[self.outcome]

    @property
    def sections(self) -> tuple[tuple[str, tuple[Paragraph, ...]], ...]:
        """(heading, paragraphs), in the order of the letter, empty ones left out."""
        carried = tuple(
            Paragraph(one, "Shown in your earlier attempt; nothing more is needed.")
            for one in self.carried
        )
        all_sections = (
            ("What we found", (*self.found, *carried)),
            ("What is still missing, and what to send next", tuple(self.missing)),
        )
        return tuple((heading, body) for heading, body in all_sections if body)


def letter_html(letter: Letter) -> str:
    """One self-contained HTML document, meant for paper too."""
    return (
        templates()
        .get_template("letter.html.j2")
        .render(letter=letter, css=Markup(stylesheet("tokens", "letter")))  # noqa: S704 - own files
    )


def letter_docx(letter: Letter) -> bytes:
    """The same as an office document."""
    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.author = "reviewer"
    document.core_properties.title = _plain(letter.title)
    document.add_paragraph(letter.date)
    document.add_paragraph(_plain(f"Dear {letter.to},"))
    document.add_paragraph(_plain(letter.opening))
    for heading, paragraphs in letter.sections:
        document.add_heading(heading, level=2)
        for one in paragraphs:
            body = document.add_paragraph()
            body.add_run(f"{_plain(one.element)}. ").bold = True
            body.add_run(_plain(one.words))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """Text that XML 1.0 can hold."""
    return legible(text).translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})
