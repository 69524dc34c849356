"""Who a process is, so that another one can tell that it has died.

Invariant: an identity names one process for good: a later process with the same number has
another start time.
"""

import os
import platform
from pathlib import Path


def identity(pid: int | None = None) -> str:
    """``machine/namespace/pid/start`` of a living process (this one by default).

    `namespace` tells containers on one machine apart, `start` is in clock ticks since boot; both
    are empty where the system has no /proc.
    """
    pid = pid or os.getpid()
    return f"{platform.node()}/{_namespace()}/{pid}/{_start(pid) or ''}"


def is_dead(who: str) -> bool:
    """Whether that process is certainly gone; false where it cannot be seen from here."""
    machine, namespace, pid, start = who.rsplit("/", 3)
    if (machine, namespace) != (platform.node(), _namespace()):
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # it lives, under another user
    return start != "" and _start(int(pid)) != start


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return ""


def _start(pid: int) -> str | None:
    """The start time of a process that runs; null for one that is gone or a zombie."""
    try:
        # Fields are counted after the command's name, which may hold spaces and brackets itself.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, start = fields[0], fields[19]
    return None if state in "ZX" else start
