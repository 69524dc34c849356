"""``reviewer draft`` as a person runs it: refusals in one sentence, and a first pass for real."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import jsonschema
import pytest

from reviewer.cli.main import main
from reviewer.settings import CHECKOUT
from reviewer.store.database import open_database
from reviewer.store.ledger import Ledger
from reviewer.store.records import StageLine

SOON_S = 300.0
CREDENTIAL = "morning-meetings-for-sel"
MODELS = ("torch", "ctranslate2", "faster_whisper", "sentence_transformers", "transformers")


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(CHECKOUT), *filter(None, sys.path)]),
        "REVIEWER_HOME": str(home),
        "REVIEWER_OFFLINE": "1",
        "REVIEWER_SPEECH_MODEL": "tiny.en",
        "REVIEWER_THREADS": "2",
        "COLUMNS": "120",
        **more,
    }


def draft(home: Path, *arguments: object, **more: str) -> Ran:
    ran = subprocess.run(
        [sys.executable, "-m", "reviewer", "draft", *map(str, arguments)],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=SOON_S,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def lines(home: Path) -> tuple[StageLine, ...]:
    database = open_database(f"sqlite:///{home / 'reviewer.sqlite3'}")
    ledger = Ledger(database)
    with database.reading() as connection:
        ids = connection.exec_driver_sql("SELECT id FROM submission").scalars().all()
    found = tuple(line for one in ids for line in ledger.lines(one))
    database.close()
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submission"
    made.mkdir()
    (made / "plan.txt").write_text(
        "Each morning the pupils sit in a circle. Every child is greeted."
    )
    return made


Draft = Callable[..., Ran]


@pytest.fixture
def refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Draft:
    """Runs the command in this process: a refusal needs no worker, and should be quick."""

    def run(*arguments: object, **more: str) -> Ran:
        for name, value in environment(home, **more).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["reviewer", "draft", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return Ran(int(left.value.code or 0), printed.out, printed.err)

    return run


def assert_refused(ran: Ran, status: int, sentence: str) -> None:
    assert ran.status == status, ran
    assert re.search(sentence, ran.err), ran.err
    assert ran.err.count("\n") == 1, ran.err
    assert ran.out == ""


class TestRefusals:
    def test_a_result_for_a_folder_that_does_not_exist_is_refused_before_any_work(
        self, refused: Draft, home: Path, folder: Path, tmp_path: Path
    ) -> None:
        for option in ("--json", "--html"):
            out = tmp_path / "nowhere" / "out"
            ran = refused(folder, "--credential", CREDENTIAL, option, out)
            assert_refused(ran, 1, r"out cannot be written: there is no folder .*nowhere")
        assert not home.exists()

    def test_a_folder_is_no_file_to_write_to(self, refused: Draft, folder: Path) -> None:
        ran = refused(folder, "--credential", CREDENTIAL, "--json", folder)
        assert_refused(ran, 1, "it is a folder")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_place_without_permission_is_refused_before_any_work(
        self, refused: Draft, home: Path, folder: Path, tmp_path: Path
    ) -> None:
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        ran = refused(folder, "--credential", CREDENTIAL, "--json", locked / "out.json")
        assert_refused(ran, 1, "no permission")
        assert not home.exists()

    def test_two_results_need_two_names(self, refused: Draft, folder: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        ran = refused(folder, "--credential", CREDENTIAL, "--json", out, "--html", out)
        assert_refused(ran, 1, "give them two names")

    def test_an_unknown_credential_is_said(self, refused: Draft, folder: Path) -> None:
        assert_refused(refused(folder, "--credential", "nothing"), 1, "nothing")

    def test_a_folder_that_is_none_is_said(self, refused: Draft, folder: Path) -> None:
        ran = refused(folder / "plan.txt", "--credential", CREDENTIAL)
        assert_refused(ran, 1, "not a folder")

    def test_without_consent_nothing_is_kept(
        self, refused: Draft, home: Path, folder: Path
    ) -> None:
        (folder / "submission.yaml").write_text("consent: false\n")
        assert_refused(refused(folder, "--credential", CREDENTIAL), 1, "consent")
        assert not (home / "files").exists()

    def test_a_folder_without_files_is_status_2(self, refused: Draft, tmp_path: Path) -> None:
        (tmp_path / "bare").mkdir()
        ran = refused(tmp_path / "bare", "--credential", CREDENTIAL)
        assert_refused(ran, 2, "no files")

    def test_where_no_file_can_be_used_each_is_named_with_status_2(
        self, refused: Draft, tmp_path: Path
    ) -> None:
        folder = tmp_path / "sad"
        folder.mkdir()
        (folder / "empty.txt").touch()
        (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        ran = refused(folder, "--credential", CREDENTIAL)
        assert_refused(ran, 2, r"empty\.txt.*picture\.png")

    def test_offline_without_weights_the_command_to_run_is_named(
        self, refused: Draft, folder: Path, tmp_path: Path
    ) -> None:
        bare = str(tmp_path / "no weights")
        ran = refused(folder, "--credential", CREDENTIAL, REVIEWER_MODELS_DIR=bare)
        assert_refused(ran, 1, "reviewer models pull all-MiniLM-L6-v2")

    def test_a_store_of_a_newer_version_is_said(
        self, refused: Draft, home: Path, folder: Path
    ) -> None:
        database = open_database(f"sqlite:///{home / 'reviewer.sqlite3'}")
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        database.close()
        ran = refused(folder, "--credential", CREDENTIAL)
        assert_refused(ran, 1, "newer version of reviewer")


@dataclass(frozen=True)
class First:
    """A folder reviewed once, with everything written."""

    folder: Path
    home: Path
    json: Path
    html: Path
    ran: Ran

    @property
    def result(self) -> Any:
        return json.loads(self.json.read_bytes())


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, eval_data: Path) -> First:
    base = tmp_path_factory.mktemp("first")
    folder = base / "submission"
    folder.mkdir()
    (folder / "activity plan.txt").write_text(
        "Each morning the pupils sit in a circle and greet a neighbour by name.\n\n"
        "Maya said she felt proud because she had helped Leo. Leo answered that he had liked how "
        "she waited for him. Then it was the next pupil's turn, until everybody had spoken.\n"
    )
    statement = docx.Document()
    statement.add_heading("Justification statement")
    statement.add_paragraph(
        "Four of my pupils never speak before noon. I chose the partner round because they do "
        "speak to one other child. In May I will try it with the whole class."
    )
    statement.save(str(folder / "statement.docx"))
    clip = eval_data / "audio" / "ljspeech" / "LJ001-0002.flac"
    shutil.copy(clip, folder / "clip.flac")
    (folder / "empty.md").touch()
    (folder / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(500))
    home, out, page = base / "home", base / "out.json", base / "report.html"
    ran = draft(home, folder, "--credential", CREDENTIAL, "--json", out, "--html", page)
    assert ran.status == 0, ran.err
    return First(folder, home, out, page, ran)


@pytest.mark.slow
class TestForReal:
    def test_the_result_has_the_published_shape(self, first: First) -> None:
        schema = json.loads((CHECKOUT / "docs" / "result.schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(first.result)
        elements = [one["element"] for one in first.result["elements"]]
        assert len(elements) == len(set(elements)) == 6

    def test_every_file_is_in_it_read_or_with_its_problem(self, first: First) -> None:
        by_name = {one["name"]: one for one in first.result["artifacts"]}
        assert by_name.keys() == {path.name for path in first.folder.iterdir()}
        unread = {name: one["problem"]["kind"] for name, one in by_name.items() if one["problem"]}
        assert unread.keys() == {"empty.md", "broken.mp4"}
        assert unread["empty.md"] == "EmptyFile"
        assert by_name["statement.docx"]["characters"] > 100
        assert by_name["clip.flac"]["hearing"]["source"] == "recognition"
        assert 0 < by_name["clip.flac"]["duration_s"] < 3
        assert by_name["clip.flac"]["characters"] > 10

    def test_every_citation_is_verbatim_in_the_text_it_names(self, first: First) -> None:
        texts = {"activity plan.txt": (first.folder / "activity plan.txt").read_text()}
        names = {one["id"]: one["name"] for one in first.result["artifacts"]}
        cited = [one for element in first.result["elements"] for one in element["citations"]]
        assert cited
        for one in cited:
            text = texts.get(names[one["artifact"]])
            assert text is None or text[one["start"] : one["end"]] == one["quote"]

    def test_the_table_begins_with_what_is_missing_and_says_what_was_not_validated(
        self, first: First
    ) -> None:
        out = first.ran.out
        assert out.index("classroom videos are missing") < out.index("strongest evidence")
        assert "empty.md" in out
        kinds = {one["kind"] for one in first.result["elements"]}
        assert ("not validated here" in " ".join(out.split())) == ("draft" in kinds)

    def test_nothing_but_what_a_person_should_read_is_printed(self, first: First) -> None:
        assert first.ran.err == ""

    def test_the_report_is_written(self, first: First) -> None:
        page = first.html.read_text()
        assert page.startswith("<!DOCTYPE html>") or page.startswith("<!doctype html>")
        assert "statement.docx" in page

    def test_a_second_draft_does_no_model_work(self, first: First) -> None:
        before = lines(first.home)
        ran = draft(
            first.home, first.folder, "--credential", CREDENTIAL, "--json", "-",
            PYTHONPROFILEIMPORTTIME="1",
        )  # fmt: skip
        assert ran.status == 0
        assert lines(first.home) == before
        assert {line.attempts for line in before} == {1}
        imported = {line.rpartition("|")[2].strip() for line in ran.err.splitlines()}
        assert "reviewer.wiring" in imported
        assert not imported & set(MODELS)
        assert ran.out == first.json.read_text()

    def test_another_home_gives_the_same_bytes(self, first: First, tmp_path: Path) -> None:
        elsewhere = tmp_path / "another place"
        shutil.copytree(first.folder, elsewhere / "of another name")
        out = tmp_path / "out.json"
        ran = draft(
            tmp_path / "home", elsewhere / "of another name", "--credential", CREDENTIAL,
            "--json", out,
        )  # fmt: skip
        assert ran.status == 0, ran.err
        assert out.read_bytes() == first.json.read_bytes()

    def test_with_json_on_standard_output_the_table_is_elsewhere(self, first: First) -> None:
        ran = draft(first.home, first.folder, "--credential", CREDENTIAL, "--json", "-")
        assert json.loads(ran.out) == first.result
        assert "strongest evidence" in ran.err

    def test_killed_in_the_middle_and_begun_again_it_finishes(
        self, first: First, tmp_path: Path
    ) -> None:
        home, out = tmp_path / "home", tmp_path / "out.json"
        arguments = [first.folder, "--credential", CREDENTIAL, "--json", out]
        command = subprocess.Popen(
            [sys.executable, "-m", "reviewer", "draft", *map(str, arguments)],
            env=environment(home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _until(lambda: (home / "reviewer.sqlite3").exists() and _begun(home))
        command.kill()
        command.wait(SOON_S)
        assert draft(home, *arguments).status == 0
        assert out.read_bytes() == first.json.read_bytes()


def _begun(home: Path) -> bool:
    return any(line.state == "done" for line in lines(home))


def _until(happens: Callable[[], bool]) -> None:
    late = time.monotonic() + SOON_S
    while not happens():
        assert time.monotonic() < late
        time.sleep(0.05)
