"""The instance types that SageMaker's API model names, for hosting and for anything else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from importlib import metadata, resources
from typing import Any, cast

from tools.errors import ToolError

HOSTING_ENUM = "ProductionVariantInstanceType"
_MODEL = "data/sagemaker/2017-07-24/service-2.json.gz"

Model = Mapping[str, Any]


def load_model() -> Model:
    """Return SageMaker's API model as the installed botocore ships it.

    The file is read as it stands: botocore's own loader would let a model in the user's home
    replace it.

    Raises:
        ToolError: botocore is not installed, or has no such file.
    """
    try:
        content = resources.files("botocore").joinpath(_MODEL).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        message = (
            f"cannot read {_MODEL} of botocore: {error}; install the project's pinned botocore"
        )
        raise ToolError(message) from error
    return cast("Model", json.loads(gzip.decompress(content)))


def model_source() -> str:
    """Return which model :func:`load_model` reads."""
    return f"botocore {metadata.version('botocore')}, {_MODEL}"


def hosting_types(model: Model) -> list[str]:
    """Return the instance types a production variant may name, in the model's order."""
    return list(model["shapes"][HOSTING_ENUM]["enum"])


def other_services(model: Model) -> dict[str, list[str]]:
    """Return the ``ml.*`` types of other enums that hosting lacks, each with those enums' names.

    Both levels are sorted by name: the types come from several enums, which share no order.
    """
    hosting = set(hosting_types(model))
    enums_by_type: dict[str, list[str]] = {}
    for enum, name in sorted(_enum_members(model)):
        if name.startswith("ml.") and name not in hosting:
            enums_by_type.setdefault(name, []).append(enum)
    return dict(sorted(enums_by_type.items()))


def _enum_members(model: Model) -> Iterator[tuple[str, str]]:
    for shape_name, shape in model["shapes"].items():
        for member in shape.get("enum", ()):
            yield shape_name, member
