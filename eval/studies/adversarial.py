"""Whether an honest text scores above the same text spoiled, and whether additions gain anything.

Invariant: a pair is won only if the honest version's expected level is higher (no draft counts as
the lowest level and no evidence); ties are counted apart. Essays are of the half of ASAP set 7 that
nothing was chosen on.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

from eval.data import Essay, asap7, asap7_credential, asap7_prompt, document
from eval.speech import heard
from eval.statistics import halves
from eval.studies.essays import SEED
from eval.vectors import embedding, weights_sha256
from reviewer.intake.artifact import Artifact
from reviewer.rubric import Credential, Element, find_credential
from reviewer.scoring import attacks
from reviewer.scoring.coverage import draft_elements
from reviewer.scoring.work import Embed
from reviewer.settings import load_settings

NAME = "adversarial"
HELP = "honest against spoiled versions: essays and passages for our own credentials"
BENCH = True

ESSAYS = 60  # drawn from those of the reporting half with FEWEST words or more
FEWEST = 80
OTHER_TASK = "Write about whether pupils should be allowed to use cell phones at school."

Tally = dict[str, list[int]]  # attack -> [won, tied, lost]


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both kinds of pairs; the share of pairs won, and of additions that gain nothing."""
    embed = embedding()
    figures = _print("passages for credentials", _passages(embed), out)
    figures |= _print("essays", _essays(data, embed, out), out)
    return figures


def _print(title: str, tally: Tally, out: Console) -> dict[str, float]:
    table = Table(title=title)
    for column in ("spoiled by", "honest above", "equal", "honest below", "pairs"):
        table.add_column(column, justify="left" if column == "spoiled by" else "right")
    figures = {}
    for attack, (won, tied, lost) in tally.items():
        total = won + tied + lost
        shares = [f"{count / total:.3f}" for count in (won, tied, lost)]
        table.add_row(attack, *shares, str(total))
        added = attack.startswith("+")
        figures[f"{title}: {attack}"] = (won + tied * added) / total
    out.print(table)
    return figures


def _count(tally: Tally, attack: str, honest: float, spoiled: float) -> None:
    place = 0 if honest > spoiled else 1 if honest == spoiled else 2
    tally[attack][place] += 1


def _expected(
    credential: Credential, artifact: Artifact, embed: Embed, elements: Sequence[str]
) -> dict[str, float]:
    """Expected level by element; -1 where there is no draft."""
    drafts = draft_elements(credential, [artifact], embed, weights_sha256())
    return {
        draft.element: -1.0 if draft.expected is None else draft.expected
        for draft in drafts
        if draft.element in elements
    }


def _passages(embed: Embed) -> Tally:
    items = yaml.safe_load(Path(__file__).parent.parent.joinpath("pairs.yaml").read_text("utf-8"))
    tally: Tally = defaultdict(lambda: [0, 0, 0])
    folder = load_settings().rubrics_dir
    for at, item in enumerate(items):
        credential = find_credential(item["credential"], folder)
        element = next(one for one in credential.elements if one.id == item["element"])
        make = heard if item.get("heard") else document
        honest = _expected(credential, make(item["honest"]), embed, [element.id])[element.id]
        for attack, text in _spoiled(item, items[at - 1]["honest"], element).items():
            spoiled = _expected(credential, make(text), embed, [element.id])[element.id]
            _count(tally, attack, honest, spoiled)
    return dict(tally)


def _spoiled(item: dict[str, str], other: str, element: Element) -> dict[str, str]:
    text = item["honest"]
    length = len(text.split())
    draw = random.Random(SEED)
    first = text.split("\n")[0] if "\n" in text else text.split(". ")[0] + "."
    indicators = " ".join(one.text for one in element.supporting)
    return {
        "denied": item["negated"],
        "promised": item["promised"],
        "claimed in general": item["claimed"],
        "another element's evidence": other,
        "descriptors pasted": attacks.pasted(element, length),
        "indicators pasted": indicators,
        "words shuffled": attacks.shuffled_words(text, draw),
        "gibberish": attacks.gibberish(text, draw),
        "one sentence repeated": " ".join([first] * 4),
        "words listed": attacks.listed(text),
        "instructions to the machine": attacks.instructed(length),
        "+ repeated": f"{text}\n\n{text}",
        "+ descriptors pasted": f"{text}\n\n{attacks.pasted(element, length)}",
        "+ instructions": f"{text}\n\n{attacks.instructed(20)}",
    }


def _essays(data: Path | None, embed: Embed, out: Console) -> Tally:
    essays = asap7(data)
    _, reporting = halves([f"{at:05}" for at in range(len(essays))], np.random.default_rng(SEED))
    long = [at for at in reporting if len(essays[at].text.split()) >= FEWEST]
    drawn = random.Random(SEED).sample(long, ESSAYS)
    credential = asap7_credential(data)
    tally: Tally = defaultdict(lambda: [0, 0, 0])
    tasks = [
        credential.model_copy(update={"summary": task}) for task in (asap7_prompt(data), OTHER_TASK)
    ]
    for at in track(drawn, "essays", console=out, transient=True):
        _attack(essays[at], credential, tasks, embed, random.Random(at), tally)
    return dict(tally)


def _attack(
    essay: Essay,
    credential: Credential,
    tasks: Sequence[Credential],
    embed: Embed,
    draw: random.Random,
    tally: Tally,
) -> None:
    ids = [element.id for element in credential.elements]
    text = essay.text
    length = len(text.split())
    whole = document(text)
    parts = [whole.quote(one.start, one.end) for one in whole.segments]
    honest = _expected(credential, whole, embed, ids)
    spoiled = {
        "promises": attacks.promised(length),
        "denied": attacks.negated(text),
        "sentences shuffled": attacks.shuffled_sentences(parts, draw),
        "words shuffled": attacks.shuffled_words(text, draw),
        "gibberish": attacks.gibberish(text, draw),
        "two sentences repeated": attacks.padded(parts, length),
        "words listed": attacks.listed(text),
        "instructions to the machine": attacks.instructed(length),
        "+ repeated": f"{text}\n\n{text}",
        "+ instructions": f"{text}\n\n{attacks.instructed(20)}",
    }
    for attack, made in spoiled.items():
        expected = _expected(credential, document(made), embed, ids)
        for element in ids:
            _count(tally, attack, honest[element], expected[element])
    for one in credential.elements:
        pasted = attacks.pasted(one, length)
        for attack, made in (
            ("descriptors pasted", pasted),
            ("+ descriptors pasted", f"{text}\n\n{pasted}"),
        ):
            expected = _expected(credential, document(made), embed, [one.id])
            _count(tally, attack, honest[one.id], expected[one.id])
    on, off = (_expected(task, whole, embed, ids[:1])[ids[0]] for task in tasks)
    _count(tally, "another task set", on, off)
