"""A deep scorer is additive like any other, and its encoder lies beside it."""

from pathlib import Path

import numpy as np
import pytest
from fitted_house import CREDENTIAL, encode, read, sample, text_of

from reviewer.scoring.fitted.deep import deep_rows, fit_deep, open_tuned
from reviewer.scoring.fitted.measure import Sample
from reviewer.scoring.fitted.rated import Text
from reviewer.scoring.fitted.read import read_for_fit
from reviewer.scoring.fitted.saved import Origin, load_engine, save_scorer
from reviewer.scoring.fitted.scorer import account_of
from reviewer.scoring.fitted.tune import Segments, tune

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder of two narrow layers with random weights, in the files AutoModel opens."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("tiny")
    words = sorted({word for at in range(40) for word in text_of(at)[0].lower().split()})
    letters = [chr(at) for at in range(33, 127)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *words]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(vocabulary)), "utf-8")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(str(folder))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(dict.fromkeys(vocabulary)),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=300,
    )
    BertModel(config).save_pretrained(str(folder))
    return folder


def test_a_deep_scorer_reads_its_own_encoder_and_adds_up(tiny: Path, tmp_path: Path) -> None:
    own = sample().some(np.arange(16))
    own = Sample(own.works, own.scores, own.groups, own.one_task)
    fit = fit_deep(CREDENTIAL, own, tiny, tmp_path, epochs=1, seed=0)
    save_scorer(fit.scorer, Origin(CREDENTIAL, "e" * 64, "d" * 64, 0, "deep"), "card", tmp_path)
    engine = load_engine(tmp_path, CREDENTIAL, "e" * 64)
    assert engine.identity.id == "fitted-deep"
    rows = deep_rows(open_tuned(tmp_path, 1), encode)
    text, _ = text_of(3)
    work = read_for_fit(CREDENTIAL, Text("one", "one", "", text).artifacts, rows)
    account = account_of(engine.scorer, work)
    length = account.whole.sum(axis=0)
    assert account.expected == pytest.approx(
        account.intercept + account.segments.sum(axis=0) + length
    )
    assert work.center == pytest.approx(read(text).center)  # the task is judged as before


def test_tuning_learns_and_equal_seeds_give_equal_predictions(tiny: Path) -> None:
    own = sample()
    works = [Segments(tuple(s.text for s in one.sentences), one.shares) for one in own.works]
    once = tune(tiny, works, own.scores, epochs=4, seed=1).predict(works)
    again = tune(tiny, works, own.scores, epochs=4, seed=1).predict(works)
    assert once == pytest.approx(again, abs=1e-5)
    assert np.corrcoef(once[:, 0], own.scores[:, 0])[0, 1] > 0.3
