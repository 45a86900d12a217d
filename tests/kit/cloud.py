"""A cloud on loopback: moto's server, stacks deployed through its CloudFormation, and read back.

What is declared has its references resolved here, apart from moto, so that what moto made of them
is held against something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final
from urllib.request import Request, urlopen

import aws_cdk as cdk
import boto3
from attrs import field, frozen
from botocore.config import Config

from kit.cdk import new_stack, template_of

REGION: Final = "eu-west-1"
ACCOUNT: Final = "123456789012"

MODEL: Final = "AWS::SageMaker::Model"
CONFIG: Final = "AWS::SageMaker::EndpointConfig"
ENDPOINT: Final = "AWS::SageMaker::Endpoint"
COMPONENT: Final = "AWS::SageMaker::InferenceComponent"
ALARM: Final = "AWS::CloudWatch::Alarm"
TARGET: Final = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY: Final = "AWS::ApplicationAutoScaling::ScalingPolicy"
APART: Final = frozenset({COMPONENT, ALARM, TARGET, POLICY})
"""What moto's CloudFormation passes over."""

_STACK: Final = "Stack"
_CAPABILITY: Final = "CAPABILITY_NAMED_IAM"
_PSEUDO: Final = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}
_DESCRIBE: Final = {
    MODEL: ("describe_model", "ModelName"),
    CONFIG: ("describe_endpoint_config", "EndpointConfigName"),
    ENDPOINT: ("describe_endpoint", "EndpointName"),
}
_IDS: Final = {
    CONFIG: f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint-config/{{name}}",
    ENDPOINT: f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{{name}}",
    COMPONENT: f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:inference-component/{{name}}",
}
"""What ``Ref`` gives, where that is not a name."""
_ATTRIBUTES: Final[dict[tuple[str, str], str]] = {
    (MODEL, "ModelName"): "{name}",
    (CONFIG, "EndpointConfigName"): "{name}",
    (ENDPOINT, "EndpointName"): "{name}",
    (ALARM, "Arn"): f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{{name}}",
    (POLICY, "Arn"): f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:{{name}}",
    ("AWS::EC2::SecurityGroup", "GroupId"): "{name}",
    ("AWS::ECR::Repository", "Arn"): f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{{name}}",
    ("AWS::IAM::Role", "Arn"): f"arn:aws:iam::{ACCOUNT}:role/{{name}}",
    ("AWS::KMS::Key", "Arn"): f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{{name}}",
    ("AWS::S3::Bucket", "Arn"): "arn:aws:s3:::{name}",
    ("AWS::SNS::Topic", "TopicArn"): f"arn:aws:sns:{REGION}:{ACCOUNT}:{{name}}",
}
"""What an attribute is, from the last part of the resource's physical id."""


@frozen
class Resource:
    """A resource of a deployed stack.

    Attributes:
        type: Its type.
        id: Its physical id; None where moto passed over it.
        properties: What the template declares, with references resolved; None where moto passed
            over something that it refers to.
    """

    type: str
    id: str | None
    properties: Any

    @property
    def name(self) -> str:
        """The last part of the physical id, which is what SageMaker calls it."""
        assert self.id is not None
        return _last(self.id)


@frozen
class Differences:
    """How what is read back differs from what was declared, as paths.

    Attributes:
        lost: Declared, and not there.
        changed: There, with another value.
        added: Not declared, and not empty.
    """

    lost: list[str] = field(factory=list)
    changed: list[str] = field(factory=list)
    added: list[str] = field(factory=list)


