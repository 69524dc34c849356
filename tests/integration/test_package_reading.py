"""A submission's folder is looked through: real files, good and bad, and nothing outside of it."""

import os
import re
import shutil
import socket
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

import av
import docx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.errors import ConsentMissing, NothingReviewed, SubmissionError
from reviewer.intake.artifact import ArtifactKind
from reviewer.intake.limits import Limits
from reviewer.intake.package import Package, read_package
from reviewer.intake.package.examine import examine
from reviewer.intake.package.folder import Entry
from reviewer.intake.package.looking import look
from reviewer.intake.sniff import ContentKind
from reviewer.intake.submitted import SubmittedFile
from reviewer.rubric.model import Credential

DOCS = Path(__file__).resolve().parents[2] / "docs"
VTT = "WEBVTT\n\n00:00.000 --> 00:00.500\n<v Ms. Brown>Good morning, everyone.</v>\n"

MORNING_MEETINGS = Credential.model_validate(
    {
        "id": "morning-meetings",
        "version": "1",
        "title": "Morning Meetings for SEL",
        "slots": [
            {"id": "classroom-videos", "title": "Classroom videos", "kind": "video", "max": 6},
            {"id": "activity-plans", "title": "Activity plans", "max": 5},
            {"id": "justification-statement", "title": "Justification statement", "max": 1},
            {"id": "structure-design", "title": "Morning-meeting structure design", "max": 1},
        ],
        "elements": [
            {
                "id": "share",
                "title": "Share",
                "levels": [{"value": 0, "descriptor": "No."}, {"value": 1, "descriptor": "Yes."}],
            }
        ],
    }
)
BARE = MORNING_MEETINGS.model_copy(update={"slots": ()})


def write_docx(path: Path, text: str = "") -> None:
    document = docx.Document()
    document.add_paragraph(text or f"This is {path.name}, and each pupil has a turn.")
    document.save(str(path))


def write_wav(path: Path, seconds: float = 1.0, tone: int = 440) -> None:
    rate = 16_000
    wavelength = np.sin(np.arange(int(rate * seconds)) * tone * 2 * np.pi / rate)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes((wavelength * 9_000).astype("<i2").tobytes())


def write_video(path: Path, tone: int = 440) -> None:
    """A second of a gray picture with a tone, as mp4."""
    with av.open(str(path), "w", format="mp4") as container:
        picture = container.add_stream("h264", rate=10)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("aac", rate=16_000, layout="mono")
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 128, np.uint8), format="rgb24")
            frame.pts = number
            container.mux(picture.encode(frame))
        samples = np.sin(np.arange(16_000) * tone * 2 * np.pi / 16_000).astype(np.float32)
        heard = av.AudioFrame.from_ndarray(samples[None, :], format="fltp", layout="mono")
        heard.sample_rate = 16_000
        container.mux(sound.encode(heard))
        for stream in (picture, sound):
            container.mux(stream.encode(None))


class Opened:
    """The files that Python opens under a folder while it is watched."""

    folder: str | None = None
    names: ClassVar[list[str]] = []

    @classmethod
    def hear(cls, event: str, arguments: tuple[object, ...]) -> None:
        if cls.folder and event == "open" and str(arguments[0]).startswith(cls.folder):
            cls.names.append(str(arguments[0]).removeprefix(f"{cls.folder}/"))

    @classmethod
    @contextmanager
    def under(cls, folder: Path) -> Iterator[list[str]]:
        cls.folder, cls.names = str(folder.resolve()), []
        try:
            yield cls.names
        finally:
            cls.folder = None


sys.addaudithook(Opened.hear)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    (root / "plans").mkdir()
    write_video(root / "video1.mp4")
    (root / "video1.vtt").write_text(VTT)
    write_docx(root / "plans" / "week 10.docx")
    write_docx(root / "plans" / "week 2.docx")
    write_docx(root / "statement.docx")
    (root / "structure.md").write_text("# One meeting\n\nGreeting, sharing, activity, message.\n")
    return root


@pytest.fixture
def folder(tmp_path: Path, template: Path) -> Path:
    """Ms. Brown's folder: a video with captions, plans in a folder of their own, two documents."""
    return Path(shutil.copytree(template, tmp_path / "Brown, Ada"))


def read(folder: Path, credential: Credential = MORNING_MEETINGS) -> Package:
    return read_package(folder, credential, Limits())


