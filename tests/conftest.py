"""What every test may use: the evaluation data, where it is, and the installed weights."""

import os
from pathlib import Path

import pytest
from house_weights import WeightsFolder

from reviewer.settings import CHECKOUT, Settings, load_settings


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The public evaluation data; tests that need it skip visibly where the folder is absent."""
    folder = Path(os.environ.get("REVIEWER_EVAL_DATA", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no evaluation data at {folder} (REVIEWER_EVAL_DATA)")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with an empty home folder; weights come from where the machine has them."""
    return load_settings().model_copy(update={"home": tmp_path / "home", "offline": True})


@pytest.fixture(scope="session")
def weights() -> WeightsFolder:
    """Maps a model id to the folder of its installed weights (``make setup`` pulls them)."""
    return WeightsFolder()
