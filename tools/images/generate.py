"""Generation of ``cdk_epc/catalog/images.json``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.images.configs import FOLDER, read_configs
from tools.images.pins import pinned_sdk
from tools.images.render import images_json
from tools.images.table import build
from tools.packages import Package, read_folder

IMAGES_FILE = "cdk_epc/catalog/images.json"

ReadFolder = Callable[[Package, str], Mapping[str, bytes]]
"""Function that returns the files of a package below a folder, by the rest of their paths."""


def generate(sdk: Package | None = None, read: ReadFolder = read_folder) -> dict[str, str]:
    """Return the text of the generated file by its path in the repository.

    Args:
        sdk: Wheel of SageMaker's SDK; the pinned one by default.
        read: Function that reads its files; a download by default.

    Raises:
        ToolError: The wheel cannot be read, or has values that the data cannot represent.
    """
    sdk = sdk or pinned_sdk()
    table = build(read_configs(read(sdk, FOLDER)))
    return {IMAGES_FILE: images_json(f"{sdk}, {FOLDER}*.json", table)}
