"""Openings that a work puts before sentence after sentence are read once."""

from fitted_house import CREDENTIAL, GOOD, encode, read

from reviewer.evidence.locate import sentences_of
from reviewer.scoring import attacks
from reviewer.scoring.fitted.formulas import without_formulas
from reviewer.scoring.fitted.rated import Text
from reviewer.scoring.fitted.read import read_for_fit

TOLD = ("the dog ran home.", "we saw a bird.", "rain fell all day.", "nobody came by.")


def read_as(text: str) -> list[str]:
    sentences = sentences_of(Text("one", "one", "", text).artifacts)
    return [one.text for one in without_formulas(sentences)]


def test_a_formula_stands_once_and_capitals_stay() -> None:
    text = " ".join(f"I plan to tell that {one}" for one in TOLD)
    assert read_as(text) == [
        "I plan to tell that the dog ran home.",
        "We saw a bird.",
        "Rain fell all day.",
        "Nobody came by.",
    ]


def test_whichever_words_the_formula_has() -> None:
    text = " ".join(f"In my next lesson, {one}" for one in TOLD)
    assert read_as(text)[1:] == ["We saw a bird.", "Rain fell all day.", "Nobody came by."]


def test_an_opening_that_few_sentences_share_is_read_each_time() -> None:
    sentences = [f"I think that the {one}" for one in ("dog ran.", "bird flew.", "rain fell.")]
    text = " ".join([*sentences, "Then it was night.", "All of us slept."])
    assert read_as(text) == [*sentences, "Then it was night.", "All of us slept."]


def test_a_work_of_intentions_is_read_as_the_work_it_announces_but_intended() -> None:
    plain, planned = read(" ".join(GOOD)), read(attacks.intended(GOOD))
    assert len(plain.sentences) == len(planned.sentences) == len(GOOD)
    intended = planned.signs[:, 17] @ planned.shares
    assert intended > 0.5 > plain.signs[:, 17] @ plain.shares
    assert planned.signs[:, 0] @ planned.shares >= plain.signs[:, 0] @ plain.shares - 0.02


def test_quotes_stay_whole() -> None:
    (artifact,) = Text("one", "one", "", " ".join(f"I hope to say {one}" for one in TOLD)).artifacts
    work = read_for_fit(CREDENTIAL, [artifact], encode)
    assert all(one.text.startswith("I hope to say") for one in work.sentences)
