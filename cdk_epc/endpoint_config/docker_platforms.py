"""Check of variants whose models have Docker images that CDK builds for one architecture."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from cdk_epc.constructs.call_sites import SuppliedPart
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.supplied_models import models_in
from cdk_epc.endpoint_config.context import types_of_model
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant

_IMAGES: Final = "cdk_epc.model.docker_image"
_RULE_ID: Final = "asset-image-architecture-mismatch"


def check_platforms(
    state: ResourceState[EndpointConfigSpec],
    part: SuppliedPart,
    variant: object,
    others: Sequence[tuple[SuppliedPart, object]] = (),
) -> None:
    """Check that the Docker images of a new variant have the architecture of its instance types.

    Args:
        state: State of the configuration.
        part: The variant, as it was supplied.
        variant: Spec of the variant.
        others: Other variants that the same call adds.

    Raises:
        EndpointConfigError: An image would run on instance types of two architectures, or on those
            of another one than its platform has.
    """
    if _IMAGES not in sys.modules:  # slow to import; no Docker image of a model exists yet
        return
    from cdk_epc.model.docker_image import docker_images_of, instance_types_of  # noqa: PLC0415

    for path, model in models_in(part):
        images = docker_images_of(model)
        if not images:
            continue
        types = list(instance_types_of(model))
        for other, its_variant in ((part, variant), *others):
            for its_path, its_model in models_in(other):
                if its_model is model and isinstance(its_variant, ProductionVariant):
                    types += types_of_model(its_path, its_variant)
        for image in images:
            violation = image.mismatch(types, path)
            if violation is not None and not _is_acknowledged(state):
                # Imported here because this imports the rules of images.
                from cdk_epc.rules.image_hardware import (  # noqa: PLC0415
                    asset_image_architecture_mismatch as rule,
                )

                state.refuse_call(rule, violation, part.argument, part.site)


def _is_acknowledged(state: ResourceState[EndpointConfigSpec]) -> bool:
    return _RULE_ID in {*state.acknowledgements.reasons, *state.scope.acknowledged()}
