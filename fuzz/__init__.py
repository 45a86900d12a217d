"""Fuzz tests of the whole check, from bytes to reports; run with ``python -m fuzz``."""
