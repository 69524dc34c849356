"""Fine-tuning of an encoder on reflective diaries: the official split, and a fifth of them all.

Invariant: the settings of an encoder's tuning were fixed before its first run; the measured
sentences choose nothing. The fifth are whole groups, drawn with a seed: it holds 14 sentences or
more of each code, where the official validation part has one, two and four of three codes. The
tuned weights are thrown away.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from eval.coding import Rows, interval, macro_f1
from eval.studies.sentence_codes import Part, Sentences, diaries, floor_of, readable
from eval.vectors import weights_folder

NAME = "sentence_tuning"
HELP = "reflective diaries: macro-F1 of an encoder after a few epochs of fine-tuning: an hour"
BENCH = False

ENCODER = "all-mpnet-base-v2"
EPOCHS = 4
BATCH = 16  # sentences
LONGEST = 96  # tokens
RATE, HEAD_RATE = 4e-5, 1e-3
WARM_UP = 0.1  # share of the steps in which the rate rises
EVEN = 0.5  # exponent of the inverse frequency that a code's loss is weighed by
SEED = 20240229

Codes = NDArray[np.str_]


def run(data: Path | None, out: Console, epochs: int = EPOCHS) -> dict[str, float]:
    """Fit on one part, tell the other; raises `Skipped` where data or weights are absent."""
    one, official = diaries(data)
    folder = weights_folder(ENCODER)
    names, codes = np.unique(one.codes, return_inverse=True)
    table = Table()
    for column in ("told", "sentences", "codes", "floor: tf-idf", "macro-F1", "95 %", "exact"):
        table.add_column(column)
    figures: dict[str, float] = {}
    for part, (fitted, held) in (("cered", official), ("cered_fifth", _fifth(one))):
        told = names[_tuned(folder, one.texts, codes, fitted, held, len(names), epochs)]
        truth, floor = one.codes[held], floor_of(one, fitted, held)
        counted = {part: np.full(len(held), True)}
        if not readable(truth).all():
            counted[f"{part}_readable_codes"] = readable(truth)
        for name, kept in counted.items():
            own = _figures(truth[kept], floor[kept], told[kept], one.groups[held[kept]])
            least, reached, low, high, exact = (f"{value:.3f}" for value in own.values())
            cells = (least, reached, f"{low} to {high}", exact)
            table.add_row(name, f"{kept.sum():,}", str(len(np.unique(truth[kept]))), *cells)
            figures |= {f"{name}_{of}": value for of, value in own.items()}
    out.print(table)
    return figures


def _figures(truth: Codes, floor: Codes, told: Codes, groups: Codes) -> dict[str, float]:
    low, high = interval(truth, told, groups)
    return {
        "floor_macro_f1": macro_f1(truth, floor),
        "macro_f1": macro_f1(truth, told),
        "macro_f1_low": low,
        "macro_f1_high": high,
        "exact": float(np.mean(truth == told)),
    }


def _fifth(one: Sentences) -> Part:
    """All sentences but a drawn fifth of the groups; and those of that fifth."""
    groups = np.unique(one.groups)
    drawn = np.random.default_rng(SEED).permutation(len(groups))[: len(groups) // 5]
    there = np.isin(one.groups, groups[drawn])
    return np.flatnonzero(~there), np.flatnonzero(there)


def _tuned(
    folder: Path,
    texts: list[str],
    codes: NDArray[np.intp],
    fitted: Rows,
    held: Rows,
    many: int,
    epochs: int,
) -> Rows:
    """The likeliest code of each sentence of `held`, as a place among the codes."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(SEED)
    read = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    body = AutoModel.from_pretrained(folder, local_files_only=True)
    body.embeddings.requires_grad_(False)  # words that six thousand sentences lack stay in place
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
        made = [scores(part).argmax(dim=1).numpy() for part in parts]
    return np.concatenate(made)


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
