"""Mutations of data: values of other types, and intrinsic functions in every position."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from fuzz import seeds

_NAMES = (
    *("Type", "Count", "Names", "Config", "Model", "Role", "Endpoint", "Nowhere", "IsBig", ""),
    *("Target", "Tracking", "Alarm", "Component", "Adapter", "Copies"),
)
_PSEUDO = ("AWS::Region", "AWS::NoValue", "AWS::AccountId", "AWS::Partition", "AWS::Nothing")
_TEXTS = (
    *("", "a", "ml.m5.large", "ml.nothing.xlarge", "s3://b/k", "${Type}", "${!x}", "${", "${a.b}"),
    *(
        "arn:aws:sagemaker:eu-west-1:111122223333:model/m",
        "\x00",
        "é😀",
        "\u2028",
        "1",
        "true",
        "-",
    ),
    *("AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Endpoint", "AWS::SageMaker::Model"),
    *("AWS::CloudWatch::Alarm", "AWS::ApplicationAutoScaling::ScalableTarget"),
    *("AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::SageMaker::InferenceComponent"),
    *("AWS/SageMaker", "ModelLatency", "p99", "Sum", "endpoint/base/variant/a", "sagemaker"),
    *("inference-component/base", "sagemaker:variant:DesiredInstanceCount", "base"),
    *("AWS::CloudFormation::Stack", "AWS::LanguageExtensions", "cdk-epc", "cdk-epc::a", "x" * 2000),
    *("${Token[TOKEN.1]}", "#{Token[TOKEN.1]}"),
)
_HOSTILE = (
    *(
        "::error::x",
        "##[error]x",
        "\x1b[31m",
        "\u202e",
        "\u200b",
        "\x85",
        "\x7f",
        "\n::x",
        "\ud800",
    ),
    *("s3://*/a", "*", "?", "${aws:username}", "a" * 70_000),
)
_MANY = 300
"""Number of items of a long list of findings."""
_NUMBERS = (
    0,
    1,
    -1,
    2**31,
    2**53 + 1,
    2**63,
    -(10**299),
    10**299,
    0.5,
    1e308,
    -1e300,
    5e-324,
    100,
    6144,
)
_FUNCTIONS = (
    *("Ref", "Condition", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::If"),
    *("Fn::FindInMap", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::Base64", "Fn::Cidr"),
    *("Fn::GetAZs", "Fn::ImportValue", "Fn::Transform", "Fn::Length", "Fn::ToJsonString"),
    *("Fn::ForEach::Loop", "Fn::Contains", "Fn::Nothing"),
)
_MAX_DEPTH = 4


def mutated_data(random: Random) -> Any:  # noqa: ANN401 - JSON
    """Return a request, a template or a long list of requests with a few mutations."""
    is_request = random.random() < 0.3  # noqa: PLR2004
    data: Any = copy.deepcopy(random.choice(seeds.requests() if is_request else seeds.templates()))
    for _ in range(random.choice((0, 1, 1, 1, 2, 3, 8))):
        data = _mutated(data, random)
    is_long = is_request and random.random() < 0.01  # noqa: PLR2004
    return [data] * random.randrange(_MANY) if is_long else data


def value(random: Random, depth: int = 0) -> Any:  # noqa: ANN401, PLR0911 - JSON of each type
    """Return a small random value, often an intrinsic function."""
    kind = random.randrange(8 if depth < _MAX_DEPTH else 4)
    if kind == 0:
        return random.choice(_TEXTS if random.random() < 0.9 else _HOSTILE)  # noqa: PLR2004
    if kind == 1:
        return random.choice(_NUMBERS)
    if kind == 2:  # noqa: PLR2004 - a kind, as below
        return random.choice((None, True, False, [], {}))
    if kind == 3:  # noqa: PLR2004
        return {"Ref": random.choice((*_NAMES, *_PSEUDO))}
    if kind == 4:  # noqa: PLR2004
        return [value(random, depth + 1) for _ in range(random.randrange(4))]
    if kind == 5:  # noqa: PLR2004
        return {random.choice(_NAMES): value(random, depth + 1) for _ in range(random.randrange(3))}
    return {random.choice(_FUNCTIONS): _argument(random, depth)}


def _argument(random: Random, depth: int) -> Any:  # noqa: ANN401 - JSON
    """Return an argument of a function, often a plausible one."""
    shape = random.randrange(6)
    if shape == 0:
        return value(random, depth + 1)
    if shape == 1:
        return random.choice((*_NAMES, *_TEXTS, "Config.EndpointConfigName", "Model.ModelName"))
    if shape == 2:  # noqa: PLR2004 - a shape, as below
        return [random.choice(("IsBig", "IsNot", "")), *(value(random, depth + 1) for _ in "ab")]
    if shape == 3:  # noqa: PLR2004
        return [random.choice(("", ",", 0, 1)), value(random, depth + 1)]
    if shape == 4:  # noqa: PLR2004
        return ["ByAccount", {"Ref": "AWS::AccountId"}, random.choice(("Type", "Count", "x"))]
    return [random.choice(_TEXTS), {random.choice(_NAMES): value(random, depth + 1)}]


def _mutated(data: Any, random: Random) -> Any:  # noqa: ANN401 - JSON
    """Return the data with one change; the changed container is the same object."""
    here, above, step = data, None, None
    while isinstance(here, dict | list) and here and (above is None or random.random() < 0.85):  # noqa: PLR2004
        above = here
        step = random.choice(list(here)) if isinstance(here, dict) else random.randrange(len(here))
        here = here[step]
    if above is None or random.random() < 0.01:  # noqa: PLR2004
        return value(random)
    _change(above, step, here, random)
    return data


def _change(above: Any, step: Any, here: Any, random: Random) -> None:  # noqa: ANN401 - JSON
    kind = random.randrange(7)
    if kind == 0:
        del above[step]
    elif kind == 1 and isinstance(above, dict):
        above[random.choice((*_NAMES, *_FUNCTIONS, *_TEXTS, *_HOSTILE))] = value(random)
    elif kind == 2 and isinstance(above, dict):  # noqa: PLR2004 - a kind, as below
        above[random.choice((*_NAMES, *_FUNCTIONS, f"{step}s", str(step).lower()))] = above.pop(
            step
        )
    elif kind == 3:  # noqa: PLR2004
        above[step] = {"Fn::If": ["IsBig", here, value(random)]}
    elif kind == 4 and isinstance(above, list):  # noqa: PLR2004
        times = _MANY if random.random() < 0.02 else 1  # noqa: PLR2004
        above.extend(copy.deepcopy(above) * times if len(above) < 20 else [])  # noqa: PLR2004
    elif kind == 5:  # noqa: PLR2004
        above[step] = {random.choice(_FUNCTIONS): here}
    else:
        above[step] = value(random)
