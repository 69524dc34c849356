"""First-pass review of educator micro-credentials: evidence, cited drafts, human decisions.

Invariant: importing this package loads no model, opens no database and reads no setting. Whatever
is imported after it reports to nobody: libraries that would are told so here, before they start.
"""

import os

# Read by the libraries when they are loaded, in this process and in those that it starts:
# onnxruntime's events (voice activity), the hub's (models), Gradio's (pages).
os.environ.update(
    ORT_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_TELEMETRY="1", GRADIO_ANALYTICS_ENABLED="False"
)

__version__ = "0.1.0"
