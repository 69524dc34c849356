"""The completeness check speaks to the candidate; files find their slots for a stated reason."""

from typing import Any

import pytest

from reviewer.intake.artifact import ArtifactKind, Problem
from reviewer.intake.completeness import completeness
from reviewer.intake.package.slots import assign
from reviewer.intake.submitted import SubmittedFile
from reviewer.rubric.model import Credential


def credential(*slots: dict[str, Any], title: str = "Morning Meetings for SEL") -> Credential:
    levels = [{"value": 0, "descriptor": "No."}, {"value": 1, "descriptor": "Yes."}]
    return Credential.model_validate(
        {
            "id": "some",
            "version": "1",
            "title": title,
            "slots": slots,
            "elements": [{"id": "one", "title": "One", "levels": levels}],
        }
    )


def submitted(
    name: str,
    slot: str | None = None,
    kind: ArtifactKind | None = ArtifactKind.DOCUMENT,
    minutes: float | None = None,
    problem: bool = False,
) -> SubmittedFile:
    return SubmittedFile(
        id=name,
        name=name,
        path=None,
        size=1,
        sha256="0" * 64,
        kind=kind,
        duration_s=None if minutes is None else minutes * 60,
        slot=slot,
        problem=Problem("Encrypted", f"{name} is locked.") if problem else None,
    )


PLANS = {"id": "plans", "title": "Activity plans", "max": 5}
VIDEOS = {"id": "videos", "title": "Classroom videos", "kind": "video", "min": 3, "max": 3}
STATEMENT = {"id": "why", "title": "Justification statement", "max": 1, "max_words": 500}
ESSAY = {"id": "e", "title": "Essay 1: my own lens", "max": 1, "min_words": 400, "max_words": 600}
MEETING = {
    "id": "m", "title": "Meeting recording", "kind": "recording", "max": 2,
    "min_minutes": 10, "max_minutes": 60, "captions": True,
}  # fmt: skip


def said(slot: dict[str, Any], *files: SubmittedFile, **words: int) -> list[tuple[str, str]]:
    found = completeness(credential(slot), files, words or None)
    return [(one.kind, one.message) for one in found]


class TestMissing:
    @pytest.mark.parametrize(
        ("slot", "sentence"),
        [
            (
                PLANS,
                "Your activity plans are missing: please add 1 to 5 documents (for example a PDF "
                "or Word file).",
            ),
            (
                STATEMENT,
                "Your justification statement is missing: please add 1 document (for example a "
                "PDF or Word file).",
            ),
            (
                VIDEOS,
                "Your classroom videos are missing: please add 3 videos (for example an MP4 file).",
            ),
            (
                ESSAY,
                "Your “Essay 1: my own lens” is missing: please add 1 document (for example a PDF "
                "or Word file).",
            ),
            (
                {"id": "x", "title": "SEL notes", "min": 2},
                "Your SEL notes are missing: please add at least 2 documents (for example a PDF or "
                "Word file).",
            ),
        ],
    )
    def test_an_empty_slot_says_what_to_add(self, slot: dict[str, Any], sentence: str) -> None:
        assert said(slot) == [("missing", sentence)]

    def test_an_optional_slot_may_be_empty(self) -> None:
        assert said({**PLANS, "required": False}) == []
        assert said({**PLANS, "min": 0}) == []

    def test_too_few_says_how_many_more(self) -> None:
        files = [submitted(f"v{n}", "videos", ArtifactKind.VIDEO) for n in range(2)]
        assert said(VIDEOS, *files) == [
            (
                "missing",
                "Your classroom videos: 2 videos, but at least 3 are needed: please add 1 more.",
            )
        ]

    def test_a_file_that_cannot_be_read_does_not_count(self) -> None:
        assert said(PLANS, submitted("plan.pdf", "plans", problem=True)) == [
            (
                "missing",
                "Your activity plans are missing (plan.pdf could not be read and does not count): "
                "please add 1 to 5 documents (for example a PDF or Word file).",
            )
        ]

    def test_a_recording_without_the_captions_it_must_come_with(self) -> None:
        file = submitted("a.mp4", "m", ArtifactKind.VIDEO, minutes=20)
        assert said(MEETING, file) == [
            (
                "missing",
                "a.mp4 came without captions: please add the WEBVTT or SRT file that your meeting "
                "software wrote.",
            )
        ]

    def test_a_second_attempt_brings_only_what_changed(self) -> None:
        files = [submitted("new.mp4", "videos", ArtifactKind.VIDEO)]
        found = completeness(credential(VIDEOS, PLANS), files, attempt=2)
        assert [(one.kind, one.message) for one in found] == [
            ("ok", "Classroom videos: 1 video."),
            ("ok", "Activity plans: nothing new in this attempt."),
        ]


class TestTooManyAndTheWrongKind:
    def test_too_many_says_how_many_to_take_out(self) -> None:
        files = [submitted(f"{n}.pdf", "why") for n in range(3)]
        assert said(STATEMENT, *files) == [
            (
                "too_many",
                "Your justification statement: 3 documents, but at most 1 is wanted: please take "
                "out 2.",
            )
        ]

    def test_a_document_among_videos_does_not_count(self) -> None:
        one_video = {**VIDEOS, "min": 1}
        got = said(
            one_video,
            submitted("a.pdf", "videos"),
            submitted("b.mp4", "videos", ArtifactKind.VIDEO),
        )
        assert got == [
            (
                "wrong_kind",
                "a.pdf is a document, but your classroom videos must be videos (for example an MP4 "
                "file): please replace it.",
            )
        ]

    def test_a_file_in_no_slot_is_said(self) -> None:
        (ok, unassigned) = completeness(
            credential(PLANS), [submitted("a.pdf", "plans"), submitted("b.pdf")]
        )
        assert (ok.slot, ok.kind, ok.message) == ("plans", "ok", "Activity plans: 1 document.")
        assert (unassigned.slot, unassigned.kind) == (None, "unassigned")
        assert "b.pdf was not assigned" in unassigned.message


