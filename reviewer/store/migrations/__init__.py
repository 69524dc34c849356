"""How the schema came about, one revision a file; run by `reviewer.store.database` at opening.

Invariant: a revision that was released is never edited; a new one follows it.
"""
