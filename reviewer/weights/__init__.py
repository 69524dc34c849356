"""Weights without a hub: manifests in models/*.toml, pulled from any source, believed by hash.

Invariant: a folder ``<models_dir>/<id>`` exists only if every file in it had the SHA-256 of its
manifest when it was put there (check: ``reviewer models verify``). No model is loaded here.
"""

from reviewer.weights.manifest import Manifest, find_manifest, load_manifests
from reviewer.weights.pull import ensure, pull
from reviewer.weights.shelf import installed, locate, verify

__all__ = [
    "Manifest",
    "ensure",
    "find_manifest",
    "installed",
    "load_manifests",
    "locate",
    "pull",
    "verify",
]
