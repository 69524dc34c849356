"""The command line: one file a noun. Heavy imports happen inside commands, never at import."""
