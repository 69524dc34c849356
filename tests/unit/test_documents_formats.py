"""Presentations, OpenDocument, RTF, text and Markdown; and what all readers have in common."""

import contextlib
import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
from docx import Document as WordFile
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Inches, Pt

from reviewer.errors import (
    DamagedFile,
    EmptyFile,
    Encrypted,
    IntakeError,
    NoText,
    UnreadableEncoding,
    WrongType,
)
from reviewer.intake.documents import Document
from reviewer.intake.documents.reading import read_document
from reviewer.intake.documents.rtf import read_rtf
from reviewer.intake.limits import Limits
from reviewer.intake.sniff import ContentKind

ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def presented(show: "Presentation", folder: Path) -> Document:
    path = folder / "plan.pptx"
    show.save(str(path))
    return read_document(path, ContentKind.PPTX, Limits())


def odt(folder: Path, body: str, styles: str = "", manifest: str = "<manifest/>") -> str:
    path = folder / "plan.odt"
    content = (
        f"<office:document-content {ODF}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return read_document(path, ContentKind.ODT, Limits()).text


def rtf(body: str, header: str = r"\ansi\ansicpg1252\deff0") -> str:
    return read_rtf(("{\\rtf1" + header + " " + body + "}").encode("latin-1"), "plan.rtf").text


# -- presentations


def test_slides_are_spans_and_notes_follow_their_slide_under_a_mark(tmp_path: Path) -> None:
    show = Presentation()
    for number in (1, 2):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = f"Title {number}"
        slide.placeholders[1].text = "First point\nSecond point"
    show.slides[0].notes_slide.notes_text_frame.text = "Say hello by name."
    document = presented(show, tmp_path)
    assert [document.text[page.start : page.end] for page in document.pages] == [
        "Title 1\n\nFirst point\n\nSecond point\n\nNotes:\n\nSay hello by name.",
        "Title 2\n\nFirst point\n\nSecond point",
    ]
    assert [(page.number, page.unit) for page in document.pages] == [(1, "slide"), (2, "slide")]


def test_tables_and_text_boxes_of_a_slide_are_read(tmp_path: Path) -> None:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    table = slide.shapes.add_table(1, 2, 0, 0, Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "8:30", "Greeting"
    slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "A box"
    assert presented(show, tmp_path).text == "8:30\tGreeting\n\nA box"


def test_hidden_shapes_tiny_text_and_repeated_placeholders_are_left_out(tmp_path: Path) -> None:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "seen"
    hidden = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    hidden.text_frame.text = "hidden"
    hidden._element.nvSpPr.cNvPr.set("hidden", "1")
    tiny = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.paragraphs[0].add_run()
    tiny.text, tiny.font.size = "tiny", Pt(1)
    number = slide.placeholders[1]
    number.text = "7"
    number._element.nvSpPr.nvPr.ph.set("type", "sldNum")
    assert presented(show, tmp_path).text == "seen"


def test_slides_stand_in_the_order_of_the_show(tmp_path: Path) -> None:
    show = Presentation()
    for number in (1, 2):
        show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = f"Title {number}"
    order = show.slides._sldIdLst
    order.insert(0, order[1])
    assert presented(show, tmp_path).text == "Title 2\n\nTitle 1"


# -- OpenDocument


def test_odt_paragraphs_lists_tables_and_spaces(tmp_path: Path) -> None:
    body = (
        "<text:h>Plan</text:h><text:p>We  gather\n <text:span>every</text:span> day.<text:s "
        "text:c='2'/>So<text:tab/>there<text:line-break/>now</text:p>"
        "<text:list><text:list-item><text:p>Greet</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>8:30</text:p></table:table-cell>"
        "<table:table-cell><text:p>Sing</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert odt(tmp_path, body) == (
        "Plan\n\nWe gather every day.  So\tthere\nnow\n\nGreet\n\n8:30\tSing"
    )


def test_odt_notes_and_frames_follow_and_comments_and_deletions_are_left_out(
    tmp_path: Path,
) -> None:
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        "<text:p>Said<office:annotation><text:p>comment</text:p></office:annotation>"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>The note."
        "</text:p></text:note-body></text:note> so"
        "<draw:frame> <draw:text-box> <text:p>In a box</text:p> </draw:text-box>"
        "<svg:title>alternative</svg:title></draw:frame>.</text:p>"
    )
    assert odt(tmp_path, body) == "Said so.\n\nThe note.\n\nIn a box"


@pytest.mark.parametrize(
    "properties",
    [
        'text:display="none"',
        'fo:font-size="1pt"',
        'fo:color="#ffffff"',
    ],
)
def test_odt_hidden_text_is_no_evidence(tmp_path: Path, properties: str) -> None:
    styles = (
        f'<style:style style:name="P" style:family="text"><style:text-properties {properties}/>'
        '</style:style><style:style style:name="T" style:family="text" '
        'style:parent-style-name="P"/>'
    )
    body = '<text:p>seen<text:span text:style-name="T">hidden</text:span></text:p>'
    body += '<text:section text:display="none"><text:p>hidden</text:p></text:section>'
    assert odt(tmp_path, body, styles) == "seen"


def test_odt_white_text_on_a_dark_cell_counts(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="T" style:family="text"><style:text-properties '
        'fo:color="#ffffff"/></style:style><style:style style:name="C" '
        'style:family="table-cell"><style:table-cell-properties fo:background-color="#003366"/>'
        "</style:style>"
    )
    body = (
        '<table:table><table:table-row><table:table-cell table:style-name="C"><text:p>'
        '<text:span text:style-name="T">seen</text:span></text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    assert odt(tmp_path, body, styles) == "seen"


def test_odt_behind_a_password_is_encrypted(tmp_path: Path) -> None:
    manifest = '<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry>'
    with pytest.raises(Encrypted, match=r"^plan\.odt is locked"):
        odt(tmp_path, "<text:p>x</text:p>", manifest=manifest + "</m:manifest>")


def test_odt_cut_off_is_damaged(tmp_path: Path) -> None:
    odt(tmp_path, "<text:p>words</text:p>")
    path = tmp_path / "plan.odt"
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(DamagedFile):
        read_document(path, ContentKind.ODT, Limits())


# -- RTF


def test_rtf_paragraphs_characters_and_unicode() -> None:
    body = r"Caf\'e9 \u8220?yes\u8221? \lquote a\rquote\par Two\line lines\tab x\~y\par"
    body += r"\u-10179?\u-9139? wa\-ve\_x \{b\}\\"
    assert rtf(body) == "Café “yes” ‘a’\n\nTwo\nlines\tx\u00a0y\n\n👍 wave\u2011x {b}\\"


def test_rtf_fonts_choose_the_encoding_of_bytes() -> None:
    header = r"\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}{\f2\fcharset128 C;}}"
    assert rtf(r"{\f1 \'ca\'f0\'f3\'e3} {\f2 \'97\'d6} \f0\'e9", header) == "Круг 輪 é"


def test_rtf_fallback_characters_after_unicode_are_skipped() -> None:
    assert rtf(r"\uc2\u8364 EUx\uc0\u233 x\uc1{\u26085\'93}y") == "€xéx日y"


def test_rtf_rows_stand_on_lines() -> None:
    body = r"Before\par\trowd\intbl 8:30\cell Greeting\cell\row\trowd\intbl a\par b\cell c\cell\row"
    assert rtf(body + r"\pard After\par") == "Before\n\n8:30\tGreeting\n\na\n\nb\n\nc\n\nAfter"


def test_rtf_notes_and_text_boxes_follow_and_headers_pictures_and_fields_are_left_out() -> None:
    body = (
        r"{\header running head}{\*\generator x}Said{\footnote\pard The note.} so "
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}{\pict\wmetafile8 0102ff}"
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt In a box\par}}{\shprslt twice}}.\par"
    )
    assert rtf(body) == "Said so link.\n\nThe note.\n\nIn a box"


