"""The generated file of ``cdk_epc/catalog/images``, from its source to its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.images.configs import FOLDER, read_configs
from tools.images.pins import pinned_sdk
from tools.images.render import images_json
from tools.images.table import build
from tools.packages import Package, read_folder

IMAGES_FILE = "cdk_epc/catalog/images.json"

ReadFolder = Callable[[Package, str], Mapping[str, bytes]]
"""Gives the content of a package's files below a folder, by the rest of their path."""


def generate(sdk: Package | None = None, read: ReadFolder = read_folder) -> dict[str, str]:
    """Return the text of the generated file by its path in the repository.

    Args:
        sdk: The wheel of SageMaker's SDK to read; the pinned one by default.
        read: How to get its files; by a download by default.

    Raises:
        ToolError: The wheel is out of reach, or says what the data cannot hold.
    """
    sdk = sdk or pinned_sdk()
    table = build(read_configs(read(sdk, FOLDER)))
    return {IMAGES_FILE: images_json(f"{sdk}, {FOLDER}*.json", table)}
