"""Generators of the project's data from published sources: ``python -m tools [name]``."""
