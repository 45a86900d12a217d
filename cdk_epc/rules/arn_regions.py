"""Rules on the regions in the ARNs of model packages and KMS keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceOutputConfig,
    DataCaptureConfig,
    Path,
)
from cdk_epc.spec.context import ConfigContext, ModelContext
from cdk_epc.spec.unresolved import known_start

_PACKAGE: Final = re.compile(r"arn:[^:]+:sagemaker:(?P<region>[a-z0-9-]+):", re.ASCII)
_KEY: Final = re.compile(r"arn:[^:]+:kms:(?P<region>[a-z0-9-]+):", re.ASCII)
_KMS: Final = "kms_key_id"


@rule(
    id="model-package-other-region",
    title="The model package of a container must be in the region of the deployment",
    why="The deployment fails with: ARN should be scoped to correct region.",
    fix="Use the ARN of the package in the region, or register the model there.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/amazon-sagemaker-examples/issues/1444",
    about=(ModelContext,),
    requires=("region", "model_package_name"),
)
def model_package_other_region(subject: ModelContext) -> Iterator[Violation]:
    for path, container in subject.model.every_container():
        found = _PACKAGE.match(known_start(container.model_package_name))
        own = subject.region
        if found and own is not None and found["region"] != own:
            yield Violation(
                path=(*path, "model_package_name"),
                got=Words(f"a package in {found['region']}"),
                must=f"be in {own}, the region of the deployment",
                fix=f"Use the ARN of the package in {own}, or register the model there.",
            )


def _keys(subject: ConfigContext) -> Iterator[tuple[Path, object]]:
    """Yield the keys of a configuration for volumes, captured data and responses."""
    config = subject.config
    yield (_KMS,), config.kms_key_id
    capture: Any = config.data_capture_config
    if isinstance(capture, DataCaptureConfig):
        yield ("data_capture_config", _KMS), capture.kms_key_id
    inference: Any = config.async_inference_config
    output = inference.output_config if isinstance(inference, AsyncInferenceConfig) else None
    if isinstance(output, AsyncInferenceOutputConfig):
        yield ("async_inference_config", "output_config", _KMS), output.kms_key_id


@rule(
    id="kms-key-other-region",
    title="A KMS key should be in the region of the deployment",
    why="A key exists in one region only, and the replica of a multi-Region key has an ARN of its "
    "own. With the key of another region, SageMaker cannot encrypt anything.",
    fix="Use a key in the region.",
    evidence=Evidence.INFERRED,
    source_url="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html",
    about=(ConfigContext,),
    requires=("region",),
    severity=Severity.WARNING,
)
def kms_key_other_region(subject: ConfigContext) -> Iterator[Violation]:
    for path, key in _keys(subject):
        found = _KEY.match(known_start(key))
        own = subject.region if found else None  # a construct asks Node for it
        if found and own is not None and found["region"] != own:
            yield Violation(
                path=path,
                got=Words(f"a key in {found['region']}"),
                must=f"be in {own}, the region of the deployment",
                fix=f"Use a key in {own}; a multi-Region key has an ARN for each region.",
            )


RULES: Final = (model_package_other_region, kms_key_other_region)
