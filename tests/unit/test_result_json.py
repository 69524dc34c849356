"""The JSON result: its shape is the published one, and equal first passes give equal bytes."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.evidence.citation import Citation, Excerpt, Stance
from reviewer.export.result import result_json, result_schema
from reviewer.intake.artifact import Artifact, ArtifactKind, HearingReport, PageSpan, Problem
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness
from reviewer.scoring.first_pass import Finding, FirstPass
from reviewer.settings import CHECKOUT

HASH = "0123456789abcdef" * 4
ENGINE = EngineIdentity("coverage", "1", HASH, HASH, {"width": 2, "half_life": 1 / 3, "a": True})
CITATION = Citation(
    artifact="aaa", quote="We greet each child.", start=0, end=20, page=1, start_s=None,
    end_s=None, speaker=None, stance=Stance.SUPPORTS, weight=2 / 3, hearing=None,
)  # fmt: skip
HEARD = Citation(
    artifact="bbb", quote="Skip it.", start=10, end=18, page=None, start_s=1 / 3,
    end_s=2.0, speaker="S1", stance=Stance.COUNTER, weight=1 / 3, hearing=0.98765,
)  # fmt: skip
PLACE = Excerpt(
    artifact="bbb", segments=(1,), start=10, end=18, quote="Skip it.", similarity=0.41234,
    query="greets", stance=Stance.COUNTER, start_s=1 / 3, end_s=2.0, speaker="S1", hearing=0.98765,
)  # fmt: skip
DRAFT = ElementDraft(
    element="greeting", kind=DraftKind.DRAFT, reason=None, fitness=Fitness.UNMEASURED, level=1.5,
    expected=1.23456789, probabilities={"10": 0.1, "1.5": 2 / 3, "0": 0.23333}, strength=0.5,
    rationale="Said so.", citations=(CITATION, HEARD), engine=ENGINE, excerpts=(PLACE,),
)  # fmt: skip
NOTHING = replace(
    DRAFT, element="room", kind=DraftKind.NOT_OBSERVABLE, reason="Nobody can hear a room.",
    level=None, expected=None, probabilities={}, strength=-0.0, citations=(),
)  # fmt: skip
ARTIFACTS = (
    Artifact(
        "aaa", "plan é.docx", "plans", ArtifactKind.DOCUMENT, HASH, "We greet each child.",
        pages=(PageSpan(1, 0, 20),),
    ),
    Artifact("ccc", "notes.txt", None, ArtifactKind.DOCUMENT, HASH, "A note."),
    Artifact(
        "bbb", "video.mp4", "videos", ArtifactKind.VIDEO, HASH, "Good day. Skip it.",
        duration_s=61.23456, hearing=HearingReport("recognition", "en", 33.333333, 2 / 3, 2, 1),
    ),
    Artifact(
        "ddd", "broken.mp3", None, ArtifactKind.AUDIO, HASH,
        problem=Problem("DamagedFile", "broken.mp3 ends early."),
    ),
    Artifact("-2", "what", None, None, "", problem=Problem("OutsideFolder", "what leads out.")),
)  # fmt: skip
FIRST_PASS = FirstPass(
    submission_id="s-0123456789ab",
    candidate="C-0417",
    attempt=1,
    credential="sample",
    rubric_hash=HASH,
    artifacts=ARTIFACTS,
    elements=(DRAFT, NOTHING),
    completeness=(Finding("plans", "ok", "Plans: 1."), Finding(None, "unassigned", "What is it?")),
    messages=("this is for the screen",),
)


SCHEMA = jsonschema.Draft202012Validator(json.loads(result_schema()))


def written(first_pass: FirstPass = FIRST_PASS) -> Any:
    value = json.loads(result_json(first_pass))
    SCHEMA.validate(value)
    return value


def test_keys_stand_in_the_published_order() -> None:
    result = written()
    assert list(result) == ["submission", "credential", "artifacts", "elements", "completeness"]
    assert list(result["submission"]) == ["id", "candidate", "attempt"]
    assert list(result["credential"]) == ["id", "rubric_hash"]
    file = ["id", "name", "slot", "kind", "sha256", "characters"]
    assert list(result["artifacts"][0]) == [*file, "pages", "hearing", "problem"]
    assert list(result["artifacts"][2]) == [*file, "duration_s", "hearing", "problem"]
    assert list(result["artifacts"][4]) == [*file, "hearing", "problem"]
    assert list(result["elements"][0]) == [
        "element", "kind", "reason", "fitness", "level", "expected", "probabilities", "strength",
        "rationale", "citations", "engine", "excerpts",
    ]  # fmt: skip
    assert list(result["elements"][0]["citations"][0]) == [
        "artifact", "quote", "start", "end", "page", "start_s", "end_s", "speaker", "stance",
        "weight", "hearing",
    ]  # fmt: skip
    assert list(result["elements"][0]["excerpts"][0]) == [
        "artifact", "quote", "start", "end", "page", "start_s", "end_s", "speaker", "hearing",
    ]  # fmt: skip
    assert list(result["elements"][0]["engine"]) == [
        "id", "version", "weights_sha256", "rubric_hash", "settings", "engine_version",
    ]  # fmt: skip
    assert list(result["completeness"][0]) == ["slot", "kind", "message"]


def test_numbers_have_at_most_four_decimals() -> None:
    first, second = written()["elements"]
    assert first["expected"] == 1.2346
    assert first["probabilities"] == {"0": 0.2333, "1.5": 0.6667, "10": 0.1}
    assert [one["weight"] for one in first["citations"]] == [0.6667, 0.3333]
    assert first["citations"][1]["start_s"] == 0.3333
    assert first["engine"]["settings"] == {"a": True, "half_life": 0.3333, "width": 2}
    assert written()["artifacts"][2]["duration_s"] == 61.2346
    assert b"-0.0" not in result_json(FIRST_PASS)
    assert second["level"] is None


def test_levels_and_settings_have_one_order_whatever_order_they_came_in() -> None:
    turned = replace(
        DRAFT,
        probabilities=dict(reversed(DRAFT.probabilities.items())),
        engine=replace(ENGINE, settings=dict(reversed(ENGINE.settings.items()))),
    )
    assert list(written()["elements"][0]["probabilities"]) == ["0", "1.5", "10"]
    assert result_json(replace(FIRST_PASS, elements=(turned, NOTHING))) == result_json(FIRST_PASS)


def test_whole_settings_stay_whole_numbers_and_yes_stays_yes() -> None:
    text = result_json(FIRST_PASS).decode()
    assert '"width": 2\n' in text
    assert '"a": true' in text


def test_a_document_tells_its_pages_and_plain_text_has_none() -> None:
    plan, notes, *_ = written()["artifacts"]
    assert (plan["pages"], plan["characters"]) == (1, 20)
    assert notes["pages"] is None


def test_a_recording_tells_how_it_was_heard() -> None:
    assert written()["artifacts"][2]["hearing"] == {
        "source": "recognition",
        "language": "en",
        "voiced_s": 33.3333,
        "share_confident": 0.6667,
        "segments": 2,
        "segments_in_doubt": 1,
    }


def test_an_unreadable_file_is_named_with_its_problem() -> None:
    *_, broken, what = written()["artifacts"]
    assert broken["problem"] == {"kind": "DamagedFile", "message": "broken.mp3 ends early."}
    assert broken["duration_s"] is None
    assert (what["kind"], what["sha256"]) == (None, "")


def test_a_first_pass_without_anything_is_still_a_result() -> None:
    assert written(replace(FIRST_PASS, artifacts=(), elements=(), completeness=()))


def test_text_is_written_as_it_is_in_utf8_with_a_newline_at_the_end() -> None:
    data = result_json(FIRST_PASS)
    assert "plan é.docx".encode() in data
    assert data.endswith(b"}\n")


@settings(deadline=None)  # a machine may be busy
@given(st.text(min_size=1), st.floats(0, 1), st.floats(-1e6, 1e6))
def test_any_words_and_numbers_fit_the_schema(words: str, share: float, number: float) -> None:
    draft = replace(
        DRAFT,
        rationale=words,
        strength=share,
        expected=number,
        citations=(replace(CITATION, quote=words, weight=share),),
    )
    result = written(replace(FIRST_PASS, elements=(draft,)))
    assert result["elements"][0]["citations"][0]["quote"] == words


def test_the_published_schema_is_the_one_of_the_code() -> None:
    published = CHECKOUT / "docs" / "result.schema.json"
    assert published.read_text(encoding="utf-8") == result_schema(), "run `make docs`"
    jsonschema.Draft202012Validator.check_schema(json.loads(result_schema()))


def test_every_field_is_explained() -> None:
    page = (CHECKOUT / "docs" / "result.md").read_text(encoding="utf-8")
    schema = json.loads(result_schema())
    names = {name for part in schema["$defs"].values() for name in part.get("properties", {})}
    assert names
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_process() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_result_json import FIRST_PASS, result_json\n"
        "sys.stdout.buffer.write(result_json(FIRST_PASS))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__).parent)],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": os.pathsep.join([str(CHECKOUT), *sys.path]),
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs == [result_json(FIRST_PASS)] * 2
