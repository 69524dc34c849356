"""``python app.py``: the pages over REVIEWER_HOME if it is set and holds a store, else the demo."""

import os
import sys
from pathlib import Path

from reviewer.cli.main import main

if __name__ == "__main__":
    home = os.environ.get("REVIEWER_HOME")
    stored = bool(home) and (Path(home) / "reviewer.sqlite3").exists()
    sys.argv.insert(1, "serve" if stored or os.environ.get("REVIEWER_DATABASE") else "demo")
    main()
