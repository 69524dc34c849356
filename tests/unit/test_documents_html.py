"""HTML: what a reader of the page sees, and nothing fetched."""

import contextlib
import html
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.errors import DamagedFile, IntakeError, UnreadableEncoding
from reviewer.intake.documents.html import read_html


def text_of(page: str) -> str:
    return read_html(page.encode(), "page.html").text


def test_blocks_are_paragraphs_and_white_space_is_collapsed() -> None:
    page = "<h1>Plan</h1><p>We\n  gather <b>every</b> <i> day</i>.</p><ul><li>Greet<li>Share</ul>"
    assert text_of(page) == "Plan\n\nWe gather every day.\n\nGreet\n\nShare"


def test_line_breaks_and_preformatted_text_keep_their_lines() -> None:
    assert text_of("<p>one <br> two</p><pre>a\n  b</pre>") == "one\ntwo\n\na\n  b"


def test_rows_stand_on_lines_with_tabs_between_cells() -> None:
    page = "Before<table><tr><th>Time<th>What<tr><td>8:30<td>Greeting</table>after"
    assert text_of(page) == "Before\n\nTime\tWhat\n8:30\tGreeting\n\nafter"


def test_no_text_is_lost_in_a_broken_table() -> None:
    page = "<table>x<tr>y<td>a</td>z<p>w</p></tr></table>"
    assert set(text_of(page).split()) == set("xyazw")


def test_a_no_break_space_and_entities_are_characters() -> None:
    assert text_of("<p>5&nbsp;km &amp; caf&eacute; &#x1F44B;") == "5\u00a0km & café 👋"


HIDDEN = [
    "<script>hidden()</script>",
    "<style>.hidden{}</style>",
    "<!-- hidden -->",
    "<template><p>hidden</p></template>",
    "<noscript>hidden</noscript>",
    "<p hidden>hidden</p>",
    '<p style="display:none">hidden</p>',
    '<p style="DISPLAY : none !important">hidden</p>',
    '<div style="visibility:hidden"><p>hidden</p></div>',
    '<p style="font-size:0">hidden</p>',
    '<p style="font-size:1px">hidden</p>',
    '<p style="color:white">hidden</p>',
    '<font color="#FFFFFF">hidden</font>',
    '<p style="color:#123456;background:#123456">hidden</p>',
    '<p style="opacity:0">hidden</p>',
    '<p style="position:absolute;left:-9999px">hidden</p>',
    '<p style="color:transparent">hidden</p>',
    "<iframe srcdoc='hidden'>hidden</iframe>",
    "<title>hidden</title>",
    "<style>.x{display:none}</style><p class='a x'>hidden</p>",
    "<style>p#y.x, b{visibility:hidden}</style><p class=x id=y>hidden</p>",
    "<style>@media screen{.x{display:none}}</style><p class=x>hidden</p>",
    '<img alt="hidden"><input value="hidden">',
]


@pytest.mark.parametrize("page", HIDDEN)
def test_hidden_text_is_no_evidence(page: str) -> None:
    assert text_of(f"<p>seen</p>{page}<p>seen too</p>") == "seen\n\nseen too"


SEEN = [
    '<p style="visibility:hidden"><b style="visibility:visible">seen</b></p>',
    '<div style="background:#036"><p style="color:white">seen</p></div>',
    '<td bgcolor="navy"><font color="white">seen</font>',
    '<div style="font-size:0"><p style="font-size:12px">seen</p></div>',
    "<style>@media print{.x{display:none}}</style><p class=x>seen</p>",
    "<style>.gone .x{display:none}</style><p class=x>seen</p>",
    "<style>.x{display:none} .x{display:block}</style><p class=x>seen</p>",
    '<p style="width:50%;left:-10px">seen</p>',
    "<details><summary>s</summary>een</details>",
]


@pytest.mark.parametrize("page", SEEN)
def test_text_that_can_be_seen_counts(page: str) -> None:
    assert text_of(page).replace("\n", "") == "seen"


@pytest.mark.parametrize("encoding", ["shift_jis", "windows-1251", "utf-8", "iso-8859-2"])
def test_a_declared_encoding_is_believed_where_it_fits(encoding: str) -> None:
    words = {"shift_jis": "輪になる", "windows-1251": "Круг", "utf-8": "圈", "iso-8859-2": "Kůň"}
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}"><p>'
    data = (page + words[encoding]).encode(encoding)
    assert read_html(data, "x").text == words[encoding]


def test_latin_1_is_read_as_browsers_read_it() -> None:
    assert read_html("<meta charset=iso-8859-1><p>It’s".encode("cp1252"), "x").text == "It’s"


def test_a_byte_order_mark_wins_over_a_declaration() -> None:
    data = "<meta charset=iso-8859-1><p>“é”".encode("utf-8-sig")
    assert read_html(data, "x").text == "“é”"


def test_html_in_no_tellable_encoding_is_refused() -> None:
    with pytest.raises(UnreadableEncoding, match=r"^page\.html is HTML in an encoding"):
        read_html("<p>Привет, класс. Мы начинаем урок.".encode("cp1251"), "page.html")


def test_elements_nested_without_end_are_refused_not_cut_off() -> None:
    with pytest.raises(DamagedFile, match=r"^page\.html nests its elements without end"):
        text_of("<div>" * 100_000 + "deep")


def test_deep_but_sane_nesting_is_read() -> None:
    assert text_of("<div>" * 500 + "deep") == "deep"


@settings(deadline=None)
@given(st.text(st.sampled_from('<>/pbtrd"=& \n;#x!-é'), max_size=60))
def test_no_markup_raises_anything_but_an_intake_error(page: str) -> None:
    with contextlib.suppress(IntakeError):
        text_of(page)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_escaped_text_comes_back_but_for_its_spaces(words: str) -> None:
    expected = unicodedata.normalize("NFC", words)
    got = text_of(f"<p>a{html.escape(words)}z</p>")
    assert got.split() == f"a{expected}z".split()
