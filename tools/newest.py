"""Update to the newest published packages: move the pins and regenerate the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.errors import ToolError
from tools.images import pins as image_pins
from tools.images.generate import generate as generate_images
from tools.instances.generate import generate as generate_instances
from tools.instances.pins import PINS_FILE, pinned_dumps, pins_json, with_newest
from tools.packages import Package, download_newest, read_wheel_folder
from tools.published.copies import BOTOCORE, CFN_LINT, wheel_copy
from tools.regions.generate import generate as generate_regions
from tools.replacements.generate import generate as generate_replacements

PROJECT_FILE: Final = "pyproject.toml"
_PINNED_IN_PROJECT: Final = ("boto3", BOTOCORE, CFN_LINT)
_DUMPED_BY: Final = "moto"

Download = Callable[[str, Path], tuple[Package, Path]]
"""Function that downloads the newest wheel of a package into an empty folder."""


def updated_texts(root: Path, download: Download = download_newest) -> dict[str, str]:
    """Return the text of every pin and every generated file from the newest published packages.

    Args:
        root: Folder of the repository with the pins.
        download: Function that downloads the newest wheel of a package.

    Raises:
        ToolError: A download failed, a pin is missing, or the data cannot represent a value of a
            source.
    """
    project = (root / PROJECT_FILE).read_text("utf-8")
    with TemporaryDirectory() as folder:
        found = {
            name: download(name, _new_folder(Path(folder), name))
            for name in (*_PINNED_IN_PROJECT, _DUMPED_BY, image_pins.SDK)
        }
        for name in _PINNED_IN_PROJECT:
            project = _pinned(project, found[name][0])
        botocore, cfn_lint = (wheel_copy(*found[name]) for name in (BOTOCORE, CFN_LINT))
        dumps = with_newest(pinned_dumps(), found[_DUMPED_BY][0])
        return {
            PROJECT_FILE: project,
            PINS_FILE: pins_json(dumps),
            **generate_instances(botocore, dumps),
            **generate_regions(botocore, cfn_lint),
            **generate_replacements(cfn_lint),
            **_images(*found[image_pins.SDK]),
        }


def _images(sdk: Package, wheel: Path) -> dict[str, str]:
    def read(package: Package, folder: str) -> dict[str, bytes]:
        return read_wheel_folder(package, wheel, folder)

    return {image_pins.PINS_FILE: image_pins.pins_json(sdk), **generate_images(sdk, read)}


def _new_folder(folder: Path, name: str) -> Path:
    new = folder / name
    new.mkdir()
    return new


def _pinned(project: str, package: Package) -> str:
    pin = f'"{package.name}=={package.version}"'
    text, count = re.subn(rf'"{re.escape(package.name)}==[^"]*"', pin, project)
    if count != 1:
        message = (
            f"{PROJECT_FILE} pins {package.name} {count} times; must pin it once, as "
            f'"{package.name}==VERSION": correct {PROJECT_FILE} or tools/newest.py'
        )
        raise ToolError(message)
    return text
