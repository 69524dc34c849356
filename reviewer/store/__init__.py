"""What is kept: submissions, files, finished stages, embeddings and the record of events.

Invariant: sqlalchemy is imported nowhere else, and nothing outside this package writes to the
database or to REVIEWER_HOME/files.
"""
