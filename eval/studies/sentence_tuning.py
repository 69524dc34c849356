"""A light fine-tuning of the embedding model on reflective diaries, on the official split.

Invariant: the settings of the tuning were fixed before the first run, and its mean with the models
of `sentence_codes` before that was seen; the measured sentences choose nothing. The tuned weights
are thrown away.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from eval.coding import Floats, evened, interval, macro_f1, mean_of
from eval.studies.sentence_codes import diaries, of_diaries, once, readable
from eval.vectors import weights_folder

NAME = "sentence_tuning"
HELP = "reflective diaries: macro-F1 of the embedding model after a few epochs of fine-tuning"
BENCH = False

EPOCHS = 4
BATCH = 16  # sentences
LONGEST = 64  # tokens
RATE, HEAD_RATE = 1e-4, 1e-3
WARM_UP = 0.1  # share of the steps in which the rate rises
EVEN = 0.5  # exponent of the inverse frequency that a code's loss is weighed by
SEED = 20240229


def run(data: Path | None, out: Console, epochs: int = EPOCHS) -> dict[str, float]:
    """Fit on train, tell val; raises `Skipped` where data or weights are absent."""
    one, (fitted, held) = diaries(data)
    folder = weights_folder()
    names, codes = np.unique(one.codes, return_inverse=True)
    started = time.perf_counter()
    tuned = _tuned(folder, one.texts, codes, fitted, held, len(names), epochs)
    out.print(f"{len(fitted)} sentences, {epochs} epochs: {time.perf_counter() - started:.0f} s")
    small = mean_of(once(one, of_diaries(one), fitted, held))
    factors, _ = evened(small, one.codes, len(fitted))
    even = small.probabilities[len(fitted) :] * factors
    mixed = (tuned + even / even.sum(axis=1, keepdims=True)) / 2
    table = Table(title=f"{len(held)} sentences told")
    for column in ("model", "codes", "macro-F1", "95 %", "exact"):
        table.add_column(column)
    truth, groups = one.codes[held], one.groups[held]
    figures: dict[str, float] = {}
    for name, probabilities in (("tuned", tuned), ("mixed", mixed)):
        told = names[probabilities.argmax(axis=1)]
        for kind, kept in (("", np.full(len(held), True)), ("_readable_codes", readable(truth))):
            reached = macro_f1(truth[kept], told[kept])
            low, high = interval(truth[kept], told[kept], groups[kept])
            right = float(np.mean(truth[kept] == told[kept]))
            many, between = str(len(np.unique(truth[kept]))), f"{low:.3f} to {high:.3f}"
            table.add_row(name, many, f"{reached:.3f}", between, f"{right:.3f}")
            known = {"macro_f1": reached, "macro_f1_low": low, "macro_f1_high": high}
            own = f"cered_{name}{kind}"
            figures |= {f"{own}_{of}": value for of, value in (known | {"exact": right}).items()}
    out.print(table)
    return figures


def _tuned(
    folder: Path,
    texts: list[str],
    codes: NDArray[np.intp],
    fitted: NDArray[np.intp],
    held: NDArray[np.intp],
    many: int,
    epochs: int,
) -> Floats:
    """Probabilities of the codes of `held`, shape (sentences, codes)."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(SEED)
    read = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    body = AutoModel.from_pretrained(folder, local_files_only=True)
    head = torch.nn.Linear(body.config.hidden_size, many)
    counts = np.bincount(codes[fitted], minlength=many)
    weights = torch.tensor((counts.max() / np.maximum(counts, 1)) ** EVEN, dtype=torch.float32)
    loss_of = torch.nn.CrossEntropyLoss(weight=weights)
    steps = epochs * -(-len(fitted) // BATCH)
    optimizer = torch.optim.AdamW(
        [{"params": body.parameters(), "lr": RATE}, {"params": head.parameters(), "lr": HEAD_RATE}],
        weight_decay=0.01,
    )
    pace = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _pace(step / steps))

    def scores(rows: NDArray[np.intp]) -> Any:
        made = read([texts[row] for row in rows], padding=True, truncation=True,
                    max_length=LONGEST, return_tensors="pt")  # fmt: skip
        with torch.autocast(
            "cpu", dtype=torch.bfloat16
        ):  # half the time where there is avx512_bf16
            seen = body(**made).last_hidden_state
        there = made["attention_mask"].unsqueeze(-1)
        return head((seen.float() * there).sum(dim=1) / there.sum(dim=1))

    body.train()
    draw = np.random.default_rng(SEED)
    for _ in range(epochs):
        for rows in _batches(texts, draw.permutation(fitted), draw):
            loss = loss_of(scores(rows), torch.tensor(codes[rows]))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(body.parameters(), 1.0)
            optimizer.step()
            pace.step()
    body.eval()
    with torch.no_grad():
        parts = [held[at : at + 64] for at in range(0, len(held), 64)]
        made = [scores(part).softmax(dim=1).numpy() for part in parts]
    return np.concatenate(made).astype(np.float64)


def _pace(done: float) -> float:
    return min(done / WARM_UP, (1.0 - done) / (1.0 - WARM_UP))


def _batches(
    texts: list[str], rows: NDArray[np.intp], draw: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    """Sentences of like length together, which saves a third of the time; batches in any order."""
    pools = [rows[at : at + BATCH * 32] for at in range(0, len(rows), BATCH * 32)]
    made = []
    for pool in pools:
        ordered = pool[np.argsort([len(texts[row]) for row in pool], kind="stable")]
        made += [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]
    for at in draw.permutation(len(made)):
        yield made[at]
