"""What a submission needs: steps in order, hashes that cover what results depend on and no more."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from house_empty import empty_store

from reviewer.intake.artifact import ArtifactKind, HearingReport, Problem
from reviewer.intake.documents import Document
from reviewer.intake.package import Package
from reviewer.intake.sniff import ContentKind
from reviewer.intake.submitted import CaptionFile, SubmittedFile
from reviewer.intake.transcript import Line, Transcript
from reviewer.jobs.stages import Engines, plan
from reviewer.rubric import Credential, GatePolicy
from reviewer.store import values
from reviewer.store.database import open_database
from reviewer.store.files import FileStore
from reviewer.store.ledger import Ledger
from reviewer.store.records import Stage, Step
from reviewer.store.repository import Repository

ENGINES = Engines("reader 1", "speech 1", "voices 1", "weights 1", "coverage 1")
CREDENTIAL = Credential.model_validate(
    {
        "id": "greetings",
        "version": 1,
        "title": "Greetings",
        "elements": [
            {
                "id": "greeting",
                "title": "Greets",
                "levels": [{"value": 0, "descriptor": "No."}, {"value": 1, "descriptor": "Yes."}],
            }
        ],
    }
)
DOCUMENT = values.DOCUMENT.encode(Document("We greet each child."))
TRANSCRIPT = values.TRANSCRIPT.encode(
    Transcript(
        "Good morning.",
        (Line(0, 13, 0.0, 1.0),),
        (),
        1.0,
        HearingReport("recognition", "en", 1.0, 1.0, 1, 0),
    )
)


class Bench:
    """A store with one submission: a plan, a clip, a clip with captions and an unusable file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = open_database(f"sqlite:///{empty_store(folder)}")
        self.repository = Repository(self.database, FileStore(folder / "files"))
        self.files = (
            self._file("plan.txt", ContentKind.TEXT, ArtifactKind.DOCUMENT),
            self._file("clip.wav", ContentKind.MEDIA, ArtifactKind.AUDIO),
            replace(
                self._file("talk.mp4", ContentKind.MEDIA, ArtifactKind.VIDEO),
                captions=self._captions("talk.vtt"),
            ),
            SubmittedFile(
                "empty", "empty.txt", None, 0, "0" * 64, problem=Problem("EmptyFile", "Empty.")
            ),
        )
        self.add()

    def _file(self, name: str, content: ContentKind, kind: ArtifactKind) -> SubmittedFile:
        caption = self._captions(name)
        return SubmittedFile(
            caption.sha256[:12], name, caption.path, len(name), caption.sha256, kind, content, 1.0
        )

    def _captions(self, name: str) -> CaptionFile:
        path = self.folder / name
        path.write_text(name)
        return CaptionFile(name, path, hashlib.sha256(name.encode()).hexdigest())

    def add(
        self, credential: Credential = CREDENTIAL, files: tuple[SubmittedFile, ...] = ()
    ) -> None:
        package = Package("s-1", "C-1", 1, None, files or self.files, (), ())
        self.repository.add(package, credential)

    @property
    def ledger(self) -> Ledger:
        return self.repository.ledger

    def steps(self, **changed: str) -> dict[tuple[str, str], str | None]:
        """(stage, file) -> input hash, in order."""
        names = {file.id: file.name for file in self.files} | {"": ""}
        found = plan(self.repository.get("s-1"), replace(ENGINES, **changed), self.ledger)
        return {(step.stage, names[step.artifact]): step.input_hash for step in found}

    def plan(self) -> tuple[Step, ...]:
        found = plan(self.repository.get("s-1"), ENGINES, self.ledger)
        self.ledger.plan("s-1", found)
        return found

    def finish(self, stage: Stage, name: str = "", value: bytes = b"1") -> None:
        input_hash = self.steps()[stage, name]
        assert input_hash is not None
        self.plan()
        self.ledger.keep(stage, input_hash, value)

    def finish_reading(self) -> None:
        self.finish(Stage.READ, "plan.txt", DOCUMENT)
        self.finish(Stage.TRANSCRIBE, "clip.wav", TRANSCRIPT)
        self.finish(Stage.TRANSCRIBE, "talk.mp4", TRANSCRIPT)

    def finish_embedding(self) -> None:
        for name in ("plan.txt", "clip.wav", "talk.mp4"):
            self.finish(Stage.EMBED, name)

    def fail(self, stage: Stage) -> None:
        """Whatever is ready, until it is the stage, which fails for good."""
        self.plan()
        while task := self.ledger.lease("w", lambda _: False):
            if task.stage == stage:
                self.ledger.fail(task, "w", "no luck", final=True)
                return


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.database.close()


