"""Where the installed weights are, for tests that load them."""

from pathlib import Path

from reviewer.settings import load_settings
from reviewer.weights import find_manifest, load_manifests, locate


class WeightsFolder:
    """``weights["base"]`` is the folder, ``weights.sha256("base")`` the hash of the weights."""

    def __init__(self) -> None:
        settings = load_settings()
        self._models_dir = settings.models_dir
        self._manifests = load_manifests(settings.manifests_dir)

    def __getitem__(self, model_id: str) -> Path:
        return locate(find_manifest(self._manifests, model_id), self._models_dir)

    def sha256(self, model_id: str) -> str:
        return find_manifest(self._manifests, model_id).weights_sha256
