"""Talk moves: learned from labelled lessons, told from words alone, signs of a fitted scorer."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from fitted_house import encode
from house_talk import LESSONS, PRESS, recorded, recording
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.errors import FittedFolderError, TableError, TooFewMoves
from reviewer.evidence.locate import sentences_of
from reviewer.rubric import Credential
from reviewer.scoring.fitted.draft import draft_fitted
from reviewer.scoring.fitted.fit import fit_scorer
from reviewer.scoring.fitted.read import read_for_fit
from reviewer.scoring.fitted.saved import Origin, load_engine, save_scorer
from reviewer.scoring.fitted.signs import SEGMENT_SIGNS
from reviewer.scoring.talk.fit import Lesson, fit_moves, held_out
from reviewer.scoring.talk.heard import moves_heard
from reviewer.scoring.talk.lines import Line, Role, context_of
from reviewer.scoring.talk.moves import TalkMoves
from reviewer.scoring.talk.saved import load_moves, save_moves
from reviewer.scoring.talk.table import read_talk

NAMES = ("teacher: none", "teacher: press", "pupil: claim", "pupil: reason")


@lru_cache(maxsize=1)
def learned() -> TalkMoves:
    return fit_moves(LESSONS)


def test_moves_are_told_from_words_and_add_up_to_one_for_whoever_speaks() -> None:
    assert learned().names == NAMES
    lines = (Line(Role.TEACHER, 0, "Why is that?"), Line(Role.PUPIL, 1, "Because it is a half."))
    told = learned().probabilities(lines)
    assert told.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert told[0, 2:].tolist() == [0.0, 0.0], "a teacher makes no pupil's move"
    assert told[0, 1] > told[0, 0]
    assert told[1, 3] > told[1, 2]
    assert learned().probabilities(()).shape == (0, 4)


def test_no_line_knows_what_comes_after_it() -> None:
    lines = LESSONS[0].lines
    short, long = learned().probabilities(lines[:7]), learned().probabilities(lines)
    assert np.array_equal(short, long[:7])


def test_the_line_before_counts_and_who_said_it() -> None:
    said = (Line(Role.PUPIL, 0, "Seven, I think."), Line(Role.TEACHER, 1, "Seven."))
    context = context_of(said)
    assert context.before == ["", "bypupil Seven, I think."]
    assert context.answered == ["", "Seven, I think."]
    assert context.teachers_last == [-1, -1]
    assert context.places[0, :28].tolist() == [0.0] * 28, "before the first line there is nothing"
    assert context.places[1, 0] == 1.0, "all words of the second line were said before"
    assert context.places[1, 3] == 1.0, "word for word"


def test_a_word_is_an_echo_only_as_a_whole() -> None:
    said = (Line(Role.PUPIL, 0, "We win."), Line(Role.TEACHER, 1, "In."))
    assert context_of(said).places[1, 3] == 0.0


def test_moves_are_measured_in_lessons_that_were_not_learned_from() -> None:
    told = held_out(LESSONS)
    assert list(told) == [Role.TEACHER, Role.PUPIL]
    own = told[Role.TEACHER]
    assert set(own.f1) == {"none", "press"}
    assert sum(own.sentences.values()) == 72
    assert own.macro_f1 > 0.9
    strange = tuple(
        replace(one, moves=tuple(reversed(one.moves))) if at % 2 else one
        for at, one in enumerate(LESSONS)
    )
    assert held_out(strange)[Role.TEACHER].macro_f1 < 0.9


def test_a_role_without_labels_has_no_moves_and_rare_moves_are_not_learned() -> None:
    def only_teachers(one: Lesson) -> Lesson:
        moves = [
            move if line.role is Role.TEACHER else None
            for line, move in zip(one.lines, one.moves, strict=True)
        ]
        if one.name == "lesson 0":
            moves[0] = "once"
        return replace(one, moves=tuple(moves))

    made = fit_moves(tuple(only_teachers(one) for one in LESSONS))
    assert made.names == ("teacher: none", "teacher: press")
    assert made.probabilities([Line(Role.PUPIL, 0, "Why?")]).tolist() == [[0.0, 0.0]]


def test_moves_may_be_called_by_numbers() -> None:
    numbers = {"none": "01", "press": "1", "claim": "2", "reason": "10", None: None}
    numbered = tuple(
        replace(one, moves=tuple(numbers[move] for move in one.moves)) for one in LESSONS
    )
    assert fit_moves(numbered).names == ("teacher: 01", "teacher: 1", "pupil: 10", "pupil: 2")


@pytest.mark.parametrize("lessons", [(), LESSONS[:2], (replace(LESSONS[0], lines=(), moves=()),)])
def test_too_few_labelled_lessons_are_refused(lessons: tuple[Lesson, ...]) -> None:
    with pytest.raises(TooFewMoves, match="10 labelled sentences each in 3 lessons; label more"):
        fit_moves(lessons)


def test_saved_moves_come_back_and_are_written_in_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    hashes = [save_moves(fit_moves(LESSONS), tmp_path / name) for name in ("one", "two")]
    assert hashes[0] == hashes[1]
    back, sha256 = load_moves(tmp_path / "one")
    assert sha256 == hashes[0]
    assert back.names == NAMES
    lines = LESSONS[1].lines
    assert np.array_equal(back.probabilities(lines), learned().probabilities(lines))


def test_a_folder_without_moves_or_with_damaged_ones_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FittedFolderError, match="holds no talk moves"):
        load_moves(tmp_path)
    save_moves(learned(), tmp_path)
    meaning = tmp_path / "moves.json"
    whole = meaning.read_text("utf-8")
    for spoiled in ("{", whole.replace("press", 'press", "more'), whole.replace('"1"', '"0"')):
        meaning.write_text(spoiled, "utf-8")
        with pytest.raises(FittedFolderError, match="damaged or were written by another version"):
            load_moves(tmp_path)


HEADER = "lesson,role,sentence,move\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "talk.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_table_is_read_in_order_and_a_blank_move_is_context(tmp_path: Path) -> None:
    rows = "a,Teacher,Why?,press\na,teacher,,press\na,teacher,Well.,\na,pupil,Yes.,claim\n"
    (one,), empty = read_talk(written(tmp_path, HEADER + rows))
    assert empty == 1
    assert one.moves == ("press", None, "claim")
    assert [(line.role, line.turn) for line in one.lines] == [
        (Role.TEACHER, 0), (Role.TEACHER, 0), (Role.PUPIL, 1)
    ]  # fmt: skip
    numbered = "lesson,role,sentence,move,turn\na,teacher,Why?,press,4\na,teacher,Well.,,9\n"
    (one,), _ = read_talk(written(tmp_path, numbered))
    assert [line.turn for line in one.lines] == [4, 9]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lesson,role,text\na,teacher,Why?", "has no column sentence, move; it has lesson"),
        (HEADER + "a,nobody,Why?,press", "row 2: the role 'nobody' is neither teacher nor pupil"),
        (HEADER + ",teacher,Why?,press", "row 2: the column lesson is empty"),
        (HEADER + "a,teacher,Why?", "row 2: it has not as many cells as the header, 4"),
        ("lesson,role,sentence,move,turn\na,teacher,Why?,press,one", "row 2: the turn 'one' is no"),
    ],
)
def test_a_faulty_table_is_refused_with_its_row(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        read_talk(written(tmp_path, text))


def test_the_command_writes_a_folder_with_a_card(tmp_path: Path) -> None:
    rows = [
        f'{one.name},{line.role},"{line.text}",{move}'
        for one in LESSONS
        for line, move in zip(one.lines, one.moves, strict=True)
    ]
    path, out = written(tmp_path, HEADER + "\n".join(rows)), tmp_path / "moves"
    done = CliRunner().invoke(app, ["fit-moves", str(path), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert {one.name for one in out.iterdir()} == {"moves.safetensors", "moves.json", "card.md"}
    card = (out / "card.md").read_text("utf-8")
    assert "Learned from 144 labelled sentences of 6 lessons" in card
    assert "| press | " in card
    assert not any(text in card for text in PRESS)
    blocked = CliRunner().invoke(app, ["fit-moves", str(path), "--out", str(path)])
    assert isinstance(blocked.exception, FittedFolderError)


def test_the_leading_voice_is_taken_for_the_teachers() -> None:
    lesson = recorded(
        ("S1", "Why do you think that it is seven and not eight?"),
        ("S2", "Because four and four make eight."),
        (None, "Why?"),
    )
    heard_moves = moves_heard(learned(), sentences_of([lesson]))
    assert heard_moves[0, 1] > 0.5
    assert heard_moves[1, 3] > 0.5
    assert heard_moves[2].tolist() == [0.0] * 4, "nobody knows who said it"


def test_what_is_written_or_said_by_one_voice_has_no_moves() -> None:
    alone = recorded(("S1", "Why do you think so?"), ("S1", "Open your books now."))
    assert not moves_heard(learned(), sentences_of([alone])).any()


CREDENTIAL = Credential.model_validate(
    {
        "id": "toy-talk",
        "version": 1,
        "title": "Toy Talk",
        "elements": [
            {
                "id": "pressing",
                "title": "Pressing",
                "observable_in": ["speech"],
                "levels": [
                    {"value": value, "descriptor": text}
                    for value, text in enumerate(
                        ("Nobody is asked for reasons.", "Some are asked.", "All are asked.")
                    )
                ],
            }
        ],
    }
)


@pytest.mark.slow
def test_a_scorer_fitted_with_moves_carries_them_and_weighs_them(tmp_path: Path) -> None:
    made = [recording(number) for number in range(24)]
    works = [read_for_fit(CREDENTIAL, [one], encode, moves=learned()) for one, _ in made]
    assert works[0].signs.shape[1] == len(SEGMENT_SIGNS) + 4
    scores = np.array([[round(2 * share)] for _, share in made], float)
    fit = fit_scorer(CREDENTIAL, works, scores, [f"c{at}" for at in range(24)], one_task=False)
    pressing = fit.scorer.weights["signs"][len(SEGMENT_SIGNS) :, 0]
    assert pressing[1] > 0 > pressing[0], "to press raises the draft, plain talk lowers it"

    origin = Origin(CREDENTIAL, "e" * 64, "d" * 64, 0, moves=learned())
    save_scorer(fit.scorer, origin, "card", tmp_path)
    engine = load_engine(tmp_path, CREDENTIAL, "e" * 64)
    assert engine.moves is not None
    assert engine.moves.names == NAMES
    (draft,) = draft_fitted(CREDENTIAL, [recording(99)[0]], encode, engine)
    assert draft.level in (0.0, 1.0, 2.0)

    save_moves(fit_moves(LESSONS[:4]), tmp_path)
    with pytest.raises(FittedFolderError, match="not those that its scorer was fitted with"):
        load_engine(tmp_path, CREDENTIAL, "e" * 64)
