"""Tables, letters, badges and chapters as they leave: harmless, exact, without the machine."""

import csv
import io
import json
from datetime import UTC, datetime

import house_sample as sample
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.export.badge import Award, Evidence, Issuer, badge_json
from reviewer.export.chapters import Chapter, chapters_vtt
from reviewer.export.letter import Letter, Paragraph, letter_docx, letter_html
from reviewer.export.ratings import COLUMNS, RatingRow, ratings_csv
from reviewer.intake.captions import read_captions
from reviewer.review.outcome import Outcome

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def row(**more: object) -> RatingRow:
    values: dict[str, object] = {
        "submission": "s1",
        "attempt": 1,
        "candidate": "C-1",
        "element": "greeting",
        "rater": "ann",
        "rater_type": "evaluator",
        "score": 1.5,
        "phase": "blind",
        "aid": "none",
        "timestamp": AT,
        "rubric_version": "ab",
        "engine_version": None,
        "credential": "c",
        "not_observable": False,
    }
    return RatingRow(**(values | more))  # type: ignore[arg-type]


def cells(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


class TestTable:
    def test_it_has_the_columns_that_the_calibration_reads(self) -> None:
        (found,) = cells(ratings_csv([row()]))
        assert tuple(found) == COLUMNS
        assert (found["score"], found["timestamp"]) == ("1.5", "2026-03-01T12:00:00+00:00")
        assert found["engine_version"] == ""

    def test_not_observable_is_an_empty_score_that_says_so(self) -> None:
        (found,) = cells(ratings_csv([row(score=None, not_observable=True)]))
        assert (found["score"], found["not_observable"]) == ("", "yes")

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
    def test_a_formula_stays_text(self, text: str) -> None:
        (found,) = cells(ratings_csv([row(candidate=text)]))
        assert found["candidate"] == f"'{text}"

    @given(st.text(max_size=30))
    def test_any_text_comes_back_and_never_begins_as_a_formula(self, text: str) -> None:
        (found,) = cells(ratings_csv([row(candidate=text)]).replace(b"\x00", b""))
        assert found["candidate"].removeprefix("'") == text.replace("\x00", "").removeprefix("'")
        assert not found["candidate"].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def letter(words: str, name: str = "C-1") -> Letter:
    return Letter(
        to=name,
        title="Circle Time",
        attempt=1,
        outcome=Outcome.RESUBMISSION_REQUESTED,
        found=[Paragraph("Greeting", "Every child is greeted.")],
        missing=[Paragraph("Sharing", words)],
        carried=["Routine"],
        date="March 1, 2026",
    )


class TestLetter:
    HOSTILE = "<script>alert(1)</script> \u202egnp.exe =1+1 \x00\x1b"

    def test_whatever_was_written_is_text(self) -> None:
        html = letter_html(letter(self.HOSTILE, self.HOSTILE))
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        assert "default-src 'none'" in html

    def test_both_forms_say_the_same_in_the_same_order(self) -> None:
        html = letter_html(letter("Send a video."))
        document = Document(io.BytesIO(letter_docx(letter("Send a video."))))
        said = [one.text for one in document.paragraphs if one.text]
        order = [html.index(part) for part in ("Every child is greeted.", "Routine", "Send a vid")]
        assert order == sorted(order)
        assert said.index("Greeting. Every child is greeted.") < said.index(
            "Sharing. Send a video."
        )

    @given(st.text(max_size=60))
    @settings(max_examples=15, deadline=None)
    def test_any_text_makes_an_office_document_that_opens(self, words: str) -> None:
        Document(io.BytesIO(letter_docx(letter(words, words))))
        letter_html(letter(words, words)).encode()

    @pytest.mark.parametrize("outcome", Outcome)
    def test_every_outcome_has_its_first_sentence(self, outcome: Outcome) -> None:
        from dataclasses import replace

        assert "Circle Time" in replace(letter("x"), outcome=outcome).opening


class TestBadge:
    AWARD = Award(
        "s1",
        "C-1",
        AT,
        {"greeting": 2.0, "routine": 1.0, "sharing": 2.0, "feelings": 1.0, "room": None},
        [Evidence("greeting", "circle.mp4, 0:06", "Good morning, Amara.")],
    )

    def badge(self) -> dict[str, object]:
        made: dict[str, object] = json.loads(
            badge_json(sample.CREDENTIAL, self.AWARD, Issuer("A school", "https://school.example"))
        )
        return made

    def test_it_has_what_the_specification_requires(self) -> None:
        badge = self.badge()
        assert {"@context", "id", "type", "issuer", "validFrom", "credentialSubject"} <= set(badge)
        assert badge["validFrom"] == "2026-03-01T12:00:00Z"
        assert "proof" not in badge

    def test_a_level_that_nobody_could_observe_has_no_result(self) -> None:
        subject = self.badge()["credentialSubject"]
        assert [one["value"] for one in subject["result"]] == ["2", "1", "2", "1"]  # type: ignore[index]

    def test_equal_awards_give_equal_bytes(self) -> None:
        issuer = Issuer("A school", "")
        once = badge_json(sample.CREDENTIAL, self.AWARD, issuer)
        assert once == badge_json(sample.CREDENTIAL, self.AWARD, issuer)

    def test_recognition_and_stack_go_with_it(self) -> None:
        from reviewer.rubric import find_credential
        from reviewer.settings import CHECKOUT

        real = find_credential("morning-meetings-for-sel", CHECKOUT / "rubrics")
        award = Award("s", "C", AT, {one.id: 2.0 for one in real.elements}, [])
        achievement = json.loads(badge_json(real, award, Issuer()))["credentialSubject"][
            "achievement"
        ]
        assert achievement["recognition"][0] == {
            "recognizer": "Tennessee",
            "amount": 5.0,
            "unit": "professional development points",
        }
        assert achievement["stack"]["name"] == "Class Structures to Support SEL"


class TestChapters:
    def test_chapters_rise_and_lie_within_the_recording(self) -> None:
        made = chapters_vtt([Chapter(5, 99, "B -->\nC"), Chapter(1, 2, "A"), Chapter(1, 2, "A")], 9)
        assert made == (
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nA\n\n"
            "00:00:05.000 --> 00:00:09.000\nB --&gt; C\n"
        )
        assert len(read_captions(made.encode(), "x.vtt", 9.0).lines) == 2

    def test_without_evidence_the_file_is_empty_but_whole(self) -> None:
        assert chapters_vtt([], 9.0) == "WEBVTT\n"