def changes(bench: Bench, **changed: str | dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    before, after = bench.steps(), bench.steps(**changed)
    return {step for step in before if before[step] != after.get(step)}


class TestOrder:
    def test_each_usable_file_is_read_then_embedded_then_all_is_drafted(self, bench: Bench) -> None:
        assert list(bench.steps()) == [
            ("read", "plan.txt"),
            ("transcribe", "clip.wav"),
            ("transcribe", "talk.mp4"),
            ("embed", "plan.txt"),
            ("embed", "clip.wav"),
            ("embed", "talk.mp4"),
            ("draft", ""),
        ]

    def test_only_reading_can_begin_at_first(self, bench: Bench) -> None:
        known = {step for step, input_hash in bench.steps().items() if input_hash}
        assert known == {
            ("read", "plan.txt"),
            ("transcribe", "clip.wav"),
            ("transcribe", "talk.mp4"),
        }

    def test_what_is_read_can_be_embedded_while_others_are_still_heard(self, bench: Bench) -> None:
        bench.finish(Stage.READ, "plan.txt", DOCUMENT)
        assert bench.steps()["embed", "plan.txt"]
        assert bench.steps()["embed", "clip.wav"] is None
        assert bench.steps()["draft", ""] is None

    def test_drafts_wait_for_everything(self, bench: Bench) -> None:
        bench.finish_reading()
        assert bench.steps()["draft", ""] is None
        bench.finish_embedding()
        assert bench.steps()["draft", ""]


class TestWhatCannotBeUsed:
    def test_a_file_that_reading_refuses_needs_no_embedding(self, bench: Bench) -> None:
        problem = values.DOCUMENT.encode(Problem("NoText", "It is a scan."))
        bench.finish(Stage.READ, "plan.txt", problem)
        assert ("embed", "plan.txt") not in bench.steps()
        assert ("draft", "") in bench.steps()

    def test_a_stage_that_failed_for_good_is_not_waited_for(self, bench: Bench) -> None:
        bench.fail(Stage.READ)
        assert ("embed", "plan.txt") not in bench.steps()
        bench.finish(Stage.TRANSCRIBE, "clip.wav", TRANSCRIPT)
        bench.finish(Stage.TRANSCRIBE, "talk.mp4", TRANSCRIPT)
        bench.finish(Stage.EMBED, "clip.wav")
        bench.finish(Stage.EMBED, "talk.mp4")
        assert bench.steps()["draft", ""]

    def test_an_embedding_that_failed_for_good_is_not_waited_for(self, bench: Bench) -> None:
        bench.finish_reading()
        bench.fail(Stage.EMBED)
        bench.finish(Stage.EMBED, "clip.wav")
        bench.finish(Stage.EMBED, "talk.mp4")
        assert bench.steps()["draft", ""]

    def test_where_nothing_could_be_used_there_is_nothing_to_draft(self, bench: Bench) -> None:
        problem = values.DOCUMENT.encode(Problem("NoText", "It is a scan."))
        bench.finish(Stage.READ, "plan.txt", problem)
        for name in ("clip.wav", "talk.mp4"):
            bench.finish(Stage.TRANSCRIBE, name, problem)
        assert {stage for stage, _ in bench.steps()} == {"read", "transcribe"}


class TestWhatHashesCover:
    def test_another_reader_reads_documents_and_captions_again(self, bench: Bench) -> None:
        assert changes(bench, reader="2") == {("read", "plan.txt"), ("transcribe", "talk.mp4")}

    def test_another_speech_engine_hears_again_what_has_no_captions(self, bench: Bench) -> None:
        assert changes(bench, speech="2") == {("transcribe", "clip.wav")}
        assert changes(bench, speakers="2") == {("transcribe", "clip.wav")}

    def test_other_weights_embed_and_draft_again(self, bench: Bench) -> None:
        bench.finish_reading()
        bench.finish_embedding()
        assert {stage for stage, _ in changes(bench, embedding="2")} == {"embed", "draft"}

    def test_another_scoring_engine_drafts_again(self, bench: Bench) -> None:
        bench.finish_reading()
        bench.finish_embedding()
        assert changes(bench, scoring="2") == {("draft", "")}

    def test_a_new_fitted_scorer_of_the_rubric_drafts_again_one_of_another_does_not(
        self, bench: Bench
    ) -> None:
        bench.finish_reading()
        bench.finish_embedding()
        assert changes(bench, fitted={"0" * 64: ("1" * 64,)}) == set()
        assert changes(bench, fitted={CREDENTIAL.rubric_hash: ("1" * 64,)}) == {("draft", "")}

    def test_another_name_hears_nothing_again(self, bench: Bench) -> None:
        before = bench.steps()
        renamed = tuple(replace(file, name=f"new {file.name}") for file in bench.files)
        bench.add(files=renamed)
        assert list(bench.steps().values()) == list(before.values())

    def test_another_gate_drafts_again_because_it_decides_what_is_shown(self, bench: Bench) -> None:
        bench.finish_reading()
        bench.finish_embedding()
        before = bench.steps()
        bench.add(CREDENTIAL.model_copy(update={"gate": GatePolicy.ENFORCED}))
        after = bench.steps()
        assert {step for step in before if before[step] != after[step]} == {("draft", "")}
