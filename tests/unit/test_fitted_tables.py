"""Tables of texts and ratings: what is used, what is left out, and what is refused, in words."""

from pathlib import Path

import numpy as np
import pytest
from fitted_house import CREDENTIAL, fitted
from safetensors.numpy import load_file

from reviewer.errors import FittedFolderError, TableError, TooFewRatings
from reviewer.rubric import Credential
from reviewer.scoring.fitted.rated import filled
from reviewer.scoring.fitted.saved import Origin, load_engine, save_scorer
from reviewer.scoring.fitted.tables import read_rated, read_texts

RATED = [(f"s{at}", at % 4, (at + 1) % 4) for at in range(12)]


def texts(folder: Path, rows: str = "") -> Path:
    path = folder / "texts.csv"
    lines = [f'{name},c-{name},,"A text, of {name}."' for name, _, _ in RATED]
    path.write_text("\n".join(["submission,candidate,group,text", *lines, rows]), "utf-8")
    return path


def ratings(folder: Path, rows: str = "", header: str = "submission,element,rater,score") -> Path:
    path = folder / "ratings.csv"
    lines = [
        f"{name},{element},r1,{score}"
        for name, one, other in RATED
        for element, score in (("ideas", one), ("conventions", other))
    ]
    extra = "," * (header.count(",") - 3)
    path.write_text("\n".join([header, *(line + extra for line in lines), rows]), "utf-8")
    return path


def test_scores_are_the_mean_of_blind_experts_and_the_rest_is_counted(tmp_path: Path) -> None:
    header = "submission,element,rater,score,rater_type,phase,aid,rubric_version"
    more = "\n".join(
        (
            "s0,ideas,r2,2,expert,blind,none,1",
            "s0,ideas,r3,3,trainee,blind,none,1",
            "s0,ideas,r4,3,expert,revealed,none,1",
            "s0,ideas,r5,3,expert,blind,draft,1",
            "s0,ideas,r6,3,expert,blind,none,2",
            "s0,style,r7,3,expert,blind,none,1",
            "s99,ideas,r7,3,expert,blind,none,1",
        )
    )
    rated = read_rated(
        texts(tmp_path, "s50,,,unrated"), ratings(tmp_path, more, header), CREDENTIAL
    )
    assert rated.scores[0, 0] == 1.0  # r1 gave 0, r2 gave 2
    assert len(rated.texts) == 12
    assert rated.left_out == {
        "ratings by others than experts": 1,
        "ratings that were not blind": 1,
        "ratings made with an aid": 1,
        "ratings by another version of the rubric": 1,
        "ratings of elements that the rubric does not have": 1,
        "ratings of submissions without a text": 1,
        "texts without an expert rating": 1,
    }


def test_a_consensus_stands_for_the_single_ratings(tmp_path: Path) -> None:
    header = "submission,element,rater,score,rater_type"
    rated = read_rated(
        texts(tmp_path), ratings(tmp_path, "s0,ideas,panel,3,consensus", header), CREDENTIAL
    )
    assert rated.scores[0, 0] == 3.0


def test_with_one_group_candidates_are_held_together_with_several_the_groups(
    tmp_path: Path,
) -> None:
    rated = read_rated(texts(tmp_path), ratings(tmp_path), CREDENTIAL)
    assert rated.held_together[0] == "c-s0"
    more = "\n".join(f"{name}x,c,spring,More." for name, _, _ in RATED)
    rows = "\n".join(f"{name}x,ideas,r1,1" for name, _, _ in RATED)
    both = read_rated(texts(tmp_path, more), ratings(tmp_path, rows), CREDENTIAL)
    assert set(both.held_together) == {"", "spring"}


