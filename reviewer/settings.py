"""Every setting, each with its one-line help; the environment (REVIEWER_*) is the only source.

Invariant: nothing reads the environment but `load_settings`, and nothing but `wiring`, `web` and
`cli` calls it: everything below receives values.
"""

import os
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from reviewer.errors import SettingsError
from reviewer.logs import LogForm

CHECKOUT = Path(__file__).resolve().parent.parent
"""Where models/ and rubrics/ lie: the clone, or the folder beside an installed package."""


class Settings(BaseSettings):
    """All settings of one process; immutable once read."""

    model_config = SettingsConfigDict(env_prefix="REVIEWER_", frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("reviewer", appauthor=False)),
        description="Folder of the store, the submitted files and the caches.",
    )
    database: str = Field(
        default="",
        description="SQLAlchemy URL of the store; empty means SQLite in REVIEWER_HOME.",
    )
    engine: str = Field(
        default="",
        description="Scheduler that first passes are worked on by: dask://HOST:PORT; empty means "
        "a process of this machine.",
    )
    files: str = Field(
        default="",
        description="URL of the submitted files, such as s3://bucket/folder; empty means "
        "REVIEWER_HOME/files, which otherwise holds copies.",
    )
    models_dir: Path = Field(
        default_factory=lambda: (
            Path(platformdirs.user_cache_dir("reviewer", appauthor=False)) / "models"
        ),
        description="Folder of the pulled weights.",
    )
    manifests_dir: Path = Field(
        default=CHECKOUT / "models", description="Folder of the model manifests (*.toml)."
    )
    rubrics_dir: Path = Field(
        default=CHECKOUT / "rubrics", description="Folder of the credentials (*.yaml)."
    )
    fitted_dir: Path = Field(
        default=CHECKOUT / "models" / "fitted",
        description="Folder of the fitted scorers that first passes are drafted with.",
    )
    offline: bool = Field(
        default=False,
        description="1 = never pull weights; a command that lacks some names the command to run.",
    )
    speech_model: str = Field(
        default="base", description="Speech model: an id from `reviewer models list`."
    )
    embedding_model: str = Field(
        default="all-MiniLM-L6-v2",
        description="Embedding model: an id from `reviewer models list`.",
    )
    speaker_model: str = Field(
        default="ge2e", description="Speaker embedding: an id from `reviewer models list`."
    )
    threads: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        le=256,
        description="Threads that speech and embedding may use together.",
    )
    max_file_mb: int = Field(
        default=4096, ge=1, description="Largest submitted file, in megabytes (10^6 bytes)."
    )
    max_unpacked_mb: int = Field(
        default=500, ge=1, description="Most that an office file may unpack to, in megabytes."
    )
    max_minutes: int = Field(
        default=180, ge=1, description="Longest recording that is transcribed, in minutes."
    )
    max_files: int = Field(
        default=500, ge=1, description="Most files of one submission; a folder with more is none."
    )
    host: str = Field(default="127.0.0.1", description="Address that the pages are served at.")
    port: int = Field(default=7860, ge=0, le=65535, description="Port of the pages; 0 takes any.")

    log: LogForm = Field(
        default="text",
        description="What is written to standard error: text (warnings), or json (every request "
        "and stage, one line each, without a word of anybody's work).",
    )

    public_url: str = Field(
        default="",
        description="Address (https://…) that people use, where a proxy with TLS stands before it.",
    )
    issuer_name: str = Field(default="", description="Who awards, as badges name it.")
    issuer_url: str = Field(default="", description="Address (URL) that stands for the issuer.")

    roster: str = Field(
        default="",
        description="File of names (one a line) that are covered wherever work is shown, judged or "
        "handed out, with addresses and telephone numbers; empty covers nothing.",
    )

    @property
    def database_url(self) -> str:
        """The store's SQLAlchemy URL."""
        return self.database or f"sqlite:///{self.home / 'reviewer.sqlite3'}"


def load_settings() -> Settings:
    """Read the environment once; raises `SettingsError` naming the variable and the mistake."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "REVIEWER_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(
            f"The setting {name} cannot be used: {first['msg'].rstrip('.').lower()} "
            f"(it is {first['input']!r}). See docs/settings.md."
        ) from error