def test_rtf_binary_data_is_skipped_by_its_length() -> None:
    assert rtf(r"a{\pict\bin5 }}{{\}b") == "ab"


@pytest.mark.parametrize(
    "hidden", [r"\v hidden\v0", r"\deleted hidden", r"\fs2 hidden", r"\cf1 hidden"]
)
def test_rtf_hidden_text_is_no_evidence(hidden: str) -> None:
    colours = r"{\colortbl;\red255\green255\blue255;\red0\green0\blue80;}"
    assert rtf(colours + "seen{" + hidden + "}") == "seen"


def test_rtf_white_text_on_a_dark_highlight_counts() -> None:
    colours = r"{\colortbl;\red255\green255\blue255;\red0\green0\blue80;}"
    assert rtf(colours + r"{\cf1\highlight2 seen}") == "seen"


@pytest.mark.parametrize("data", [rb"{\rtf1 words", rb"{\rtf1 words {\b bold}", b"{\\rtf1 a\\"])
def test_rtf_whose_groups_do_not_close_was_cut_off(data: bytes) -> None:
    with pytest.raises(DamagedFile, match=r"^plan\.rtf is damaged or was cut off"):
        read_rtf(data, "plan.rtf")


def test_rtf_nested_without_end_is_refused() -> None:
    with pytest.raises(DamagedFile):
        read_rtf(b"{\\rtf1" + b"{" * 200_000 + b"}" * 200_000 + b"}", "plan.rtf")


