"""How many of the demo's intended evidence spans are among the best excerpts of their element.

Invariant: the demo's key is measured, never tuned on. A span counts as found when one of the
`MOST` best excerpts of its element, in the same file, covers at least half of the span or lies at
least half within it: by characters in a document, by time in a recording. Stance is not compared.
Beside it stand a floor, the `MOST` single sentences nearest to any indicator or example by cosine,
and a ceiling, the `MOST` places that a second reader chose (eval/second_reader.yaml).
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from eval.study import Skipped
from reviewer import demo
from reviewer.errors import WeightsMissing
from reviewer.evidence.citation import Excerpt, Stance, excerpt
from reviewer.evidence.locate import may_show, sentences_of
from reviewer.intake.artifact import Artifact
from reviewer.rubric import Credential, Element, find_credential
from reviewer.settings import Settings, load_settings

if TYPE_CHECKING:
    from reviewer.scoring.first_pass import FirstPass
    from reviewer.wiring import LocalModels, Program

NAME = "demo_key"
HELP = "recall of the demo's intended evidence among the five best excerpts per element"
BENCH = True

MOST = 5  # excerpts an element
SECOND_READER = Path(__file__).parent.parent / "second_reader.yaml"
SHARE = 0.5  # of the span or of the excerpt

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sought:
    """One span of the key and whether it was found."""

    attempt: int
    element: str
    span: demo.KeySpan
    found: bool
    found_by_floor: bool
    found_by_reader: bool


def overlaps_by_half(span: Interval, excerpt: Interval) -> bool:
    """Whether the common part is at least SHARE of either interval; false where one is empty."""
    common = min(span[1], excerpt[1]) - max(span[0], excerpt[0])
    shorter = min(span[1] - span[0], excerpt[1] - excerpt[0])
    return shorter > 0 and common >= SHARE * shorter


def place(span: demo.KeySpan, artifact: Artifact) -> Interval | None:
    """Seconds for a recording; characters for a document, null where its quote is not there."""
    if span.start_s is not None and span.end_s is not None:
        return span.start_s, span.end_s
    words = r"\s+".join(re.escape(word) for word in span.quote.split())
    there = re.search(words, artifact.text)
    return (float(there.start()), float(there.end())) if there else None


def is_found(span: demo.KeySpan, artifact: Artifact, excerpts: Sequence[Excerpt]) -> bool:
    """Whether one of the excerpts overlaps the span by half, as the module says."""
    sought = place(span, artifact)
    if sought is None:
        return False
    for one in excerpts:
        if one.artifact != artifact.id:
            continue
        if span.start_s is None:
            there: Interval = (one.start, one.end)
        elif one.start_s is not None and one.end_s is not None:
            there = (one.start_s, one.end_s)
        else:
            continue
        if overlaps_by_half(sought, there):
            return True
    return False


def second_reader() -> dict[tuple[int, str], list[demo.KeySpan]]:
    """The second reader's places by attempt and element."""
    loaded = yaml.safe_load(SECOND_READER.read_text(encoding="utf-8"))
    return {
        (one["attempt"], one["element"]): [demo.KeySpan(**place) for place in one["places"]]
        for one in loaded
    }


