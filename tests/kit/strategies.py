"""Hypothesis strategies from the declarations of the members and their bounds."""

from __future__ import annotations

import math
import string
from collections.abc import Collection
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from cdk_epc.catalog.instances import HOSTING_TYPES
from cdk_epc.rules.bounds import MAX_INTEGER, MIN_INTEGER
from cdk_epc.spec import (
    EndpointConfigSpec,
    InferenceComponentSpec,
    ModelSpec,
    ProductionVariant,
    Spec,
    patterns,
)
from cdk_epc.spec.fields import Bounds, Member, members_of

steady = settings(deadline=None, derandomize=True, database=None, max_examples=150)
"""Settings with the same examples on every machine, so that anybody can repeat a failure of CI."""

ALPHANUMERIC = string.ascii_letters + string.digits
ROLES = ["arn:aws:iam::111122223333:role/r", "arn:aws-cn:iam::111122223333:role/a/b+c=d,e.f@g-h_"]
PLANS = ["arn:aws:sagemaker:us-east-1:111122223333:training-plan/one"]
PACKAGES = ["a", "scorer/9", "arn:aws:sagemaker:us-east-1:111122223333:model-package/scorer/1"]
VARIABLE = string.ascii_letters + string.digits + "_"
TOPICS = ["arn:aws:sns:us-east-1:111122223333:topic", "arn:aws-us-gov:sns::111122223333:t.fifo"]
EXPRESSIONS = ["`true`", "a", "a.b[0] > `1`", "contains(@, 'é')"]
MAX_LENGTH = 50
"""Maximum length of a text whose length has no bound."""
ONE_LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1)


def _name(extra: str = "-") -> SearchStrategy[str]:
    """Return names: alphanumeric ends with hyphens in between."""
    ends = st.sampled_from(ALPHANUMERIC)
    inner = st.text(ALPHANUMERIC + extra, max_size=61)
    return st.one_of(ends, st.builds(lambda a, b, c: a + b + c, ends, inner, ends))


def _uri(max_length: int) -> SearchStrategy[str]:
    schemes = st.sampled_from(["s3://", "https://"])
    return st.builds(lambda a, b: f"{a}b{b}"[:max_length], schemes, ONE_LINE)


def _content_type() -> SearchStrategy[str]:
    part = st.text(ALPHANUMERIC, min_size=1, max_size=30)
    return st.builds(lambda a, b, c: f"{a}/{b}-{c}", part, part, part)


BY_PATTERN: dict[str, SearchStrategy[str]] = {
    patterns.NAME: _name(),
    patterns.MODEL_NAME: _name(),
    patterns.KMS_KEY: st.text(ALPHANUMERIC + ":/_-", max_size=64),
    patterns.S3_URI: _uri(patterns.S3_URI_LENGTH),
    patterns.URL: _uri(patterns.URL_LENGTH),
    patterns.ONE_LINE: ONE_LINE,
    patterns.CONTENT_TYPE: _content_type(),
    patterns.MIME_TYPE: st.sampled_from(["text/csv", "application/jsonlines"]),
    r"[\s\S]+": st.text(min_size=1),
    patterns.ANYTHING: st.text(),
    patterns.NO_SPACE: st.text(ALPHANUMERIC + "./:-@é", min_size=1, max_size=40),
    patterns.CHANNEL: st.text(ALPHANUMERIC + ".-_", min_size=1, max_size=40),
    patterns.VARIABLE: st.from_regex(patterns.VARIABLE, fullmatch=True, alphabet=VARIABLE),
    patterns.LONG_VARIABLE: st.from_regex(
        r"[a-zA-Z_][a-zA-Z0-9_]{1,40}", fullmatch=True, alphabet=VARIABLE
    ),
    patterns.METRICS_PATH: st.sampled_from(["/metrics", "/a/b.c/d-e_f"]),
    patterns.MODEL_PACKAGE: st.sampled_from(PACKAGES),
    patterns.ALARM_NAME: st.text(ALPHANUMERIC + " é", min_size=1, max_size=40).filter(str.strip),
    patterns.TOPIC_ARN: st.sampled_from(TOPICS),
    patterns.ROLE_ARN: st.sampled_from(ROLES),
    patterns.RESERVATION_ARN: st.sampled_from(PLANS),
    patterns.PARTITION: st.sampled_from(["mig-1g.5gb", "mig-3g.40gb+me", "mig-7g.80gb-gfx.all"]),
    patterns.VPC_ID: st.text(ALPHANUMERIC + "-", min_size=1, max_size=32),
    patterns.TAG_TEXT: st.text(
        st.characters(
            categories=["L", "Z", "N"], include_characters="_.:/=+-@", max_codepoint=0x2FFF
        )
    ),
}
"""Text for each pattern; a new pattern needs an entry."""

