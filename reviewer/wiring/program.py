"""An opened store with the engine that works on it, and the short errands to a store.

Invariant: no model is loaded in this process; weights are brought and loaded when a stage first
needs them, in the process that runs it.
"""

from collections.abc import Sequence
from pathlib import Path

from reviewer.calibration.gate import Verdict
from reviewer.calibration.monitoring import Snapshot
from reviewer.calibration.ratings import ENGINE
from reviewer.desk.anchors import Anchors
from reviewer.desk.badges import BulkBadges
from reviewer.desk.desk import Desk
from reviewer.desk.exports import Exports
from reviewer.desk.monitoring import Monitoring
from reviewer.desk.programs import ProgramDesk
from reviewer.desk.training import TrainingDesk
from reviewer.errors import JobError, NothingReviewed, RatingsError, UnknownCredential
from reviewer.export.badge import Issuer
from reviewer.export.ratings import ratings_parquet
from reviewer.intake.apart import look_apart
from reviewer.intake.package import read_package
from reviewer.intake.package.looking import Looking
from reviewer.jobs.engine import Engine
from reviewer.jobs.planning import settle
from reviewer.jobs.steering import Steer, Steering
from reviewer.jobs.work import FirstPassWork
from reviewer.review.permission import Act, Person
from reviewer.rubric import Credential
from reviewer.scoring.first_pass import FirstPass
from reviewer.scoring.fitted.shelf import Shelved
from reviewer.settings import Settings
from reviewer.store import audit
from reviewer.store.database import open_database
from reviewer.store.human import HumanRecords, human_records
from reviewer.store.reconcile import reconcile
from reviewer.store.records import Stage, StageState
from reviewer.store.repository import Repository
from reviewer.store.verdicts import StoredVerdicts
from reviewer.wiring.crews import crew_of
from reviewer.wiring.fitted import shelf_of
from reviewer.wiring.manifests import OnProgress, bring, limits_of, models_of
from reviewer.wiring.measuring import Measuring
from reviewer.wiring.opening import repository_in, work_on
from reviewer.wiring.rubrics import credentials_of


class Program:
    """An opened store and the engine that works on it; made by `open_program`."""

    def __init__(
        self,
        settings: Settings,
        repository: Repository,
        records: HumanRecords,
        work: FirstPassWork,
        shelf: tuple[Shelved, ...],
        *,
        demo: bool = False,
    ) -> None:
        self.settings = settings
        self.repository = repository
        self.desk = Desk(repository, records)
        self.exports = Exports(self.desk, Issuer(settings.issuer_name, settings.issuer_url))
        self.programs = ProgramDesk(repository, records, self.credentials)
        self.monitoring = Monitoring(repository, records, self.programs)
        self.badges = BulkBadges(records, self.programs, self.exports)
        self._measuring = Measuring(settings)
        self.public_url = settings.public_url
        self.demo = demo
        self.training = TrainingDesk(records, demo=demo)
        self.anchors = Anchors(self.desk, self.training)
        self._work = work
        self._engine = Engine(repository.ledger, work.steps, crew_of(settings, work, shelf))
        self.steering = Steering(repository.queue, repository.ledger, work.steps, self._engine.wake)

    def submit(self, folder: Path, credential: Credential, look: Looking = look_apart) -> str:
        """Read, check and keep the package in `folder`; return the submission's id.

        What the files are is told by `look`, in a process of its own if not otherwise said. The
        same files for the same rubric have the same id, however often they are submitted.
        No model runs here. If `start` was called, the background engine takes the work up. Raises
        `SubmissionError`, or `StoreError` where the files cannot be kept.
        """
        package = read_package(folder, credential, limits_of(self.settings), look)
        self.repository.add(package, credential)
        submission_id = package.submission_id
        settle(self.repository.ledger, self._work.steps, submission_id)
        self._engine.wake()
        return submission_id

    def credentials(self) -> tuple[Credential, ...]:
        """The credentials that something can be handed in for."""
        return credentials_of(self.settings.rubrics_dir, self.desk.records.programs)

    def measure(self, credential: str) -> None:
        """Begin a snapshot of a credential, where none is being made."""
        self._measuring.begin(credential)

    def measuring(self, credential: str) -> bool:
        """Whether a snapshot of the credential is being made."""
        return self._measuring.running(credential)

    def run(self, submission_id: str, progress: OnProgress) -> FirstPass:
        """Finish the first pass of one submission and return it; blocks.

        `progress` is called from this thread with the submission's stages whenever they changed.
        Raises `NothingReviewed` if no file could be read, `WeightsError` if weights cannot be had,
        `JobError` if the drafts could not be made.
        """
        if not self.settings.engine:  # the workers of a cluster bring their own
            self._bring_weights(submission_id, progress)
        self._engine.finish(
            submission_id, lambda: progress(self.repository.progress(submission_id))
        )
        first_pass = self.repository.first_pass(submission_id)
        assert first_pass is not None
        problems = [one.problem for one in first_pass.artifacts if one.problem is not None]
        if len(problems) == len(first_pass.artifacts):
            reasons = " ".join(problem.message for problem in problems)
            raise NothingReviewed(f"No file of the submission could be reviewed. {reasons}")
        for line in self.repository.progress(submission_id):
            if line.stage == Stage.DRAFT and line.state is StageState.FAILED:
                raise JobError(f"The drafts could not be made: {line.error}")
        return first_pass

    def _bring_weights(self, submission_id: str, progress: OnProgress) -> None:
        """Pull what the stages ahead will load, while somebody is there to see it."""
        ledger, files = self.repository.ledger, self.repository.get(submission_id).files
        ahead = [
            step
            for step in self._work.steps(submission_id)
            if step.input_hash is None or ledger.result(step.stage, step.input_hash) is None
        ]
        unheard = {file.id for file in files if file.captions is None}
        models = models_of(self.settings)
        if any(step.stage == Stage.TRANSCRIBE and step.artifact in unheard for step in ahead):
            bring(models.speech, self.settings, progress)
            bring(models.speakers, self.settings, progress)
        if any(step.stage in (Stage.EMBED, Stage.DRAFT) for step in ahead):
            bring(models.embedding, self.settings, progress)

    def steer(self, person: Person, submission_id: str, how: Steer) -> None:
        """Pause, cancel or retry a first pass; raises `NotPermitted` or `JobError`."""
        self.desk.cases.open(person, submission_id, Act.STEER)
        self.steering.steer(submission_id, how, person.name)

    def stage_counts(self) -> dict[tuple[str, str], int]:
        """How many stages there are of each (stage, state); raises `StoreError`."""
        return self.repository.queue.counts()

    def start(self) -> None:
        """Work on everything unfinished in a background thread, until `stop`."""
        self._engine.start()

    def stop(self) -> None:
        """End the background work and its processes; what was finished is kept."""
        self._measuring.stop()
        self._engine.stop()


