"""Which version this is."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """The version of the distribution that is installed."""
    try:
        return metadata.version("cdk-epc")
    except metadata.PackageNotFoundError:  # run from a source tree that nobody installed
        return "unknown"
