"""Local cloud: a moto server on loopback, with stacks deployed by its CloudFormation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final
from urllib.request import Request, urlopen

import aws_cdk as cdk
import boto3
import pytest
from attrs import frozen
from botocore.config import Config
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from cdk_epc.catalog.instances import is_hosting_type
from kit.cdk import new_stack, template_of
from kit.references import (
    CONFIG,
    ENDPOINT,
    MODEL,
    REGION,
    Resource,
    placeholder_id,
    resources_of,
    without,
)

_DESCRIBE: Final = {
    MODEL: ("describe_model", "ModelName"),
    CONFIG: ("describe_endpoint_config", "EndpointConfigName"),
    ENDPOINT: ("describe_endpoint", "EndpointName"),
}


@frozen
class Cloud:
    """Running moto server."""

    url: str

    def client(self, service: str) -> Any:
        """Return a client of a service without retries."""
        return _client(self.url, service)

    def reset(self) -> None:
        """Delete everything."""
        with urlopen(Request(f"{self.url}/moto-api/reset", method="POST")):  # noqa: S310 - ours
            pass

    def deploy(
        self,
        template: dict[str, Any],
        *,
        apart: frozenset[str] = frozenset(),
        name: str = "Stack",
    ) -> dict[str, Resource]:
        """Deploy a template, and return its resources by logical id.

        Args:
            template: The template.
            apart: Types that are left out, because another API than CloudFormation's creates them.
                References to them become placeholder ids.
            name: Name of the stack.
        """
        rows = template["Resources"]
        made_up = {k: placeholder_id(k, row) for k, row in rows.items() if row["Type"] in apart}
        formation = self.client("cloudformation")
        formation.create_stack(
            StackName=name,
            TemplateBody=json.dumps(without(template, made_up)),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        found = formation.describe_stack_resources(StackName=name)["StackResources"]
        # A resource that moto ignores has no id of either kind.
        ids = {row.get("LogicalResourceId"): row.get("PhysicalResourceId") for row in found}
        return resources_of(template, {**ids, **made_up})

    def outputs(self, name: str) -> dict[str, str]:
        """Return the outputs of a stack by name."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}


@cache
def template_from(feature: Callable[[cdk.Stack], object]) -> dict[str, Any]:
    """Return the template of a stack that a function fills; cached for all tests."""
    stack = new_stack()
    feature(stack)
    return template_of(stack)


def description_of(cloud: Cloud, resource: Resource) -> dict[str, Any]:
    """Return SageMaker's description of a resource, tags included."""
    sagemaker = cloud.client("sagemaker")
    describe, name = _DESCRIBE[resource.type]
    read = dict(getattr(sagemaker, describe)(**{name: resource.name}))
    tags = sagemaker.list_tags(ResourceArn=resource.id)["Tags"]
    return {k: v for k, v in {**read, "Tags": tags}.items() if k != "ResponseMetadata"}


def violations_of(operation: str, parameters: dict[str, Any], service: str = "sagemaker") -> str:
    """Return botocore's validation errors of the parameters of a call, without sending it."""
    shape = _service_model(service).operation_model(operation).input_shape
    return str(ParamValidator().validate(parameters, shape).generate_report())


@cache
def _service_model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"))


def accept_every_type(patch: pytest.MonkeyPatch) -> None:
    """Make moto accept all hosting instance types; its own list has 67 old ones."""
    from moto.sagemaker.models import FakeEndpointConfig

    def validate(_: FakeEndpointConfig, instance_type: str) -> None:
        assert is_hosting_type(instance_type), instance_type

    patch.setattr(FakeEndpointConfig, "validate_instance_type", validate)


@contextmanager
def running_server() -> Iterator[Cloud]:
    """Run moto's server on a free port of loopback."""
    import logging

    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # one line a request otherwise
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Cloud(f"http://{host}:{port}")
    finally:
        server.stop()


@cache
def _client(url: str, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 - nobody asks for a real one
        config=Config(retries={"total_max_attempts": 1}),
    )
