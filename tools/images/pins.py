"""Pin of the source of the images: the wheel of SageMaker's Python SDK."""

from __future__ import annotations

import json
from importlib import resources
from typing import Final

from tools.packages import Package

PINS_FILE: Final = "tools/images/pins.json"
SDK: Final = "sagemaker-core"


def pinned_sdk() -> Package:
    """Return the pinned wheel."""
    text = resources.files("tools.images").joinpath("pins.json").read_text("utf-8")
    return Package(**json.loads(text))


def pins_json(package: Package) -> str:
    """Return the text of the file with the pin."""
    row = {"name": package.name, "version": package.version, "sha256": package.sha256}
    return json.dumps(row, indent=2) + "\n"
