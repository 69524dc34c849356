"""A credential as the YAML file that reads back as the same credential.

Invariant: ``credential_in(credential_yaml(c).encode()) == (c, ())``; keys with their default are
left out, and the order is that of the model.
"""

import yaml

from reviewer.rubric.model import Credential


def credential_yaml(credential: Credential) -> str:
    """The text of the file."""
    values = credential.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)
