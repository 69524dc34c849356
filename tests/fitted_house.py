"""A small rated set for tests: works made of good and poor sentences, and an encoder of hashes."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reviewer.rubric import Credential
from reviewer.scoring.fitted.fit import Fit, fit_scorer
from reviewer.scoring.fitted.measure import Sample
from reviewer.scoring.fitted.rated import Text
from reviewer.scoring.fitted.read import WorkRead, read_for_fit

WIDTH = 4 * 16

GOOD = (
    "On Monday at nine Maria waited until Sam had finished his drawing.",
    "She asked him which line he had drawn first, and he pointed at the roof.",
    "Because the paint was wet, we moved both tables to the window.",
    "Then Devon counted eleven beans and wrote the number on the chart.",
    "After lunch the two partners read their answers aloud to each other.",
    "When the bell rang, Omar was still explaining his map to Kim.",
    "I wrote down three questions and handed them back the next morning.",
    "His mother whispered the answer, although nobody had asked her.",
)
POOR = (
    "people is good and they was helpng alot",
    "it are importent to be nice becuase its nice",
    "i think that this are a good thing for peoples",
    "everyone should always try there best in evrything",
    "we was do many thing and it were fun fun",
    "them teachers needs to help the all students",
)

CREDENTIAL = Credential.model_validate(
    {
        "id": "toy-essay",
        "version": 1,
        "title": "Toy Essay",
        "elements": [
            {
                "id": name,
                "title": title,
                "levels": [
                    {"value": value, "descriptor": text}
                    for value, text in enumerate(
                        (
                            "Errors in nearly every sentence; no details.",
                            "Some errors in grammar and spelling; few details.",
                            "Few errors; ideas with specific details.",
                            "Hardly an error; ideas thoroughly developed with details.",
                        )
                    )
                ],
            }
            for name, title in (("ideas", "Ideas"), ("conventions", "Conventions"))
        ],
    }
)


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Rows of the words' hashes: texts that share words are near."""
    rows = np.zeros((len(texts), WIDTH), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[-1] = 0.01
        for word in text.lower().split():
            row[hashlib.sha256(word.encode()).digest()[0] % WIDTH] += 1
            row[WIDTH - 16 + hashlib.sha256(word.encode()).digest()[1] % 16] += 1
    made: NDArray[np.float32] = rows / np.maximum(1, rows.sum(axis=1, keepdims=True))
    return made


def text_of(number: int, sentences: int = 16) -> tuple[str, float]:
    """The text of one work, and the share of its sentences that are good."""
    draw = np.random.default_rng(number)
    share = draw.integers(0, 5) / 4
    chosen = [
        str(draw.choice(GOOD if draw.random() < share else POOR)).replace(
            "Monday", f"day {number} {at}"
        )
        + f" That was number {at} of {draw.integers(100)}."
        for at in range(sentences)
    ]
    return " ".join(chosen), float(share)


def read(text: str) -> WorkRead:
    """One text, read for the toy rubric."""
    return read_for_fit(CREDENTIAL, Text("one", "one", "", text).artifacts, encode)


@lru_cache(maxsize=1)
def sample() -> Sample:
    """Forty works; scores are the share of good sentences on the scale, with some noise."""
    draw = np.random.default_rng(5)
    made = [text_of(number) for number in range(40)]
    scores = np.array([[3 * share, 3 * share] for _, share in made])
    scores = np.clip(np.round(scores + draw.normal(0, 0.4, scores.shape)), 0, 3)
    works = tuple(read(text) for text, _ in made)
    return Sample(works, scores, tuple(f"c{at:02}" for at in range(40)), one_task=True)


@lru_cache(maxsize=1)
def fitted() -> Fit:
    """A scorer fitted to all of them."""
    own = sample()
    return fit_scorer(CREDENTIAL, own.works, own.scores, own.groups, own.one_task)
