"""Bounds on what a submission and its files may cost; wiring fills them from the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes on disk, bytes after unpacking, seconds of recording, files of one submission."""

    max_file_bytes: int = 4_096_000_000
    max_unpacked_bytes: int = 500_000_000
    max_seconds: float = 180 * 60.0
    max_files: int = 500
