"""Speech: what was said in a recording, and by which voice."""