class TestLengths:
    @pytest.mark.parametrize(
        ("words", "kind", "part"),
        [
            (399, "too_short", "has 399 words, but your “Essay 1: my own lens” must have at least"),
            (400, "ok", "1 document"),
            (600, "ok", "1 document"),
            (601, "too_long", "may have at most 600 words: please send a shorter version."),
        ],
    )
    def test_of_a_document_in_words(self, words: int, kind: str, part: str) -> None:
        ((found, message),) = said(ESSAY, submitted("essay", "e"), essay=words)
        assert found == kind
        assert part in message

    def test_of_a_document_that_was_not_read_yet_are_not_judged(self) -> None:
        assert [kind for kind, _ in said(ESSAY, submitted("essay", "e"))] == ["ok"]

    @pytest.mark.parametrize(
        ("minutes", "kind", "part"),
        [(9.5, "too_short", "9 min 30 s"), (10, "ok", ""), (61, "too_long", "61 min 0 s")],
    )
    def test_of_a_recording_in_minutes(self, minutes: float, kind: str, part: str) -> None:
        slot = {**MEETING, "captions": False}
        ((found, message),) = said(slot, submitted("a", "m", ArtifactKind.AUDIO, minutes))
        assert found == kind
        assert part in message


class TestAssigning:
    THREE = credential(
        PLANS,
        STATEMENT,
        {"id": "structure-design", "title": "Morning-meeting structure design", "max": 1},
    )
    ESSAYS = credential(
        {"id": "observation-notes", "title": "Observation notes", "min": 2, "max": 6},
        {"id": "essay-my-lens", "title": "Essay 1: my own lens", "max": 1},
        {"id": "essay-my-classroom", "title": "Essay 2: what changed", "max": 1},
        title="Anti-bias Instruction",
    )

    def placed(self, wanted: Credential, *names: str) -> dict[str, str | None]:
        files, messages = assign(wanted, [submitted(name) for name in names], {})
        assert sum(any(one.name in said for said in messages) for one in files) == len(files)
        return {one.name: one.slot for one in files}

    def test_by_the_words_of_the_name_and_its_folder_but_not_those_of_the_credential(self) -> None:
        assert self.placed(
            self.THREE, "plans/a.docx", "MorningMeetingPlan.docx", "my_statement.pdf", "Design.odt"
        ) == {
            "plans/a.docx": "plans",
            "MorningMeetingPlan.docx": "plans",
            "my_statement.pdf": "why",
            "Design.odt": "structure-design",
        }

    def test_numbers_decide_between_slots_that_share_a_word(self) -> None:
        assert self.placed(
            self.ESSAYS, "essay1.docx", "Essay 2 final.docx", "notes 1.pdf", "notes 2.pdf"
        ) == {
            "essay1.docx": "essay-my-lens",
            "Essay 2 final.docx": "essay-my-classroom",
            "notes 1.pdf": "observation-notes",
            "notes 2.pdf": "observation-notes",
        }

    def test_what_says_nothing_goes_to_the_one_slot_that_still_lacks_a_file(self) -> None:
        assert self.placed(self.THREE, "scan0001.pdf", "my plan.docx", "design.docx") == {
            "scan0001.pdf": "why",
            "my plan.docx": "plans",
            "design.docx": "structure-design",
        }

    def test_then_to_the_one_with_room(self) -> None:
        placed = self.placed(self.THREE, "plan.docx", "design.docx", "statement.docx", "x.docx")
        assert placed["x.docx"] == "plans"

    def test_what_could_be_either_stays_open_and_is_said(self) -> None:
        files, messages = assign(self.ESSAYS, [submitted("essay.docx")], {})
        assert files[0].slot is None
        assert messages[0] == (
            "essay.docx was not assigned: it could be “Observation notes” or “Essay 1: my own "
            "lens” or “Essay 2: what changed”."
        )

    def test_two_essays_that_do_not_say_which_stay_open(self) -> None:
        placed = self.placed(self.ESSAYS, "essay.docx", "my essay.docx", "n1.docx")
        assert placed["essay.docx"] is placed["my essay.docx"] is None

    def test_no_slot_takes_the_kind(self) -> None:
        files, messages = assign(self.THREE, [submitted("a.mp4", kind=ArtifactKind.VIDEO)], {})
        assert files[0].slot is None
        assert "no slot takes its kind" in messages[0]

    def test_what_was_declared_is_done_and_the_rest_is_assigned_around_it(self) -> None:
        files, messages = assign(
            self.THREE,
            [submitted("plan.docx"), submitted("b.docx"), submitted("bad.docx", problem=True)],
            {"plan.docx": ("why", "submission.yaml, line 3"), "bad.docx": ("plans", "line 9")},
        )
        assert {one.name: one.slot for one in files} == {
            "plan.docx": "why",
            "b.docx": "structure-design",
            "bad.docx": "plans",
        }  # the plans are there, though they cannot be read: only the design still lacked a file
        assert messages[0] == (
            "plan.docx counts as “Justification statement”, as submission.yaml, line 3 says."
        )
