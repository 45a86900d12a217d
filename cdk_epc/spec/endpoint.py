"""An endpoint: everything ``AWS::SageMaker::Endpoint`` has.

Source of the members and their bounds: botocore's sagemaker model, shapes ``CreateEndpointInput``
and ``UpdateEndpointInput``, and CloudFormation's schema.
"""

from __future__ import annotations

import attrs

from cdk_epc.spec import patterns
from cdk_epc.spec.member import Spec, text


@attrs.frozen(kw_only=True)
class EndpointSpec(Spec):
    """What an endpoint is, with no CDK in sight."""

    endpoint_config_name: str | None = attrs.field(
        default=None,
        metadata=text(max_length=patterns.NAME_LENGTH, pattern=patterns.NAME, required=True),
    )
