"""What is kept of a submission, and how it comes back: rows, files, progress, first pass so far."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from house_empty import empty_store

from reviewer.calibration.gate import Verdict
from reviewer.errors import StoreError, SubmissionError
from reviewer.intake.artifact import HearingReport, Problem
from reviewer.intake.documents import Document
from reviewer.intake.limits import Limits
from reviewer.intake.package import Package, read_package
from reviewer.intake.transcript import Transcript
from reviewer.privacy import Masking
from reviewer.rubric import Credential, GatePolicy
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness
from reviewer.scoring.first_pass import FirstPass
from reviewer.scoring.gate import engine_version
from reviewer.store import audit, values
from reviewer.store.assembly import first_pass_so_far
from reviewer.store.database import Database, open_database
from reviewer.store.files import FileStore
from reviewer.store.kept_passes import KeptPasses, MadeOf
from reviewer.store.listing import ListedWork
from reviewer.store.readings import Reading, Readings
from reviewer.store.records import StageState, Step
from reviewer.store.repository import Repository

CREDENTIAL = Credential.model_validate(
    {
        "id": "greetings",
        "version": 1,
        "title": "Greetings",
        "slots": [{"id": "plans", "title": "Plans", "min": 2, "max_words": 5}],
        "elements": [
            {
                "id": "greeting",
                "title": "Greets",
                "levels": [
                    {"value": 0, "descriptor": "Nobody is greeted."},
                    {"value": 1, "descriptor": "Everybody is greeted."},
                ],
            }
        ],
    }
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{empty_store(tmp_path / 'home')}")
    yield opened
    opened.close()


@pytest.fixture
def repository(database: Database, tmp_path: Path) -> Repository:
    return Repository(database, FileStore(tmp_path / "home" / "files"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submission"
    made.mkdir()
    (made / "plan one.txt").write_text("We greet each child by name. Every day.")
    (made / "plan two.md").write_text("# Plan\n\nWe sing.")
    (made / "empty.txt").touch()
    return made


def package_of(folder: Path, credential: Credential = CREDENTIAL) -> Package:
    return read_package(folder, credential, Limits())


@pytest.fixture
def package(folder: Path) -> Package:
    return package_of(folder)


def finish(repository: Repository, package: Package, name: str, value: Document | Problem) -> None:
    """As a worker would, for the file called `name`."""
    file = next(one for one in package.files if one.name == name)
    steps = [
        Step("read", one.id, f"hash of {one.name}") for one in package.files if one.problem is None
    ]
    repository.ledger.plan(package.submission_id, steps)
    repository.ledger.keep("read", f"hash of {file.name}", values.DOCUMENT.encode(value))


def give_up(repository: Repository, package: Package) -> None:
    """The reading of "plan one.txt" fails for good."""
    repository.add(package, CREDENTIAL)
    repository.ledger.plan(package.submission_id, [Step("read", package.files[1].id, "h")])
    task = repository.ledger.lease("w", lambda _: False)
    assert task is not None
    repository.ledger.fail(task, "w", "no memory", final=True)


class TestKeeping:
    def test_a_submission_comes_back_as_it_was_handed_in(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        (record,) = repository.submissions()
        assert (record.id, record.credential, record.candidate, record.attempt) == (
            package.submission_id,
            "greetings",
            package.candidate,
            1,
        )
        assert repository.credential(record.id) == CREDENTIAL
        stored = repository.get(record.id)
        assert [replace(one, path=None) for one in stored.files] == [
            replace(one, path=None) for one in package.files
        ]
        assert stored.messages == package.messages

    def test_the_bytes_are_kept_though_the_folder_goes(
        self, repository: Repository, package: Package, folder: Path
    ) -> None:
        repository.add(package, CREDENTIAL)
        shutil.rmtree(folder)
        file = package.files[1]
        assert file.name == "plan one.txt"
        path = repository.file_path(package.submission_id, file.id)
        assert path.read_text() == "We greet each child by name. Every day."

    def test_handed_in_again_it_is_the_same_submission(
        self, repository: Repository, package: Package, folder: Path, database: Database
    ) -> None:
        repository.add(package, CREDENTIAL)
        before = repository.submissions()
        repository.add(package_of(folder), CREDENTIAL)
        assert repository.submissions() == before
        assert [one.event for one in audit.events(database)] == ["submission_received"]

    def test_files_that_were_renamed_have_their_new_names(
        self, repository: Repository, package: Package, folder: Path, database: Database
    ) -> None:
        repository.add(package, CREDENTIAL)
        (folder / "plan one.txt").rename(folder / "the first plan.txt")
        again = package_of(folder)
        assert again.submission_id == package.submission_id
        repository.add(again, CREDENTIAL)
        names = [file.name for file in repository.get(again.submission_id).files]
        assert names == ["empty.txt", "plan two.md", "the first plan.txt"]
        assert audit.events(database)[-1].event == "submission_reworded"
        assert audit.verify(database) == 2

    def test_another_gate_is_the_same_submission_with_the_new_gate(
        self, repository: Repository, package: Package, folder: Path
    ) -> None:
        repository.add(package, CREDENTIAL)
        gated = CREDENTIAL.model_copy(update={"gate": GatePolicy.ENFORCED})
        repository.add(package_of(folder, gated), gated)
        assert repository.credential(package.submission_id).gate is GatePolicy.ENFORCED

    def test_a_file_that_changes_while_it_is_submitted_is_refused(
        self, repository: Repository, package: Package, folder: Path
    ) -> None:
        (folder / "plan one.txt").write_text("Something else.")
        with pytest.raises(SubmissionError, match=r"plan one\.txt changed while"):
            repository.add(package, CREDENTIAL)
        assert repository.submissions() == ()

    def test_an_unknown_submission_is_said(self, repository: Repository) -> None:
        assert repository.first_pass("s-unknown") is None
        with pytest.raises(StoreError, match="no submission s-unknown"):
            repository.credential("s-unknown")


class TestFiles:
    def test_a_file_changed_behind_the_store_is_refused(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        file = package.files[1]
        path = repository.file_path(package.submission_id, file.id)
        path.chmod(0o600)
        path.write_text("We greet each child by name. Every year")
        with pytest.raises(StoreError, match="was changed after it was kept"):
            repository.file_path(package.submission_id, file.id)

    def test_a_file_that_is_gone_is_said_and_comes_back_with_the_folder(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        file = package.files[1]
        repository.file_path(package.submission_id, file.id).unlink()
        with pytest.raises(StoreError, match=r"not in .* any more"):
            repository.file_path(package.submission_id, file.id)
        repository.add(package, CREDENTIAL)
        assert repository.file_path(package.submission_id, file.id).exists()

    def test_a_file_that_could_not_be_used_is_not_kept(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        assert package.files[0].problem is not None
        with pytest.raises(StoreError, match="could not be used"):
            repository.file_path(package.submission_id, package.files[0].id)

    def test_what_an_interrupted_copy_left_is_swept_away(
        self, repository: Repository, package: Package, tmp_path: Path
    ) -> None:
        incoming = tmp_path / "home" / "files" / "incoming"
        incoming.mkdir(parents=True)
        (incoming / "file").write_text("half of")
        repository.add(package, CREDENTIAL)
        assert not incoming.exists()

    def test_a_disk_that_takes_nothing_is_said(self, package: Package, tmp_path: Path) -> None:
        (tmp_path / "files").write_text("not a folder")
        with pytest.raises(StoreError, match=r"plan one\.txt cannot be copied"):
            FileStore(tmp_path / "files").keep(folder_file(package), package.files[1].sha256)


def folder_file(package: Package) -> Path:
    path = package.files[1].path
    assert path is not None
    return path


class TestFirstPassSoFar:
    def test_it_begins_with_what_cannot_be_read(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        assert [one.name for one in first_pass.artifacts] == ["empty.txt"]
        assert first_pass.elements == ()
        assert [one.kind for one in first_pass.completeness] == ["ok"]

    def test_it_grows_with_each_file_in_the_order_of_the_package(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        finish(repository, package, "plan two.md", Document("We sing."))
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        assert [one.name for one in first_pass.artifacts] == ["empty.txt", "plan two.md"]
        finish(repository, package, "plan one.txt", Document("We greet everybody."))
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        names = [one.name for one in first_pass.artifacts]
        assert names == ["empty.txt", "plan one.txt", "plan two.md"]
        assert first_pass.artifacts[1].text == "We greet everybody."
        assert first_pass.artifacts[1].slot == "plans"

    def test_lengths_are_checked_once_documents_are_read(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        finish(repository, package, "plan one.txt", Document("One two three four five six."))
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        assert [one.kind for one in first_pass.completeness] == ["too_long"]

    def test_a_file_that_reading_refuses_no_longer_counts_and_is_called_by_its_name(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        sha256 = package.files[1].sha256
        problem = Problem("Encrypted", f"{sha256} is locked with a password.")
        finish(repository, package, "plan one.txt", problem)
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        found = first_pass.artifacts[1].problem
        assert found == Problem("Encrypted", "plan one.txt is locked with a password.")
        assert [one.kind for one in first_pass.completeness] == ["missing"]

    def test_a_stage_that_failed_for_good_is_a_problem_of_its_file(
        self, repository: Repository, package: Package
    ) -> None:
        give_up(repository, package)
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        problem = first_pass.artifacts[1].problem
        assert problem is not None
        assert problem.kind == "JobError"
        assert "plan one.txt could not be read" in problem.message
        assert "no memory" in problem.message

    def test_progress_names_files_and_errors(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        steps = [Step("read", package.files[1].id, "h"), Step("draft", "", None)]
        repository.ledger.plan(package.submission_id, steps)
        read, draft = repository.progress(package.submission_id)
        assert (read.stage, read.artifact, read.state) == (
            "read",
            "plan one.txt",
            StageState.QUEUED,
        )
        assert (draft.stage, draft.artifact, draft.finished) == ("draft", None, False)


class TestGate:
    """A first pass shows drafts as the verdicts in the store allow."""

    IDENTITY = EngineIdentity("coverage", "1", "0" * 64, CREDENTIAL.rubric_hash, {})
    DRAFT = ElementDraft(
        "greeting", DraftKind.INSUFFICIENT_EVIDENCE, "Nothing was found.", Fitness.UNMEASURED, None,
        None, {}, 0.0, "", (), IDENTITY,
    )  # fmt: skip

    def drafted(self, repository: Repository, package: Package) -> ElementDraft:
        repository.add(package, CREDENTIAL)
        repository.ledger.plan(package.submission_id, [Step("draft", "", "hash of all")])
        repository.ledger.keep("draft", "hash of all", values.DRAFTS.encode((self.DRAFT,)))
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        return first_pass.elements[0]

    def verdict(self, fitness: Fitness, engine: EngineIdentity) -> Verdict:
        return Verdict(
            "greetings", CREDENTIAL.rubric_hash, "greeting", engine_version(engine), fitness, "",
            (), "f" * 64,
        )  # fmt: skip

    def test_without_a_verdict_a_draft_is_unmeasured_and_shown_in_a_pilot(
        self, repository: Repository, package: Package
    ) -> None:
        assert self.drafted(repository, package) == self.DRAFT

    def test_a_closed_element_shows_no_draft(
        self, repository: Repository, package: Package
    ) -> None:
        repository.verdicts.keep([self.verdict(Fitness.CLOSED, self.IDENTITY)])
        shown = self.drafted(repository, package)
        assert (shown.kind, shown.fitness) == (DraftKind.ABSTENTION, Fitness.CLOSED)

    def test_an_open_element_says_so(self, repository: Repository, package: Package) -> None:
        repository.verdicts.keep([self.verdict(Fitness.OPEN, self.IDENTITY)])
        assert self.drafted(repository, package).fitness is Fitness.OPEN

    def test_a_verdict_on_another_engine_says_nothing(
        self, repository: Repository, package: Package
    ) -> None:
        other = replace(self.IDENTITY, weights_sha256="1" * 64)
        repository.verdicts.keep([self.verdict(Fitness.CLOSED, other)])
        assert self.drafted(repository, package) == self.DRAFT

    def test_of_several_engines_the_best_open_one_is_shown_and_all_can_be_measured(
        self, repository: Repository, package: Package
    ) -> None:
        fitted = replace(self.IDENTITY, id="fitted-standard", weights_sha256="1" * 64)
        other = replace(self.DRAFT, engine=fitted)
        self.drafted(repository, package)
        repository.ledger.plan(package.submission_id, [Step("draft", "", "hash of both")])
        both = values.DRAFTS.encode((self.DRAFT, other))
        repository.ledger.keep("draft", "hash of both", both)
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        assert first_pass.elements == (self.DRAFT,)
        repository.verdicts.keep([self.verdict(Fitness.OPEN, fitted)])
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        assert first_pass.elements == (replace(other, fitness=Fitness.OPEN),)
        made = repository.drafts(package.submission_id)
        assert [(one.engine.id, one.fitness) for one in made] == [
            ("coverage", Fitness.UNMEASURED),
            ("fitted-standard", Fitness.OPEN),
        ]


class TestListing:
    """A list says of a work what its first pass says, without making the first pass."""

    @pytest.mark.parametrize("roster", [None, "Amara"])
    def test_a_line_agrees_with_the_first_pass_at_every_step(
        self, database: Database, tmp_path: Path, package: Package, roster: str | None
    ) -> None:
        masking = None if roster is None else Masking((roster,))
        repository = Repository(database, FileStore(tmp_path / "home" / "files"), masking)
        repository.add(package, CREDENTIAL)
        self.agrees(repository, package)
        finish(repository, package, "plan two.md", Document("Amara greets us and each of us."))
        assert self.agrees(repository, package).files == 2
        unread = Problem("DocumentError", "plan one.txt is no text: save it again.")
        finish(repository, package, "plan one.txt", unread)
        line = self.agrees(repository, package)
        assert line.files == 3
        assert unread in line.problems
        assert "too_long" in [one.kind for one in line.completeness]

    def test_a_file_that_was_given_up_is_a_problem(
        self, repository: Repository, package: Package
    ) -> None:
        give_up(repository, package)
        assert "no memory" in self.agrees(repository, package).problems[-1].message

    def test_a_recording_is_not_read_again_to_tell_that_it_was_heard(
        self, repository: Repository, package: Package, database: Database
    ) -> None:
        hearing = HearingReport("captions", None, None, None, 0, 0)
        spoken = Transcript("We sing.", (), (), 60.0, hearing)
        repository.add(package, CREDENTIAL)
        step = Step("transcribe", package.usable[0].id, "hash")
        repository.ledger.plan(package.submission_id, [step])
        repository.ledger.keep("transcribe", "hash", values.TRANSCRIPT.encode(spoken))
        lines = repository.ledger.lines(package.submission_id)
        with database.reading() as connection:
            assert Readings(None).of(connection, lines) == {"hash": Reading(None, None)}

    def test_works_that_are_not_here_are_left_out(self, repository: Repository) -> None:
        assert repository.listed(["nothing"]) == {}
        assert repository.listed([]) == {}

    def agrees(self, repository: Repository, package: Package) -> ListedWork:
        line = repository.listed([package.submission_id])[package.submission_id]
        first_pass = repository.first_pass(package.submission_id)
        assert first_pass is not None
        assert line.progress == repository.progress(package.submission_id)
        assert line.completeness == first_pass.completeness
        assert line.files == len(first_pass.artifacts)
        problems = [one.problem for one in first_pass.artifacts if one.problem is not None]
        assert list(line.problems) == problems
        return line


class TestKeptPasses:
    """A first pass is put together once, and anew when anything changed that it is made of."""

    def test_asked_for_again_it_is_not_read_again(
        self, repository: Repository, package: Package
    ) -> None:
        repository.add(package, CREDENTIAL)
        finish(repository, package, "plan two.md", Document("We sing."))
        first, again = (repository.first_pass(package.submission_id) for _ in range(2))
        assert first is not None
        assert again is not None
        assert first.artifacts is again.artifacts

    def test_a_stage_that_ends_changes_it(self, repository: Repository, package: Package) -> None:
        repository.add(package, CREDENTIAL)
        finish(repository, package, "plan two.md", Document("We sing."))
        before = repository.first_pass(package.submission_id)
        repository.ledger.keep(
            "read", "hash of plan one.txt", values.DOCUMENT.encode(Document("We greet."))
        )
        after = repository.first_pass(package.submission_id)
        assert before is not None
        assert after is not None
        assert [len(one.artifacts) for one in (before, after)] == [2, 3]

    def test_a_name_that_changes_shows(
        self, repository: Repository, package: Package, folder: Path
    ) -> None:
        repository.add(package, CREDENTIAL)
        finish(repository, package, "plan two.md", Document("We sing."))
        assert repository.first_pass(package.submission_id) is not None
        (folder / "plan two.md").rename(folder / "songs.md")
        repository.add(package_of(folder), CREDENTIAL)
        renamed = repository.first_pass(package.submission_id)
        assert renamed is not None
        assert [one.name for one in renamed.artifacts] == ["empty.txt", "songs.md"]

    def test_a_verdict_given_meanwhile_counts_at_once(
        self, repository: Repository, package: Package
    ) -> None:
        shown = TestGate().drafted(repository, package)
        assert shown.kind is DraftKind.INSUFFICIENT_EVIDENCE
        repository.verdicts.keep([TestGate().verdict(Fitness.CLOSED, TestGate.IDENTITY)])
        closed = repository.first_pass(package.submission_id)
        assert closed is not None
        assert closed.elements[0].kind is DraftKind.ABSTENTION

    def test_only_so_many_are_kept(self, package: Package, repository: Repository) -> None:
        repository.add(package, CREDENTIAL)
        stored, kept, made = repository.get(package.submission_id), KeptPasses(most=2), []

        def make(made_of: MadeOf) -> FirstPass:
            made.append(made_of.stored.record.id)
            return first_pass_so_far(made_of.stored, made_of.lines, repository.ledger)

        for name in ("a", "b", "a", "c", "a", "b"):
            record = replace(stored.record, id=name)
            kept.get(MadeOf(replace(stored, record=record), (), {}), make)
        assert made == ["a", "b", "c", "b"]
