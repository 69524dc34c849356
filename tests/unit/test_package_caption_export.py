"""Transcripts leave as WEBVTT, SRT, JSON and plain text, and WEBVTT comes back as it was."""

import json
import unicodedata

import house_sample
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.export.captions import artifact_vtt, to_json, to_srt, to_txt, to_vtt
from reviewer.intake.artifact import Doubt, HearingReport
from reviewer.intake.captions import read_captions
from reviewer.intake.transcript import Line, Transcript, Word


def transcript(*said: tuple[str | None, str, float, float, Doubt | None]) -> Transcript:
    """A transcript of (speaker, words, start, end, doubt) as recognition would write it."""
    lines: list[Line] = []
    words: list[Word] = []
    text = ""
    for speaker, line, start_s, end_s, doubt in said:
        text += "\n" if text else ""
        begin = len(text)
        text += line
        lines.append(Line(begin, len(text), start_s, end_s, speaker, 0.9, 0.81234567, doubt))
        words.append(Word(begin, begin + len(line.split()[0]), start_s, end_s, 0.87654321))
    hearing = HearingReport("recognition", "en", 4.2, 0.75, len(lines), 1)
    return Transcript(text, tuple(lines), tuple(words), 9.5, hearing, 0.99)


MEETING = transcript(
    ("S1", "Who agrees, R&D <and> why?", 0.5, 2.25, None),
    (None, "Leo: I do", 2.25, 3.0, Doubt.LOW_CONFIDENCE),
    ("S2", "See you --> there", 3661.0004, 3662.9996, None),
)


def spoken(got: Transcript) -> list[tuple[str | None, str, float, float]]:
    return [
        (one.speaker, got.text[one.start : one.end], one.start_s, one.end_s) for one in got.lines
    ]


def test_plain_text_holds_the_spoken_words_alone() -> None:
    assert to_txt(MEETING) == "Who agrees, R&D <and> why?\nLeo: I do\nSee you --> there\n"


def test_webvtt_names_the_voice_and_notes_the_doubt() -> None:
    assert to_vtt(MEETING) == (
        "WEBVTT\nLanguage: en\n\n"
        "00:00:00.500 --> 00:00:02.250\n<v S1>Who agrees, R&amp;D &lt;and&gt; why?</v>\n\n"
        "NOTE ≈ low confidence: the next cue may not be what was said\n\n"
        "00:00:02.250 --> 00:00:03.000\nLeo&#58; I do\n\n"
        "01:01:01.000 --> 01:01:03.000\n<v S2>See you --&gt; there</v>\n"
    )


def test_srt_says_the_speaker_and_the_doubt_in_the_cue() -> None:
    assert to_srt(MEETING) == (
        "1\n00:00:00,500 --> 00:00:02,250\nS1: Who agrees, R&D &lt;and> why?\n\n"
        "2\n00:00:02,250 --> 00:00:03,000\n[≈ low confidence] Leo: I do\n\n"
        "3\n01:01:01,000 --> 01:01:03,000\nS2: See you --&gt; there\n"
    )


def test_srt_without_doubts_reads_back_with_its_speakers() -> None:
    got = transcript(("S1", "Hello &amp; <i>good", 1, 2, None), ("S1", "morning", 2, 3, None))
    back = read_captions(to_srt(got).encode(), "a.srt")
    assert spoken(back) == [("S1", "Hello &amp; <i>good", 1, 2), ("S1", "morning", 2, 3)]


def test_json_holds_everything_with_the_text_of_each_span() -> None:
    got = json.loads(to_json(MEETING))
    assert got["text"] == MEETING.text
    assert got["hearing"]["share_confident"] == 0.75
    second = got["lines"][1]
    assert second == {
        "start": 27, "end": 36, "start_s": 2.25, "end_s": 3.0, "speaker": None,
        "speaker_confidence": 0.9, "hearing": 0.8123, "doubt": "low confidence",
        "text": "Leo: I do",
    }  # fmt: skip
    assert got["text"][second["start"] : second["end"]] == second["text"]
    assert got["words"][2]["text"] == "See"


def test_line_separators_inside_a_line_do_not_break_the_row() -> None:
    odd = transcript((None, "one\u2028two\x85three\nfour", 0, 1, None))
    assert to_txt(odd) == "one two three four\n"
    assert to_vtt(odd).endswith("\none two three four\n")


CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
CAPTION_LIKE = st.lists(
    st.sampled_from(
        ["<v Ana>", "</v>", "<i>", "&amp;", "&lt;", "-->", "Ana: ", "Ms. Brown: ", ">> ", "{\\an8}",
         "NOTE", "1", "00:01.000 --> 00:02.000", "word", " ", "&#58;", "WEBVTT"]
    ),
    max_size=6,
).map("".join)  # fmt: skip


def as_spoken(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


WORDS = st.one_of(st.text(CHARACTERS, max_size=40), CAPTION_LIKE).map(as_spoken).filter(bool)
NAMES = st.one_of(st.none(), st.text(CHARACTERS, max_size=20).map(
    lambda name: " ".join(unicodedata.normalize("NFC", name).split()) or None
))  # fmt: skip
STEPS = st.integers(0, 5_000_000)


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, WORDS, STEPS, STEPS), min_size=1, max_size=8))
def test_webvtt_read_back_gives_the_same_words_times_and_speakers(
    said: list[tuple[str | None, str, int, int]],
) -> None:
    start_ms = 0
    lines = []
    for speaker, text, step, length in said:
        start_ms += step
        lines.append((speaker, text, start_ms / 1000, (start_ms + length) / 1000, None))
    back = read_captions(to_vtt(transcript(*lines)).encode(), "a.vtt")
    assert spoken(back) == [line[:4] for line in lines]


@pytest.mark.parametrize("seconds", [0, 0.0004, 59.9996, 3599.9999, 360_000.5])
def test_times_carry_when_they_round_up(seconds: float) -> None:
    got = read_captions(to_vtt(transcript((None, "a", seconds, seconds, None))).encode(), "a.vtt")
    assert got.lines[0].start_s == round(seconds, 3)


class TestTrackOfThePlayer:
    """`artifact_vtt`: the lines of an artifact as a player shows them."""

    def test_words_times_and_voices_come_back(self) -> None:
        artifact = house_sample.VIDEO
        track = read_captions(artifact_vtt(artifact).encode(), "track.vtt", artifact.duration_s)
        assert [(line.start_s, line.end_s, line.speaker) for line in track.lines] == [
            (one.start_s, one.end_s, one.speaker) for one in artifact.segments
        ]

    def test_what_was_badly_heard_says_so(self) -> None:
        artifact = house_sample.VIDEO
        doubted = sum(one.doubt is not None for one in artifact.segments)
        assert doubted
        assert artifact_vtt(artifact).count("≈") == doubted

    def test_hostile_words_stay_one_cue_of_text(self) -> None:
        words = "<script>x</script> 00:01.000 --> 00:02.000 & so on"
        hostile = house_sample.recording("bad.mp4", "videos", 9.0, (1.0, "<v Eve>", words))
        track = artifact_vtt(hostile)
        assert "<script" not in track
        assert track.count("-->") == 1
        (line,) = read_captions(track.encode(), "track.vtt", 9.0).lines
        assert line.start_s == 1.0

    def test_a_document_has_no_lines(self) -> None:
        assert artifact_vtt(house_sample.PLANS) == "WEBVTT\n"
