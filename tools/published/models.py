"""SageMaker's API model out of a copy of botocore, CloudFormation's schema out of cfn-lint's."""

from __future__ import annotations

import gzip
import json
from typing import Any, Final

from attrs import frozen
from botocore.model import ServiceModel

from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.component import InferenceComponentSpec
from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.fields import Spec
from cdk_epc.spec.model import ModelSpec
from tools.errors import ToolError
from tools.published.copies import Copy
from tools.published.facts import Facts, facts_of_api, facts_of_cfn, facts_of_spec

API_FILE: Final = "botocore/data/sagemaker/2017-07-24/service-2.json.gz"
SCALING_FILE: Final = "botocore/data/application-autoscaling/2016-02-06/service-2.json.gz"
_SCHEMAS: Final = "cfnlint/data/schemas"
# The region whose schemas are read: new members come there first.
_REGION: Final = "us-east-1"


@frozen
class Resource:
    """One resource type, as this library and both models know it.

    Attributes:
        name: CloudFormation's name.
        spec: Our class.
        operations: The API's operations that CloudFormation calls for it. What several have is
            taken from the first.
    """

    name: str
    spec: type[Spec]
    operations: tuple[str, ...]

    def declared(self) -> dict[str, Facts]:
        """What the spec class says."""
        return dict(facts_of_spec(self.spec))

    def in_api(self, model: ServiceModel) -> dict[str, Facts]:
        """What the API's model says."""
        facts: dict[str, Facts] = {}
        for operation in self.operations:
            shape = model.operation_model(operation).input_shape
            facts = dict(facts_of_api(shape)) | facts
        return facts

    def in_cfn(self, schema: Facts) -> dict[str, Facts]:
        """What CloudFormation's schema says."""
        return dict(facts_of_cfn(schema, schema))


ENDPOINT_CONFIG: Final = Resource(
    "AWS::SageMaker::EndpointConfig", EndpointConfigSpec, ("CreateEndpointConfig",)
)
MODEL: Final = Resource("AWS::SageMaker::Model", ModelSpec, ("CreateModel",))
ENDPOINT: Final = Resource(
    "AWS::SageMaker::Endpoint", EndpointSpec, ("CreateEndpoint", "UpdateEndpoint")
)
COMPONENT: Final = Resource(
    "AWS::SageMaker::InferenceComponent",
    InferenceComponentSpec,
    ("CreateInferenceComponent", "UpdateInferenceComponent"),
)
RESOURCES: Final = (ENDPOINT_CONFIG, MODEL, ENDPOINT, COMPONENT)


def service_model(botocore: Copy, file: str = API_FILE) -> ServiceModel:
    """Return an API, SageMaker's by default, as botocore's classes read it.

    Raises:
        ToolError: The copy has no such file.
    """
    service = file.split("/")[2]
    return ServiceModel(json.loads(gzip.decompress(botocore.read_bytes(file))), service)


def cfn_schema(cfn_lint: Copy, resource_type: str) -> dict[str, Any]:
    """Return CloudFormation's schema of a resource type.

    Raises:
        ToolError: The copy has no such schema.
    """
    files: dict[str, Any] = json.loads(
        cfn_lint.read_bytes(f"{_SCHEMAS}/providers/{_REGION}.json"),
    )
    if resource_type not in files:
        message = f"{cfn_lint} has no schema of {resource_type} in {_REGION}; look for its new name"
        raise ToolError(message)
    schema: dict[str, Any] = json.loads(
        cfn_lint.read_bytes(f"{_SCHEMAS}/resources/{files[resource_type]}.json")
    )
    return schema
