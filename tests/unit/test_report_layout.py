"""An artifact laid out: nothing is lost, and exactly the cited characters are marked."""

import house_sample as sample
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.export.layout import UNSURE, Mark, in_doubt, lay_out
from reviewer.intake.artifact import Artifact, ArtifactKind, PageSpan, Segment

words = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12
)


@st.composite
def artifacts(draw: st.DrawFn) -> Artifact:
    """Documents and recordings whose segments keep the invariant of reviewer.intake.artifact."""
    text = ""
    segments: list[Segment] = []
    pages: list[PageSpan] = []
    paragraph = 0
    for piece in draw(st.lists(words, max_size=8)):
        piece = piece.strip()
        text += draw(st.sampled_from([" ", "\n", "\n\n", "\t"]))
        if not piece:
            continue
        paragraph += draw(st.integers(0, 1))
        start = len(text)
        text += piece
        segments.append(Segment("a", len(segments), start, len(text), paragraph=paragraph))
        if draw(st.booleans()):
            pages.append(PageSpan(len(pages) + 1, start, len(text)))
    kind = draw(st.sampled_from([ArtifactKind.DOCUMENT, ArtifactKind.VIDEO]))
    kept = tuple(segments) if draw(st.booleans()) else ()
    return Artifact("a", "a", None, kind, "0" * 64, text, tuple(pages), kept)


@st.composite
def marked(draw: st.DrawFn) -> tuple[Artifact, tuple[Mark, ...]]:
    """An artifact and any marks in it, overlapping or not."""
    artifact = draw(artifacts())
    size = len(artifact.text)
    if not artifact.text.strip():
        return artifact, ()
    marks = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, size - 1))
        end = draw(st.integers(start + 1, size))
        if artifact.text[start:end].strip():
            marks.append(Mark(f"1-{number}", start, end, draw(st.sampled_from(["a", "b"]))))
    return artifact, tuple(marks)


@settings(deadline=None)
@given(marked())
def test_blocks_leave_out_nothing_but_white_space(case: tuple[Artifact, tuple[Mark, ...]]) -> None:
    artifact, marks = case
    at = 0
    for block in lay_out(artifact, marks):
        assert not artifact.text[at : block.start].strip()
        assert "".join(run.text for run in block.runs) == artifact.text[block.start : block.end]
        at = block.end
    assert not artifact.text[at:].strip()


@settings(deadline=None)
@given(marked())
def test_marked_runs_are_the_cited_characters(case: tuple[Artifact, tuple[Mark, ...]]) -> None:
    artifact, marks = case
    blocks = lay_out(artifact, marks)
    for mark in marks:
        runs = [run for block in blocks for run in block.runs if mark in run.marks]
        quote = artifact.text[mark.start : mark.end]
        assert "".join("".join(run.text for run in runs).split()) == "".join(quote.split())
        assert sum(mark in run.opens for run in runs) == 1, "a citation leads to one place"


def test_a_page_is_named_at_its_first_block_alone() -> None:
    pages = [block.page.number for block in lay_out(sample.PLANS) if block.page]
    assert pages == [1, 2]


def test_a_speaker_is_named_where_the_voice_changes_and_never_guessed() -> None:
    speakers = [block.speaker for block in lay_out(sample.VIDEO)]
    assert speakers[:6] == ["S1", None, "S2", "S1", "S3", UNSURE]


def test_a_line_keeps_its_time_and_its_doubt() -> None:
    line = lay_out(sample.SECOND_VIDEO)[2]
    assert (line.start_s, line.end_s) == (17.2, 30.0)
    assert line.doubt == "words where no voice was heard"


def test_a_quote_is_in_doubt_if_any_of_its_segments_is() -> None:
    doubted = sample.VIDEO.segments[5]
    assert in_doubt(sample.VIDEO.segments, doubted.start + 3, doubted.start + 4)
    assert not in_doubt(sample.VIDEO.segments, 0, doubted.start)
