"""Instance types of SageMaker's API model, for hosting and for other uses."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from tools.published.copies import BOTOCORE, Copy, installed

HOSTING_ENUM = "ProductionVariantInstanceType"
_MODEL = "botocore/data/sagemaker/2017-07-24/service-2.json.gz"

Model = Mapping[str, Any]


def load_model(botocore: Copy | None = None) -> Model:
    """Return SageMaker's API model of a copy of botocore; of the installed one by default.

    Raises:
        ToolError: botocore is not installed, or has no such file.
    """
    content = (botocore or installed(BOTOCORE)).read_bytes(_MODEL)
    return cast("Model", json.loads(gzip.decompress(content)))


def model_source(botocore: Copy | None = None) -> str:
    """Return the name of the model that `load_model` reads."""
    return f"{botocore or installed(BOTOCORE)}, {_MODEL.removeprefix('botocore/')}"


def hosting_types(model: Model) -> list[str]:
    """Return the instance types of production variants, in the order of the model."""
    return list(model["shapes"][HOSTING_ENUM]["enum"])


def other_services(model: Model) -> dict[str, list[str]]:
    """Return the ``ml.*`` types that are not for hosting, each with the enums that list it.

    Types and enums are sorted by name, because the enums have no common order.
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