def file(package: Package, name: str) -> SubmittedFile:
    return next(one for one in package.files if one.name == name)


def problem(package: Package, name: str) -> tuple[str, str]:
    found = file(package, name).problem
    assert found is not None, f"{name} has no problem"
    assert found.message.endswith(".")
    assert "\n" not in found.message
    return found.kind, found.message


def slots(package: Package) -> dict[str, str | None]:
    return {one.name: one.slot for one in package.files}


def findings(package: Package) -> dict[str | None, str]:
    return {one.slot: one.kind for one in package.completeness}


def declare(folder: Path, text: str) -> None:
    (folder / "submission.yaml").write_text(text)


class TestAWholeSubmission:
    def test_without_a_declaration_every_file_finds_its_slot_and_a_message_says_how(
        self, folder: Path
    ) -> None:
        package = read(folder)
        assert slots(package) == {
            "plans/week 2.docx": "activity-plans",
            "plans/week 10.docx": "activity-plans",
            "statement.docx": "justification-statement",
            "structure.md": "structure-design",
            "video1.mp4": "classroom-videos",
        }
        assert findings(package) == dict.fromkeys(
            ["classroom-videos", "activity-plans", "justification-statement", "structure-design"],
            "ok",
        )
        said = "\n".join(package.messages)
        assert "video1.mp4 counts as “Classroom videos”, the only slot for its kind." in said
        assert (
            "plans/week 2.docx counts as “Activity plans”, because its name says “plans”." in said
        )
        assert "submission.yaml" in said

    def test_files_stand_in_natural_order_with_hash_kind_and_size(self, folder: Path) -> None:
        package = read(folder)
        assert [one.name for one in package.files] == [
            "plans/week 2.docx", "plans/week 10.docx", "statement.docx", "structure.md",
            "video1.mp4",
        ]  # fmt: skip
        structure = file(package, "structure.md")
        assert structure.path == (folder / "structure.md").resolve()
        assert structure.size == (folder / "structure.md").stat().st_size
        assert structure.kind is ArtifactKind.DOCUMENT
        assert structure.id == structure.sha256[:12]
        video1 = file(package, "video1.mp4")
        assert (video1.kind, video1.content) == (ArtifactKind.VIDEO, ContentKind.MEDIA)
        assert video1.duration_s == pytest.approx(1.0, abs=0.2)

    def test_captions_beside_a_recording_belong_to_it(self, folder: Path) -> None:
        package = read(folder)
        captions = file(package, "video1.mp4").captions
        assert captions is not None
        assert (captions.name, captions.path.name) == ("video1.vtt", "video1.vtt")
        assert "video1.vtt" not in slots(package)
        assert any("video1.vtt, instead of being transcribed" in one for one in package.messages)

    def test_the_example_of_the_documentation_is_read_as_it_stands(self, folder: Path) -> None:
        page = (DOCS / "submission-folder.md").read_text()
        (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
        declare(folder, example)
        write_video(folder / "video2.mp4", tone=880)
        (folder / "plans" / "week 10.docx").rename(folder / "plans" / "week 1.docx")
        (folder / "plans" / "week 2.docx").rename(folder / "plans" / "week 2.pdf")
        (folder / "structure.md").rename(folder / "structure.docx")
        package = read(folder)
        assert (package.candidate, package.attempt, package.consent) == ("C-0417", 1, True)
        assert package.problems == ()
        assert slots(package) == {
            "plans/week 1.docx": "activity-plans",
            "plans/week 2.pdf": "activity-plans",
            "statement.docx": "justification-statement",
            "structure.docx": "structure-design",
            "video1.mp4": "classroom-videos",
            "video2.mp4": "classroom-videos",
        }
        assert file(package, "video1.mp4").captions is not None

    def test_ids_are_stable_and_nothing_of_the_folders_name_is_in_the_package(
        self, folder: Path, tmp_path: Path
    ) -> None:
        package = read(folder)
        elsewhere = tmp_path / "somewhere else"
        shutil.copytree(folder, elsewhere)
        again = read(elsewhere)
        assert again.submission_id == package.submission_id
        assert again.candidate == package.candidate
        assert re.fullmatch(r"C-[0-9]{4}", package.candidate)
        assert re.fullmatch(r"s-[0-9a-f]{12}", package.submission_id)
        shown = repr([(one.name, one.problem) for one in again.files]) + repr(again.messages)
        assert "Ada" not in shown + package.submission_id
        declare(elsewhere, f"candidate: {package.candidate}\nattempt: 2\n")
        assert read(elsewhere).submission_id != package.submission_id
        (elsewhere / "submission.yaml").unlink()
        (elsewhere / "structure.md").write_text("Changed.")
        assert read(elsewhere).submission_id != package.submission_id

    def test_a_resubmission_need_not_bring_again_what_stays(self, folder: Path) -> None:
        declare(folder, "attempt: 2\n")
        for name in ("statement.docx", "structure.md"):
            (folder / name).unlink()
        assert set(findings(read(folder)).values()) == {"ok"}

    def test_a_credential_without_slots_takes_any_files(self, folder: Path) -> None:
        package = read(folder, BARE)
        assert set(slots(package).values()) == {None}
        assert package.completeness == ()
        assert len(package.usable) == 5


class TestConsent:
    @pytest.mark.parametrize("no", ["false", "no", "No", "off", '"false"'])
    def test_without_it_nothing_else_is_opened(self, folder: Path, no: str) -> None:
        declare(folder, f"candidate: C-1\nattempt: -3\nconsent: {no}\n")
        with (
            Opened.under(folder) as opened,
            pytest.raises(ConsentMissing, match="line 3: consent is not given"),
        ):
            read(folder)
        assert opened == ["submission.yaml"]

    @pytest.mark.parametrize("line", ["consent:", "consent: null", "consent: maybe", "consent: []"])
    def test_an_unclear_answer_is_no_answer(self, folder: Path, line: str) -> None:
        declare(folder, f"{line}\n")
        with pytest.raises(SubmissionError, match="line 1: consent must be true or false"):
            read(folder)

    def test_a_misspelt_key_is_refused(self, folder: Path) -> None:
        declare(folder, "candidate: C-1\nconcent: false\n")
        with pytest.raises(SubmissionError, match="line 2: “concent” is not known"):
            read(folder)

    def test_where_nobody_said_it_is_unknown(self, folder: Path) -> None:
        assert read(folder).consent is None
        declare(folder, "consent: yes\n")
        assert read(folder).consent is True


class TestTheDeclaration:
    @pytest.mark.parametrize(
        ("text", "line", "what"),
        [
            ("attempt: 0", 1, "attempt must be a whole number"),
            ("candidate: C-1\nattempt: 1.5", 2, "attempt must be a whole number"),
            ("attempt: [1]", 1, "attempt must be a whole number"),
            ("attempt: '１'", 1, "attempt must be a whole number"),
            ("candidate: a@school.org", 1, "candidate must be a pseudonym"),
            ("candidate: ../../etc", 1, "candidate must be a pseudonym"),
            ("candidate: 'A\\tB\n\n\n  C'", 1, "candidate must be a pseudonym"),
            (f"candidate: {'x' * 65}", 1, "candidate must be a pseudonym"),
            ("candidate: {a: b}", 1, "candidate must be a pseudonym"),
            ("slots: video1.mp4", 1, "under slots stand slot ids"),
            ("slots:\n  activity-plans:\n    - {a: b}", 3, "the name of a file"),
            ("slots:\n  a: [x.md]\n  b: [x.md]", 3, "x.md stands twice (first in line 2)"),
            ("captions: [a, b]", 1, "under captions stand recordings"),
            ("slots:\n\t- x", 2, "tab"),
            ("candidate: C-1\ncandidate: C-2", 2, "stands twice"),
            ("a: &a [*a]", 1, ""),
            ("- just\n- a list", 1, "keys such as `candidate: C-0417`"),
            ("attempt: 1\n---\nattempt: 2", 2, "keep one of them in this file"),
            ("!!python/object/apply:os.system ['true']", 1, ""),
        ],
    )
    def test_a_mistake_is_one_sentence_with_its_line(
        self, folder: Path, text: str, line: int, what: str
    ) -> None:
        declare(folder, text)
        with pytest.raises(SubmissionError) as caught:
            read(folder)
        sentence = str(caught.value)
        assert sentence.startswith(f"submission.yaml, line {line}: ")
        assert what in sentence
        assert "\n" not in sentence
        assert str(folder) not in sentence

    def test_two_of_them_one_too_large_a_pipe_and_one_that_is_no_text_are_refused(
        self, folder: Path
    ) -> None:
        path = folder / "submission.yaml"
        declare(folder, "attempt: 1")
        (folder / "Submission.yml").write_text("attempt: 2")
        with pytest.raises(SubmissionError, match="keep one of them"):
            read(folder)
        (folder / "Submission.yml").unlink()
        declare(folder, "#" * 300_000)
        with pytest.raises(SubmissionError, match="larger than 200 kB"):
            read(folder)
        path.write_bytes(b"candidate: \x81\x8d\x00")
        with pytest.raises(SubmissionError, match="encoding"):
            read(folder)
        path.write_text("[" * 2_000)
        with pytest.raises(SubmissionError, match="nested too deeply"):
            read(folder)
        path.unlink()
        os.mkfifo(path)
        with pytest.raises(SubmissionError, match="not a regular file"):
            read(folder)

    def test_one_that_links_out_of_the_folder_is_not_followed(
        self, folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "other.yaml").write_text("candidate: Secret\n")
        (folder / "submission.yaml").symlink_to(tmp_path / "other.yaml")
        with pytest.raises(SubmissionError, match="leads out of the submission's folder"):
            read(folder)

    @pytest.mark.parametrize("text", ["", "\n# nothing yet\n", "---\n"])
    def test_an_empty_one_says_nothing(self, folder: Path, text: str) -> None:
        declare(folder, text)
        assert read(folder).submission_id == self._without(folder)

    @staticmethod
    def _without(folder: Path) -> str:
        (folder / "submission.yaml").unlink()
        return read(folder).submission_id

    def test_it_is_not_itself_an_artifact(self, folder: Path) -> None:
        (folder / "submission.yml").write_text("attempt: 2\n")
        assert "submission.yml" not in slots(read(folder))

    def test_an_unknown_slot_is_said_and_its_files_are_assigned_as_if_unlisted(
        self, folder: Path
    ) -> None:
        declare(folder, "slots:\n  vidoes: [video1.mp4]\n")
        package = read(folder)
        assert slots(package)["video1.mp4"] == "classroom-videos"
        assert any(
            "submission.yaml, line 2: the credential has no slot “vidoes” (it has classroom-videos,"
            in one
            for one in package.messages
        )

    def test_a_file_that_is_not_there_is_its_own_problem(self, folder: Path) -> None:
        declare(folder, "slots:\n  classroom-videos: [video1.mp4, video9.mp4]\n")
        package = read(folder)
        kind, message = problem(package, "video9.mp4")
        assert kind == "MissingFile"
        assert "submission.yaml, line 2 names video9.mp4" in message
        assert file(package, "video9.mp4").path is None
        assert not any("video9.mp4 counts as" in one for one in package.messages)
        assert len(package.usable) == 5

    @pytest.mark.parametrize(
        "name", ["../secret.txt", "plans/../../secret.txt", "/etc/passwd", "~/x", r"..\secret.txt",
                 "C:\\x.txt", ".."]
    )  # fmt: skip
    def test_a_name_that_leads_out_of_the_folder_is_never_followed(
        self, folder: Path, name: str
    ) -> None:
        (folder.parent / "secret.txt").write_text("not yours")
        declare(folder, f"slots:\n  activity-plans: ['{name}']\n")
        package = read(folder)
        (refused,) = package.problems
        assert refused.problem is not None
        assert refused.problem.kind == "OutsideFolder"
        assert (refused.path, refused.sha256, refused.size) == (None, "", 0)
        assert not any("counts as" in one and name in one for one in package.messages)

    def test_names_may_have_backslashes_dots_and_other_capitals(self, folder: Path) -> None:
        declare(
            folder,
            "slots:\n  justification-statement: ['plans\\Week 2.docx']\n"
            "  activity-plans: ./plans/../statement.docx\n",
        )
        placed = slots(read(folder))
        assert placed["plans/week 2.docx"] == "justification-statement"
        assert placed["statement.docx"] == "activity-plans"

    def test_names_match_in_whatever_form_the_accents_were_typed(self, folder: Path) -> None:
        (folder / "e\u0301tude.md").write_text("Étude")
        declare(folder, "slots:\n  activity-plans: ['\u00e9tude.md']\n")
        assert slots(read(folder))["\u00e9tude.md"] == "activity-plans"


class TestBadFiles:
    """Each is its file's problem, and the rest of the submission is still there."""

    @pytest.fixture(autouse=True)
    def _rest_goes_on(self, folder: Path) -> None:
        self.folder = folder

    def check(self, name: str, kind: str, *words: str) -> Package:
        package = read(self.folder)
        found, message = problem(package, name)
        assert found == kind
        assert all(word in message for word in (Path(name).name, *words)), message
        assert {"video1.mp4", "statement.docx"} <= {one.name for one in package.usable}
        return package

    def test_zero_bytes(self) -> None:
        (self.folder / "empty.docx").touch()
        (self.folder / "empty too.docx").touch()
        package = self.check("empty.docx", "EmptyFile", "0 bytes")
        assert len({one.id for one in package.files}) == len(package.files)

    def test_content_of_no_kind(self) -> None:
        (self.folder / "plan.pdf").write_bytes(bytes(range(256)) * 20)
        self.check("plan.pdf", "WrongType")

    def test_over_the_size(self) -> None:
        with (self.folder / "large.mp4").open("wb") as stream:
            stream.truncate(5_000_000)
        limits = Limits(max_file_bytes=4_000_000)
        package = read_package(self.folder, MORNING_MEETINGS, limits)
        kind, message = problem(package, "large.mp4")
        assert kind == "TooLarge"
        assert "5 MB, more than the 4 MB that REVIEWER_MAX_FILE_MB allows" in message
        assert file(package, "large.mp4").sha256 == ""

    def test_a_truncated_recording(self) -> None:
        whole = (self.folder / "video1.mp4").read_bytes()
        (self.folder / "video2.mp4").write_bytes(whole[: len(whole) // 2])
        self.check("video2.mp4", "DamagedFile")

    def test_a_recording_without_the_end_of_its_index(self) -> None:
        whole = (self.folder / "video1.mp4").read_bytes()
        assert whole.rfind(b"moov") > whole.rfind(b"mdat")
        index = len(whole) - whole.rfind(b"moov")
        for number, share in enumerate((0.05, 0.3, 0.5, 0.9), start=2):
            name = f"video{number}.mp4"
            (self.folder / name).write_bytes(whole[: len(whole) - int(index * share)])
            self.check(name, "DamagedFile")

    def test_the_same_bytes_twice_and_the_first_counts(self) -> None:
        shutil.copy(self.folder / "statement.docx", self.folder / "a copy.docx")
        package = read(self.folder)
        kind, message = problem(package, "statement.docx")
        assert kind == "DuplicateFile"
        assert "same content as a copy.docx: the latter is read and counts" in message
        first, second = file(package, "a copy.docx"), file(package, "statement.docx")
        assert (second.sha256, second.id) == (first.sha256, f"{first.id}-2")

    def test_a_link_out_of_the_folder(self) -> None:
        secret = self.folder.parent / "secret.md"
        secret.write_text("not yours")
        (self.folder / "link.md").symlink_to(secret)
        (self.folder / "linked folder").symlink_to(self.folder.parent)
        package = self.check("link.md", "OutsideFolder")
        self.check("linked folder", "OutsideFolder")
        assert file(package, "link.md").path is None
        assert file(package, "link.md").sha256 == ""

    def test_a_link_to_nothing_and_a_loop_of_links(self) -> None:
        (self.folder / "gone.md").symlink_to("nowhere.md")
        (self.folder / "a.md").symlink_to("b.md")
        (self.folder / "b.md").symlink_to("a.md")
        for name in ("gone.md", "a.md", "b.md"):
            self.check(name, "MissingFile", "link to nothing")

    def test_a_link_inside_the_folder_is_a_duplicate_of_its_target(self) -> None:
        (self.folder / "a first.docx").symlink_to("statement.docx")
        (self.folder / "again").symlink_to("plans")
        package = self.check("a first.docx", "DuplicateFile", "statement.docx")
        assert "again is a link to a folder and was not entered." in package.messages

    def test_a_pipe_and_a_socket_are_never_opened(self, tmp_path: Path) -> None:
        os.mkfifo(self.folder / "pipe.txt")
        self.check("pipe.txt", "WrongType", "not a file")
        with socket.socket(socket.AF_UNIX) as listening:
            here = Path.cwd()
            os.chdir(self.folder)  # the path of a socket has at most 108 bytes
            try:
                listening.bind("socket.txt")
            finally:
                os.chdir(here)
            self.check("socket.txt", "WrongType", "not a file")

    def test_a_file_that_the_system_does_not_hand_out(self, tmp_path: Path) -> None:
        (gone,) = examine([Entry("gone.md", tmp_path / "gone.md", size=5)], Limits(), look)
        assert gone.problem is not None
        assert gone.problem.kind == "DamagedFile"
        assert (
            gone.problem.message == "gone.md cannot be read (No such file or directory): check it."
        )

    def test_captions_that_cannot_be_read_leave_the_recording_to_recognition(self) -> None:
        (self.folder / "video1.vtt").write_text(VTT + "\n00:99.000 --> 00:99.500\nBye.\n")
        package = self.check("video1.vtt", "CaptionError", "line 6")
        assert file(package, "video1.mp4").captions is None
        assert any("video1.mp4 is transcribed, because its captions" in m for m in package.messages)

    def test_captions_of_an_absurd_size(self) -> None:
        with (self.folder / "video1.vtt").open("a") as stream:
            stream.write("\n" * 21_000_000)
        self.check("video1.vtt", "CaptionError", "21 MB")

    def test_captions_of_no_recording(self) -> None:
        (self.folder / "plans" / "other.srt").write_text("1\n00:00:00,0 --> 00:00:01,0\nHello\n")
        self.check("plans/other.srt", "CaptionError", "belongs to no recording")


class TestWhatIsPassedOver:
    def test_hidden_files_litter_and_empty_folders(self, folder: Path) -> None:
        before = read(folder)
        for name in (".DS_Store", "Thumbs.db", "desktop.ini", ".hidden.md", "~$plan.docx"):
            (folder / name).write_text("x")
        (folder / "__MACOSX").mkdir()
        (folder / "__MACOSX" / "._video1.mp4").write_text("x")
        (folder / ".git").mkdir()
        (folder / ".git" / "config").write_text("x")
        (folder / "nothing").mkdir()
        package = read(folder)
        assert package.files == before.files
        assert package.submission_id == before.submission_id
        assert "Passed over, because hidden: .git, .hidden.md, ~$plan.docx." in package.messages

    def test_a_name_that_is_no_text_or_has_line_ends_can_be_shown(self, folder: Path) -> None:
        (folder / os.fsdecode(b"caf\xe9.md")).write_text("one")
        (folder / os.fsdecode(b"r\xe9sum\xe9.pdf")).write_bytes(bytes(range(256)) * 20)
        (folder / "two\nlines.md").write_text("two")
        package = read(folder)
        assert {"caf\ufffd.md", "two\ufffdlines.md"} <= set(slots(package))
        assert "r\ufffdsum\ufffd.pdf" in problem(package, "r\ufffdsum\ufffd.pdf")[1]
        repr((package.files, package.messages)).encode()


class TestFoldersThatAreNone:
    def test_nothing_there_a_file_and_an_empty_one(self, tmp_path: Path) -> None:
        with pytest.raises(SubmissionError, match="There is no folder"):
            read(tmp_path / "nowhere")
        (tmp_path / "file").write_text("x")
        with pytest.raises(SubmissionError, match="is not a folder"):
            read(tmp_path / "file")
        (tmp_path / "empty").mkdir()
        (tmp_path / "empty" / ".DS_Store").write_text("x")
        with pytest.raises(NothingReviewed, match="The folder empty holds no files to review"):
            read(tmp_path / "empty")

    def test_a_link_to_the_folder_is_the_folder(self, folder: Path) -> None:
        link = folder.parent / "link"
        link.symlink_to(folder)
        assert read(link).submission_id == read(folder).submission_id

    def test_one_with_hundreds_of_files_is_not_a_submission(self, tmp_path: Path) -> None:
        for number in range(501):
            (tmp_path / f"{number}.txt").write_text(str(number))
        with Opened.under(tmp_path) as opened:
            with pytest.raises(SubmissionError, match=r"more than 500 files.*REVIEWER_MAX_FILES"):
                read(tmp_path)
            assert opened == []
        assert len(read_package(tmp_path, BARE, Limits(max_files=501)).files) == 501

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may open anything")
    def test_one_that_may_not_be_opened_is_not_called_missing(self, tmp_path: Path) -> None:
        (tmp_path / "locked" / "inner").mkdir(parents=True)
        (tmp_path / "locked").chmod(0)
        with pytest.raises(SubmissionError, match=r"cannot be opened .*permissions"):
            read(tmp_path / "locked" / "inner")


class TestCaptionsFindTheirRecording:
    def owner(self, folder: Path, names: list[str]) -> dict[str, str | None]:
        """Recording -> captions, in a folder of these names, all recordings different."""
        for number, name in enumerate(names):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix in (".vtt", ".srt"):
                path.write_text(f"{VTT}\nNOTE {number}\n")
            else:
                write_wav(path, 0.2, 300 + 10 * number)
        package = read(folder, BARE)
        return {
            one.name: one.captions.name if one.captions else None
            for one in package.files
            if one.kind is ArtifactKind.AUDIO
        }

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["a.wav", "a.vtt", "b.wav"], {"a.wav": "a.vtt", "b.wav": None}),
            (["a.wav", "a.en.vtt", "b.wav"], {"a.wav": "a.en.vtt", "b.wav": None}),
            (["a.wav", "a.en.vtt", "a.vtt"], {"a.wav": "a.vtt"}),
            (["v1.wav", "v10.wav", "v1.vtt"], {"v1.wav": "v1.vtt", "v10.wav": None}),
            (["m_1920x1080.wav", "x.wav", "m.transcript.vtt"],
             {"m_1920x1080.wav": "m.transcript.vtt", "x.wav": None}),
            (["a.wav", "any.vtt"], {"a.wav": "any.vtt"}),
            (["a.wav", "b.wav", "any.vtt"], {"a.wav": None, "b.wav": None}),
            (["x/a.wav", "y/a.vtt"], {"x/a.wav": None}),
        ],
    )  # fmt: skip
    def test_by_their_names(
        self, tmp_path: Path, names: list[str], expected: dict[str, str | None]
    ) -> None:
        assert self.owner(tmp_path, names) == expected

    def test_a_second_language_is_said_not_to_be_used(self, tmp_path: Path) -> None:
        self.owner(tmp_path, ["a.wav", "a.en.vtt", "a.es.vtt"])
        package = read(tmp_path, BARE)
        assert [one.name for one in package.files] == ["a.wav"]
        assert "a.es.vtt is not used, because a.wav has other captions." in package.messages

    def test_as_declared_whatever_the_names_and_whatever_the_content_is_taken_for(
        self, tmp_path: Path
    ) -> None:
        declare(tmp_path, "captions:\n  b.wav: a.vtt\n")
        assert self.owner(tmp_path, ["a.wav", "b.wav", "a.vtt"]) == {
            "a.wav": None,
            "b.wav": "a.vtt",
        }

    def test_declared_captions_that_are_none_are_their_own_problem(self, tmp_path: Path) -> None:
        declare(tmp_path, "captions:\n  a.wav: notes.txt\n  gone.wav: gone.vtt\n")
        (tmp_path / "notes.txt").write_text("My notes.")
        assert self.owner(tmp_path, ["a.wav"]) == {"a.wav": None}
        package = read(tmp_path, BARE)
        assert problem(package, "notes.txt")[0] == "CaptionError"
        assert problem(package, "gone.wav")[0] == "MissingFile"
        assert problem(package, "gone.vtt")[0] == "MissingFile"


