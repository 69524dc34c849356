"""The studies of agreement, on sizes that take a moment."""

import numpy as np
import pytest
from rich.console import Console

from eval.ratings import ELEMENTS, LEVELS, simulate
from eval.studies import agreement_coverage, agreement_speed


def test_simulated_ratings_are_as_many_as_asked_and_the_same_again() -> None:
    one, same = simulate(2400, 5), simulate(2400, 5)
    assert one.scores.shape == (ELEMENTS, 100, 2)
    assert np.array_equal(one.scores, same.scores, equal_nan=True)
    assert set(np.unique(one.scores[~np.isnan(one.scores)])) <= set(LEVELS)
    assert len(set(one.candidates.tolist())) < 100


def test_coverage_is_a_share_of_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement_coverage, "CANDIDATES", (30,))
    monkeypatch.setattr(agreement_coverage, "TABLES", 10)
    monkeypatch.setattr(agreement_coverage, "RESAMPLES", 100)
    monkeypatch.setattr(agreement_coverage, "POPULATION", 5000)
    figures = agreement_coverage.run(None, Console(quiet=True))
    assert len(figures) == 5
    assert all(0 <= each <= 1 for each in figures.values())
    assert sum(figures.values()) > 3


@pytest.mark.slow
def test_speed_is_measured_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement_speed, "SMALL", 2400)
    monkeypatch.setattr(agreement_speed, "LARGE", 4800)
    figures = agreement_speed.run(None, Console(quiet=True))
    assert figures["seconds_100k"] > 0
    assert 0.05 < figures["gb_10m"] < 4