def is_marked(span: demo.KeySpan, artifact: Artifact, marks: Sequence[demo.KeySpan]) -> bool:
    """Whether one of the places overlaps the span by half, as the module says."""
    sought = place(span, artifact)
    there = [place(one, artifact) for one in marks if one.artifact == span.artifact]
    return sought is not None and any(one and overlaps_by_half(sought, one) for one in there)


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Review both attempts from nothing in a folder of their own; needs no data, only weights."""
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings().model_copy(update={"home": Path(home), "database": ""})
        try:
            results = list(_sought(settings, out))
        except WeightsMissing as missing:
            raise Skipped(str(missing)) from missing
    _print(results, out)
    return _figures(results)


def _sought(settings: Settings, out: Console) -> Iterator[Sought]:
    from reviewer.wiring import LocalModels, open_program

    credential = find_credential(demo.CREDENTIAL, settings.rubrics_dir)
    program = open_program(settings)
    models = LocalModels(settings, program.repository.embeddings)
    reader = second_reader()
    for submission, folder in zip(
        demo.read_key().submissions, (demo.FIRST, demo.SECOND), strict=True
    ):
        first_pass = _first_pass(program, folder, credential, out)
        artifacts = first_pass.artifacts
        shown = {draft.element: draft.excerpts[:MOST] for draft in first_pass.elements}
        by_name = {artifact.name: artifact for artifact in artifacts}
        for entry in submission.elements:
            if not entry.spans:
                continue
            element = next(one for one in credential.elements if one.id == entry.element)
            floor = _nearest(element, artifacts, models)
            for span in entry.spans:
                there = by_name[span.artifact]
                yield Sought(
                    submission.attempt,
                    entry.element,
                    span,
                    found=is_found(span, there, shown[entry.element]),
                    found_by_floor=is_found(span, there, floor),
                    found_by_reader=is_marked(
                        span, there, reader[submission.attempt, entry.element]
                    ),
                )


def _first_pass(
    program: "Program", folder: Path, credential: Credential, out: Console
) -> "FirstPass":
    submission_id = program.submit(folder, credential)
    with Progress(console=out, transient=True) as bar:
        bar.add_task(f"reviewing the {folder.name} attempt", total=None)
        return program.run(submission_id, lambda _: None)


def _nearest(
    element: Element, artifacts: Sequence[Artifact], models: "LocalModels"
) -> list[Excerpt]:
    """The floor: single sentences by their cosine to the nearest indicator or example."""
    indicators = (*element.supporting, *element.counter)
    asked = [text for one in indicators for text in (one.text, *one.examples)]
    sentences = sentences_of([one for one in artifacts if may_show(element, one)])
    likeness = models.embed([one.text for one in sentences]) @ models.embed(asked).T
    nearest = likeness.max(axis=1)
    return [
        excerpt(sentences[at].artifact, [sentences[at].at], float(nearest[at]), "", Stance.SUPPORTS)
        for at in (-nearest).argsort(kind="stable")[:MOST]
    ]


def _recall(results: Sequence[Sought]) -> float:
    return sum(one.found for one in results) / len(results)


def _floor(results: Sequence[Sought]) -> float:
    return sum(one.found_by_floor for one in results) / len(results)


def _ceiling(results: Sequence[Sought]) -> float:
    return sum(one.found_by_reader for one in results) / len(results)


def _figures(results: Sequence[Sought]) -> dict[str, float]:
    figures = {
        "recall_at_5": _recall(results),
        "recall_at_5_floor": _floor(results),
        "recall_at_5_second_reader": _ceiling(results),
        "spans": float(len(results)),
    }
    for attempt in sorted({one.attempt for one in results}):
        of_attempt = [one for one in results if one.attempt == attempt]
        figures[f"recall_at_5_attempt_{attempt}"] = _recall(of_attempt)
    deciding = [one for one in results if one.element == "individual-voice"]
    return figures | {"recall_at_5_individual_voice": _recall(deciding)}


def _print(results: Sequence[Sought], out: Console) -> None:
    table = Table(title=f"The demo's key among the {MOST} best excerpts")
    for column in ("attempt", "element"):
        table.add_column(column)
    table.add_column("found", justify="right")
    table.add_column("floor", justify="right")
    table.add_column("second reader", justify="right")
    groups: dict[tuple[int, str], list[Sought]] = {}
    for one in results:
        groups.setdefault((one.attempt, one.element), []).append(one)
    for (attempt, element), spans in groups.items():
        found, floor = sum(one.found for one in spans), sum(one.found_by_floor for one in spans)
        reader = sum(one.found_by_reader for one in spans)
        table.add_row(str(attempt), element, f"{found} of {len(spans)}", str(floor), str(reader))
    out.print(table)
    for one in results:
        if not one.found:
            out.print(
                f"[dim]not found, attempt {one.attempt}, {one.element}: "
                f"{one.span.artifact}: {one.span.quote}[/dim]"
            )
