"""Hostile input for the whole chain, from bytes to reports; run with ``python -m fuzz``."""
