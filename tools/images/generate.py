"""Generation of ``cdk_epc/catalog/images.json`` and ``image_versions.json``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.images.configs import FOLDER, read_configs
from tools.images.pins import pinned_sdk
from tools.images.render import image_versions_json, images_json
from tools.images.table import build
from tools.packages import Package, read_folder

IMAGES_FILE = "cdk_epc/catalog/images.json"
VERSIONS_FILE = "cdk_epc/catalog/image_versions.json"

ReadFolder = Callable[[Package, str], Mapping[str, bytes]]
"""Function that returns the files of a package below a folder, by the rest of their paths."""


def generate(sdk: Package | None = None, read: ReadFolder = read_folder) -> dict[str, str]:
    """Return the texts of the generated files by their paths in the repository.

    Args:
        sdk: Wheel of SageMaker's SDK; the pinned one by default.
        read: Function that reads its files; a download by default.

    Raises:
        ToolError: The wheel cannot be read, or has values that the data cannot represent.
    """
    sdk = sdk or pinned_sdk()
    table = build(read_configs(read(sdk, FOLDER)))
    source = f"{sdk}, {FOLDER}*.json"
    return {
        IMAGES_FILE: images_json(source, table),
        VERSIONS_FILE: image_versions_json(source, table),
    }
