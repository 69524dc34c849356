"""Bringing evaluators up: training sets, practice, qualification; the machine is always off here.

Invariant: pure values and functions, no clock and no store. What a trainee rates is compared with
a key that a panel of people gave, or that a synthetic set's author intended; the two are never
called the same.
"""
