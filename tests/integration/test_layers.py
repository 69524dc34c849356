"""Rows of an encoder's layers depend on the text alone and end in the text's embedding."""

import numpy as np
import pytest
import torch
from house_weights import WeightsFolder

from reviewer.evidence.embed import load_embedder
from reviewer.evidence.layers import layers_of, load_layers, rows_sha256

MODEL = "all-MiniLM-L6-v2"
TEXTS = [
    "Each pupil told a partner about the weekend.",
    "people is good and they was helpng alot",
    "Then the partner said back one thing that she had heard, and nobody interrupted her.",
]


def test_four_layers_are_read_the_last_one_last() -> None:
    assert layers_of(6) == (2, 3, 4, 6)
    assert layers_of(12) == (4, 6, 8, 12)


def test_rows_are_not_cached_as_the_embeddings_of_the_same_weights() -> None:
    assert rows_sha256("a" * 64) != "a" * 64


@pytest.mark.slow
def test_the_number_of_threads_changes_no_vector_and_is_left_as_it_was(
    weights: WeightsFolder,
) -> None:
    texts = [
        f"Lesson {number} began with {'a greeting and ' * number}a song." for number in range(40)
    ]
    before = torch.get_num_threads()
    alone = load_embedder(weights[MODEL], weights.sha256(MODEL), 1).encode(texts)
    shared = load_embedder(weights[MODEL], weights.sha256(MODEL), 2).encode(texts)
    assert alone.tobytes() == shared.tobytes()
    assert torch.get_num_threads() == before


@pytest.mark.slow
def test_a_row_does_not_depend_on_its_company_and_ends_in_the_embedding(
    weights: WeightsFolder,
) -> None:
    encoder = load_layers(weights[MODEL], weights.sha256(MODEL), 1)
    rows = encoder.encode(TEXTS)
    assert rows.shape == (3, encoder.dimensions) == (3, 4 * 384)
    assert encoder.encode(TEXTS[1:2])[0].tobytes() == rows[1].tobytes()
    last = rows[:, 3 * 384 :]
    unit = last / np.linalg.norm(last, axis=1, keepdims=True)
    embedder = load_embedder(weights[MODEL], weights.sha256(MODEL), 1)
    assert unit == pytest.approx(embedder.encode(TEXTS), abs=1e-4)
