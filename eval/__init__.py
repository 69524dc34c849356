"""Measuring reviewer: a consumer of the product, like tests; nothing in reviewer/ imports it."""
