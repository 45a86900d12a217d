"""Intended differences to both published models, by resource type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tools.drift.differences import Explained
from tools.drift.known import component, endpoint, endpoint_config, model

FROM_API: Final[Mapping[str, Explained]] = {
    "AWS::SageMaker::EndpointConfig": endpoint_config.FROM_API,
    "AWS::SageMaker::Model": model.FROM_API,
    "AWS::SageMaker::Endpoint": endpoint.FROM_API,
    "AWS::SageMaker::InferenceComponent": component.FROM_API,
}
"""Intended differences to SageMaker's API model."""

FROM_CFN: Final[Mapping[str, Explained]] = {
    "AWS::SageMaker::EndpointConfig": endpoint_config.FROM_CFN,
    "AWS::SageMaker::Model": model.FROM_CFN,
    "AWS::SageMaker::Endpoint": endpoint.FROM_CFN,
    "AWS::SageMaker::InferenceComponent": component.FROM_CFN,
}
"""Intended differences to CloudFormation's schema."""
