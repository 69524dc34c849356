"""From submitted files to artifacts: text, spans and times. No model is loaded at import."""
