"""From ratings in the store to drafts of new work: fit, restart, draft; with real weights."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from fitted_house import text_of
from house_talk import LESSONS
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.intake.documents import Document
from reviewer.intake.limits import Limits
from reviewer.intake.package import read_package
from reviewer.review.permission import Grant, Role
from reviewer.review.rating import RaterType
from reviewer.rubric import Credential
from reviewer.scoring.fitted.rated import Text
from reviewer.scoring.talk.fit import fit_moves
from reviewer.scoring.talk.saved import save_moves
from reviewer.settings import load_settings
from reviewer.store import values
from reviewer.store.accounts import Accounts
from reviewer.store.database import Database, open_database
from reviewer.store.files import FileStore
from reviewer.store.records import Step
from reviewer.store.repository import Repository
from reviewer.store.reviews import Place, Reviews
from reviewer.wiring import LocalModels
from reviewer.wiring.fitted import shelf_of

WORKS = 12
RUBRIC = {
    "id": "toy-essay",
    "version": 1,
    "title": "Toy Essay",
    "slots": [{"id": "essay", "title": "Essay"}],
    "elements": [
        {
            "id": "ideas",
            "title": "Ideas",
            "levels": [
                {"value": 0, "descriptor": "Errors in nearly every sentence; no details."},
                {"value": 1, "descriptor": "Few errors; ideas with specific details."},
                {"value": 2, "descriptor": "Ideas thoroughly developed with details."},
            ],
        }
    ],
}


def rate(folder: Path, database: Database, credential: Credential) -> None:
    """Submissions of WORKS essays, each rated blind by an expert."""
    repository, reviews = Repository(database, FileStore(folder / "files")), Reviews(database)
    accounts = Accounts(database)
    ann = accounts.person(accounts.add("ann", None, [Grant(Role.EVALUATOR)]))
    assert ann is not None
    for at in range(WORKS):
        text, share = text_of(at, sentences=5)
        given = folder / f"work {at}"
        given.mkdir()
        (given / "essay.txt").write_text(text, "utf-8")
        package = read_package(given, credential, Limits())
        repository.add(package, credential)
        (file,) = package.files
        repository.ledger.plan(package.submission_id, [Step("read", file.id, f"hash {at}")])
        repository.ledger.keep("read", f"hash {at}", values.DOCUMENT.encode(Document(text)))
        place = Place(package.submission_id, "ideas", ann, RaterType.EXPERT, credential.rubric_hash)
        reviews.rate(place, float(np.round(2 * share)), 0)


@pytest.mark.slow
def test_ratings_of_the_store_make_a_scorer_that_drafts_new_work_and_no_work_it_was_fitted_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = load_settings().models_dir
    home, rubrics = tmp_path / "home", tmp_path / "rubrics"
    for folder in (home, rubrics):
        folder.mkdir()
    (rubrics / "toy.yaml").write_text(yaml.safe_dump(RUBRIC), "utf-8")
    for name, value in (
        ("HOME", home),
        ("RUBRICS_DIR", rubrics),
        ("FITTED_DIR", tmp_path / "fitted"),
        ("MODELS_DIR", models),
        ("OFFLINE", "1"),
    ):
        monkeypatch.setenv(f"REVIEWER_{name}", str(value))
    settings, credential = load_settings(), Credential.model_validate(RUBRIC)
    database = open_database(settings.database_url)
    rate(home, database, credential)
    moves = tmp_path / "moves"
    moves.mkdir()
    save_moves(fit_moves(LESSONS), moves)
    fitted = CliRunner().invoke(app, ["fit", "--credential", "toy-essay", "--moves", str(moves)])
    assert fitted.exit_code == 0, fitted.output
    (card,) = (tmp_path / "fitted" / "toy-essay").glob("*/card.md")
    assert f"Fitted on {WORKS} texts" in card.read_text("utf-8")
    # Nobody speaks in an essay, so no move adds anything to its draft.
    assert "## Talk moves" in card.read_text("utf-8")
    assert "| teacher: press | +0.00 |" in card.read_text("utf-8")
    assert (card.parent / "moves.json").is_file()

    repository = Repository(database, FileStore(home / "files"))
    local = LocalModels(settings, repository.embeddings, shelf_of(settings))
    new = Text("new", "new", "", text_of(99, sentences=5)[0])
    drafts = local.draft(credential, new.artifacts)
    assert [one.engine.id for one in drafts] == ["coverage", "fitted-standard"]
    assert all(one.element == "ideas" and one.level in (0, 1, 2) for one in drafts)
    known = repository.first_pass(repository.submissions()[0].id)
    assert known is not None
    assert [one.engine.id for one in local.draft(credential, known.artifacts)] == ["coverage"]
    database.close()
