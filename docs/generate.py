"""Write the documents that are made from code: docs/cli.md, docs/settings.md, a plot, the schemas.

Invariant: every generated document is a pure function of the code; ``--check`` compares and names
the stale ones (exit status 1), without it they are written.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from eval.abstention import abstention_svg
from eval.published import CHECKED, published_table
from eval.scale_page import scale_svg, scale_table
from eval.scaling import SERIES
from eval.study import baseline, studies
from reviewer.calibration.report import report_schema
from reviewer.cli.main import STATUSES, app
from reviewer.export.result import result_schema
from reviewer.rubric import schema_text
from reviewer.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Made by `make docs` from the code; edit the code, not this file. -->\n"


def settings_page() -> str:
    """docs/settings.md: one row a setting."""
    rows = [
        f"| `REVIEWER_{name.upper()}` | {_default(name)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    head = (
        f"# Settings\n\n{NOTE}\nSettings are read from the environment, once, at the start.\n\n"
        "| variable | default | meaning |\n| --- | --- | --- |\n"
    )
    return head + "\n".join(rows) + "\n"


def _default(name: str) -> str:
    by_machine = {
        "home": "the user's data folder + `/reviewer`",
        "models_dir": "the user's cache folder + `/reviewer/models`",
        "manifests_dir": "`models/` of the project",
        "rubrics_dir": "`rubrics/` of the project",
        "fitted_dir": "`models/fitted/` of the project",
        "threads": "number of processors",
    }
    if name in by_machine:
        return by_machine[name]
    value = Settings.model_fields[name].default
    return "empty" if value == "" else f"`{int(value) if isinstance(value, bool) else value}`"


def cli_page() -> str:
    """docs/cli.md: every command with its arguments and options."""
    parts = [f"# Command line\n\n{NOTE}\nExit status of every command: {STATUSES}.\n"]
    for words, command in _commands(get_command(app), "reviewer"):
        usage = " ".join(_usage(param) for param in command.params)
        help_text = (command.help or "").strip()
        parts.append(f"\n## `{words}`\n\n{help_text}\n\n```\n{words} {usage}".rstrip() + "\n```\n")
        rows = [_row(param) for param in command.params if getattr(param, "help", None)]
        if rows:
            parts.append("\n| | meaning |\n| --- | --- |\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def _commands(command: Any, words: str) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield words, command
        return
    for name in sorted(children):
        if not children[name].hidden:
            yield from _commands(children[name], f"{words} {name}")


def _usage(param: Any) -> str:
    if param.param_type_name == "argument":
        name = str(param.metavar or param.name.upper())
        return (name if param.required else f"[{name}]") + ("" if param.nargs == 1 else "...")
    value = str(param.metavar or param.name.upper())
    shown = param.opts[0] if param.is_flag else f"{param.opts[0]} {value}"
    return shown if param.required else f"[{shown}]"


def _row(param: Any) -> str:
    name = ", ".join(param.opts) if param.param_type_name == "option" else _usage(param)
    return f"| `{name}` | {param.help} |"


def measured_page() -> str:
    """docs/measured.md: published figures beside ours, and the baseline of every study."""
    head = (
        f"# What was measured\n\n{NOTE}\nFigures of one run each, as committed in "
        "eval/baselines/. `make bench` runs them again, `python -m eval run NAME` one.\n"
    )
    beside = (
        "\n## Beside published figures\n\nNone of these is a like-for-like comparison; what "
        f"differs stands beside each. {CHECKED}\n\n{published_table()}"
    )
    made = (_study(path) for path in sorted((ROOT / "eval/baselines").glob("*.json")))
    return head + beside + "".join(made)


def _study(path: Path) -> str:
    kept = json.loads(path.read_text(encoding="utf-8"))
    rows = [f"| {name.replace('_', ' ')} | {value:g} |" for name, value in kept["figures"].items()]
    return (
        f"\n## {path.stem}\n\n{studies()[path.stem].HELP.rstrip('.')}. Measured on: {kept['note']}."
        "\n\n| figure | value |\n| --- | --- |\n" + "\n".join(rows) + "\n"
    )


def abstention_plot() -> str:
    """docs/fitted-abstention.svg: the curve of the study `fitted_trust`, as committed."""
    return abstention_svg(baseline("fitted_trust"))


def _scale() -> dict[str, dict[str, float]]:
    return {one.study: baseline(one.study) for one in SERIES}


def scale_page() -> str:
    """docs/scale.md: many submissions through a cluster, as committed."""
    return (
        f"# A state's worth of submissions\n\n{NOTE}\n"
        "Made-up submissions through `reviewer serve`'s engine, a scheduler and workers of one "
        "thread each, all on one machine: a captioned recording and a page of plans each, 20 short "
        "segments from a vocabulary of 20,000; every stage but hearing is the real one. Overhead "
        "is a worker's time at no stage: the database, planning, scheduling. Sentences that were "
        "embedded before cost nothing again, so a submission takes less as the vocabulary fills "
        "up.\n\n"
        f"{scale_table(_scale())}\n"
        "![Time for a submission, by how many were done](scale.svg)\n\n"
        "```\n"
        "python -m eval run scale          # 1,000 by one worker, then by two\n"
        "python -m eval run scale_state    # 10,000 by two\n"
        "make docs                         # this page and its plot, from their baselines\n"
        "reviewer bench scale --submissions N --workers W      # the same, without a baseline\n"
        "```\n"
    )


def scale_plot() -> str:
    """docs/scale.svg: the curves of `scale` and `scale_state`, as committed."""
    return scale_svg(_scale())


def _documents() -> dict[str, Callable[[], str]]:
    return {
        "docs/cli.md": cli_page,
        "docs/settings.md": settings_page,
        "docs/measured.md": measured_page,
        "docs/fitted-abstention.svg": abstention_plot,
        "docs/scale.md": scale_page,
        "docs/scale.svg": scale_plot,
        "docs/result.schema.json": result_schema,
        "docs/calibration.schema.json": report_schema,
        "rubrics/schema.json": schema_text,
    }


def main() -> None:
    """Write all documents, or with ``--check`` say which are stale."""
    stale: list[str] = []
    for name, make in _documents().items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
            print(f"written: {name}")
    if stale and "--check" in sys.argv:
        sys.exit(f"Stale: {', '.join(stale)}. Run `make docs` and commit the result.")


if __name__ == "__main__":
    main()
