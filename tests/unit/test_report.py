"""The HTML report: what stands in it, in which words, and that nothing in it can act."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import house_sample as sample
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.evidence.citation import Stance
from reviewer.export import wording
from reviewer.export.report import report_html
from reviewer.scoring.draft import DraftKind, Fitness
from reviewer.scoring.first_pass import Finding

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "</style></blockquote></mark><svg/onload=alert(1)>",
    "{{ 7*7 }} {% raw %} ${alert(1)}",
    "gnp.\u202eexe evil\u202c",
    "word" * 4000,
    "null\x00byte \x1b[31m bell\x07 \ud800 end",
    "javascript:alert(1) &lt;b&gt; &amp;",
)


class Page(HTMLParser):
    """Counts what is in a page: tags, ids, links, and the text of marks by citation."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.pieces: list[str] = []
        self.marks: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "mark":
            self._open = (dict(attrs)["data-cites"] or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._open = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        for number in self._open:
            self.marks[number] = self.marks.get(number, "") + data

    def values(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]

    @property
    def words(self) -> str:
        """The text, tags as spaces, with its white space evened out."""
        return " ".join(" ".join(self.pieces).split())


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(report_html(sample.first_pass(), sample.CREDENTIAL))


def test_it_asks_the_network_for_nothing_and_runs_nothing(page: Page) -> None:
    assert not {"script", "link", "iframe", "img", "object", "form"} & set(page.tags)
    assert all(link.startswith("#") for link in page.values("href"))
    assert not page.values("src")
    html = report_html(sample.first_pass(), sample.CREDENTIAL)
    assert "default-src 'none'" in html
    assert not re.search(r"url\(|@import|https?://", html)


def test_every_link_leads_to_a_place_in_the_report(page: Page) -> None:
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.values("href")} <= set(ids)


def test_the_marked_characters_are_the_quote(page: Page) -> None:
    for number, draft in enumerate(sample.DRAFTS, start=1):
        for index, citation in enumerate(draft.citations, start=1):
            assert page.marks[f"{number}-{index}"] == citation.quote


def test_all_levels_stand_with_their_descriptors_and_the_needed_and_drafted_are_said(
    page: Page,
) -> None:
    for element in sample.CREDENTIAL.elements:
        assert element.question in page.words
        for level in element.levels:
            assert level.descriptor in page.words
    assert "2 Demonstrated needed ◆ draft" in page.words
    assert "67 %" in page.words


def test_a_draft_says_that_it_is_not_validated_here(page: Page) -> None:
    assert "Draft: 2 Demonstrated not validated here" in page.words


def test_stances_and_doubt_are_said_in_signs_and_words(page: Page) -> None:
    for sign in ("▲ supports", "▼ counter", "≈ in doubt"):
        assert sign in page.words


def test_insufficient_evidence_abstention_and_not_observable_say_different_things(
    page: Page,
) -> None:
    sayings = (
        "Insufficient evidence in the work",
        "No draft: the engine abstains",
        "Not observable in this work",
        "A finding about the work",
        "This says nothing about the work",
        "not in words, written or spoken",
    )
    for saying in sayings:
        assert saying in page.words
    classes = page.values("class")
    for kind in (DraftKind.INSUFFICIENT_EVIDENCE, DraftKind.ABSTENTION, DraftKind.NOT_OBSERVABLE):
        assert f"verdict {kind.value}" in classes


def test_places_are_pages_for_documents_and_times_for_recordings(page: Page) -> None:
    assert "plans autumn.pdf p. 1" in page.words
    assert "circle monday.mp4 0:06 · S1" in page.words
    assert "heard well 90 % · 1 line in doubt" in page.words


def test_an_unreadable_file_says_why_and_what_to_do(page: Page) -> None:
    assert "could not be used. structure.pdf is locked with a password" in page.words


def test_a_running_first_pass_shows_what_there_is() -> None:
    page = Page(report_html(sample.partial(), sample.CREDENTIAL))
    assert "4 of 5 elements have no draft yet" in page.words
    assert page.words.count("Not drafted yet") == 8, "in the table and beside the element"


def test_nothing_read_and_nothing_readable_are_said_apart() -> None:
    empty = Page(report_html(sample.empty(), sample.CREDENTIAL))
    unreadable = Page(report_html(sample.unreadable(), sample.CREDENTIAL))
    assert "No file has been read yet" in empty.words
    assert "None of the files could be read" in unreadable.words


def test_equal_first_passes_give_equal_reports() -> None:
    one = report_html(sample.first_pass(), sample.CREDENTIAL)
    assert one == report_html(sample.first_pass(), sample.CREDENTIAL)


def _hostile_report(text: str) -> Page:
    document = sample.document("essay.txt", "statement", f"Before. {text} After.")
    document = replace(document, name=f"{text}.txt")
    quote = document.text[8 : 8 + len(text)]
    citation = replace(
        sample.cite(document, "Before.", 1.0), quote=quote, start=8, end=8 + len(text)
    )
    draft = sample.draft(
        "greeting",
        DraftKind.DRAFT,
        citation,
        level=1,
        probabilities=(0.2, 0.5, 0.3),
        reason=text,
        rationale=text,
    )
    first_pass = replace(
        sample.first_pass((draft,), (document,), (Finding(None, "unassigned", text),)),
        candidate=text,
        submission_id=text,
        messages=(text,),
    )
    html = report_html(first_pass, sample.CREDENTIAL)
    html.encode("utf-8")
    assert "\x00" not in html
    return Page(html)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].encode().hex())
def test_hostile_text_is_shown_and_never_becomes_markup(text: str) -> None:
    page = _hostile_report(text)
    assert page.tags == _hostile_report("plain words").tags
    assert page.marks["1-1"] == wording.legible(text)
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def _without_paragraphs(tags: list[str]) -> list[str]:
    """Line breaks in a quote make paragraphs; nothing else may change."""
    return [tag for tag in tags if tag != "p"]


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() == text))
def test_no_text_at_all_becomes_markup(text: str) -> None:
    allowed = _hostile_report("plain words").tags
    assert _without_paragraphs(_hostile_report(text).tags) == _without_paragraphs(allowed)


@given(st.text())
def test_making_text_legible_moves_no_character(text: str) -> None:
    shown = wording.legible(text)
    assert len(shown) == len(text)
    shown.encode("utf-8")


def test_times_are_written_as_players_write_them() -> None:
    assert [wording.clock(at) for at in (0, 47.9, 61, 3723.2)] == [
        "0:00",
        "0:47",
        "1:01",
        "1:02:03",
    ]


def test_a_small_share_is_not_shown_as_nothing() -> None:
    shares = [wording.percent(share) for share in (0, 0.001, 0.416, 0.999, 1)]
    assert [share.replace("\u00a0", " ") for share in shares] == [
        "0 %",
        "under 1 %",
        "42 %",
        "over 99 %",
        "100 %",
    ]


def test_fitness_is_said_for_every_state() -> None:
    assert all(wording.fitness(state) for state in Fitness)
    assert set(wording.GLYPHS) == set(Stance)
