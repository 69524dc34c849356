"""Word documents: the body in its order, and nothing that a reader of the page does not see."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as WordFile
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor

from reviewer.errors import DamagedFile, NoText
from reviewer.intake.documents.reading import read_document
from reviewer.intake.limits import Limits
from reviewer.intake.sniff import ContentKind

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def text_of(word: "WordFile", folder: Path) -> str:
    path = folder / "plan.docx"
    word.save(str(path))
    return read_document(path, ContentKind.DOCX, Limits()).text


def with_body(folder: Path, body: str, parts: dict[str, str] | None = None) -> str:
    """The text of a Word document whose body is the given XML, with further parts replaced."""
    path = folder / "plan.docx"
    made = io.BytesIO()
    WordFile().save(made)
    new = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    new |= parts or {}
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as archive:
        for name in {*old.namelist(), *new}:
            archive.writestr(name, new.get(name) or old.read(name))
    return read_document(path, ContentKind.DOCX, Limits()).text


def test_headings_paragraphs_lists_and_tables_keep_their_order(tmp_path: Path) -> None:
    word = WordFile()
    word.add_heading("Morning meeting", 1)
    word.add_paragraph("We gather on the carpet.")
    word.add_paragraph("Greet each other", style="List Bullet")
    word.add_paragraph("Share news", style="List Number")
    table = word.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Time", "What", "8:30", "Greeting"], strict=True):
        cell.text = text
    word.add_paragraph("After the table.")
    assert text_of(word, tmp_path) == (
        "Morning meeting\n\nWe gather on the carpet.\n\nGreet each other\n\nShare news\n\n"
        "Time\tWhat\n8:30\tGreeting\n\nAfter the table."
    )


def test_a_cell_with_several_paragraphs_becomes_paragraphs(tmp_path: Path) -> None:
    word = WordFile()
    table = word.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Steps"
    table.cell(0, 1).text = "First we sit."
    table.cell(0, 1).add_paragraph("Then we sing.")
    assert text_of(word, tmp_path) == "Steps\n\nFirst we sit.\n\nThen we sing."


def test_merged_cells_are_said_once(tmp_path: Path) -> None:
    word = WordFile()
    table = word.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Whole row"
    table.cell(1, 0).text = "left"
    assert text_of(word, tmp_path) == "Whole row\nleft"


def test_breaks_tabs_and_special_hyphens_are_characters(tmp_path: Path) -> None:
    body = (
        "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr><w:r><w:t>Name:</w:t>"
        "<w:tab/><w:t xml:space='preserve'>Ms. Brown </w:t><w:br/><w:t>line two</w:t></w:r>"
        "<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>being</w:t></w:r></w:p>"
    )
    assert with_body(tmp_path, body) == "Name:\tMs. Brown \nline twowell\u2011being"


def test_text_is_in_normal_form_c(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>cafe</w:t></w:r><w:r><w:t>\u0301</w:t></w:r></w:p>"
    assert with_body(tmp_path, body) == "café"


def test_insertions_count_and_deletions_moves_comments_and_field_codes_do_not(
    tmp_path: Path,
) -> None:
    body = (
        "<w:p><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>inserted </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>deleted </w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved away </w:t></w:r></w:moveFrom>"
        "<w:r><w:commentReference w:id='1'/></w:r>"
        "<w:r><w:instrText>PAGEREF x</w:instrText></w:r><w:r><w:t>end</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>gone row</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl>"
    )
    assert with_body(tmp_path, body) == "Kept inserted end"


def test_a_form_field_still_showing_its_prompt_says_nothing(tmp_path: Path) -> None:
    field = (
        "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent><w:p><w:r><w:t>{}</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )
    body = field.format("<w:showingPlcHdr/>", "Click here") + field.format("", "Typed in")
    assert with_body(tmp_path, body) == "Typed in"


def test_text_boxes_follow_their_paragraph_and_are_said_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>In the box</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Before </w:t></w:r><w:r><mc:AlternateContent "
        "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>after</w:t></w:r></w:p>"
    )
    assert with_body(tmp_path, body) == "Before after\n\nIn the box"


def test_a_footnote_follows_the_paragraph_that_calls_it(tmp_path: Path) -> None:
    rels = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        "<Relationship Id='r1' Type='http://x/relationships/footnotes' Target='footnotes.xml'/>"
        "</Relationships>"
    )
    notes = f"<w:footnotes {W}><w:footnote w:id='2'><w:p><w:r><w:t>The note.</w:t></w:r></w:p>"
    notes += "</w:footnote></w:footnotes>"
    body = (
        "<w:p><w:r><w:t>Said</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>"
        "<w:r><w:t> so.</w:t></w:r></w:p><w:p><w:r><w:t>Next.</w:t></w:r></w:p>"
    )
    parts = {"word/_rels/document.xml.rels": rels, "word/footnotes.xml": notes}
    assert with_body(tmp_path, body, parts) == "Said so.\n\nThe note.\n\nNext."


def _vanish(word: "WordFile") -> None:
    word.add_paragraph().add_run("hidden").font.hidden = True


def _vanish_by_style(word: "WordFile") -> None:
    style = word.styles.add_style("Secret", 1)
    style.font.hidden = True
    child = word.styles.add_style("Child of Secret", 1)
    child.base_style = style
    word.add_paragraph("hidden", style=child)


def _white(word: "WordFile") -> None:
    word.add_paragraph().add_run("hidden").font.color.rgb = RGBColor(0xFF, 0xFF, 0xFE)


def _white_on_a_white_highlight(word: "WordFile") -> None:
    run = word.add_paragraph().add_run("hidden")
    run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    run.font.highlight_color = 8


def _tiny(word: "WordFile") -> None:
    word.add_paragraph().add_run("hidden").font.size = Pt(1)


@pytest.mark.parametrize(
    "hide", [_vanish, _vanish_by_style, _white, _white_on_a_white_highlight, _tiny]
)
def test_hidden_text_is_no_evidence(tmp_path: Path, hide: Callable[["WordFile"], None]) -> None:
    word = WordFile()
    word.add_paragraph("seen")
    hide(word)
    assert text_of(word, tmp_path) == "seen"


def _shade(properties: object, fill: str = "1F3864") -> None:
    properties.append(parse_xml(f'<w:shd {W} w:val="clear" w:fill="{fill}"/>'))  # type: ignore[attr-defined]


def test_white_text_counts_where_something_dark_lies_behind_it(tmp_path: Path) -> None:
    white = RGBColor(0xFF, 0xFF, 0xFF)
    word = WordFile()
    run = word.add_paragraph().add_run("on a shaded run")
    run.font.color.rgb = white
    _shade(run._r.get_or_add_rPr())
    paragraph = word.add_paragraph()
    paragraph.add_run("in a shaded paragraph").font.color.rgb = white
    _shade(paragraph._p.get_or_add_pPr())
    cell = word.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].add_run("in a shaded cell").font.color.rgb = white
    _shade(cell._tc.get_or_add_tcPr())
    banded = word.add_table(rows=1, cols=1, style="Medium Shading 1 Accent 1").cell(0, 0)
    banded.paragraphs[0].add_run("in a coloured table").font.color.rgb = white
    assert text_of(word, tmp_path).split("\n\n") == [
        "on a shaded run",
        "in a shaded paragraph",
        "in a shaded cell\nin a coloured table",
    ]


def test_white_text_in_a_white_cell_of_a_dark_table_is_hidden(tmp_path: Path) -> None:
    word = WordFile()
    cell = word.add_table(rows=1, cols=1, style="Medium Shading 1 Accent 1").cell(0, 0)
    cell.paragraphs[0].add_run("hidden").font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    _shade(cell._tc.get_or_add_tcPr(), "FFFFFF")
    word.add_paragraph("seen")
    assert text_of(word, tmp_path) == "seen"


def test_a_document_without_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoText, match=r"^plan\.docx has no text in it that can be seen"):
        text_of(WordFile(), tmp_path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_document_cut_off_is_damaged(tmp_path: Path, share: float) -> None:
    word = WordFile()
    word.add_paragraph("A plan. " * 2000)
    path = tmp_path / "plan.docx"
    word.save(str(path))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(DamagedFile, match=r"^plan\.docx is damaged or was cut off"):
        read_document(path, ContentKind.DOCX, Limits())


def test_a_document_whose_body_is_no_xml_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        with_body(tmp_path, "<w:p><w:r>")


def test_a_document_without_a_body_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        with_body(tmp_path, "", {"word/document.xml": f"<w:document {W}/>"})
