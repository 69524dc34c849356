"""First-pass review of educator micro-credentials: evidence, cited drafts, human decisions.

Invariant: importing this package loads no model, opens no database and reads no setting.
"""

__version__ = "0.1.0"
