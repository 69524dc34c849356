"""How the demo's files are made: ``python -m reviewer.demo.authoring`` writes them all again.

Invariant: everything under reviewer/demo/submissions/, and key.yaml, follows from authoring/texts/
and from the modules here; nobody edits the results. It needs the speech synthesizer flite and the
development environment (``make setup-dev``). The product never imports this package.
"""
