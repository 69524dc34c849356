"""``reviewer transcribe``: one recording in, its transcript out.

Invariant: a transcript file is written whole or not at all; its form is told by its suffix.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.outputs import check_outputs, write_whole
from reviewer.cli.usage import path_given, text_given
from reviewer.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.intake.transcript import Transcript

SUFFIXES = (".vtt", ".srt", ".json", ".txt")


def transcribe(
    media: Annotated[
        Path,
        typer.Argument(parser=path_given, metavar="MEDIA", help="A recording.", show_default=False),
    ],
    model: Annotated[
        str | None,
        typer.Option(
            parser=text_given, metavar="ID", help="Speech model, as in `reviewer models list`."
        ),
    ] = None,
    captions: Annotated[
        Path | None,
        typer.Option(
            parser=path_given, metavar="FILE", help="Use these captions, recognize nothing."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=path_given,
            metavar="FILE",
            help="Write x.vtt, x.srt, x.json or x.txt (words alone).",
        ),
    ] = None,
) -> None:
    """Write down a recording, with times, speakers and doubts."""
    if out is not None:
        if out.suffix.lower() not in SUFFIXES:
            raise OutputError(
                f"{out}: the form of a transcript is told by the end of the name; use one of "
                f"{', '.join(SUFFIXES)}."
            )
        check_outputs(out)

    from reviewer.cli.screen import err
    from reviewer.cli.stages import stage_bars
    from reviewer.settings import load_settings
    from reviewer.wiring import transcribe_recording

    with stage_bars() as progress:
        transcript = transcribe_recording(load_settings(), media, model, captions, progress)
    if out is None:
        _print(transcript)
    else:
        kept = "" if captions else "the transcript is kept"
        write_whole(out, _writer(out)(transcript).encode(), kept)
    err.print(_summary(transcript))


def _writer(out: Path) -> "Callable[[Transcript], str]":
    from reviewer.export import captions

    forms = (captions.to_vtt, captions.to_srt, captions.to_json, captions.to_txt)
    return dict(zip(SUFFIXES, forms, strict=True))[out.suffix.lower()]


def _print(transcript: "Transcript") -> None:
    from rich.markup import escape

    from reviewer.cli.screen import out

    for line in transcript.lines:
        minutes, seconds = divmod(int(line.start_s), 60)
        doubt = f"  [yellow]≈ {line.doubt.value}[/]" if line.doubt else ""
        words = escape(transcript.text[line.start : line.end])
        out.print(
            f"[dim]{minutes}:{seconds:02}[/]  {escape(line.speaker or '?'):3}  {words}{doubt}"
        )


def _summary(transcript: "Transcript") -> str:
    hearing = transcript.hearing
    if hearing.source == "captions":
        return f"{len(transcript.lines)} lines from captions."
    if hearing.share_confident is None:
        return f"No speech was found in {transcript.duration_s:.0f} seconds."
    return (
        f"language {hearing.language} · {hearing.voiced_s:.0f} of {transcript.duration_s:.0f} "
        f"seconds with a voice · heard well {hearing.share_confident:.0%} · "
        f"{hearing.segments_in_doubt} of {hearing.segments} lines in doubt"
    )
