"""Resolution of a template's references by the physical ids of deployed resources.

It is independent of moto, so that it checks how moto resolves references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

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

_PSEUDO: Final = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
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
    (ENDPOINT, "EndpointArn"): _IDS[ENDPOINT],
    (ALARM, "Arn"): f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{{name}}",
    (POLICY, "Arn"): f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:{{name}}",
    ("AWS::EC2::SecurityGroup", "GroupId"): "{name}",
    ("AWS::ECR::Repository", "Arn"): f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{{name}}",
    ("AWS::IAM::Role", "Arn"): f"arn:aws:iam::{ACCOUNT}:role/{{name}}",
    ("AWS::KMS::Key", "Arn"): f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{{name}}",
    ("AWS::S3::Bucket", "Arn"): "arn:aws:s3:::{name}",
    ("AWS::SNS::Topic", "TopicArn"): f"arn:aws:sns:{REGION}:{ACCOUNT}:{{name}}",
}
"""Value of an attribute, from the last part of the resource's physical id."""


@frozen
class Resource:
    """Resource of a deployed stack.

    Attributes:
        type: CloudFormation type.
        id: Physical id; None for a resource that moto ignores.
        properties: Properties of the template with resolved references; None where a reference is
            to a resource that moto ignores, or to an attribute that is not in `_ATTRIBUTES`.
    """

    type: str
    id: str | None
    properties: Any

    @property
    def name(self) -> str:
        """Last part of the physical id, which is the name in SageMaker."""
        assert self.id is not None
        return _last(self.id)


def placeholder_id(logical_id: str, row: dict[str, Any]) -> str:
    """Return the value of ``Ref``: from the resource's own name, or else from its logical id."""
    member = f"{row['Type'].rsplit('::', 1)[-1]}Name"
    name = row.get("Properties", {}).get(member)
    own = name if isinstance(name, str) else logical_id
    return _IDS.get(row["Type"], "{name}").format(name=own)


def with_outputs(given: Any, outputs: Mapping[str, Mapping[str, str]]) -> Any:
    """Return a template with the outputs of other stacks in place of references to them."""
    if isinstance(given, list):
        return [with_outputs(each, outputs) for each in given]
    if not isinstance(given, dict):
        return given
    if wanted := given.get("Fn::GetStackOutput"):
        return outputs[wanted["StackName"]][wanted["OutputName"]]
    return {key: with_outputs(each, outputs) for key, each in given.items()}


def without(template: dict[str, Any], made_up: Mapping[str, str]) -> dict[str, Any]:
    """Return a template without some resources; references become placeholder ids."""
    resources: dict[str, dict[str, Any]] = template["Resources"]

    def stand_in(given: Any) -> Any:
        if isinstance(given, list):
            return [stand_in(each) for each in given]
        if not isinstance(given, dict):
            return given
        if (name := given.get("Ref")) in made_up:
            return made_up[name]
        if argument := given.get("Fn::GetAtt"):
            name, attribute = argument
            if name in made_up:
                return _attribute(resources[name]["Type"], attribute, made_up[name])
            # moto lacks the attribute with the ARN, which is what Ref gives.
            return {"Ref": name} if attribute == "EndpointArn" else given
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


def resources_of(
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
    """Resolver of references by physical ids, which records unknown references."""

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
        type_name = self._template["Resources"][name]["Type"]
        if (type_name, attribute) not in _ATTRIBUTES:
            self.is_lost = True
            return ""
        return _attribute(type_name, attribute, self._id(name))

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

    def _importvalue(self, name: Any) -> str:
        return str(self.value(name))  # no stack is there to ask, so the export's name stands in

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
