"""Alembic runs this file: it applies the revisions on the connection that it is handed.

Invariant: the caller owns the transaction; a revision that fails leaves nothing behind.
"""

from alembic import context

from reviewer.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
context.run_migrations()
