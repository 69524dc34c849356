"""The JSON Schema of credential files, for editors that complete and check while one types.

Invariant: ``rubrics/schema.json`` is exactly `schema_text()`; a test holds them equal. The schema
tells the shape alone; what must fit together (slots that exist, levels in order, a sum that can
be reached) is told by `reviewer rubric check`.
"""

import json

from reviewer.rubric.model import Credential

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The schema as the text of its file, the same on every machine."""
    schema = {"$schema": _DIALECT, **Credential.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
