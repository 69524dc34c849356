"""The load study in small: a real server, several evaluators at once, every score stored once."""

import pytest
from rich.console import Console

from eval.studies.workbench_load import measure

pytestmark = pytest.mark.slow


def test_every_acknowledged_score_is_stored_exactly_once(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = measure(Console(), url, submissions=80, evaluators=4, lasts_s=6.0)
    assert figures["saved_page"] >= 4
    assert figures["saved_rest"] >= 4
    assert "every acknowledged score stored once" in " ".join(capsys.readouterr().out.split())
