"""Segments of documents and transcripts: what each is, and what holds for every text."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.intake.artifact import (
    ArtifactKind,
    Doubt,
    HearingReport,
    PageSpan,
    Segment,
)
from reviewer.intake.assembling import artifact_from_document, artifact_from_transcript
from reviewer.intake.documents import Document
from reviewer.intake.segmenting import segment_document, segment_transcript
from reviewer.intake.transcript import Line, Transcript, Word

HEARD = HearingReport("recognition", "en", 10.0, 0.9, 0, 0)


def texts(text: str, pages: tuple[PageSpan, ...] = ()) -> list[str]:
    return [text[one.start : one.end] for one in segment_document("a", text, pages)]


def check(text: str, segments: tuple[Segment, ...]) -> None:
    """What `reviewer.intake.artifact` promises of every artifact."""
    for segment in segments:
        assert 0 <= segment.start < segment.end <= len(text)
        assert not text[segment.start].isspace()
        assert not text[segment.end - 1].isspace()
    for before, after in pairwise(segments):
        assert before.end <= after.start
        assert before.paragraph <= after.paragraph
    assert [segment.index for segment in segments] == list(range(len(segments)))
    covered = "".join(text[segment.start : segment.end] for segment in segments)
    assert "".join(covered.split()) == "".join(text.split())


# -- documents


def test_headings_items_and_sentences_are_segments_with_paragraph_numbers() -> None:
    text = (
        "# Morning meeting\n\nGoals:\n- Greet each other by name\n- Share news. Listen well.\n\n"
        "1. First we sit\n2. Then we sing\n   and clap our hands\n\nTitle\n=====\nThe end 🎉"
    )
    segments = segment_document("a", text, ())
    assert [(one.paragraph, text[one.start : one.end]) for one in segments] == [
        (0, "# Morning meeting"),
        (1, "Goals:"),
        (2, "- Greet each other by name"),
        (3, "- Share news."),
        (3, "Listen well."),
        (4, "1. First we sit"),
        (5, "2. Then we sing\n   and clap our hands"),
        (6, "Title\n====="),
        (7, "The end 🎉"),
    ]


def test_cells_of_rows_and_of_markdown_tables_are_segments() -> None:
    assert texts("Time\tActivity\n8:30\tGreeting. All sit.\n\n1.\tFirst item") == [
        "Time",
        "Activity",
        "8:30",
        "Greeting.",
        "All sit.",
        "1.\tFirst item",
    ]
    assert texts("| Time | What |\n|------|------|\n| 8:30 | Sing |") == [
        "| Time",
        "| What |\n|------|------|",
        "| 8:30",
        "| Sing |",
    ]


def test_lines_wrapped_by_hand_are_joined_and_list_lines_are_not() -> None:
    text = (
        "The class gathers every morning on the carpet and pupils greet each other by\n"
        "name, while the teacher models how to listen. Then Maya and her friend from the\n"
        "Blue group share. Each of the pupils gets one minute and\nthe others ask questions.\n\n"
        "paper\npens\nglue sticks"
    )
    assert texts(text) == [
        "The class gathers every morning on the carpet and pupils greet each other by\n"
        "name, while the teacher models how to listen.",
        "Then Maya and her friend from the\nBlue group share.",
        "Each of the pupils gets one minute and\nthe others ask questions.",
        "paper",
        "pens",
        "glue sticks",
    ]


def test_a_paragraph_a_line_is_no_wrapped_text() -> None:
    lines = ["We greet each other every day and pupils like it a lot", "Sharing is on Monday"]
    assert texts("\n".join(lines)) == lines


@pytest.mark.parametrize(
    "text",
    ["and then we went to the park " * 60, "so, " * 500, "x" * 5000, "今日は晴れです、" * 400],
)
def test_run_on_text_is_cut_so_that_nothing_is_too_long_to_cite(text: str) -> None:
    segments = segment_document("a", text, ())
    check(text, segments)
    for one in segments:
        assert len(text[one.start : one.end].split()) <= 80
        assert one.end - one.start <= 1600
    assert len(segments) > 1


def test_run_on_text_is_cut_after_a_comma_where_there_is_one() -> None:
    text = ("we read and wrote and sang and then " * 7 + "we ate, ") * 3
    assert texts(text)[0].endswith("we ate,")


def test_a_cut_never_parts_a_character_from_its_marks() -> None:
    text = "x" * 799 + "e\u0301\u0302" + "y" * 500 + "👍🏽" * 900
    for one in segment_document("a", text, ()):
        assert text[one.start] not in "\u0301\u0302🏽"


def test_pages_are_those_in_which_segments_begin() -> None:
    text = "One. Two goes on here.\n\nThree."
    pages = (PageSpan(1, 0, 13), PageSpan(2, 14, 22), PageSpan(3, 22, 22), PageSpan(4, 24, 30))
    assert [one.page for one in segment_document("a", text, pages)] == [1, 1, 4]


def test_text_without_pages_has_no_page() -> None:
    assert segment_document("a", "One.", ())[0].page is None


_AWKWARD = (
    'a B . ! ? … 。 " “ ” ( ) [ ] \n \n\n \t - * | # , ; 1. • Mr. e.g. \u0301 \u200d 👍 🏽 \0 '
    "\u202e א ا । \u2028 \x85 \u00a0 \ufeff \U0010ffff ß \x1c \x1f \u200b ... www. @ Ms said http://"
)
AWKWARD = _AWKWARD.split(" ")


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.sampled_from([*AWKWARD, " ", "word", "Then"]), max_size=80).map("".join),
    )
)
def test_segments_of_any_text_keep_the_promise(text: str) -> None:
    check(text, segment_document("a", text, ()))


@pytest.mark.slow
def test_five_megabytes_are_segmented_in_seconds() -> None:
    page = 'Ms. Brown waits, e.g. by the door. "Who shares?" Maya asks.\n- Then we sing\n\n'
    text = page * (5_000_000 // len(page))
    begun = time.process_time()
    segments = segment_document("a", text, ())
    assert time.process_time() - begun < 30
    assert len(segments) == 3 * (5_000_000 // len(page))


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["a\n", "|a", "\ta", "- a\n", "a", " \n", "a,", "\u0301", "*\n"])
def test_time_is_proportional_to_length(unit: str) -> None:
    taken = []
    for length in (20_000, 160_000):
        text = unit * (length // len(unit))
        begun = time.process_time()
        segment_document("a", text, ())
        taken.append(time.process_time() - begun)
    assert taken[1] < 24 * taken[0] + 0.2


# -- transcripts


def spoken(*lines: tuple[str | None, str], gap_s: float = 0.2, word_s: float = 0.4) -> Transcript:
    """A transcript with timed words; `gap_s` seconds between lines, none between words."""
    text, made, words, now = "", [], [], 0.0
    for speaker, said in lines:
        text += "\n" if text else ""
        start, start_s = len(text), now
        for number, token in enumerate(said.split()):
            text += " " if number else ""
            words.append(Word(len(text), len(text) + len(token), now, now + word_s, 0.8))
            text += token
            now += word_s
        made.append(Line(start, len(text), start_s, now, speaker, 0.9 if speaker else None, 0.8))
        now += gap_s
    return Transcript(text, tuple(made), tuple(words), now, HEARD)


def said(transcript: Transcript) -> list[str]:
    return [transcript.text[one.start : one.end] for one in segment_transcript("a", transcript)]


def test_sentences_run_over_lines_and_never_over_speakers() -> None:
    transcript = spoken(
        ("S1", "Good morning. Who would"),
        ("S1", "like to share?"),
        ("S2", "me I"),
        ("S1", "Go on."),
    )
    segments = segment_transcript("a", transcript)
    assert said(transcript) == [
        "Good morning.",
        "Who would\nlike to share?",
        "me I",
        "Go on.",
    ]
    assert [(one.paragraph, one.speaker) for one in segments] == [
        (0, "S1"),
        (0, "S1"),
        (1, "S2"),
        (2, "S1"),
    ]
    check(transcript.text, segments)


def test_times_are_those_of_the_first_and_last_word() -> None:
    transcript = spoken(("S1", "Good morning. Who shares?"))
    first, second = segment_transcript("a", transcript)
    assert (first.start_s, first.end_s) == (0.0, pytest.approx(0.8))
    assert (second.start_s, second.end_s) == (pytest.approx(0.8), pytest.approx(1.6))


def test_without_timed_words_times_are_spread_over_the_line() -> None:
    transcript = replace(spoken(("S1", "Good one. Bad two.")), words=())
    first, second = segment_transcript("a", transcript)
    assert first.start_s == 0.0
    assert first.end_s == pytest.approx(1.6 * 9 / 18)
    assert second.end_s == pytest.approx(1.6)
    assert first.hearing == pytest.approx(0.8)


def test_hearing_is_the_mean_confidence_of_the_words() -> None:
    transcript = spoken(("S1", "Good morning."))
    words = [
        replace(word, confidence=c) for word, c in zip(transcript.words, (0.5, 1), strict=True)
    ]
    (segment,) = segment_transcript("a", replace(transcript, words=tuple(words)))
    assert segment.hearing == 0.75
    assert segment.speaker_confidence == 0.9


def test_a_doubt_of_any_line_is_a_doubt_of_the_segment_the_worst_one_first() -> None:
    transcript = spoken(("S1", "Good morning, who"), ("S1", "shares today?"), ("S1", "Fine."))
    first, second, third = transcript.lines
    lines = (
        replace(first, doubt=Doubt.LOW_CONFIDENCE),
        replace(second, doubt=Doubt.SILENCE),
        third,
    )
    doubted, clear = segment_transcript("a", replace(transcript, lines=lines))
    assert doubted.doubt is Doubt.SILENCE
    assert clear.doubt is None


def test_speech_without_punctuation_is_cut_at_pauses() -> None:
    lines = [("S1", " ".join(["word"] * 12))] * 4
    assert [len(one.split()) for one in said(spoken(*lines, gap_s=0.8))] == [12] * 4
    assert len(said(spoken(*lines, gap_s=0.1))) == 2


def test_speech_without_punctuation_or_pauses_is_cut_after_forty_words() -> None:
    lengths = [len(one.split()) for one in said(spoken((None, " ".join(["word"] * 500))))]
    assert max(lengths) <= 40
    assert sum(lengths) == 500


def test_a_long_silence_always_parts() -> None:
    assert said(spoken(("S1", "So we"), ("S1", "go on"), gap_s=6.0)) == ["So we", "go on"]


def test_captions_without_speakers_or_words_are_segmented() -> None:
    transcript = replace(
        spoken((None, "Good morning everyone. Please"), (None, "sit down.")),
        words=(),
        hearing=HearingReport("captions", None, None, None, 0, 0),
    )
    transcript = replace(
        transcript, lines=tuple(replace(line, hearing=None) for line in transcript.lines)
    )
    assert said(transcript) == ["Good morning everyone.", "Please\nsit down."]
    assert segment_transcript("a", transcript)[0].hearing is None


def test_a_recording_in_which_nobody_speaks_has_no_segments() -> None:
    assert segment_transcript("a", Transcript("", (), (), 60.0, HEARD)) == ()


TOKENS = ["so", "B.", "é\u0301", "👍", "no?", "...", "I,", "a.b", ""]
SPOKEN = st.tuples(
    st.lists(st.tuples(st.sampled_from(TOKENS), st.sampled_from([0.3, 0.3, 1.0, 7.0])), max_size=9),
    st.sampled_from(["S1", "S2", None]),
    st.sampled_from([None, None, *Doubt]),
    st.sampled_from([None, 0.0, 0.5, 1.0]),  # the confidence of its words; null: no timed words
    st.sampled_from(["", " ", "\n", "x "]),  # what follows the line and belongs to none
)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    text, lines, words, now = draw(st.sampled_from(["", " ", "a. "])), [], [], 0.0
    for tokens, speaker, doubt, confidence, after in draw(st.lists(SPOKEN, max_size=6)):
        start, start_s = len(text), now
        for token, seconds in tokens:
            if token and confidence is not None:
                words.append(Word(len(text), len(text) + len(token), now, now + 0.3, confidence))
            now += seconds
            text += token + " "
        lines.append(Line(start, len(text), start_s, now, speaker, None, None, doubt))
        text += after
    return Transcript(text, tuple(lines), tuple(words), now, HEARD)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(transcripts())
def test_segments_of_any_transcript_keep_the_promise(transcript: Transcript) -> None:
    segments = segment_transcript("a", transcript)
    check(transcript.text, segments)
    for one in segments:
        assert one.start_s is not None
        assert one.end_s is not None
        assert 0 <= one.start_s <= one.end_s <= transcript.duration_s + 0.31
        assert one.hearing is None or 0 <= one.hearing <= 1
        speakers = {
            line.speaker
            for line in transcript.lines
            if line.start < one.end
            and line.end > one.start
            and transcript.text[max(line.start, one.start) : min(line.end, one.end)].strip()
        }
        assert len(speakers) <= 1


# -- artifacts


def test_an_artifact_of_a_document_has_its_text_pages_and_segments() -> None:
    document = Document("One. Two.", (PageSpan(1, 0, 9),))
    artifact = artifact_from_document("abc", "plan.pdf", "plans", "f" * 64, document)
    assert (artifact.id, artifact.name, artifact.slot) == ("abc", "plan.pdf", "plans")
    assert (artifact.kind, artifact.sha256) == (ArtifactKind.DOCUMENT, "f" * 64)
    assert [artifact.quote(one.start, one.end) for one in artifact.segments] == ["One.", "Two."]
    assert {one.artifact for one in artifact.segments} == {"abc"}
    assert (artifact.pages, artifact.duration_s, artifact.hearing) == (document.pages, None, None)


def test_the_hearing_report_of_an_artifact_counts_its_segments() -> None:
    transcript = spoken(("S1", "Good morning. Who"), ("S1", "shares? Fine."))
    first, second = transcript.lines
    doubted = replace(transcript, lines=(first, replace(second, doubt=Doubt.REPEATED)))
    artifact = artifact_from_transcript(
        "abc", "talk.mp4", None, ArtifactKind.VIDEO, "f" * 64, doubted
    )
    assert artifact.hearing is not None
    assert (artifact.hearing.segments, artifact.hearing.segments_in_doubt) == (3, 2)
    assert artifact.hearing.share_confident == pytest.approx(2 / 5)
    assert artifact.hearing.voiced_s == 10.0
    assert artifact.duration_s == transcript.duration_s


def test_captions_have_no_share_that_was_heard_with_confidence() -> None:
    report = HearingReport("captions", None, None, None, 0, 0)
    transcript = replace(spoken(("Ms. Brown", "Good morning.")), hearing=report)
    artifact = artifact_from_transcript("a", "t.mp4", None, ArtifactKind.VIDEO, "0", transcript)
    assert artifact.hearing == replace(report, segments=1)
    assert artifact.segments[0].speaker == "Ms. Brown"
