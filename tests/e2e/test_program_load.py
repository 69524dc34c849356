"""The study of a full program's pages in small: every page opens, and the snapshot is made."""

import pytest
from rich.console import Console

from eval.studies.program_pages import measure

pytestmark = pytest.mark.slow


def test_every_page_of_a_program_is_opened_and_timed(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = measure(Console(), url, submissions=350, openings=2)
    said = capsys.readouterr().out
    for page in (
        "queue_evaluator", "queue_issuer", "programs", "program", "monitoring", "rubric_import",
        "adjudications", "adjudication", "training_trainer", "training_trainee", "practice",
    ):  # fmt: skip
        assert 0 < figures[f"{page}_median_s"] <= figures[f"{page}_p95_s"]
        assert f"{page} (" in said
    assert figures["snapshot_s"] > 0
