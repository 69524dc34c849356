"""The only place where settings become objects.

Invariant: importing this package loads no model library and opens nothing. `open_program` opens
the store; weights are brought and loaded when a stage first needs them, in the process that runs
it.
"""

from reviewer.wiring.fitting import open_encoder, rated_in_store
from reviewer.wiring.manifests import OnProgress
from reviewer.wiring.models import LocalModels
from reviewer.wiring.opening import open_repository
from reviewer.wiring.program import (
    Program,
    keep_verdicts,
    make_snapshot,
    open_program,
    open_records,
    stored_ratings,
    verify_record,
)
from reviewer.wiring.rubrics import (
    credential_named,
    newest_credentials,
    publish_rubric,
    published_credentials,
)
from reviewer.wiring.transcribing import transcribe_recording

__all__ = [
    "LocalModels",
    "OnProgress",
    "Program",
    "credential_named",
    "keep_verdicts",
    "make_snapshot",
    "newest_credentials",
    "open_encoder",
    "open_program",
    "open_records",
    "open_repository",
    "publish_rubric",
    "published_credentials",
    "rated_in_store",
    "stored_ratings",
    "transcribe_recording",
    "verify_record",
]
