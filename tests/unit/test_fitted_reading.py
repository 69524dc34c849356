"""Works are read one by one, and their sentences are encoded many works at a time."""

from collections.abc import Sequence

import numpy as np
from fitted_house import CREDENTIAL, encode, read, text_of

from reviewer.evidence.embed import Vectors
from reviewer.scoring.fitted.rated import Text
from reviewer.scoring.fitted.read import read_works, together


def test_the_sentences_of_many_works_are_encoded_in_one_call_each_once() -> None:
    calls: list[list[str]] = []

    def counted(texts: Sequence[str]) -> Vectors:
        calls.append(list(texts))
        return encode(texts)

    works = [Text(f"w{at}", f"w{at}", "", text_of(at)[0]).artifacts for at in range(6)]
    made = list(read_works(CREDENTIAL, works, counted))
    said = [one for call in calls for one in call]
    assert len(said) == len(set(said))
    assert {one.text for work in made for one in work.sentences} <= set(calls[0])
    # One call for the sentences of all works, one for the rubric's texts, which are met once.
    assert len(calls) == 2


def test_a_work_reads_the_same_in_company_and_alone() -> None:
    texts = [text_of(at)[0] for at in range(4)]
    works = [Text(f"w{at}", f"w{at}", "", text).artifacts for at, text in enumerate(texts)]
    for company, text in zip(read_works(CREDENTIAL, works, encode), texts, strict=True):
        alone = read(text)
        assert np.array_equal(company.layers, alone.layers)
        assert np.array_equal(company.embeddings, alone.embeddings)
        assert np.array_equal(company.descriptors, alone.descriptors)


def test_works_without_a_sentence_are_handed_on() -> None:
    empty = Text("none", "none", "", " ").artifacts
    assert [work for work, _ in together([empty], encode)] == [empty]
    assert list(together([], encode)) == []