def test_missing_scores_follow_the_element_and_half_of_the_works_own_lead() -> None:
    known = np.array([[True, True], [True, False], [True, True]])
    made = filled(np.array([[0.0, 1.0], [3.0, 0.0], [0.0, 2.0]]), known)
    assert made[1, 1] == pytest.approx(1.5 + 0.5 * 2.0)  # means are 1 and 1.5; the work leads by 2
    assert made[0].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("s0,ideas,r2,7", r"row 26: the score '7' is not on the scale of 'ideas', 0 to 3"),
        ("s0,ideas,r2,two", r"row 26: the score 'two' is not on the scale"),
        ("s0,ideas,r2,nan", r"row 26: the score 'nan' is not on the scale"),
        ("s0,ideas,r1,2", r"row 26: rater 'r1' rated 'ideas' of 's0' in row 2 already"),
        ("s0,ideas,r2", r"row 26: it has not as many cells as the header, 4"),
    ],
)
def test_a_faulty_rating_is_refused_with_its_row(tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        read_rated(texts(tmp_path), ratings(tmp_path, row), CREDENTIAL)


def test_faulty_texts_are_refused_with_their_row(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"row 14: submission 's0' stands in row 2 too"):
        read_texts(texts(tmp_path, "s0,c,,again"))
    with pytest.raises(TableError, match=r"row 14: the column submission is empty"):
        read_texts(texts(tmp_path, ",c,,nameless"))
    with pytest.raises(TableError, match=r"nowhere\.csv cannot be read: no such file"):
        read_texts(tmp_path / "nowhere.csv")
    odd = tmp_path / "odd.csv"
    odd.write_text("id,words\n1,two", "utf-8")
    with pytest.raises(TableError, match=r"has no column submission, text; it has id, words"):
        read_texts(odd)
    odd.write_bytes(b"submission,text\n")
    with pytest.raises(TableError, match="no row below its header"):
        read_texts(odd)


def test_a_byte_order_mark_and_line_breaks_in_quotes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "marked.csv"
    path.write_bytes('\ufeffsubmission,text\na,"one\ntwo"\n'.encode())
    (one,) = read_texts(path)
    assert (one.submission, one.candidate, one.text) == ("a", "a", "one\ntwo")


def test_too_few_ratings_are_refused_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("submission,element,rater,score\ns0,ideas,r1,1\n", "utf-8")
    with pytest.raises(TooFewRatings, match=r"^1 texts have blind expert ratings"):
        read_rated(texts(tmp_path), path, CREDENTIAL)
    rows = "\n".join(f"{name},ideas,r1,{score}" for name, score, _ in RATED)
    path.write_text(f"submission,element,rater,score\n{rows}", "utf-8")
    with pytest.raises(TooFewRatings, match=r"'conventions' has 0 rated texts"):
        read_rated(texts(tmp_path), path, CREDENTIAL)


ORIGIN = Origin(CREDENTIAL, "e" * 64, "d" * 64, 0)


def test_a_saved_scorer_comes_back_and_is_written_in_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        save_scorer(fitted().scorer, ORIGIN, "card", tmp_path / name)
    for file in ("scorer.safetensors", "scorer.json", "card.md"):
        one, two = (tmp_path / name / file for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    engine = load_engine(tmp_path / "one", CREDENTIAL, "e" * 64)
    assert engine.scorer.levels == fitted().scorer.levels
    assert load_file(tmp_path / "one" / "scorer.safetensors")["intercept"].tolist() == (
        fitted().scorer.intercept.tolist()
    )


def test_a_folder_that_does_not_belong_here_is_refused(tmp_path: Path) -> None:
    save_scorer(fitted().scorer, ORIGIN, "card", tmp_path)
    other = Credential.model_validate({**CREDENTIAL.model_dump(), "version": "2"})
    with pytest.raises(FittedFolderError, match="was fitted to another rubric or version"):
        load_engine(tmp_path, other, "e" * 64)
    with pytest.raises(FittedFolderError, match="was fitted with other embedding weights"):
        load_engine(tmp_path, CREDENTIAL, "f" * 64)
    with pytest.raises(FittedFolderError, match="holds no fitted scorer"):
        load_engine(tmp_path / "nowhere", CREDENTIAL, "e" * 64)
    (tmp_path / "scorer.safetensors").write_bytes(b"cut short")
    with pytest.raises(FittedFolderError, match="is damaged"):
        load_engine(tmp_path, CREDENTIAL, "e" * 64)
