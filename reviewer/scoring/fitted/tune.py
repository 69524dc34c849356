"""The `deep` engine: an encoder fine-tuned so that its segments add up to the expert's score.

Invariant: the prediction is ``bias + sum over segments of share * (head @ mean token states)``, so
a deep scorer is a scorer like any other, all of it in its segments. Its levels are cut, and its
probabilities calibrated, on works predicted by encoders that were tuned without their group.

Any encoder that transformers' AutoModel opens will do. A GPU is used if there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import GroupKFold

from reviewer.evidence.layers import LONGEST
from reviewer.evidence.match import Numbers

FOLDS = 3  # of the predictions that levels are cut on
RATE, HEAD_RATE = 3e-5, 1e-3  # learning rates of the encoder and of the head
WARMING = 0.1  # share of the steps over which the rates rise
WORKS = 4  # in one step
SEGMENTS = 64  # encoded at once
CLIPPED = 1.0  # largest norm of a gradient


@dataclass(frozen=True, slots=True)
class Segments:
    """The texts of one work's segments, and their shares of its words (they sum to 1)."""

    texts: tuple[str, ...]
    shares: Numbers


class Tuned:
    """An encoder and its head; scores have the mean and spread that `center` and `spread` say."""

    def __init__(self, model: Any, tokenizer: Any, center: Numbers, spread: Numbers) -> None:
        import torch

        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = model.to(self.device)
        self.tokenizer = tokenizer
        self.center, self.spread = center, spread
        self.head = torch.nn.Linear(int(model.config.hidden_size), len(center)).to(self.device)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)

    def states(self, texts: Sequence[str]) -> Any:
        """Mean token states of the last layer, one row a text, on the device."""
        import torch

        rows = []
        for start in range(0, len(texts), SEGMENTS):
            given = self.tokenizer(
                list(texts[start : start + SEGMENTS]),
                truncation=True,
                max_length=LONGEST,
                padding=True,
                return_tensors="pt",
            ).to(self.device)
            last = self.model(**given).last_hidden_state
            real = given["attention_mask"].unsqueeze(-1).to(last.dtype)
            rows.append((last * real).sum(1) / real.sum(1))
        return torch.cat(rows)

    def predict(self, works: Sequence[Segments]) -> Numbers:
        """Scores of works, shape (works, elements)."""
        import torch

        self.model.eval()
        with torch.inference_mode():
            made = [self._standard(one).cpu().numpy() for one in works]
        return self.center + np.stack(made).astype(float) * self.spread

    def _standard(self, work: Segments) -> Any:
        import torch

        shares = torch.tensor(work.shares, dtype=torch.float32, device=self.device)
        return self.head(shares @ self.states(work.texts))

    def learn(self, works: Sequence[Segments], scores: Numbers, epochs: int, seed: int) -> None:
        """Tune encoder and head to scores (works, elements) by mean squared error."""
        import torch

        targets = torch.tensor(
            (scores - self.center) / self.spread, dtype=torch.float32, device=self.device
        )
        groups = [
            {"params": list(self.model.parameters()), "lr": RATE},
            {"params": list(self.head.parameters()), "lr": HEAD_RATE},
        ]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        draw = np.random.default_rng(seed)
        steps = epochs * -(-len(works) // WORKS)
        rates = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
        self.model.train()
        for _ in range(epochs):
            order = draw.permutation(len(works))
            for start in range(0, len(works), WORKS):
                some = order[start : start + WORKS]
                made = torch.stack([self._standard(works[at]) for at in some])
                loss = torch.nn.functional.mse_loss(made, targets[some])
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]  # torch's own
                torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIPPED)
                optimizer.step()
                rates.step()

    def weights(self) -> tuple[Numbers, Numbers]:
        """The head on the scale of the scores: (dimensions, elements), and its bias (elements,)."""
        head = self.head.weight.detach().cpu().numpy().astype(float)
        bias = self.head.bias.detach().cpu().numpy().astype(float)
        return head.T * self.spread, self.center + bias * self.spread


def _rate(step: int, steps: int) -> float:
    """A share of the full rate: rising over WARMING of the steps, then falling to 0."""
    warm = max(1, int(WARMING * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def tune(folder: Path, works: Sequence[Segments], scores: Numbers, epochs: int, seed: int) -> Tuned:
    """Open the encoder in `folder` and tune it; equal seeds give equal results on one machine."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(seed)
    model = AutoModel.from_pretrained(str(folder), local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    spread = scores.std(axis=0)
    tuned = Tuned(model, tokenizer, scores.mean(axis=0), np.where(spread < 1e-6, 1.0, spread))
    tuned.learn(works, scores, epochs, seed)
    return tuned


def held_out(
    folder: Path,
    works: Sequence[Segments],
    scores: Numbers,
    groups: Sequence[str],
    epochs: int,
    seed: int,
) -> Numbers:
    """Each work as predicted by an encoder that was tuned without its group."""
    made = np.zeros_like(scores)
    parts = GroupKFold(min(FOLDS, len(set(groups)))).split(scores, groups=list(groups))
    for kept, out in parts:
        tuned = tune(folder, [works[at] for at in kept], scores[kept], epochs, seed)
        made[out] = tuned.predict([works[at] for at in out])
    return made