BY_MEMBER: dict[str, SearchStrategy[Any]] = {
    "InstanceType": st.sampled_from(HOSTING_TYPES),
    "EnableExplanations": st.sampled_from(EXPRESSIONS),
}


def within(member: Member, *, api_only: bool = True) -> SearchStrategy[Any]:
    """Return valid values of a member or of an item of a list, often at the bounds."""
    if member.nested is not None:
        return objects(member.nested, api_only=api_only)  # type: ignore[arg-type]  # classes are hashable
    if member.wire in BY_MEMBER:
        return BY_MEMBER[member.wire]
    return _within(_bounds_of(member))


def _within(bounds: Bounds) -> SearchStrategy[Any]:
    if bounds.choices:
        return st.sampled_from(bounds.choices)
    if bounds.kind is bool:
        return st.booleans()
    if bounds.kind is int:
        return _numbers(bounds)
    if bounds.kind is float:
        return st.one_of(
            st.integers(math.ceil(bounds.minimum or 0), 10**9),
            st.floats(bounds.minimum or 0, 1e9, allow_nan=False),
        )
    return _text(bounds)


def _numbers(bounds: Bounds) -> SearchStrategy[int]:
    # Integers of the API have 32 bits, also where no maximum is published.
    low = MIN_INTEGER if bounds.minimum is None else bounds.minimum
    inside = st.integers(low, MAX_INTEGER if bounds.maximum is None else bounds.maximum)
    edges = [edge for edge in (bounds.minimum, bounds.maximum) if edge is not None]
    return st.one_of(st.sampled_from(edges), inside) if edges else inside


def _text(bounds: Bounds) -> SearchStrategy[str]:
    low, high = bounds.min_length or 0, bounds.max_length or MAX_LENGTH
    drawn = BY_PATTERN[bounds.pattern.pattern] if bounds.pattern else st.text(min_size=low)
    return drawn.map(lambda text: text[:high]).filter(lambda text: len(text) >= low)


def beyond(member: Member) -> SearchStrategy[Any]:
    """Return values of a member, or of an item of a list, that violate one of its bounds."""
    if member.nested is not None:
        return st.sampled_from([None, "text", 1, [], [{}]])
    bounds = _bounds_of(member)
    broken: list[Any] = [None, {}, [], object_of_another_type(bounds.kind)]
    if bounds.minimum is not None:
        broken += [bounds.minimum - 1, -(10**18)]
    if bounds.kind is int:
        broken += [MAX_INTEGER + 1, MIN_INTEGER - 1]
    if bounds.maximum is not None:
        broken += [bounds.maximum + 1, 10**18]
    if bounds.min_length:
        broken.append("")
    if bounds.max_length is not None:
        broken.append("a" * (bounds.max_length + 1))
    if bounds.pattern is not None and not bounds.pattern.fullmatch("\n!"):
        broken.append("\n!")
    if bounds.choices:
        broken += ["none of these"] if bounds.kind is str else [-7]
    return st.sampled_from(broken)


def object_of_another_type(kind: type) -> object:
    """Return a plain value of another type."""
    return 1.5 if kind in {str, int, bool} else "1.5"


@cache
def objects(
    cls: type[Spec],
    need: frozenset[str] = frozenset(),
    avoid: frozenset[str] = frozenset(),
    *,
    api_only: bool = True,
) -> SearchStrategy[dict[str, Any]]:
    """Return the JSON of a spec class: required and needed members, and any others.

    Args:
        cls: Spec class.
        need: AWS's names of members that every object has.
        avoid: AWS's names of members that no object has.
        api_only: Whether to draw members that CloudFormation lacks.
    """
    drawn = {
        m.wire: member_values(m, api_only=api_only)
        for m in members_of(cls)
        if m.wire not in avoid and (api_only or m.api_only is None)
    }
    needed = {m.wire for m in members_of(cls) if m.required} | need
    return st.fixed_dictionaries(
        {wire: values for wire, values in drawn.items() if wire in needed},
        optional={wire: values for wire, values in drawn.items() if wire not in needed},
    )


