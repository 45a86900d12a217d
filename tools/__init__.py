"""What regenerates the project's data from published sources: ``python -m tools [name]``."""
