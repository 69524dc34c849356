"""The folder of fitted scorers: which are there, which are used, and which are refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from fitted_house import CREDENTIAL, fitted

from reviewer.errors import FittedFolderError
from reviewer.scoring.fitted.saved import Origin, open_shelved, save_scorer
from reviewer.scoring.fitted.shelf import by_rubric, list_shelf

ENCODER = "e" * 64
ORIGIN = Origin(CREDENTIAL, ENCODER, "d" * 64, 0)


def test_every_scorer_below_the_folder_is_known_by_its_hash(tmp_path: Path) -> None:
    save_scorer(fitted().scorer, ORIGIN, "card", tmp_path / "one")
    save_scorer(fitted().scorer, replace(ORIGIN, seed=1), "card", tmp_path / "toy" / "two")
    (tmp_path / "being written").mkdir()
    shelf = list_shelf(tmp_path, ENCODER)
    assert {one.folder.name for one in shelf} == {"one", "two"}
    assert by_rubric(shelf) == {CREDENTIAL.rubric_hash: tuple(one.sha256 for one in shelf)}
    engine = open_shelved(shelf[0], CREDENTIAL)
    assert engine.identity.weights_sha256 == shelf[0].sha256


def test_the_same_scorer_twice_is_one(tmp_path: Path) -> None:
    for name in ("one", "copy"):
        save_scorer(fitted().scorer, ORIGIN, "card", tmp_path / name)
    assert len(list_shelf(tmp_path, ENCODER)) == 1


def test_a_scorer_of_another_encoder_is_not_used(tmp_path: Path) -> None:
    save_scorer(fitted().scorer, ORIGIN, "card", tmp_path / "one")
    assert list_shelf(tmp_path, "f" * 64) == ()


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert list_shelf(tmp_path / "nowhere", ENCODER) == ()


def test_a_damaged_scorer_is_named(tmp_path: Path) -> None:
    save_scorer(fitted().scorer, ORIGIN, "card", tmp_path / "one")
    (tmp_path / "one" / "scorer.json").write_text("{}", "utf-8")
    with pytest.raises(FittedFolderError, match=r"one is damaged .* move it away"):
        list_shelf(tmp_path, ENCODER)


def test_a_scorer_that_changed_since_it_was_listed_is_refused(tmp_path: Path) -> None:
    save_scorer(fitted().scorer, ORIGIN, "card", tmp_path / "one")
    (one,) = list_shelf(tmp_path, ENCODER)
    save_scorer(fitted().scorer, replace(ORIGIN, seed=1), "card", tmp_path / "one")
    with pytest.raises(FittedFolderError, match="start reviewer again"):
        open_shelved(one, CREDENTIAL)