def member_values(member: Member, *, api_only: bool = True) -> SearchStrategy[Any]:
    """Return values of a member, which may be a list or a map."""
    if member.key is not None:
        return st.dictionaries(_text(member.key), within(member), max_size=3)
    if not member.is_list:
        return within(member, api_only=api_only)
    most = min(member.max_items or 0, (member.min_items or 0) + 2)
    items = within(member, api_only=api_only)
    return st.lists(items, min_size=member.min_items or 0, max_size=most)


ALTERNATIVES: dict[type[Spec], tuple[str, str]] = {
    ModelSpec: ("PrimaryContainer", "Containers"),
    InferenceComponentSpec: ("Specification", "Specifications"),
}
"""Members of a resource of which exactly one is required."""


def resources(cls: type[Spec]) -> SearchStrategy[dict[str, Any]]:
    """Return the properties of a resource, with the members that CloudFormation has.

    The values are within their bounds, and exactly one of alternative members is given.
    """
    first, second = (frozenset({name}) for name in ALTERNATIVES.get(cls, ("", "")))
    return st.one_of(
        objects(cls, first - {""}, second, api_only=False),  # type: ignore[arg-type]  # as above
        objects(cls, second - {""}, first, api_only=False),  # type: ignore[arg-type]
    )


WITHOUT_MODEL = {"ModelName", "InitialVariantWeight", "EnableSSMAccess"}
NOT_SERVERLESS = {"InstanceType", "InstancePools", "InitialInstanceCount"}
NOT_DRAWN = {"ProductionVariants", "ShadowProductionVariants", "EndpointConfigName"}
API_ONLY = {"AcceleratorPartitionLayouts", "CrossRegionTrafficConfig"}
"""Members that CloudFormation lacks; only some requests have them."""
NEEDS_INSTANCES = {
    "AsyncInferenceConfig",
    "DataCaptureConfig",
    "VpcConfig",
    "EnableNetworkIsolation",
}
KINDS: dict[str, tuple[Collection[str], Collection[str]]] = {
    "instances": (
        {"InstanceType", "ModelName"},
        {"InstancePools", "ServerlessConfig", "ManagedInstanceScaling"},
    ),
    "pools": (
        {"InstancePools", "ModelName"},
        {"InstanceType", "ServerlessConfig", "ManagedInstanceScaling"},
    ),
    "components": ({"InstanceType"}, {"InstancePools", "ServerlessConfig", *WITHOUT_MODEL}),
    "serverless": (
        {"ServerlessConfig", "ModelName"},
        {*NOT_SERVERLESS, "ManagedInstanceScaling"},
    ),
}
"""Members that each kind of variant needs, and those that it must not have."""


@st.composite
def requests(draw: DrawFn) -> dict[str, Any]:
    """Draw requests with valid values and variants of one kind."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    need, avoid = KINDS[kind]
    unwanted = set() if draw(st.integers(0, 3)) == 0 else API_ONLY
    variants = objects(ProductionVariant, frozenset(need), frozenset({*avoid, *unwanted}))
    lacking = NOT_DRAWN | (NEEDS_INSTANCES if kind == "serverless" else set()) | unwanted
    has_shadow = kind != "serverless" and draw(st.booleans())
    if has_shadow:
        lacking = lacking | {"AsyncInferenceConfig"}
    needed = frozenset({"ExecutionRoleArn"} if kind == "components" else ())
    request = draw(objects(EndpointConfigSpec, needed - lacking, frozenset(lacking)))
    most = 1 if has_shadow or kind == "serverless" else 2
    request["ProductionVariants"] = draw(st.lists(variants, min_size=1, max_size=most))
    if has_shadow:
        request["ShadowProductionVariants"] = [draw(variants)]
    return request


def json_values() -> SearchStrategy[Any]:
    """Return any JSON value, including the infinities that Python's parser accepts."""
    plain = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.just(10**400),
        st.floats(),
        st.text(max_size=20),
    )
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.text(max_size=8) | _wire_names(), inner, max_size=3),
        ),
        max_leaves=8,
    )


def _wire_names() -> SearchStrategy[str]:
    return st.sampled_from(sorted(_names(EndpointConfigSpec)))


def _names(cls: type[Spec]) -> set[str]:
    found = set()
    for member in members_of(cls):
        found |= {member.wire} | (_names(member.nested) if member.nested else set())
    return found


def _bounds_of(member: Member) -> Bounds:
    if member.bounds is None:
        raise AssertionError(member.name)  # every member is nested or has bounds
    return member.bounds
