"""PDF: pages, paragraphs, hyphens, what is hidden, and every way in which a PDF cannot be read."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from reviewer.errors import DamagedFile, Encrypted, NoText
from reviewer.intake.documents import Document
from reviewer.intake.documents.reading import read_document
from reviewer.intake.limits import Limits
from reviewer.intake.sniff import ContentKind

SCAN = Image.new("L", (595, 842), 255)
ImageDraw.Draw(SCAN).text((72, 142), "SCANNED WORDS", fill=0)


def read(data: bytes, folder: Path) -> Document:
    path = folder / "plan.pdf"
    path.write_bytes(data)
    return read_document(path, ContentKind.PDF, Limits())


def drawn(*pages: Callable[[Canvas], None], encrypt: StandardEncryption | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(
    *texts: str, at: float = 700, size: float = 11, left: float = 72
) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(left, at)
        text.setFont("Helvetica", size)
        for line in texts:
            text.textLine(line)
        canvas.drawText(text)

    return draw


def together(*parts: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)

    return draw


FILLER = "Every pupil has a place in the circle, and every pupil knows what comes next and why."


def test_pages_are_spans_of_one_text(tmp_path: Path) -> None:
    document = read(drawn(lines("Page one."), lines(), lines("Page three.")), tmp_path)
    assert document.text == "Page one.\n\nPage three."
    assert [(page.number, document.text[page.start : page.end]) for page in document.pages] == [
        (1, "Page one."),
        (2, ""),
        (3, "Page three."),
    ]
    assert {page.unit for page in document.pages} == {"page"}


def test_wrapped_lines_become_one_paragraph_and_gaps_part_paragraphs(tmp_path: Path) -> None:
    page = together(
        lines(
            "Each morning the class gathers on the carpet and pupils greet each other by name,",
            "while the teacher models what careful listening looks like. Then they share news.",
            "Two pupils a day.",
            at=700,
        ),
        lines(
            "A second paragraph follows after a gap of one line or so, and it is long as well,",
            "so that it wraps.",
            at=640,
        ),
    )
    assert read(drawn(page), tmp_path).text == (
        "Each morning the class gathers on the carpet and pupils greet each other by name, while "
        "the teacher models what careful listening looks like. Then they share news. Two pupils a "
        "day.\n\nA second paragraph follows after a gap of one line or so, and it is long as well, "
        "so that it wraps."
    )


def test_headings_and_list_items_are_paragraphs_of_their_own(tmp_path: Path) -> None:
    page = together(
        lines("Morning meeting", at=740, size=18),
        lines(FILLER, at=700),
        lines("Materials", "a ball", "1. Greeting: pass the ball", "2. Sharing", at=660),
    )
    assert read(drawn(page), tmp_path).text.split("\n\n") == [
        "Morning meeting",
        FILLER,
        "Materials",
        "a ball",
        "1. Greeting: pass the ball",
        "2. Sharing",
    ]


def test_short_paragraphs_under_slightly_larger_headings_are_told_apart(tmp_path: Path) -> None:
    parts = []
    for number in range(6):
        at = 740 - 60 * number
        parts.append(lines(f"8:{number}5 Part {number} of the meeting", at=at, size=12))
        parts.append(lines(FILLER, at=at - 20))
    expected = [text for n in range(6) for text in (f"8:{n}5 Part {n} of the meeting", FILLER)]
    assert read(drawn(together(*parts)), tmp_path).text.split("\n\n") == expected


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        (
            "and so the class comes together every single day for the shared morn-",
            "ing circle.",
            "morning",
        ),
        (
            "and so the class comes together every single day for a moment of self-",
            "reflection.",
            "self-reflection",
        ),
        (
            "and so the class comes together every single day as planned by Mrs. Jones-",
            "Smith.",
            "Jones-Smith",
        ),
        (
            "and so the class takes a break at the well-known hour, which they call well-",
            "known.",
            "well-known.",
        ),
        (
            "and the student and the centered teacher sit together for a student-",
            "centered talk.",
            "student-centered",
        ),
    ],
)
def test_a_hyphen_at_a_line_end_goes_where_it_only_broke_the_word(
    tmp_path: Path, above: str, below: str, joined: str
) -> None:
    assert joined in read(drawn(lines(above, below)), tmp_path).text


def test_a_paragraph_that_goes_on_over_a_page_break_is_one(tmp_path: Path) -> None:
    first = lines("The teacher reads the message aloud and asks the class what they notice and")
    document = read(drawn(first, lines("what they wonder.", "Next.")), tmp_path)
    assert "what they notice and what they wonder." in document.text
    assert document.text[document.pages[1].start :].startswith("what they wonder.")


def test_cells_far_apart_on_a_line_are_parted_by_a_tab(tmp_path: Path) -> None:
    page = together(lines("Time"), lines("What we do", left=300))
    assert read(drawn(page), tmp_path).text == "Time\tWhat we do"


def test_what_was_typed_into_form_fields_stands_where_the_field_is(tmp_path: Path) -> None:
    def form(canvas: Canvas) -> None:
        lines("Objective:", at=700)(canvas)
        lines("Materials:", at=600)(canvas)
        canvas.acroForm.textfield(
            name="goal", x=150, y=694, width=300, height=20, value="Pupils share feelings"
        )

    text = read(drawn(form), tmp_path).text
    assert text.index("Objective:") < text.index("Pupils share feelings") < text.index("Materials:")


def _invisible(canvas: Canvas) -> None:
    text = canvas.beginText(72, 500)
    text.setTextRenderMode(3)
    text.textLine("hidden words")
    canvas.drawText(text)


def _white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    lines("hidden words", at=500)(canvas)


def _white_on_drawn_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(50, 480, 300, 60, fill=1, stroke=0)
    lines("hidden words", at=500)(canvas)


def _behind_seen_text(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    lines("hidden words", at=700)(canvas)


def _transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    lines("hidden words", at=500)(canvas)


def _tiny(canvas: Canvas) -> None:
    lines("hidden words", at=500, size=0.7)(canvas)


def _off_the_page(canvas: Canvas) -> None:
    lines("hidden words", at=500, left=-400)(canvas)


@pytest.mark.parametrize(
    "hide",
    [
        _invisible,
        _white,
        _white_on_drawn_white,
        _behind_seen_text,
        _transparent,
        _tiny,
        _off_the_page,
    ],
)
def test_hidden_text_is_no_evidence(tmp_path: Path, hide: Callable[[Canvas], None]) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.saveState()
    hide(canvas)
    canvas.restoreState()
    lines("Seen words.")(canvas)
    canvas.save()
    assert read(out.getvalue(), tmp_path).text == "Seen words."


def test_white_text_on_a_dark_banner_counts(tmp_path: Path) -> None:
    def banner(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0, 0.2, 0.4)
        canvas.rect(60, 690, 300, 40, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        lines("Our day", at=700)(canvas)

    assert read(drawn(banner), tmp_path).text == "Our day"


def test_the_invisible_text_under_a_scan_counts_where_the_scan_shows_something(
    tmp_path: Path,
) -> None:
    def scanned(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(SCAN), 0, 0, *A4)
        for y, words in ((690, "SCANNED WORDS"), (300, "NOT ON THE PAPER")):
            text = canvas.beginText(72, y)
            text.setFont("Helvetica", 10)
            text.setTextRenderMode(3)
            text.textLine(words)
            canvas.drawText(text)

    assert read(drawn(scanned), tmp_path).text == "SCANNED WORDS"


def test_a_scan_without_recognized_text_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoText, match=r"^plan\.pdf is a scan.*text recognition"):
        read(drawn(lambda canvas: canvas.drawImage(ImageReader(SCAN), 0, 0, *A4)), tmp_path)


def test_pages_without_anything_have_no_text(tmp_path: Path) -> None:
    with pytest.raises(NoText, match=r"^plan\.pdf has pages but no text"):
        read(drawn(lines()), tmp_path)


def test_a_pdf_behind_a_password_is_encrypted(tmp_path: Path) -> None:
    locked = drawn(lines("Words"), encrypt=StandardEncryption("secret", "owner", strength=128))
    with pytest.raises(Encrypted, match=r"^plan\.pdf is locked with a password"):
        read(locked, tmp_path)


def test_a_pdf_that_only_its_owner_may_change_is_read(tmp_path: Path) -> None:
    guarded = drawn(lines("Words"), encrypt=StandardEncryption("", "owner", canPrint=0))
    assert read(guarded, tmp_path).text == "Words"


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.995])
def test_a_pdf_cut_off_is_damaged_even_where_a_part_could_be_read(
    tmp_path: Path, share: float
) -> None:
    whole = drawn(*[lines(FILLER) for _ in range(20)])
    with pytest.raises(DamagedFile, match=r"^plan\.pdf is damaged or was cut off"):
        read(whole[: int(len(whole) * share)], tmp_path)


def test_a_last_line_end_lost_on_the_way_does_no_harm(tmp_path: Path) -> None:
    assert read(drawn(lines("Words")).rstrip(), tmp_path).text == "Words"


def test_east_asian_lines_are_joined_without_a_space(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))

    def page(canvas: Canvas) -> None:
        text = canvas.beginText(72, 700)
        text.setFont("HeiseiMin-W3", 12)
        text.textLine("毎朝みんなで輪になって座りま")
        text.textLine("す。")
        canvas.drawText(text)

    assert read(drawn(page), tmp_path).text == "毎朝みんなで輪になって座ります。"
