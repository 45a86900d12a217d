"""API models from copies of botocore, and CloudFormation's schemas from copies of cfn-lint."""

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
# New members appear in the schemas of this region first.
_REGION: Final = "us-east-1"


@frozen
class Resource:
    """Resource type with its spec class and its API operations.

    Attributes:
        name: CloudFormation's name.
        spec: Spec class.
        operations: Operations of the API that CloudFormation calls. A member that several have is
            read from the first.
    """

    name: str
    spec: type[Spec]
    operations: tuple[str, ...]

    def declared(self) -> dict[str, Facts]:
        """Return the facts of the spec class."""
        return dict(facts_of_spec(self.spec))

    def in_api(self, model: ServiceModel) -> dict[str, Facts]:
        """Return the facts of the API's model."""
        facts: dict[str, Facts] = {}
        for operation in self.operations:
            shape = model.operation_model(operation).input_shape
            facts = dict(facts_of_api(shape)) | facts
        return facts

    def in_cfn(self, schema: Facts) -> dict[str, Facts]:
        """Return the facts of CloudFormation's schema."""
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
    """Return the model of an API, by default that of SageMaker, as botocore's class.

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
        message = f"{cfn_lint} has no schema of {resource_type} in {_REGION}; update the name"
        raise ToolError(message)
    schema: dict[str, Any] = json.loads(
        cfn_lint.read_bytes(f"{_SCHEMAS}/resources/{files[resource_type]}.json")
    )
    return schema
