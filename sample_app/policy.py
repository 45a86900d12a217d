"""What the company asks of every endpoint configuration, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    from collections.abc import Iterable, Iterator

    from constructs import Construct

    from sample_app.foundation import Foundation

ALLOWED_FAMILIES: Final = ("c7i", "m7i", "r7i", "inf2")
"""The families the company has agreed prices for. None has local storage, which takes no key."""


def _foreign_families(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, name in spec.instance_types():
        if InstanceType.of(name).family not in ALLOWED_FAMILIES:
            yield Violation(
                path=path,
                got=name,
                must=f"be a type of the families {', '.join(ALLOWED_FAMILIES)}",
                fix="Take one of these, or ask the platform team for another family.",
            )


INSTANCE_FAMILY: Final = Rule(
    id="linden-instance-family",
    title="Instances are of a family that the company has agreed prices for",
    why="Others cost up to twice as much.",
    check=_foreign_families,
    eager=True,
)


class CompanyEndpointConfig(EndpointConfig):
    """An endpoint configuration as the company wants it: encrypted, recorded, labelled.

    Each default gives way to an argument, and to ``None`` where one is not wanted. A serverless
    variant belongs into the constructor: it excludes the record, which is begun there.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        foundation: Foundation,
        product: str,
        rules: Iterable[Rule] = (),
        **options: Any,  # noqa: ANN401 - those of EndpointConfig
    ) -> None:
        """Describe a configuration for a product, with the arguments of `EndpointConfig`."""
        options.setdefault("encryption_key", foundation.key)
        if not any(map(_is_serverless, options.get("production_variants", ()))):
            options.setdefault("data_capture", _record(foundation))
        tags = {"linden:product": product, "linden:managed-by": "cdk"} | (
            options.pop("tags", None) or {}
        )
        super().__init__(scope, construct_id, tags=tags, rules=(INSTANCE_FAMILY, *rules), **options)


def _is_serverless(variant: object) -> bool:
    return isinstance(variant, ServerlessVariant) or isinstance(
        getattr(variant, "serverless_config", None), ServerlessConfig
    )


def _record(foundation: Foundation) -> DataCapture:
    return DataCapture(
        destination=S3Location(foundation.bucket, "captured/"),
        sampling_percentage=10,
        encryption_key=foundation.key,
    )
