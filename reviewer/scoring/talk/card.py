"""The model card of talk moves: what they were learned from, and how well they are told.

Invariant: every figure stands with its number of sentences; no text or name of a lesson is in it.
"""

from collections.abc import Mapping, Sequence

from reviewer.scoring.talk.fit import FEWEST, Lesson, Told
from reviewer.scoring.talk.lines import Role

LIMITS = (
    "They are told from words alone: gesture, tone and what is on the board are not heard.",
    "They know the labels, the subject and the classrooms that they were learned from, no others.",
    "In a recording the voice with most words is taken for the teacher's.",
    "They are signs that a fitted scorer may weigh, never a finding about a person.",
)


def moves_card(lessons: Sequence[Lesson], told: Mapping[Role, Told], sha256: str) -> str:
    """The card as Markdown."""
    labelled = sum(move is not None for one in lessons for move in one.moves)
    learned = sum(sum(own.sentences.values()) for own in told.values())
    parts = [
        "# Talk moves",
        f"Learned from {learned:,} labelled sentences of {len(lessons):,} lessons; hash "
        f"`{sha256}`. Left out: {labelled - learned:,} labelled sentences, of moves with fewer "
        f"than {FEWEST} or of a role with too few.",
        "## How well they are told\n\nF1 of each move, 0 to 1, in lessons held out of fitting.",
    ]
    for role, own in told.items():
        rows = [f"| {name} | {own.sentences[name]:,} | {f1:.2f} |" for name, f1 in own.f1.items()]
        parts.append(
            f"### {role.capitalize()}: macro-F1 {own.macro_f1:.2f}\n\n"
            "| move | sentences | F1 |\n| --- | ---: | ---: |\n" + "\n".join(rows)
        )
    parts.append("## Limits\n\n" + "\n".join(f"- {one}" for one in LIMITS))
    return "\n\n".join(parts) + "\n"
