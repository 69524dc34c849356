"""When a span of the demo's key counts as found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.studies.demo_key import is_found, overlaps_by_half
from reviewer.demo import KeySpan
from reviewer.evidence.citation import Excerpt, Stance
from reviewer.intake.artifact import Artifact, ArtifactKind

TEXT = "Nothing here.\nEach one answers\nher partner first. Nothing there."
DOCUMENT = Artifact(
    id="d" * 12,
    name="plans.docx",
    slot=None,
    kind=ArtifactKind.DOCUMENT,
    sha256="d" * 64,
    text=TEXT,
)
SPAN = KeySpan("plans.docx", "supports", "Each one answers her partner first.")
RECORDING = Artifact(
    id="r" * 12, name="a.mp4", slot=None, kind=ArtifactKind.VIDEO, sha256="r" * 64, text="so it is"
)
LINE = KeySpan("a.mp4", "counter", "So it was.", 10.0, 14.0, "teacher")


def excerpt(artifact: Artifact, start: int, end: int, times: tuple[float, float] | None = None):
    return Excerpt(
        artifact=artifact.id,
        segments=(0,),
        start=start,
        end=end,
        quote=artifact.text[start:end],
        similarity=0.5,
        query="q",
        stance=Stance.SUPPORTS,
        start_s=times and times[0],
        end_s=times and times[1],
    )


@pytest.mark.parametrize(
    ("span", "other", "found"),
    [
        ((10, 20), (10, 20), True),
        ((10, 20), (15, 40), True),  # half of the span
        ((10, 20), (16, 40), False),
        ((10, 20), (12, 14), True),  # the whole excerpt
        ((10, 20), (19, 21), True),  # half of the excerpt
        ((10, 20), (20, 30), False),
        ((10, 20), (15, 15), False),
    ],
)
def test_half_of_the_span_or_half_of_the_excerpt_is_enough(span, other, found) -> None:
    assert overlaps_by_half(span, other) is found


@given(*[st.tuples(st.integers(0, 50), st.integers(0, 50)) for _ in range(2)])
def test_overlap_does_not_depend_on_which_is_which(one, other) -> None:
    assert overlaps_by_half(one, other) == overlaps_by_half(other, one)


def test_a_quote_is_found_across_line_breaks() -> None:
    assert is_found(SPAN, DOCUMENT, [excerpt(DOCUMENT, 14, 49)])
    assert not is_found(SPAN, DOCUMENT, [excerpt(DOCUMENT, 0, 13)])


def test_a_spoken_line_is_found_by_time_whatever_words_were_heard() -> None:
    assert is_found(LINE, RECORDING, [excerpt(RECORDING, 0, 8, (11.0, 13.0))])
    assert not is_found(LINE, RECORDING, [excerpt(RECORDING, 0, 8, (20.0, 22.0))])
    assert not is_found(LINE, RECORDING, [excerpt(RECORDING, 0, 8)])


def test_an_excerpt_of_another_file_does_not_count() -> None:
    assert not is_found(SPAN, DOCUMENT, [excerpt(RECORDING, 14, 49)])