NAMES = st.one_of(
    st.text(st.sampled_from("ab./\\ ~é\u0301:"), min_size=1, max_size=12),
    st.sampled_from(["../secret.md", "x/../../secret.md", "link.md", "down/link.md", "/", "."]),
)


@settings(deadline=None, max_examples=60)
@given(declared=st.lists(NAMES, max_size=4), targets=st.lists(NAMES, max_size=3))
def test_nothing_outside_the_folder_is_ever_given_a_path(
    tmp_path_factory: pytest.TempPathFactory, declared: list[str], targets: list[str]
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / "secret.md").write_text("not yours")
    root = home / "in"
    (root / "down").mkdir(parents=True)
    (root / "plan.md").write_text("mine")
    for number, target in enumerate(targets):
        (root / ("down" if number % 2 else ".") / f"link{number}.md").symlink_to(target)
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in dict.fromkeys(declared))
    declare(root, f"slots:\n  activity-plans: [{quoted}]\n" if quoted else "")
    files: tuple[SubmittedFile, ...] = ()
    with Opened.under(home) as opened, suppress(SubmissionError):  # where a name stands twice
        files = read(root).files
    assert all(name.startswith("in/") for name in opened)
    for one in files:
        assert (one.path is None) <= (one.problem is not None)
        if one.path is not None:
            assert one.path.resolve().is_relative_to(root.resolve())
    shutil.rmtree(home)
