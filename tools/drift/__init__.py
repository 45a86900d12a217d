"""What AWS has and we lack, or that changed: ``python -m tools.drift``."""
