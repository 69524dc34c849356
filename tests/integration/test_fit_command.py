"""``reviewer fit`` and ``reviewer score`` as a person runs them."""

import json
from pathlib import Path

import numpy as np
import pytest
from fitted_house import text_of
from typer.testing import CliRunner, Result

from reviewer.cli.main import app
from reviewer.errors import FittedFolderError, OutputError, TableError, UnknownCredential
from reviewer.settings import load_settings

RUBRIC = "analytic-essay-four-traits"
ELEMENTS = ("ideas", "organization", "style", "conventions")


def tables(folder: Path, works: int = 24) -> tuple[Path, Path]:
    draw = np.random.default_rng(3)
    texts, ratings = ["submission,candidate,group,text"], ["submission,element,rater,score"]
    for at in range(works):
        text, share = text_of(at, sentences=9)
        texts.append(f's{at},c{at},,"{text.replace(chr(34), chr(39))}"')
        for element in ELEMENTS:
            score = min(3, max(0, round(3 * share + draw.normal(0, 0.4))))
            ratings.append(f"s{at},{element},r1,{score}")
    made = folder / "texts.csv", folder / "ratings.csv"
    for path, lines in zip(made, (texts, ratings), strict=True):
        path.write_text("\n".join(lines), "utf-8")
    return made


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_what_cannot_work_is_refused_before_any_model_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    texts, ratings = tables(tmp_path)
    out = tmp_path / "out"
    absent = run("fit", tmp_path / "no.csv", ratings, "--rubric", RUBRIC, "--out", out)
    assert isinstance(absent.exception, TableError)
    other = run("fit", texts, ratings, "--rubric", "nothing-such", "--out", out)
    assert isinstance(other.exception, UnknownCredential)
    (tmp_path / "file").write_text("in the way", "utf-8")
    blocked = run("fit", texts, ratings, "--rubric", RUBRIC, "--out", tmp_path / "file")
    assert isinstance(blocked.exception, FittedFolderError)
    assert not (tmp_path / "home").exists()
    lost = tmp_path / "not" / "there.jsonl"
    nowhere = run("score", texts, "--fitted", out, "--rubric", RUBRIC, "--json", lost)
    assert isinstance(nowhere.exception, OutputError)


@pytest.mark.slow
def test_a_scorer_is_fitted_and_scores_in_the_same_bytes_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REVIEWER_MODELS_DIR", str(load_settings().models_dir))
    monkeypatch.setenv("REVIEWER_OFFLINE", "1")
    texts, ratings = tables(tmp_path)
    folder = tmp_path / "fitted"
    fitted = run("fit", texts, ratings, "--rubric", RUBRIC, "--out", folder)
    assert fitted.exit_code == 0, fitted.output
    assert {one.name for one in folder.iterdir()} == {
        "scorer.safetensors",
        "scorer.json",
        "card.md",
    }
    card = (folder / "card.md").read_text("utf-8")
    for part in ("Fitted on 24 texts", "95 % interval", "hidden instruction", "## Limits"):
        assert part in card
    written = []
    for name in ("one.jsonl", "two.jsonl"):
        out = tmp_path / name
        scored = run("score", texts, "--fitted", folder, "--rubric", RUBRIC, "--json", out)
        assert scored.exit_code == 0, scored.output
        written.append(out.read_bytes())
    assert written[0] == written[1]
    lines = [json.loads(line) for line in written[0].splitlines()]
    assert [(one["submission"], one["element"]) for one in lines[:5]] == [
        *(("s0", element) for element in ELEMENTS),
        ("s1", "ideas"),
    ]
    own = {f"s{at}": text_of(at, sentences=9)[0].replace('"', "'") for at in range(24)}
    for line in lines:
        assert line["kind"] == "draft"
        assert line["level"] in (0, 1, 2, 3)
        assert sum(line["probabilities"].values()) == pytest.approx(1)
        assert all(one["quote"] in own[line["submission"]] for one in line["citations"])
    missing = run(
        "score", texts, "--fitted", tmp_path, "--rubric", RUBRIC, "--json", tmp_path / "x"
    )
    assert isinstance(missing.exception, FittedFolderError)