def open_program(settings: Settings, *, demo: bool = False) -> Program:
    """Open the store at REVIEWER_HOME.

    Raises `StoreError`, `WeightsError` for bad manifests, `FittedFolderError` for a bad scorer.
    With `demo`, the pages let anybody on this machine in as one of the demo's people.
    """
    database = open_database(settings.database_url)
    repository, shelf = repository_in(settings, database), shelf_of(settings)
    work = work_on(settings, repository, shelf)
    records = human_records(database, demo=demo)
    return Program(settings, repository, records, work, shelf, demo=demo)


def open_records(settings: Settings) -> HumanRecords:
    """The people and reviews of the store at REVIEWER_HOME; raises `StoreError`."""
    return human_records(open_database(settings.database_url))


def verify_record(settings: Settings) -> tuple[int, int, str]:
    """(events, rows compared with them, last hash); raises `StoreError` where anything differs."""
    database = open_database(settings.database_url)
    count, rows = audit.verify(database), reconcile(database)
    told = audit.events(database)
    return count, rows, told[-1].hash if told else audit.FIRST


def make_snapshot(settings: Settings, credential: str) -> Snapshot:
    """Make and keep a snapshot of a program; raises `UnknownCredential`."""
    database = open_database(settings.database_url)
    repository, records = repository_in(settings, database), human_records(database)
    found = {one.id: one for one in credentials_of(settings.rubrics_dir, records.programs)}
    if credential not in found:
        raise UnknownCredential(
            f"There is no credential {credential!r}; `reviewer rubric list` shows those there are."
        )
    programs = ProgramDesk(repository, records, lambda: tuple(found.values()))
    return Monitoring(repository, records, programs).make(found[credential])


def stored_ratings(settings: Settings) -> bytes:
    """Every rating and every draft in the store as one long table (Parquet), to be measured.

    Raises `RatingsError` where nobody has rated anything yet, `StoreError`.
    """
    database = open_database(settings.database_url)
    issuer = Issuer(settings.issuer_name, settings.issuer_url)
    desk = Desk(repository_in(settings, database), human_records(database))
    rows = Exports(desk, issuer).every_rating()
    if all(row.rater_type == ENGINE for row in rows):
        raise RatingsError(
            "Nobody has rated anything in this store yet; rate some submissions, or name a table."
        )
    return ratings_parquet(rows)


def keep_verdicts(settings: Settings, given: Sequence[Verdict]) -> None:
    """Append verdicts of the fitness gate to the store; first passes obey the latest ones."""
    StoredVerdicts(open_database(settings.database_url)).keep(given)
