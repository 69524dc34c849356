"""Who speaks when: the share of voiced time given to the wrong voice, beside two floors.

Invariant: only time that is voiced both in the key and for the detector is scored; speakers are
matched one to one so that the most time agrees; time without a speaker is unsure, not wrong.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.dialogues import KeyTurn, Recording, Span, dialogue, read, utterances, voiced
from eval.study import Skipped, need

if TYPE_CHECKING:
    from reviewer.intake.speech.speakers import SpeakerModel

NAME = "turns"
HELP = "speaker turns: wrong and unsure share of voiced time, on joined readers and on the demo"
BENCH = True

DIALOGUES = (1, 2, 2, 3, 3, 4, 4, 5, 6)  # speakers of each
SECONDS = 60.0  # of each
SEED = 2026  # not one of the seeds on which the thresholds were chosen
GRID_S = 0.01
HEARD = "turns"
ONE = "all S1"
PAUSES = "new at each pause"

Named = tuple[float, float, str | None]  # start and end in seconds, speaker


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Score both sets; raises `Skipped` where data or weights are absent."""
    from reviewer import demo

    pool = utterances(need(data, "audio"))
    joined = [
        dialogue(pool, speakers, SECONDS, SEED + index) for index, speakers in enumerate(DIALOGUES)
    ]
    key = demo.read_key()
    folders = {"first": demo.FIRST, "second": demo.SECOND}
    films = [
        Recording(
            name,
            read(folders[submission.name] / name),
            tuple((turn.start_s, turn.end_s, turn.who) for turn in turns),
        )
        for submission in key.submissions
        for name, turns in submission.turns.items()
    ]
    return {**_measured("readers", joined, out), **_measured("demo", films, out)}


def wrong_and_unsure(found: Sequence[Named], key: Sequence[KeyTurn]) -> tuple[float, float]:
    """Shares of the key's time under the best one-to-one match of speakers; key not empty."""
    from scipy.optimize import linear_sum_assignment

    steps = round(max(end_s for _, end_s, _ in key) / GRID_S) + 1
    people = sorted({who for _, _, who in key})
    voices = sorted({who for _, _, who in found if who is not None})
    true, heard = np.full(steps, -1), np.full(steps, -1)
    for start_s, end_s, person in key:
        true[round(start_s / GRID_S) : round(end_s / GRID_S)] = people.index(person)
    for start_s, end_s, voice in found:
        number = -1 if voice is None else voices.index(voice)
        heard[round(start_s / GRID_S) : round(end_s / GRID_S)] = number
    scored = true >= 0
    named = scored & (heard >= 0)
    agreed = np.zeros((len(people), max(1, len(voices))))
    np.add.at(agreed, (true[named], heard[named]), 1)
    right = agreed[linear_sum_assignment(-agreed)].sum()
    total = scored.sum()
    return float((named.sum() - right) / total), float((total - named.sum()) / total)


def _measured(label: str, recordings: Sequence[Recording], out: Console) -> dict[str, float]:
    from reviewer.intake.speech.speakers import find_turns, hear_voices

    model = _model()
    table = _table(label)
    sums: dict[str, list[tuple[float, float]]] = {HEARD: [], ONE: [], PAUSES: []}
    seconds: list[float] = []
    spent = 0.0
    for recording in recordings:
        spans = voiced(recording.sound)
        started = time.perf_counter()
        turns = find_turns(list(hear_voices(model, recording.sound, 0.0, spans)))
        spent += time.perf_counter() - started
        key = _within(recording.key, spans)
        rival: dict[str, list[Named]] = {
            HEARD: [(turn.start_s, turn.end_s, turn.speaker) for turn in turns],
            ONE: [(start_s, end_s, "S1") for start_s, end_s in spans],
            PAUSES: [(start_s, end_s, f"S{n}") for n, (start_s, end_s) in enumerate(spans)],
        }
        for name, found in rival.items():
            sums[name].append(wrong_and_unsure(found, key))
        seconds.append(sum(end_s - start_s for start_s, end_s, _ in key))
        voices = {turn.speaker for turn in turns} - {None}
        people = {who for _, _, who in recording.key}
        shares = [f"{sums[name][-1][0]:.3f}" for name in (HEARD, ONE, PAUSES)]
        unsure = f"{sums[HEARD][-1][1]:.3f}"
        table.add_row(
            recording.name, f"{seconds[-1]:.0f}", str(len(people)), str(len(voices)),
            shares[0], unsure, shares[1], shares[2],
        )  # fmt: skip
    mean = {name: np.average(pairs, axis=0, weights=seconds) for name, pairs in sums.items()}
    length = sum(len(recording.sound) for recording in recordings) / 16_000
    out.print(table)
    out.print(
        f"{label}: n = {len(recordings)} recordings, {sum(seconds):.0f} voiced seconds, "
        f"{sum(len({who for _, _, who in each.key}) for each in recordings)} speakers, counted "
        f"recording by recording; "
        f"{spent / length:.3f} s of work for each second of recording"
    )
    return {
        f"{label}_wrong": float(mean[HEARD][0]),
        f"{label}_unsure": float(mean[HEARD][1]),
        f"{label}_floor_one": float(mean[ONE][0]),
        f"{label}_floor_pauses": float(mean[PAUSES][0]),
    }


def _model() -> "SpeakerModel":
    from reviewer.errors import WeightsMissing
    from reviewer.intake.speech.speakers import load_speaker_model
    from reviewer.settings import load_settings
    from reviewer.weights import find_manifest, load_manifests, locate

    settings = load_settings()
    manifest = find_manifest(load_manifests(settings.manifests_dir), "ge2e")
    try:
        folder = locate(manifest, settings.models_dir)
    except WeightsMissing as missing:
        raise Skipped(str(missing)) from missing
    return load_speaker_model(folder, manifest.weights_sha256)


def _table(label: str) -> Table:
    table = Table(title=f"{label}: share of voiced time")
    table.add_column("recording")
    for column in ("voiced s", "speakers", "found", "wrong", "unsure", ONE, PAUSES):
        table.add_column(column, justify="right")
    return table


def _within(key: Sequence[KeyTurn], spans: Sequence[Span]) -> list[KeyTurn]:
    """The key where the detector heard a voice."""
    cut = [
        (max(start_s, first_s), min(end_s, last_s), who)
        for start_s, end_s, who in key
        for first_s, last_s in spans
    ]
    return [turn for turn in cut if turn[1] > turn[0]]
