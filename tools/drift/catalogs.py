"""Differences of the catalogs of images and instance types to their newest published sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tools.drift.differences import Difference
from tools.drift.report import Section
from tools.images.generate import IMAGES_FILE
from tools.images.generate import generate as generate_images
from tools.images.pins import SDK
from tools.instances.generate import generate as generate_instances
from tools.instances.pins import pinned_dumps, with_newest
from tools.packages import Package, download_newest, read_wheel_folder
from tools.published.copies import Copy

INSTANCES_FILE: Final = "cdk_epc/catalog/instances.json"
_DUMPED_BY: Final = "moto"
_ROOT: Final = Path(__file__).resolve().parents[2]
_TAGS: Final = "tags"


def newest_catalogs(botocore: Copy, folder: Path) -> list[Section]:
    """Download the newest sources of the catalogs and return the differences to them.

    The hardware and the CUDA version of an image follow from its repository and its tag, so that a
    new tag is one to look at in ``cdk_epc/catalog/image_traits.py`` as well.

    Args:
        botocore: Newest copy of botocore, which has the instance types for hosting.
        folder: Folder for the downloads.

    Raises:
        ToolError: A download failed, or the catalogs cannot represent a value.
    """
    sdk, sdk_wheel = download_newest(SDK, _new(folder / SDK))
    moto, _ = download_newest(_DUMPED_BY, _new(folder / _DUMPED_BY))

    def read(package: Package, below: str) -> dict[str, bytes]:
        return read_wheel_folder(package, sdk_wheel, below)

    images = generate_images(sdk, read)[IMAGES_FILE]
    types = generate_instances(botocore, with_newest(pinned_dumps(), moto))[INSTANCES_FILE]
    return [
        Section(f"{sdk}, images", images_drift(_committed(IMAGES_FILE), json.loads(images)), {}),
        Section(
            f"{botocore} and {moto}, instance types",
            types_drift(_committed(INSTANCES_FILE), json.loads(types)),
            {},
        ),
    ]


def images_drift(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """Return the repositories, and their members such as tags and scopes, that differ."""
    return list(_entries("repositories", ours["repositories"], theirs["repositories"]))


def types_drift(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """Return the instance types, and their facts such as accelerators, that differ."""
    return list(_entries("types", ours["types"], theirs["types"]))


def _entries(
    name: str, ours: Mapping[str, Mapping[str, Any]], theirs: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    if ours.keys() != theirs.keys():
        yield name, "enum", set(ours), set(theirs)
    for key in ours.keys() & theirs.keys():
        for member in sorted({*ours[key], *theirs[key]}):
            one, other = ours[key].get(member), theirs[key].get(member)
            if one == other:
                continue
            if member == _TAGS:
                yield f"{key}.{member}", "enum", set(one or ()), set(other or ())
            else:
                yield key, member, _text(one), _text(other)


def _text(value: object) -> str | None:
    return None if value is None else json.dumps(value, sort_keys=True)


def _committed(path: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((_ROOT / path).read_text("utf-8"))


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder
