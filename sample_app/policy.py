"""The company's requirements for every endpoint configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Unpack

from cdk_epc import (
    DataCapture,
    EndpointConfig,
    EndpointConfigSpec,
    InstanceType,
    Rule,
    S3Location,
    ServerlessVariant,
    Violation,
)
from cdk_epc.spec import ServerlessConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

    from cdk_epc import EndpointConfigOptions
    from sample_app.foundation import Foundation

ALLOWED_FAMILIES: Final = ("c7i", "m7i", "r7i", "inf2")
"""Families with a company discount, without local storage, which no key can encrypt."""


def _other_families(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        if InstanceType.of(name).family not in ALLOWED_FAMILIES:
            yield Violation(
                path=path,
                got=name,
                must=f"be a type of the families {', '.join(ALLOWED_FAMILIES)}",
                fix="Use a type of these families, or ask the platform team for another family.",
            )


INSTANCE_FAMILY: Final = Rule(
    id="linden-instance-family",
    title="Instance types must be of a family with a company discount",
    why="Other families cost up to twice as much.",
    check=_other_families,
    eager=True,
)


class CompanyEndpointConfig(EndpointConfig):
    """Endpoint configuration with the company's encryption, data capture and tags.

    Arguments override the defaults; ``None`` removes a default. Pass a serverless variant to the
    constructor, because the constructor enables data capture for all other configurations.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        foundation: Foundation,
        product: str,
        **options: Unpack[EndpointConfigOptions],
    ) -> None:
        """Create the configuration of a product, with the arguments of `EndpointConfig`."""
        options.setdefault("encryption_key", foundation.key)
        if not any(map(_is_serverless, options.get("production_variants", ()))):
            options.setdefault("data_capture", _data_capture(foundation))
        company_tags = {"linden:product": product, "linden:managed-by": "cdk"}
        options["tags"] = {**company_tags, **(options.get("tags") or {})}
        options["rules"] = (INSTANCE_FAMILY, *options.get("rules", ()))
        super().__init__(scope, construct_id, **options)


def _is_serverless(variant: object) -> bool:
    return isinstance(variant, ServerlessVariant) or isinstance(
        getattr(variant, "serverless_config", None), ServerlessConfig
    )


def _data_capture(foundation: Foundation) -> DataCapture:
    return DataCapture(
        destination=S3Location(foundation.bucket, "captured/"),
        sampling_percentage=10,
        encryption_key=foundation.key,
    )
