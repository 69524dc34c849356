"""The rated essay sets as samples for a fitted scorer, read once a process.

Invariant: rater 1 alone is fitted on and predicted on ASAP set 7, as the human figure is of rater 1
with rater 2; the two published means of ELLIPSE are used as they are. Prompts are held together.
"""

import csv
import gzip
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from rich.progress import track

from eval.data import (
    Essay,
    asap7,
    asap7_credential,
    asap7_prompt,
    document,
    ellipse,
    ellipse_credential,
)
from eval.study import need
from eval.vectors import encoding
from reviewer.evidence.match import Numbers
from reviewer.rubric import Credential, Element
from reviewer.scoring.fitted.measure import Sample
from reviewer.scoring.fitted.read import WorkRead, read_works
from reviewer.scoring.work import Embed

SUBGROUPS = ("gender", "grade", "race_ethnicity", "SES")


@dataclass(frozen=True, slots=True)
class RatedSet:
    """One set: its essays, the rubric with half points where scores have them, the sample."""

    name: str
    essays: tuple[Essay, ...]
    credential: Credential
    sample: Sample

    @property
    def texts(self) -> list[str]:
        """The essays' texts."""
        return [one.text for one in self.essays]

    @property
    def second(self) -> Numbers | None:
        """Another rater's scores, shape (works, elements), where there is one."""
        if not self.essays[0].second:
            return None
        ids = [element.id for element in self.credential.elements]
        return np.array([[one.second[name] for name in ids] for one in self.essays])


@lru_cache(maxsize=2)
def rated_set(name: str, data: Path | None) -> RatedSet:
    """``asap7`` or ``ellipse``; raises `Skipped` where data or weights are absent."""
    if name == "asap7":
        essays, credential = asap7(data), asap7_credential(data)
        credential = credential.model_copy(update={"summary": asap7_prompt(data)})
    else:
        essays, credential = ellipse(data), with_half_points(ellipse_credential(data))
    encode = encoding()
    read = read_works(credential, [[document(one.text)] for one in essays], encode)
    quiet = not sys.stdout.isatty()
    works = tuple(track(read, f"reading {name}", len(essays), transient=True, disable=quiet))
    ids = [element.id for element in credential.elements]
    scores = np.array([[one.scores[element] for element in ids] for one in essays])
    alone = name == "asap7"
    groups = [f"{at:05}" if alone else one.prompt for at, one in enumerate(essays)]
    sample = Sample(works, scores, tuple(groups), one_task=alone)
    return RatedSet(name, tuple(essays), credential, sample)


def with_half_points(credential: Credential) -> Credential:
    """The rubric with a level between each two: the mean of two raters' whole points."""
    made = []
    for element in credential.elements:
        levels = [element.levels[0].model_dump()]
        for low, high in zip(element.levels, element.levels[1:], strict=False):
            text = f"Between {low.value:g} and {high.value:g}, as near to the one as to the other."
            levels += [{"value": low.value + 0.5, "descriptor": text}, high.model_dump()]
        made.append(Element.model_validate({**element.model_dump(), "levels": levels}))
    return credential.model_copy(update={"elements": tuple(made)})


def read_more(rated: RatedSet, texts: Sequence[str], rows: Embed | None = None) -> list[WorkRead]:
    """Other texts, read as the set's essays were, or by other `rows`."""
    works = [[document(one)] for one in texts]
    return list(read_works(rated.credential, works, rows or encoding()))


def subgroups(data: Path | None) -> dict[str, list[str]]:
    """The writers' groups in ELLIPSE, one value an essay; empty where it was not told."""
    path = need(data, "ellipse", "essays_dev.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: [row[name] for row in rows] for name in SUBGROUPS}
