"""``python -m reviewer`` is the command line."""

from reviewer.cli.main import main

main()
