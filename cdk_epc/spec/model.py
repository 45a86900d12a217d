"""A model: everything ``AWS::SageMaker::Model`` has.

Source of the members and their bounds: botocore's sagemaker model, shape ``CreateModelInput``, and
CloudFormation's schema.
"""

from __future__ import annotations

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.member import Spec, text


@attrs.frozen(kw_only=True)
class ModelSpec(Spec):
    """What a model is, with no CDK in sight."""

    model_name: str | None = attrs.field(
        default=None, metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.MODEL_NAME)
    )
