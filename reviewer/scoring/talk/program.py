"""From labelled lessons to a folder of talk moves.

Invariant: equal lessons give an equal folder; nothing is written where too few are labelled.
"""

from collections.abc import Sequence
from pathlib import Path

from reviewer.errors import FittedFolderError
from reviewer.scoring.talk.card import moves_card
from reviewer.scoring.talk.fit import Lesson, fit_moves, held_out
from reviewer.scoring.talk.saved import save_moves

CARD = "card.md"


def fit_moves_folder(lessons: Sequence[Lesson], folder: Path) -> str:
    """Learn, measure and write; the text of the card.

    Raises `TooFewMoves`, or `FittedFolderError` where the folder cannot be written.
    """
    moves, told = fit_moves(lessons), held_out(lessons)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        card = moves_card(lessons, told, save_moves(moves, folder))
        (folder / CARD).write_text(card, encoding="utf-8")
    except OSError as error:
        raise FittedFolderError(
            f"{folder} cannot be written ({error.strerror}); name a folder in which you may write."
        ) from error
    return card
