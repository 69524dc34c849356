"""intended.yaml and the measured turns become key.yaml.

Invariant: a quote that is not in its document, or a line that does not begin exactly one turn of
its recording, stops the making of the key.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from reviewer.demo.key import Turn

_HEAD = "# Made by `python -m reviewer.demo.authoring` from intended.yaml; not for editing.\n"


class NotInText(ValueError):
    """intended.yaml quotes what the texts do not say; the quote is in the sentence."""


def write_key(
    intended: Path,
    documents: Mapping[str, str],
    turns: Mapping[str, Mapping[str, tuple[Turn, ...]]],
    out: Path,
) -> None:
    """Write key.yaml.

    `documents`: text by file name; `turns`: by name of the submission, then of the recording.
    Raises `NotInText`.
    """
    content = yaml.safe_load(intended.read_text(encoding="utf-8"))
    for submission in content["submissions"]:
        spoken = turns[submission["name"]]
        for element in submission["elements"]:
            element["spans"] = [_span(span, documents, spoken) for span in element["spans"]]
        submission["turns"] = {
            name: [
                {"start_s": turn.start_s, "end_s": turn.end_s, "who": turn.who, "say": turn.say}
                for turn in spoken[name]
            ]
            for name in sorted(spoken)
        }
    body = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=96)
    out.write_text(_HEAD + body, encoding="utf-8")


def _span(
    span: Mapping[str, str], documents: Mapping[str, str], spoken: Mapping[str, tuple[Turn, ...]]
) -> dict[str, Any]:
    made: dict[str, Any] = {"artifact": span["file"], "stance": span["stance"]}
    if "quote" in span:
        if documents[span["file"]].count(span["quote"]) != 1:
            raise NotInText(f"{span['file']} does not hold once: {span['quote']}")
        return made | {"quote": span["quote"]}
    begun = [turn for turn in spoken[span["file"]] if turn.say.startswith(span["line"])]
    if len(begun) != 1:
        raise NotInText(f"No single line of {span['file']} begins with: {span['line']}")
    turn = begun[0]
    return made | {
        "quote": turn.say,
        "start_s": turn.start_s,
        "end_s": turn.end_s,
        "speaker": turn.who,
    }