@frozen
class Cloud:
    """A running server."""

    url: str

    def client(self, service: str) -> Any:
        """A client of one service, which says at once what is wrong."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 - nobody asks for a real one
            config=Config(retries={"total_max_attempts": 1}),
        )

    def reset(self) -> None:
        """Forget everything."""
        with urlopen(Request(f"{self.url}/moto-api/reset", method="POST")):  # noqa: S310 - ours
            pass

    def deploy(
        self, template: dict[str, Any], *, apart: frozenset[str] = frozenset()
    ) -> dict[str, Resource]:
        """Deploy a template, and give its resources by logical id.

        Args:
            template: The template.
            apart: Types that are left out, for they are handed to another API than
                CloudFormation's. What others refer to is made up, of their own name if they have
                one and else of the logical id.
        """
        rows = template["Resources"]
        made_up = {k: _made_up_id(k, row) for k, row in rows.items() if row["Type"] in apart}
        self.client("cloudformation").create_stack(
            StackName=_STACK,
            TemplateBody=json.dumps(_without(template, made_up)),
            Capabilities=[_CAPABILITY],
        )
        return self._resources(template, made_up)

    def _resources(
        self, template: dict[str, Any], made_up: Mapping[str, str]
    ) -> dict[str, Resource]:
        made = self.client("cloudformation").describe_stack_resources(StackName=_STACK)
        rows = made["StackResources"]
        # What moto passed over has no id of either kind.
        ids = {row.get("LogicalResourceId"): row.get("PhysicalResourceId") for row in rows}
        return _resources(template, {**ids, **made_up})


@cache
def template_from(feature: Callable[[cdk.Stack], object]) -> dict[str, Any]:
    """The template of what a function puts into a stack, made once for all tests."""
    stack = new_stack()
    feature(stack)
    return template_of(stack)


def read_back(cloud: Cloud, resource: Resource) -> dict[str, Any]:
    """What SageMaker says of a resource, its labels included."""
    sagemaker = cloud.client("sagemaker")
    describe, name = _DESCRIBE[resource.type]
    read = dict(getattr(sagemaker, describe)(**{name: resource.name}))
    tags = sagemaker.list_tags(ResourceArn=resource.id)["Tags"]
    return {k: v for k, v in {**read, "Tags": tags}.items() if k != "ResponseMetadata"}


def faults_of(operation: str, parameters: dict[str, Any], service: str = "sagemaker") -> str:
    """What botocore, which nothing is sent with, finds wrong with the parameters of a call."""
    from botocore.loaders import Loader
    from botocore.model import ServiceModel
    from botocore.validate import ParamValidator

    model = ServiceModel(Loader().load_service_model(service, "service-2"))
    shape = model.operation_model(operation).input_shape
    return str(ParamValidator().validate(parameters, shape).generate_report())


@contextmanager
def running() -> Iterator[Cloud]:
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


def difference(declared: Any, read: Any) -> Differences:
    """Compare what is declared with what is read back; empty objects and lists are not there."""
    found = Differences()
    _compare(declared, read, "", found)
    return found


def _compare(declared: Any, read: Any, path: str, found: Differences) -> None:
    if isinstance(declared, dict) and isinstance(read, dict):
        for key in declared.keys() | read.keys():
            here = f"{path}.{key}".removeprefix(".")
            if key not in read:
                found.lost.append(here)
            elif key in declared:
                _compare(declared[key], read[key], here, found)
            elif read[key] not in ({}, [], None):
                found.added.append(here)
    elif isinstance(declared, list) and isinstance(read, list) and len(declared) == len(read):
        for number, (one, other) in enumerate(zip(declared, read, strict=True)):
            _compare(one, other, f"{path}[{number}]", found)
    elif declared != read:
        found.changed.append(path)
    for paths in (found.lost, found.changed, found.added):
        paths.sort()


def _made_up_id(logical_id: str, row: dict[str, Any]) -> str:
    name = row["Properties"].get(f"{row['Type'].rsplit('::', 1)[-1]}Name", logical_id)
    assert isinstance(name, str), name
    return _IDS.get(row["Type"], "{name}").format(name=name)


def _without(template: dict[str, Any], made_up: Mapping[str, str]) -> dict[str, Any]:
    """A template without some resources, by logical id; others refer to their made-up ids."""
    resources: dict[str, dict[str, Any]] = template["Resources"]

    def stand_in(given: Any) -> Any:
        if isinstance(given, list):
            return [stand_in(each) for each in given]
        if not isinstance(given, dict):
            return given
        if (name := given.get("Ref")) in made_up:
            return made_up[name]
        if (argument := given.get("Fn::GetAtt")) and argument[0] in made_up:
            name, attribute = argument
            return _attribute(resources[name]["Type"], attribute, made_up[name])
        return {key: stand_in(each) for key, each in given.items()}

    rows = {
        name: {
            **row,
            "Properties": stand_in(row.get("Properties", {})),
            "DependsOn": [each for each in row.get("DependsOn", ()) if each not in made_up],
        }
        for name, row in resources.items()
        if name not in made_up
    }
    return {**template, "Resources": rows}


def _attribute(type_name: str, attribute: str, physical_id: str) -> str:
    return _ATTRIBUTES[type_name, attribute].format(name=_last(physical_id))


def _resources(
    template: dict[str, Any], ids: Mapping[str | None, str | None]
) -> dict[str, Resource]:
    rows: dict[str, dict[str, Any]] = template["Resources"]
    found = {}
    for logical_id, row in rows.items():
        resolver = _Resolver(template, ids)
        properties = resolver.value(row.get("Properties", {}))
        found[logical_id] = Resource(
            row["Type"], ids.get(logical_id), None if resolver.is_lost else properties
        )
    return found


def _last(physical_id: str) -> str:
    return re.split("[:/]", physical_id)[-1]


class _Resolver:
    """Resolves references by physical ids, and notes whether one leads to nothing."""

    def __init__(self, template: dict[str, Any], ids: Mapping[str | None, str | None]) -> None:
        self._template = template
        self._ids = ids
        self.is_lost = False

    def value(self, given: Any) -> Any:
        if isinstance(given, list):
            return [self.value(each) for each in given]
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            (key, argument), *_ = given.items()
            if function := getattr(self, f"_{key.removeprefix('Fn::').lower()}", None):
                return function(argument)
            assert not key.startswith("Fn::"), given
        return {key: self.value(each) for key, each in given.items()}

    def _ref(self, name: str) -> str:
        return _PSEUDO.get(name) or self._id(name)

    def _getatt(self, argument: list[str]) -> str:
        name, attribute = argument
        return _attribute(self._template["Resources"][name]["Type"], attribute, self._id(name))

    def _join(self, argument: Any) -> str:
        separator, parts = argument
        return str(separator).join(map(str, self.value(parts)))

    def _split(self, argument: Any) -> list[str]:
        separator, text = argument
        return str(self.value(text)).split(separator)

    def _select(self, argument: Any) -> Any:
        number, values = argument
        return self.value(values)[int(number)]

    def _sub(self, text: str) -> str:
        return re.sub(r"\$\{([\w:]+)\}", lambda found: self._ref(found[1]), text)

    def _getazs(self, _region: Any) -> list[str]:
        return [f"{REGION}{zone}" for zone in "abc"]

    def _findinmap(self, argument: Any) -> Any:
        name, *keys = self.value(argument)
        found = self._template["Mappings"][name]
        for key in keys:
            found = found[key]
        return found

    def _id(self, name: str) -> str:
        if found := self._ids.get(name):
            return found
        self.is_lost = True
        return ""
