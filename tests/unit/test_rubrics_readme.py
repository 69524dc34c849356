"""rubrics/README.md: its examples work, and it names every key there is."""

import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator

from reviewer.rubric import Credential, read_credential, schema_text
from reviewer.settings import CHECKOUT

README = (CHECKOUT / "rubrics" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def read(text: str, tmp_path: Path) -> Credential:
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    return read_credential(path)


def keys_in(schema: dict) -> set[str]:
    models = [schema, *schema["$defs"].values()]
    return {key for model in models for key in model.get("properties", {})}


def test_the_least_example_has_only_what_is_needed(tmp_path: Path) -> None:
    credential = read(EXAMPLES[0], tmp_path)
    assert credential.model_dump(exclude_defaults=True).keys() == {
        "id",
        "version",
        "title",
        "elements",
    }


def test_the_full_example_shows_every_key(tmp_path: Path) -> None:
    credential = read(EXAMPLES[1], tmp_path)
    schema = json.loads(schema_text())
    Draft202012Validator(schema).validate(json.loads(credential.model_dump_json()))
    for key in keys_in(schema) - {"minimum", "but"}:
        assert re.search(rf"(?m)^[ -]*{key}:", EXAMPLES[1]), f"{key} is not in the full example"


def test_the_table_names_every_key() -> None:
    for key in keys_in(json.loads(schema_text())):
        assert f"`{key}" in README, f"{key} is not explained"


def test_every_credential_of_the_folder_is_named() -> None:
    for path in (CHECKOUT / "rubrics").glob("*.yaml"):
        assert f"`{path.stem}`" in README
