"""Captions come in as they were written: words untouched, voices named, exact times."""

import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reviewer.errors import CaptionError, UnreadableEncoding
from reviewer.intake.artifact import ArtifactKind
from reviewer.intake.assembling import artifact_from_transcript
from reviewer.intake.captions import read_captions
from reviewer.intake.transcript import Transcript


def read(text: str, name: str = "video1.vtt") -> Transcript:
    return read_captions(text.encode(), name)


def spoken(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Speaker and words of each line."""
    return [(line.speaker, transcript.text[line.start : line.end]) for line in transcript.lines]


def words(transcript: Transcript) -> list[str]:
    return [said for _, said in spoken(transcript)]


def times(transcript: Transcript) -> list[tuple[float, float]]:
    return [(line.start_s, line.end_s) for line in transcript.lines]


TEAMS = """WEBVTT

8f1c2f6e-0d7b-4c57-9a53-2f4b8a1d9e10/12-0
00:00:03.120 --> 00:00:05.480
<v Ms. Brown>Good morning, everyone.
Who would like to begin?</v>

8f1c2f6e-0d7b-4c57-9a53-2f4b8a1d9e10/14-0
00:00:05.900 --> 00:00:07.000
<v Leo Q.>Me!</v>
"""
ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.500
Ms. Brown: Good morning, everyone.

2
00:00:03.600 --> 00:00:06.000
Leo: I saw a heron: it was enormous.

3
00:00:06.100 --> 00:00:07.000
Ms. Brown: Thank you.
"""
WEBEX = """WEBVTT

1 "Ana Brown" (3539300)
00:00:01.000 --> 00:00:03.500
Good morning, everyone.

2 "Leo Quill" (3539301)
00:00:03.600 --> 00:00:06.000
Time: ten o'clock.
"""
SRT = """1
00:00:01,000 --> 00:00:03,500
Good morning,
everyone.

2
00:00:03,600 --> 00:00:06,000
<i>Hello.</i>
"""


class TestSpeakersAsMeetingRecordersWriteThem:
    def test_teams_puts_the_voice_around_the_words(self) -> None:
        assert spoken(read(TEAMS)) == [
            ("Ms. Brown", "Good morning, everyone. Who would like to begin?"),
            ("Leo Q.", "Me!"),
        ]

    def test_zoom_puts_the_name_before_the_words(self) -> None:
        assert spoken(read(ZOOM)) == [
            ("Ms. Brown", "Good morning, everyone."),
            ("Leo", "I saw a heron: it was enormous."),
            ("Ms. Brown", "Thank you."),
        ]

    def test_webex_puts_the_name_into_the_identifier_and_then_prefixes_are_words(self) -> None:
        assert spoken(read(WEBEX)) == [
            ("Ana Brown", "Good morning, everyone."),
            ("Leo Quill", "Time: ten o'clock."),
        ]

    def test_an_identifier_that_recurs_and_looks_like_a_name_is_the_speaker(self) -> None:
        text = "WEBVTT\n" + "".join(
            f"\n{who}\n00:0{n}.000 --> 00:0{n}.900\n{said}\n"
            for n, (who, said) in enumerate(
                [("Speaker 1", "Hi."), ("Speaker 2", "Hello."), ("Speaker 1", "So.")]
            )
        )
        # "Speaker 2" stands once: an identifier is meant to be unique, so nothing follows from it
        assert spoken(read(text)) == [("Speaker 1", "Hi."), (None, "Hello."), ("Speaker 1", "So.")]

    @pytest.mark.parametrize(
        "tag",
        ["<v Ms. Brown>", "<v.loud Ms. Brown>", "<v.loud.first  Ms.  Brown >", "<V Ms.\nBrown>"],
    )
    def test_a_voice_tag_may_have_classes_and_loose_white_space(self, tag: str) -> None:
        got = spoken(read(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{tag}Sit down, please.\n"))
        assert got == [("Ms. Brown", "Sit down, please.")]

    def test_a_voice_name_decodes_its_entities(self) -> None:
        got = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana &amp; Leo>We agree.\n")
        assert spoken(got) == [("Ana & Leo", "We agree.")]

    def test_several_voices_in_one_cue_become_lines_with_the_same_times(self) -> None:
        got = read(
            "WEBVTT\n\n00:01.000 --> 00:04.000\n"
            "<v Ms. Brown>Who agrees?</v> <v Leo>I do.</v>\n<v Ana>Me too</v> (laughter)\n"
        )
        assert spoken(got) == [
            ("Ms. Brown", "Who agrees?"),
            ("Leo", "I do."),
            ("Ana", "Me too"),
            (None, "(laughter)"),
        ]
        assert set(times(got)) == {(1.0, 4.0)}

    def test_two_prefixed_rows_of_one_cue_are_two_speakers(self) -> None:
        got = read(
            "1\n00:00:01,000 --> 00:00:04,000\nTeacher: Who agrees?\nand why?\nStudent 2: I do.\n"
        )
        assert spoken(got) == [("Teacher", "Who agrees? and why?"), ("Student 2", "I do.")]

    def test_a_name_alone_on_its_row_speaks_the_rows_below(self) -> None:
        got = read("1\n00:00:01,000 --> 00:00:04,000\n>> MS. BROWN:\nWho agrees?\n")
        assert spoken(got) == [("MS. BROWN", "Who agrees?")]

    def test_a_pupil_who_speaks_once_is_named_where_the_file_has_the_habit(self) -> None:
        assert ("Leo", "I saw a heron: it was enormous.") in spoken(read(ZOOM))

    @pytest.mark.parametrize(
        "said",
        [
            "Time: 10 o'clock",
            "Question: who was kind today?",
            "Remember: we listen first.",
            "The three rules are: listen, wait, answer.",
            "so here it is: a heron",
            "Leo: I disagree",  # once, and nothing else in the file is prefixed
            "12:30 is lunch",
            "Look at https://example.org",
        ],
    )
    def test_what_is_not_surely_a_name_stays_in_the_words(self, said: str) -> None:
        text = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{said}\n\n00:03.000 --> 00:04.000\nYes.\n"
        assert spoken(read(text))[0] == (None, said)

    def test_a_common_lead_in_that_recurs_is_no_speaker(self) -> None:
        text = "WEBVTT\n" + "".join(
            f"\n00:0{n}.000 --> 00:0{n}.900\nQuestion: number {n}?\n" for n in range(4)
        )
        assert {speaker for speaker, _ in spoken(read(text))} == {None}

    def test_where_voices_are_tagged_a_prefix_is_speech(self) -> None:
        got = read(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Leo: please sit.</v>\n\n"
            "00:03.000 --> 00:04.000\nLeo: why?\n"
        )
        assert spoken(got) == [("Ana", "Leo: please sit."), (None, "Leo: why?")]

    def test_a_row_without_a_prefix_in_another_cue_has_no_speaker(self) -> None:
        got = read(
            "1\n00:00:01,000 --> 00:00:02,000\nMs. Brown: Good morning.\n\n"
            "2\n00:00:02,000 --> 00:00:03,000\nGood morning.\n"
        )
        assert spoken(got) == [("Ms. Brown", "Good morning."), (None, "Good morning.")]


class TestWordsAreChangedByNothingButDecoding:
    def test_a_change_of_speaker_is_a_newline_and_going_on_is_a_space(self) -> None:
        assert read(ZOOM).text == (
            "Good morning, everyone.\nI saw a heron: it was enormous.\nThank you."
        )
        assert read(SRT).text == "Good morning, everyone. Hello."

    def test_tags_are_markup_and_other_angle_brackets_are_not(self) -> None:
        got = read(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n"
            "<i>one</i> <b.x>two</b> <c.a.b>three</c> <00:00:01.500>four <lang en>five</lang> "
            "<ruby>six<rt>VI</rt></ruby> 3 < 4 and 5 > 4 <laughs>\n"
        )
        assert words(got) == ["one two three four five sixVI 3 < 4 and 5 > 4 <laughs>"]

    def test_srt_tags_and_placement_codes_are_markup(self) -> None:
        got = read("1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color='#fff'>Hello</font>{hm}\n")
        assert words(got) == ["Hello{hm}"]

    def test_entities_are_decoded_once_and_only_with_their_semicolon(self) -> None:
        got = read(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n"
            "Q&A &amp; R&amp;D &lt;i&gt; &nbsp;a&nbsp;b&lrm; &amp;lt; "
            "&copy that &#65;&#x42; &bogus;\n"
        )
        assert words(got) == ["Q&A & R&D <i> \xa0a\xa0b\u200e &lt; &copy that AB &bogus;"]

    def test_letters_are_composed(self) -> None:
        assert words(read("WEBVTT\n\n00:01.000 --> 00:02.000\nJose\u0301\n")) == ["Jos\xe9"]

    def test_comments_styles_regions_and_settings_are_not_spoken(self) -> None:
        got = read(
            "WEBVTT - Morning meeting\nKind: captions\nLanguage: en-US\n\n"
            "STYLE\n::cue { color: lime }\n\nREGION\nid:fred\n\nNOTE made by hand\n\n"
            "first\n00:00.000 --> 00:01.000 align:start position:0%\nNOTE this is said\n\n"
            "NOTE\nnot said,\nnor this\n\n00:01.000 --> 00:02.000\nBye.\n\nNOTE end\n"
        )
        assert words(got) == ["NOTE this is said", "Bye."]
        assert got.hearing.language == "en-us"

    def test_note_at_the_start_of_a_row_of_srt_is_spoken(self) -> None:
        assert words(read("00:01,000 --> 00:02,000\nOne\n\nNOTE well\n")) == ["One NOTE well"]

    def test_rows_after_a_blank_line_still_belong_to_their_cue(self) -> None:
        got = read(
            "1\n00:00:01,000 --> 00:00:02,000\nOne\n\ntwo\n\n"
            "2\n00:00:02,000 --> 00:00:03,000\nThree\n"
        )
        assert words(got) == ["One two", "Three"]

    def test_rolling_captions_are_read_once(self) -> None:
        rows = ["good morning everyone", "please sit down", "who would like", "to begin today"]
        cues = [f"00:0{n}.000 --> 00:0{n + 1}.000\n" for n in range(9)]
        roll_up = "WEBVTT\n\n" + "\n".join(
            cues[n] + "\n".join(rows[max(0, n - 1) : n + 1]) + "\n" for n in range(4)
        )
        assert words(read(roll_up)) == rows
        every_other = "WEBVTT\n\n"
        for n, row in enumerate(rows):
            above = rows[n - 1] if n else " "
            new = row.replace(" ", " <00:00:01.500><c>", 1) + "</c>"
            every_other += f"{cues[2 * n]}{above}\n{new}\n\n{cues[2 * n + 1]}{row}\n \n\n"
        assert words(read(every_other)) == rows

    def test_a_circle_that_repeats_its_greeting_keeps_every_word(self) -> None:
        text = "WEBVTT\n" + "".join(
            f"\n00:0{n}.000 --> 00:0{n + 1}.000\nGood morning.\n" for n in range(6)
        )
        assert words(read(text)) == ["Good morning."] * 6


class TestTimes:
    def test_hours_are_optional_and_fractions_have_a_dot_or_a_comma(self) -> None:
        got = read(
            "WEBVTT\n\n00:01.000 --> 00:02,5\na\n\n1:00:00.25 --> 100:00:00\nb\n\n"
            "100:00:00.001 --> 100:00:00.002\nc\n"
        )
        assert times(got) == [(1.0, 2.5), (3600.25, 360000.0), (360000.001, 360000.002)]

    def test_cues_out_of_order_are_sorted_and_equal_starts_keep_their_order(self) -> None:
        got = read(
            "WEBVTT\n\n00:05.000 --> 00:06.000\nc\n\n00:01.000 --> 00:09.000\na\n\n"
            "00:01.000 --> 00:02.000\nb\n"
        )
        assert words(got) == ["a", "b", "c"]
        assert times(got) == [(1.0, 9.0), (1.0, 2.0), (5.0, 6.0)]

    def test_a_cue_without_length_is_kept_and_one_without_words_is_not(self) -> None:
        got = read("WEBVTT\n\n00:01.000 --> 00:01.000\na\n\n00:02.000 --> 00:03.000\n&nbsp;\n")
        assert (words(got), times(got)) == (["a"], [(1.0, 1.0)])

    def test_the_duration_is_that_of_the_recording_or_the_end_of_the_last_cue(self) -> None:
        assert read(SRT).duration_s == 6.0
        assert read_captions(SRT.encode(), "a.srt", 61.5).duration_s == 61.5

    def test_words_have_the_times_of_their_cue_and_nobody_heard_them(self) -> None:
        got = read(SRT)
        assert [got.text[word.start : word.end] for word in got.words] == [
            "Good", "morning,", "everyone.", "Hello."
        ]  # fmt: skip
        assert {(word.start_s, word.end_s, word.confidence) for word in got.words} == {
            (1.0, 3.5, None),
            (3.6, 6.0, None),
        }
        assert (got.hearing.source, got.hearing.share_confident) == ("captions", None)


class TestSegments:
    def test_a_sentence_over_two_cues_is_one_segment_of_its_speaker_with_both_times(self) -> None:
        got = read(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ms. Brown>What we do is</v>\n\n"
            "00:02.000 --> 00:03.000\n<v Ms. Brown>sit in a circle. Ready?</v>\n\n"
            "00:03.000 --> 00:04.000\n<v Leo>Yes.</v>\n"
        )
        kind = ArtifactKind.VIDEO
        artifact = artifact_from_transcript("a", "a.mp4", None, kind, "0" * 64, got)
        found = [
            (one.speaker, artifact.quote(one.start, one.end), one.start_s, one.end_s, one.hearing)
            for one in artifact.segments
        ]
        assert found == [
            ("Ms. Brown", "What we do is sit in a circle.", 1.0, 3.0, None),
            ("Ms. Brown", "Ready?", 2.0, 3.0, None),
            ("Leo", "Yes.", 3.0, 4.0, None),
        ]
        assert [one.paragraph for one in artifact.segments] == [0, 0, 1]


class TestLooseFiles:
    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_any_newline_and_a_byte_order_mark(self, newline: str, mark: str) -> None:
        for text, name in ((TEAMS, "a.vtt"), (SRT, "a.srt")):
            got = read_captions((mark + text.replace("\n", newline)).encode(), name)
            assert got == read_captions(text.encode(), name)

    def test_utf_16_with_its_mark(self) -> None:
        assert read_captions(SRT.encode("utf-16"), "a.srt") == read(SRT)

    def test_the_format_is_told_by_content_not_by_name(self) -> None:
        assert read(SRT, "a.vtt") == read(SRT, "a.srt")
        assert read(TEAMS, "a.srt") == read(TEAMS, "a.vtt")

    def test_missing_blank_lines_and_numbers_are_understood(self) -> None:
        tight = SRT.replace("\n\n", "\n")
        assert read(tight) == read(SRT)
        bare = tight.removeprefix("1\n").replace("\n2\n", "\n")
        assert read(bare) == read(SRT)
        assert read(TEAMS.replace("\n\n", "\n")) == read(TEAMS)
        assert read(WEBEX.replace("\n\n", "\n")) == read(WEBEX)

    def test_a_spoken_number_at_the_end_of_a_cue_is_not_the_next_number(self) -> None:
        got = read("00:01,000 --> 00:02,000\nHow many?\n12\n00:02,000 --> 00:03,000\nYes.\n")
        assert words(got) == ["How many? 12", "Yes."]

    def test_a_time_of_day_in_speech_is_not_a_cue(self) -> None:
        got = read(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n10:30-11:45, circle time\n--- > then lunch\n"
        )
        assert words(got) == ["10:30-11:45, circle time --- > then lunch"]


class TestMalformedFilesNameTheLine:
    @pytest.mark.parametrize(
        ("text", "line", "what"),
        [
            ("WEBVTT\n\n00:75:00.000 --> 00:76:00.000\na\n", 3, "“00:75:00.000” is not a time"),
            ("WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:0x --> 1\nb", 6, None),
            ("WEBVTT\n\n00:01.000 -->\na\n", 3, "a time is missing"),
            ("WEBVTT\n\n--> 00:01.000\na\n", 3, "a time is missing"),
            ("WEBVTT\n\n00:05.000 --> 00:02.000\na\n", 3, "ends at 00:02.000, before it starts"),
            ("1\n00:00:01,000 -> 00:00:02,000\na\n", 2, "not joined by -->"),
            ("1\n00:00:01,000 --&gt; 00:00:02,000\na\n", 2, "not joined by -->"),
            ("My captions\n\n1\n00:00:01,000 --> 00:00:02,000\na\n", 1, "before the first time"),
            ("WEBVTT\n\n1\n00:00:01,000 --> 00:00:02.000.5\na\n", 4, "is not a time"),
        ],
    )
    def test_with_what_is_wrong_and_what_to_do(
        self, text: str, line: int, what: str | None
    ) -> None:
        if what is None:  # a line that does not even begin like a time is taken for speech
            assert words(read(text)) == ["a 00:0x --> 1 b"]
            return
        with pytest.raises(CaptionError) as caught:
            read(text)
        sentence = str(caught.value)
        assert f"video1.vtt, line {line}: " in sentence
        assert what in sentence
        assert "\n" not in sentence

    @pytest.mark.parametrize(
        "text", ["", "WEBVTT", "WEBVTT\n\nNOTE nothing\n", "Hello\n", "1\n\n2\n"]
    )
    def test_a_file_without_a_cue_is_refused(self, text: str) -> None:
        with pytest.raises(CaptionError, match="without a single cue"):
            read(text)

    def test_a_file_without_a_word_is_refused(self) -> None:
        with pytest.raises(CaptionError, match="times but no words"):
            read("WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>\n")

    def test_bytes_in_no_encoding_that_can_be_told_are_refused(self) -> None:
        with pytest.raises(UnreadableEncoding, match=r"video1\.vtt .* save the captions again"):
            read_captions(b"WEBVTT\n\n\x81\x00\x8d", "video1.vtt")


CUE_LIKE = st.lists(
    st.sampled_from(
        ["WEBVTT", "\n", "\r\n", " ", "00:01.000", "0:00:02,5", " --> ", "-->", "<v Ana>", "</v>",
         "<", ">", "&", "&amp;", "&#55296;", "&#0;", "Ana: ", "Ms. Brown: ", "NOTE", "STYLE", "1",
         "hello", "\u0301", "\x85", "\u2028", "\0", "é", '1 "Ana" (7)', "{\\an8}", ":", "<br>",
         "99:99.999"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


class TestAnyBytes:
    @settings(deadline=None)
    @given(st.one_of(st.binary(), st.text().map(str.encode), CUE_LIKE.map(str.encode)))
    @example(b"\xff\xfeW")
    @example(b"WEBVTT\n-->")
    def test_end_in_a_transcript_whose_spans_are_exact_or_in_a_caption_error(
        self, data: bytes
    ) -> None:
        try:
            got = read_captions(data, "a.vtt")
        except (CaptionError, UnreadableEncoding):
            return
        position = 0
        for line in got.lines:
            said = got.text[line.start : line.end]
            assert said == said.strip() != ""
            assert len(said.splitlines()) == 1
            assert got.text[position : line.start] in ("", " ", "\n")
            assert 0 <= line.start_s <= line.end_s
            position = line.end
        assert position == len(got.text)
        starts = [line.start_s for line in got.lines]
        assert starts == sorted(starts)
        assert [got.text[word.start : word.end] for word in got.words] == got.text.split()
        assert unicodedata.is_normalized("NFC", got.text)

    @pytest.mark.parametrize(
        "body",
        ["<" * 60_000, "<v " * 20_000, "<c" + ".a" * 30_000, "<v" + " " * 60_000, "&#" * 30_000,
         "a\u0301\u0316" * 3, "a" + "\u0301\u0316" * 20_000, "{\\" * 30_000, "1" * 60_000 + "-->",
         "11:11.1" + "-" * 60_000, "Ana:" * 15_000, "\n" * 60_000, "a\n\n" * 6_000],
        ids=range(13),
    )  # fmt: skip
    def test_a_hostile_file_is_read_in_a_time_that_grows_with_its_length(self, body: str) -> None:
        begun = time.process_time()
        with suppress(CaptionError):
            read(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{body}")
        assert time.process_time() - begun < 2
