"""Bounds on what one submitted file may cost; wiring fills them from the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes on disk, bytes after unpacking, seconds of recording."""

    max_file_bytes: int = 4_096_000_000
    max_unpacked_bytes: int = 500_000_000
    max_seconds: float = 180 * 60.0