RTF_PIECES = (
    r"{ } \par \cell \row \trowd \intbl \u8220? \'e9 \' \uc3 {\shptxt {\footnote \bin3 \v \plain "
    r"\pard \* {\fonttbl{\f0\fcharset2x;}} word \u-9000 \f7 \cf99 \\ \fs2 \deleted0 {\*\shpinst"
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(RTF_PIECES.split()), max_size=40))
def test_no_rtf_raises_anything_but_an_intake_error(pieces: list[str]) -> None:
    with contextlib.suppress(IntakeError):
        read_rtf(("{\\rtf1" + " ".join(pieces) + "}").encode(), "plan.rtf")


# -- plain text and Markdown


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), min_size=1))
def test_plain_text_is_the_file_itself(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "essay.md"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    try:
        read = read_document(path, ContentKind.MARKDOWN, Limits()).text
    except NoText:
        return
    assert read == unicodedata.normalize("NFC", text)


def test_markdown_marks_stay(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_bytes(b"# Plan\r\n\r\n- **Greet** each other\r\n")
    assert read_document(path, ContentKind.MARKDOWN, Limits()).text == (
        "# Plan\n\n- **Greet** each other\n"
    )


@pytest.mark.parametrize("blank", [b" \n\t ", b"\xe2\x80\x8b\n", b"\xef\xbb\xbf"])
def test_a_file_of_nothing_but_space_has_no_text(tmp_path: Path, blank: bytes) -> None:
    path = tmp_path / "essay.txt"
    path.write_bytes(blank)
    with pytest.raises(NoText, match=r"^essay\.txt has no text in it that can be seen"):
        read_document(path, ContentKind.TEXT, Limits())


def test_zero_width_characters_stay_in_the_text(tmp_path: Path) -> None:
    path = tmp_path / "essay.txt"
    path.write_text("a\u200bb\u00adc\ufeffd", encoding="utf-8")
    assert read_document(path, ContentKind.TEXT, Limits()).text == "a\u200bb\u00adc\ufeffd"


# -- all readers


def test_an_empty_file_is_empty_whatever_it_was_told_to_be(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.touch()
    for content in ContentKind:
        with pytest.raises(EmptyFile, match=r"^plan\.pdf is empty"):
            read_document(path, content, Limits())


@pytest.mark.parametrize("content", [ContentKind.MEDIA, ContentKind.WEBVTT, ContentKind.SRT])
def test_recordings_and_captions_are_no_documents(tmp_path: Path, content: ContentKind) -> None:
    path = tmp_path / "talk.vtt"
    path.write_text("WEBVTT")
    with pytest.raises(WrongType, match=r"^talk\.vtt is a recording or captions"):
        read_document(path, content, Limits())


def test_text_in_no_tellable_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "essay.txt"
    path.write_bytes("Привет, класс. Мы начинаем урок.".encode("cp1251"))
    with pytest.raises(UnreadableEncoding, match=r"^essay\.txt is text in an encoding"):
        read_document(path, ContentKind.TEXT, Limits())


@pytest.mark.parametrize(
    "content",
    [ContentKind.PDF, ContentKind.DOCX, ContentKind.PPTX, ContentKind.ODT, ContentKind.RTF],
)
def test_bytes_that_are_not_the_format_are_damaged(tmp_path: Path, content: ContentKind) -> None:
    path = tmp_path / "plan"
    path.write_bytes(b"these are only words")
    with pytest.raises(DamagedFile, match=r"^plan is damaged or was cut off"):
        read_document(path, content, Limits())


def test_an_office_file_of_another_kind_is_damaged(tmp_path: Path) -> None:
    out = io.BytesIO()
    WordFile().save(out)
    path = tmp_path / "plan"
    path.write_bytes(out.getvalue())
    for content in (ContentKind.PPTX, ContentKind.ODT):
        with pytest.raises(DamagedFile):
            read_document(path, content, Limits())
