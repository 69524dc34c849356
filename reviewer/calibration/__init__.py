"""How far scores can be trusted: agreement between raters, the machine being one of them.

Invariant: values in, values out; nothing here reads a store, a clock or a setting, and no
statistic leaves this room as ``nan``: what is undefined is ``None`` with its reason.
"""
