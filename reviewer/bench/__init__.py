"""Load for this very installation: how it behaves when a state hands in, measured where it runs.

Invariant: everything happens in a folder of its own, with real processes; nothing of a real store
is read or written.
"""
