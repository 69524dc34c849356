"""Stages of the first pass and the processes that work through them.

Invariant: a stage is a plain function of its inputs; what is done, by whom and how often stands in
the store's ledger and nowhere else, so any process may be killed at any moment.
"""
