"""Fitted scorers in a first pass, and the encoder that they read.

Invariant: the scorers are those that were listed when the program was opened, in every process of
it; no model is loaded before a text has to be encoded.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reviewer.evidence.embed import Embedder, EmbeddingCache
from reviewer.intake.artifact import Artifact
from reviewer.jobs.stages import Vectors
from reviewer.rubric import Credential
from reviewer.scoring.draft import ElementDraft
from reviewer.scoring.fitted.shelf import Shelved, list_shelf
from reviewer.settings import Settings
from reviewer.wiring.manifests import OnProgress, bring, models_of


@dataclass(frozen=True, slots=True)
class Encoder:
    """Rows of segments for a fitted scorer, kept in the store; `sha256` names the weights.

    No model is loaded before `encode` meets a text that was never encoded.
    """

    encode: Callable[[Sequence[str]], Vectors]
    sha256: str
    folder: Path


def make_encoder(settings: Settings, cache: EmbeddingCache, progress: OnProgress) -> Encoder:
    """The encoder whose layers fitted scorers read: the embedding model of the settings.

    Raises `WeightsError` where the weights cannot be had.
    """
    from reviewer.evidence.embed import embed
    from reviewer.evidence.layers import load_layers, rows_sha256

    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    manifest = models_of(settings).embedding
    folder = bring(manifest, settings, progress)

    @lru_cache(maxsize=1)
    def opened() -> Embedder:
        return load_layers(folder, manifest.weights_sha256, settings.threads)

    def encode(texts: Sequence[str]) -> Vectors:
        return embed(texts, opened, rows_sha256(manifest.weights_sha256), cache)

    return Encoder(encode, manifest.weights_sha256, folder)


def shelf_of(settings: Settings) -> tuple[Shelved, ...]:
    """The fitted scorers that the settings name; raises `FittedFolderError` for a damaged one."""
    return list_shelf(settings.fitted_dir, models_of(settings).embedding.weights_sha256)


class FittedEngines:
    """The fitted scorers of a shelf as engines, each opened by its first use and kept."""

    def __init__(self, settings: Settings, cache: EmbeddingCache, shelf: Sequence[Shelved]) -> None:
        self._settings = settings
        self._cache = cache
        self._shelf = shelf
        self._opened: dict[str, Callable[[Sequence[Artifact]], tuple[ElementDraft, ...]]] = {}

    def draft(
        self, credential: Credential, artifacts: Sequence[Artifact]
    ) -> tuple[ElementDraft, ...]:
        """The drafts of every scorer of this rubric, one an element and scorer.

        A scorer drafts no work that it was fitted on: whoever measured such drafts would find it
        better than it is.
        """
        made: list[ElementDraft] = []
        for one in self._shelf:
            if one.rubric_hash == credential.rubric_hash:
                if one.sha256 not in self._opened:
                    self._opened[one.sha256] = self._open(one, credential)
                made += self._opened[one.sha256](artifacts)
        return tuple(made)

    def _open(
        self, one: Shelved, credential: Credential
    ) -> Callable[[Sequence[Artifact]], tuple[ElementDraft, ...]]:
        from reviewer.scoring.fitted.draft import draft_fitted
        from reviewer.scoring.fitted.program import rows_for
        from reviewer.scoring.fitted.saved import open_shelved

        encoder = make_encoder(self._settings, self._cache, lambda _: None)
        engine = open_shelved(one, credential)
        encode = rows_for(engine, one.folder, encoder.encode, self._settings.threads)

        def draft(artifacts: Sequence[Artifact]) -> tuple[ElementDraft, ...]:
            if engine.was_fitted_on(artifacts):
                return ()
            return draft_fitted(credential, artifacts, encode, engine)

        return draft
