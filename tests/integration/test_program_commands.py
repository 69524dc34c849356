"""``reviewer rubric import`` and ``reviewer monitor``, and the process that pages start for it."""

import re
import time
from pathlib import Path

import house_credentials as credentials
import house_routing
import pytest
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.rubric import read_credential
from reviewer.rubric.writing import credential_yaml
from reviewer.settings import load_settings
from reviewer.store.database import open_database
from reviewer.store.human import HumanRecords
from reviewer.wiring import credential_named, newest_credentials, open_records
from reviewer.wiring.measuring import Measuring

pytestmark = pytest.mark.slow  # each makes a store

CREDENTIAL = credentials.graded(elements=2, levels=3, required=1)
CANVAS = (
    "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range,"
    "Rating Name,Rating Description,Rating Points,Rating Name,Rating Description,Rating Points\n"
    "Lab report,Clear question,,true,Yes,It can be tested,1,No,It cannot,0\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    said = str(result.exception) if result.exception else ""
    return result.exit_code, result.stdout, said


def written(folder: Path, text: str, name: str = "given.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


class TestImport:
    def test_looking_publishes_nothing(self, home: Path) -> None:
        status, out, _ = run("rubric", "import", written(home, CANVAS))
        assert status == 0
        assert out.startswith("Canvas rubric CSV: Lab report, version 1, 1 element")
        assert "  note: Ranges of points are read as levels at their upper ends.\n" in out
        assert "There is no version of lab-report before it.\n" in out
        assert "lab-report" not in {one.id for one in newest_credentials(load_settings())}

    def test_what_is_published_is_there_to_be_handed_in_for_and_never_changes(
        self, home: Path
    ) -> None:
        file = written(home, CANVAS)
        assert run("rubric", "import", file, "--publish")[0] == 0
        assert "lab-report" in {one.id for one in newest_credentials(load_settings())}
        written(home, CANVAS.replace("cannot", "can not"))
        status, out, said = run("rubric", "import", file, "--publish")
        assert status == 1
        assert "Against version 1, 1 place changed.\n" in out
        place = "elements · clear-question · levels · 0 · descriptor"
        assert f"~ {place}: It cannot → It can not\n" in out
        assert "Version 1 of lab-report is published already" in said
        status, out, _ = run("rubric", "import", file, "--publish", "--as-version", "2")
        assert status == 0
        assert out.endswith("Published: lab-report, version 2.\n")

    def test_it_is_written_as_yaml_to_be_completed(self, home: Path) -> None:
        out = home / "lab.yaml"
        assert run("rubric", "import", written(home, CANVAS), "--yaml", str(out))[0] == 0
        assert read_credential(out).title == "Lab report"

    def test_a_fault_is_one_sentence_with_its_line(self, home: Path) -> None:
        file = written(home, CANVAS.replace(",1,No", ",one,No"))
        status, _, said = run("rubric", "import", file)
        assert status == 1
        assert said.startswith("given.csv, line 2, elements[0].levels")

    def test_a_file_that_is_not_there_is_one_sentence(self, home: Path) -> None:
        status, _, said = run("rubric", "import", str(home / "gone.csv"))
        assert status == 1
        assert "cannot be read" in said


class TestPublishedAlone:
    """A credential that is in the store and in no file is found by its id, by every command."""

    @pytest.fixture(autouse=True)
    def published(self, home: Path) -> None:
        file = written(home, credential_yaml(CREDENTIAL), "given.yaml")
        assert run("rubric", "import", file, "--publish")[0] == 0

    def test_draft_takes_work_for_it(self, home: Path) -> None:
        folder = home / "work"
        folder.mkdir()
        (folder / "submission.yaml").write_text("candidate: C-1\nconsent: false\n")
        (folder / "plan.txt").write_text("Every child is greeted.")
        status, _, said = run("draft", str(folder), "--credential", "graded")
        assert status == 1
        assert "consent" in said
        assert "graded" not in said

    def test_calibrate_and_gate_apply_its_levels(self, home: Path) -> None:
        rows = [
            f"s{number},{element},{rater},{rater_type},{number % 3}"
            for number in range(12)
            for element in ("e1", "e2")
            for rater, rater_type in (("ann", "expert"), ("coverage", "engine"))
        ]
        table = written(
            home, "submission,element,rater,rater_type,score\n" + "\n".join(rows), "r.csv"
        )
        report = str(home / "report.json")
        options = ("--credential", "graded", "--json", report)
        assert run("calibrate", table, *options)[0] == 0
        status, out, said = run("gate", report, "--credential", "graded")
        assert (status, said) == (0, "")
        assert "unmeasured" in out

    def test_fit_looks_for_ratings_of_it(self) -> None:
        status, _, said = run("fit", "--credential", "graded")
        assert status == 1
        assert said.startswith("No element of graded has blind expert ratings of ")

    def test_it_stands_before_a_file_of_the_same_id(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = home / "rubrics"
        folder.mkdir()
        changed = CREDENTIAL.model_copy(update={"title": "From the folder"})
        written(folder, credential_yaml(changed), "graded.yaml")
        monkeypatch.setenv("REVIEWER_RUBRICS_DIR", str(folder))
        assert credential_named(load_settings(), "graded") == CREDENTIAL
        by_path = credential_named(load_settings(), str(folder / "graded.yaml"))
        assert by_path.title == "From the folder"

    def test_it_is_listed(self) -> None:
        status, out, _ = run("rubric", "list")
        assert status == 0
        assert "Graded work" in out
        assert "published into the store: graded" in " ".join(out.split())

    def test_its_retention_is_kept(self, home: Path) -> None:
        kept = CREDENTIAL.model_copy(update={"version": "2", "retention_days": 1})
        file = written(home, credential_yaml(kept), "kept.yaml")
        assert run("rubric", "import", file, "--publish")[0] == 0
        ann = house_routing.person(open_records(load_settings()), "ann")
        database = open_database(load_settings().database_url)
        house_routing.hand_in(database, "s1", credential=kept)
        house_routing.end(database, "s1", ann)
        status, out, _ = run("retention", "list")
        assert status == 0
        assert out == "2026-01-02\tgraded\tC-s1\n"


class TestNeitherPublishedNorInTheFolder:
    @pytest.mark.parametrize(
        "words",
        [
            ("draft", "{folder}", "--credential", "absent"),
            ("calibrate", "{table}", "--credential", "absent"),
            ("gate", "{table}", "--credential", "absent"),
            ("fit", "--credential", "absent"),
            ("fit", "{table}", "{table}", "--rubric", "absent", "--out", "{folder}"),
        ],
    )
    def test_it_is_one_sentence_that_says_where_was_looked(
        self, home: Path, words: tuple[str, ...]
    ) -> None:
        table = written(home, "submission,element,rater,score\ns,e,r,1\n", "r.csv")
        status, _, said = run(*(one.format(folder=home, table=table) for one in words))
        assert status == 1
        assert re.fullmatch(
            r"No credential in .* and none published into the store has the id 'absent'; .*\.", said
        )
        assert not (home / "home").exists(), "looking makes no store"

    def test_a_published_id_that_is_close_is_named(self, home: Path) -> None:
        file = written(home, credential_yaml(CREDENTIAL), "given.yaml")
        assert run("rubric", "import", file, "--publish")[0] == 0
        _, _, said = run("gate", file, "--credential", "gradde")
        assert said.endswith("has the id 'gradde'; did you mean 'graded'?")


class TestTheHouse:
    def test_a_file_that_changed_is_read_again_and_a_published_version_stands_before_it(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = home / "rubrics"
        folder.mkdir()
        monkeypatch.setenv("REVIEWER_RUBRICS_DIR", str(folder))
        found = []
        for title in ("One", "Another", "A third"):
            changed = CREDENTIAL.model_copy(update={"title": title})
            written(folder, credential_yaml(changed), "graded.yaml")
            found.append([one.title for one in newest_credentials(load_settings())])
        assert found == [["One"], ["Another"], ["A third"]]
        file = written(home, credential_yaml(CREDENTIAL), "given.yaml")
        assert run("rubric", "import", file, "--publish")[0] == 0
        assert newest_credentials(load_settings()) == (CREDENTIAL,)

    def test_without_a_folder_there_is_what_was_published(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REVIEWER_RUBRICS_DIR", str(home / "nowhere"))
        assert newest_credentials(load_settings()) == ()


class TestMonitor:
    @pytest.fixture
    def records(self, home: Path) -> HumanRecords:
        file = written(home, credential_yaml(CREDENTIAL), "graded.yaml")
        assert run("rubric", "import", file, "--publish")[0] == 0
        return open_records(load_settings())

    def test_it_makes_the_snapshot_that_the_dashboard_shows(self, records: HumanRecords) -> None:
        status, out, _ = run("monitor", "graded")
        assert status == 0
        assert out.startswith("Graded work: 0 works at ")
        assert "Nobody has rated anything yet." in out
        kept = records.monitored.latest("graded")
        assert kept is not None
        assert kept.works == 0

    def test_a_credential_that_is_not_there_is_one_sentence(self, home: Path) -> None:
        status, _, said = run("monitor", "absent")
        assert status == 1
        assert said.startswith("There is no credential 'absent'")

    def test_a_page_starts_it_in_a_process_of_its_own_once_at_a_time(
        self, records: HumanRecords
    ) -> None:
        measuring = Measuring(load_settings())
        for _ in range(3):
            measuring.begin("graded")
        assert measuring.running("graded")
        begun = time.monotonic()
        while measuring.running("graded") and time.monotonic() - begun < 60:
            time.sleep(0.1)
        first = records.monitored.latest("graded")
        assert first is not None
        measuring.begin("graded")
        measuring.stop()
        assert not measuring.running("graded")
        assert records.monitored.latest("graded") == first
