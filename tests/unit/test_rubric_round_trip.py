"""Properties of reading and writing credentials, over arbitrary valid and invalid ones."""

import json
import random
import re
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reviewer.rubric import Credential, examine, read_credential, schema_text

pytestmark = pytest.mark.slow  # some ten seconds together

# Reading YAML takes milliseconds, and on a busy machine more: no example is too slow.
patient = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])

SCHEMA = Draft202012Validator(json.loads(schema_text()))

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True)
# what XML, YAML and screens cannot show is no text of a rubric: controls, surrogates, nonchars
characters = st.characters(
    exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff\u2028\u2029\x85"
)
words = st.text(characters, max_size=40)
texts = words.filter(lambda text: text.strip())
halves = st.integers(0, 200).map(lambda double: double / 2)


def distinct(strategy: st.SearchStrategy, smallest: int = 0) -> st.SearchStrategy:
    return st.lists(strategy, min_size=smallest, max_size=4, unique_by=str.casefold)


@st.composite
def elements(draw: st.DrawFn, identifier: str, slots: list[str]) -> dict:
    values = sorted(draw(st.sets(halves, min_size=2, max_size=6)))
    indicators = [
        {"id": one, "text": draw(texts), "examples": draw(st.lists(texts, max_size=2))}
        for one in draw(distinct(ids))
    ]
    cut = draw(st.integers(0, len(indicators)))
    return {
        "id": identifier,
        "title": draw(texts),
        "question": draw(words),
        "levels": [
            {"value": value, "title": draw(words), "descriptor": draw(texts)} for value in values
        ],
        "required_level": draw(st.sampled_from(values)),
        "supporting": indicators[:cut],
        "counter": indicators[cut:],
        "slots": draw(st.lists(st.sampled_from(slots), unique=True)) if slots else [],
        "observable_in": draw(
            st.lists(st.sampled_from(["text", "speech", "picture"]), min_size=1, unique=True)
        ),
    }


@st.composite
def slots(draw: st.DrawFn, identifier: str) -> dict:
    fewest = draw(st.integers(0, 5))
    return {
        "id": identifier,
        "title": draw(texts),
        "description": draw(words),
        "kind": draw(st.sampled_from(["document", "video", "audio", "recording", "any"])),
        "min": fewest,
        "max": draw(st.none() | st.integers(max(fewest, 1), 9)),
        "required": draw(st.booleans()),
    }


recognitions = st.lists(
    st.fixed_dictionaries(
        {"recognizer": texts, "amount": st.integers(1, 9).map(float), "unit": texts, "note": words}
    ),
    max_size=2,
)


@st.composite
def credentials(draw: st.DrawFn) -> Credential:
    identifier = draw(ids)
    slot_ids = draw(distinct(ids))
    parts = [draw(elements(one, slot_ids)) for one in draw(distinct(ids, smallest=1))]
    least = sum(part["levels"][0]["value"] for part in parts)
    rules = [None, {"kind": "every_element"}, {"kind": "minimum_sum", "minimum": least}]
    if len(parts) > 1:
        rules.append({"kind": "all_but", "but": len(parts) - 1})
    return Credential.model_validate(
        {
            "id": identifier,
            "version": draw(texts),
            "title": draw(texts),
            "summary": draw(words),
            "elements": parts,
            "slots": [draw(slots(one)) for one in slot_ids],
            "decision": draw(st.sampled_from(rules)),
            "gate": draw(st.sampled_from(["pilot", "enforced"])),
            "review_mode": draw(
                st.sampled_from(["blind_first", "evidence_hidden_until_scored", "draft_first"])
            ),
            "turnaround_days": draw(st.none() | st.integers(1, 90)),
            "retention_days": draw(st.none() | st.integers(1, 4000)),
            "stack": draw(
                st.none()
                | st.fixed_dictionaries(
                    {
                        "id": ids,
                        "title": texts,
                        "members": st.just([identifier]),
                        "complete": st.booleans(),
                        "recognition": recognitions,
                    }
                )
            ),
            "recognition": draw(recognitions),
        }
    )


