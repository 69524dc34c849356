"""What a process says about itself on standard error: for people, or one line of JSON an event.

Invariant: a line of JSON holds nothing that anybody submitted, wrote or is called: the words of the
event as they stand in our code, fields of the names in `FIELDS` (ids, numbers, names of stages,
routes and classes), and of an error its class and place, never its sentence. Of other libraries'
lines no word is kept, since those may quote.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

LogForm = Literal["text", "json"]
"""How lines are written."""

FIELDS = (
    "submission",
    "stage",
    "attempt",
    "seconds",
    "method",
    "route",
    "status",
    "ms",
    "error",
)
"""What a line may say beside its event; given as ``extra`` when it is logged."""

OURS = "reviewer"


class JsonLines(logging.Formatter):
    """A record as one line of JSON; see above for what it keeps."""

    def format(self, record: logging.LogRecord) -> str:
        """``{"at": …, "level": …, "from": …, "event": …, …}``."""
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        if _ours(record):
            line["event"] = str(record.msg).partition(":")[0]  # what follows would be filled in
            line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= {"error": type(error).__name__, "where": _where(error)}
        return json.dumps(line)


def _ours(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] == OURS


def _where(error: BaseException) -> str:
    """The innermost place, as ``file.py:12``."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def write_logs(form: LogForm) -> None:
    """Begin to write; what was begun before stays. As text warnings alone, as JSON all events."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter("%(message)s"))
    if form == "json":
        logging.getLogger(OURS).setLevel(logging.INFO)
        handler.addFilter(lambda record: _ours(record) or record.levelno >= logging.WARNING)
        logging.captureWarnings(True)
    logging.basicConfig(handlers=[handler])


def take_over(library: str) -> None:
    """Let a library that brings handlers of its own write as everything else does."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.split(".")[0] == library and isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True


def about(error: Exception) -> dict[str, str]:
    """What a line may say about an error, as ``extra``."""
    return {"error": type(error).__name__}
