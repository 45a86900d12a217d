"""Comparison of the specs with AWS's newest models: ``python -m tools.drift``."""