def read_text(text: str, suffix: str = ".yaml") -> Credential:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"credential{suffix}"
        path.write_text(text, encoding="utf-8")
        return read_credential(path)


def shuffled(value: object, seed: int) -> object:
    """`value` with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.Random(seed).shuffle(keys)
        return {key: shuffled(value[key], seed) for key in keys}
    if isinstance(value, list):
        return [shuffled(one, seed) for one in value]
    return value


@given(credentials())
@patient
def test_a_credential_written_as_yaml_or_json_is_read_back_the_same(credential: Credential) -> None:
    data = credential.model_dump(mode="json")
    for text, suffix in (
        (yaml.safe_dump(data, allow_unicode=True), ".yaml"),
        (yaml.safe_dump(data), ".yml"),
        (json.dumps(data, ensure_ascii=False), ".json"),
        (json.dumps(data), ".json"),
    ):
        back = read_text(text, suffix)
        assert back == credential
        assert back.rubric_hash == credential.rubric_hash


@given(credentials(), st.integers(0, 99), st.integers(20, 120))
@patient
def test_the_hash_does_not_see_key_order_comments_or_form(
    credential: Credential, seed: int, width: int
) -> None:
    data = shuffled(credential.model_dump(mode="json", exclude_defaults=True), seed)
    block = yaml.safe_dump(data, sort_keys=False, width=width, indent=4)
    commented = "# about this file\n" + re.sub(r"(?m)^(?=version:)", "# its version\n", block)
    flow = yaml.safe_dump(data, sort_keys=False, default_flow_style=True)
    hashes = {read_text(text).rubric_hash for text in (block, commented, flow)}
    assert hashes == {credential.rubric_hash}


@given(credentials(), st.data())
@patient
def test_the_hash_sees_every_descriptor(credential: Credential, data: st.DataObject) -> None:
    values = credential.model_dump(mode="json")
    element = data.draw(st.sampled_from(values["elements"]))
    level = data.draw(st.sampled_from(element["levels"]))
    level["descriptor"] += " more"
    assert Credential.model_validate(values).rubric_hash != credential.rubric_hash


@given(credentials())
@patient
def test_what_is_valid_is_valid_by_the_schema(credential: Credential) -> None:
    SCHEMA.validate(credential.model_dump(mode="json"))
    SCHEMA.validate(credential.model_dump(mode="json", exclude_defaults=True))


def examine_bytes(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.yaml"
        path.write_bytes(data)
        credential, problems = examine(path)
    assert (credential is None) == bool(problems)
    for problem in problems:
        assert problem.startswith(f"{path}, line ")
        assert "\n" not in problem
        problem.encode()


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8")))
@settings(patient, max_examples=150)
@example(b'"\\ud800": 1')
@example(b'"\\n": 1')
@example(b"? [a]\n: b")
@example(b"a: !<x y> 1")
@example(b"%YAML 3.0\n---\na: 1")
@example(b"id: {a: 1}\nelements: [[], {levels: {}}, 3]")
@example(b"elements: [{levels: [{value: 1e999, descriptor: a}, {value: 1_0, descriptor: b}]}]")
def test_no_bytes_lead_to_anything_but_a_credential_or_sentences(data: bytes) -> None:
    examine_bytes(data)


@given(credentials(), st.data())
@settings(patient, max_examples=60)
def test_no_damage_to_a_file_leads_to_anything_but_sentences(
    credential: Credential, data: st.DataObject
) -> None:
    text = yaml.safe_dump(credential.model_dump(mode="json"), allow_unicode=True)
    at = data.draw(st.integers(0, len(text)))
    until = data.draw(st.integers(at, min(len(text), at + 30)))
    piece = data.draw(st.text("\t :-[]{}&*!#'\"\\|>%@,?\nab01", max_size=5))
    examine_bytes((text[:at] + piece + text[until:]).encode())
