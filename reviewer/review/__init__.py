"""The human side of a review: ratings, decisions, what may be shown, outcome, feedback.

Invariant: pure values and functions; no clock, no store. A confirmed score exists only as the
decision of a person about that person's own final rating.
"""
