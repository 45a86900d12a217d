"""Version of this library."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """Return the version of the installed distribution.

    It is ``0.0.0``, as CDK writes it, in a source tree that is not installed.
    """
    try:
        return metadata.version("cdk-epc")
    except metadata.PackageNotFoundError:
        return "0.0.0"
