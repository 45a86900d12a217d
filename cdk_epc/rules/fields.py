"""Rules of single fields: type, range, length, pattern and choices, as the fields declare them.

One walk over the spec finds the violations of all these rules, because each value concerns several
of them. The result is kept in the spec.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules.bounds import Test, tests_of, validity_of
from cdk_epc.rules.finding import shown
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ModelSpec,
    Path,
    Spec,
)
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.fields import Bounds, Member, given_of, members_of, values_of
from cdk_epc.spec.kept import kept_in_spec
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import is_list, is_mapping, is_unresolved

_URL: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
)
_ROOTS: Final = (
    EndpointConfigSpec,
    ModelSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ScalableTargetSpec,
    ScalingPolicySpec,
    AlarmSpec,
)
_OTHER_SOURCES: Final[Mapping[type[Spec], str]] = {
    ScalableTargetSpec: "https://docs.aws.amazon.com/autoscaling/application/APIReference/"
    "API_RegisterScalableTarget.html",
    ScalingPolicySpec: "https://docs.aws.amazon.com/autoscaling/application/APIReference/"
    "API_PutScalingPolicy.html",
    AlarmSpec: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
    "API_PutMetricAlarm.html",
}
"""Source of the bounds of the types of other services."""
_SCHEDULES: Final = (
    "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html"
)
_TYPE_NAMES: Final = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_PRODUCTION_VARIANTS: Final[Path] = ("production_variants",)
_TESTED: Final[dict[type[Spec], tuple[tuple[Member, tuple[tuple[str, Test], ...]], ...]]] = {}


def _tested(cls: type[Spec]) -> tuple[tuple[Member, tuple[tuple[str, Test], ...]], ...]:
    """Return the members of a spec class with their tests, by the id of each rule."""
    if cls not in _TESTED:
        _TESTED[cls] = tuple((member, tests_of(member.bounds)) for member in members_of(cls))
    return _TESTED[cls]


def _walk(spec: Spec, path: Path) -> Iterator[tuple[str, Violation]]:
    """Yield every violation in a spec with the id of its rule."""
    for member, tests in _tested(type(spec)):
        value = getattr(spec, member.name)
        place = (*path, member.name)
        if value is None:
            # production-variants-missing is not eager, because a later call may add a variant.
            if member.required and member.name != _PRODUCTION_VARIANTS[0]:
                fix = f"Give `{member.name}`."
                violation = Violation(path=place, required="by the API", fix=fix)
                yield "value-missing", violation
        elif not is_unresolved(value):
            if member.api_only is not None:
                yield "member-not-in-cloudformation", _api_only(member.api_only, place, value)
            yield from _value(member, tests, place, value)


def _api_only(fix: str, place: Path, value: object) -> Violation:
    """Return the violation of a member that only the API has."""
    return Violation(
        path=place,
        got=value if isinstance(value, int | float | str) else Words("given"),
        not_allowed="in CloudFormation, which does not have the member",
        fix=f"{fix}.",
    )


def _value(
    member: Member,
    tests: tuple[tuple[str, Test], ...],
    place: Path,
    value: Any,  # noqa: ANN401 - a value of any type
) -> Iterator[tuple[str, Violation]]:
    """Yield every violation in the value of a member, which is one value, a list or a map."""
    if member.key is not None:
        yield from _map(member, member.key, place, value)
    elif not member.is_list:
        yield from _single(member, tests, place, value)
    elif is_list(value):
        yield from _list_length(member, place, value)
        for index, item in enumerate(value):
            if not is_unresolved(item):
                yield from _single(member, tests, (*place, index), item)
    else:
        yield "value-type-wrong", _wrong_type(place, value, "a list", "Put it into a list.")


def _single(
    member: Member,
    tests: tuple[tuple[str, Test], ...],
    place: Path,
    value: Any,  # noqa: ANN401 - a value of any type
) -> Iterator[tuple[str, Violation]]:
    if member.nested is not None:
        if isinstance(value, member.nested):
            yield from _walk(value, place)
        else:
            fix = f"Give an object with the members of {member.nested.__name__}."
            yield "value-type-wrong", _wrong_type(place, value, "an object", fix)
    elif member.bounds is not None:
        if not _is_of_type(member.bounds.kind, value):
            expected = _TYPE_NAMES[member.bounds.kind]
            fix = f"Give {expected}, not {_type_name(value)}."
            yield "value-type-wrong", _wrong_type(place, value, expected, fix)
            return
        for rule_id, test in tests:
            if requirement := test(member.bounds, value):
                must, fix = requirement
                yield rule_id, Violation(path=place, got=value, must=must, fix=fix)
                if value == "":
                    return  # the other tests would report the same empty text


def _type_name(value: object) -> str:
    """Return the type of a value as JSON and YAML call it."""
    if is_list(value):
        return "a list"
    if is_mapping(value) or isinstance(value, Spec):
        return "an object"
    for cls, name in ((bool, "a Boolean"), (str, "text"), (int, "a whole number")):
        if isinstance(value, cls):
            return name
    return "a fraction" if isinstance(value, float) else type(value).__name__


def _is_of_type(kind: type, value: object) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if kind is float and isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int if kind is float else kind)


def _wrong_type(place: Path, value: object, expected: str, fix: str) -> Violation:
    return Violation(path=place, got=value, must=f"be {expected}", fix=fix)


def _map(
    member: Member,
    key: Bounds,
    place: Path,
    value: Any,  # noqa: ANN401 - a value of any type
) -> Iterator[tuple[str, Violation]]:
    if isinstance(value, str):
        return  # CloudFormation accepts the JSON text of a map, too
    if not is_mapping(value):
        fix = f"Give a map, not {_type_name(value)}."
        yield "value-type-wrong", _wrong_type(place, value, "a map of texts", fix)
        return
    known = {name: item for name, item in value.items() if not is_unresolved(item)}
    if member.max_items is not None and len(known) > member.max_items:
        yield (
            "list-length-wrong",
            Violation(
                path=place,
                got=Words(f"{len(value)} entries"),
                must=f"have at most {member.max_items} entries",
                fix="Remove some entries.",
            ),
        )
    for name, item in known.items():
        if not isinstance(name, str):
            yield (
                "value-type-wrong",
                _wrong_type(place, name, "a map with texts as keys", "Quote it."),
            )
            continue
        for rule_id, test in tests_of(key):
            if requirement := test(key, name):
                must, fix = requirement
                got = Words(f"the key {shown(name)}")
                yield rule_id, Violation(path=(*place, name), got=got, must=must, fix=fix)
        yield from _single(member, tests_of(member.bounds), (*place, name), item)


def _list_length(
    member: Member, place: Path, items: list[Any] | tuple[Any, ...]
) -> Iterator[tuple[str, Violation]]:
    low, high = member.min_items or 0, member.max_items or math.inf
    if place == _PRODUCTION_VARIANTS:
        low = 0
    # An unresolved item counts as present for the minimum and as absent for the maximum, because
    # CloudFormation may remove it.
    if len(items) < low:
        fix = "Add an item." if member.required else "Add an item, or remove the list."
    elif sum(not is_unresolved(item) for item in items) > high:
        fix = "Remove some items."
    else:
        return
    got = Words(f"{len(items)} item{'s' * (len(items) > 1)}") if items else ()
    must = f"have {low} to {high} items" if low else f"have at most {high} items"
    yield "list-length-wrong", Violation(path=place, got=got, must=must, fix=fix)


_Validity: TypeAlias = tuple[tuple[int, ...], tuple[Callable[[Any], bool], ...]]
"""Indices of the required members, and for each member whether a value is certainly valid."""
_VALIDITY: Final[dict[type[Spec], _Validity]] = {}


def _validity_of_class(cls: type[Spec]) -> _Validity:
    if cls not in _VALIDITY:
        members = members_of(cls)
        required = tuple(index for index, member in enumerate(members) if member.required)
        _VALIDITY[cls] = required, tuple(map(_validity_of, members))
    return _VALIDITY[cls]


def _is_surely_valid(spec: Spec) -> bool:
    """Return whether the walk would certainly find nothing; nearly all specs are valid."""
    required, validity = _validity_of_class(type(spec))
    values = values_of(spec)
    for index in required:
        if values[index] is None:
            return False
    for value, is_valid in given_of(zip(values, validity, strict=True), values):
        if not is_valid(value) and not is_unresolved(value):
            return False
    return True


# Exact types, in a form of which type checkers draw no conclusions on the items.
_DICT: Final[type[Any]] = dict
_TUPLE: Final[type[Any]] = tuple


def _validity_of(member: Member) -> Callable[[Any], bool]:
    """Return a function that is true only for a value of a member that has no violation."""
    if member.api_only is not None:
        return lambda _: False
    is_valid = _item_validity(member)
    high = math.inf if member.max_items is None else member.max_items
    if member.key is not None:
        is_key = validity_of(member.key)
        return lambda value: (
            type(value) is _DICT
            and len(value) <= high
            and all(map(is_key, value))
            and all(map(is_valid, value.values()))
        )
    if not member.is_list:
        return is_valid
    low = member.min_items or 0
    return lambda value: (
        type(value) is _TUPLE and low <= len(value) <= high and all(map(is_valid, value))
    )


def _item_validity(member: Member) -> Callable[[Any], bool]:
    nested, bounds = member.nested, member.bounds
    if nested is not None:
        return lambda value: type(value) is nested and _is_surely_valid(value)
    return (lambda _: False) if bounds is None else validity_of(bounds)


def _with_source(violation: Violation, source: str) -> Violation:
    is_schedule = violation.path[:1] == ("scheduled_actions",)
    return attrs.evolve(violation, source_url=_SCHEDULES if is_schedule else source)


def field_violations(rule_id: str, spec: Spec) -> list[Violation]:
    """Return the violations of one rule on single fields."""
    return _violations(spec).get(rule_id, [])


@kept_in_spec
def _violations(spec: Spec) -> dict[str, list[Violation]]:
    """Return all violations of a spec by rule id."""
    violations: dict[str, list[Violation]] = {}
    if _is_surely_valid(spec):
        return violations
    source = _OTHER_SOURCES.get(type(spec))
    for violated, violation in _walk(spec, ()):
        found = violation if source is None else _with_source(violation, source)
        violations.setdefault(violated, []).append(found)
    return violations


def _has_violations(spec: Spec) -> bool:
    return bool(_violations(spec))


@rule(
    id="production-variants-missing",
    title="A configuration must have at least one production variant",
    why="An endpoint without a variant has no target for requests.",
    fix="Add a production variant.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    facts=("SCH.ProductionVariants.required",),
)
def production_variants_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.production_variants in (None, ()):
        yield Violation(
            path=_PRODUCTION_VARIANTS,
            got=spec.production_variants,
            must="have 1 to 10 variants",
            fix="Add a variant.",
            python_fix="Add a variant, for example with add_instance_variant(...).",
        )


@rule(
    id="value-missing",
    title="A required member must be given",
    why="SageMaker refuses the request, although CloudFormation's schema may accept it.",
    fix="Give the member, or remove the object that requires it.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    about=_ROOTS,
    when=_has_violations,
    eager=True,
    facts=("RTE.STRATEGY_REQUIRED",),
)
def value_missing(spec: Spec) -> Iterable[Violation]:
    return field_violations("value-missing", spec)


@rule(
    id="value-type-wrong",
    title="A value must have the type that the API declares",
    why="SageMaker cannot read the request.",
    fix="Give the value in the declared type: a number without quotes, a list in brackets.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    about=_ROOTS,
    when=_has_violations,
    eager=True,
)
def value_type_wrong(spec: Spec) -> Iterable[Violation]:
    return field_violations("value-type-wrong", spec)


@rule(
    id="value-out-of-range",
    title="A number must be within its published range",
    why="SageMaker refuses the request.",
    fix="Choose a number within the range.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    about=_ROOTS,
    when=_has_violations,
    eager=True,
)
def value_out_of_range(spec: Spec) -> Iterable[Violation]:
    return field_violations("value-out-of-range", spec)


@rule(
    id="value-length-wrong",
    title="A text must have its published length",
    why="SageMaker refuses the request.",
    fix="Shorten or lengthen the text.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    about=_ROOTS,
    when=_has_violations,
    eager=True,
    facts=("DEP.NAME_63",),
)
def value_length_wrong(spec: Spec) -> Iterable[Violation]:
    return field_violations("value-length-wrong", spec)


@rule(
    id="value-pattern-mismatch",
    title="The whole of a text must match its published pattern",
    why="SageMaker refuses the request.",
    fix="Write the text in the form of the pattern.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    about=_ROOTS,
    when=_has_violations,
    eager=True,
)
def value_pattern_mismatch(spec: Spec) -> Iterable[Violation]:
    return field_violations("value-pattern-mismatch", spec)


@rule(
    id="value-not-allowed",
    title="A value must be one of the published values",
    why="SageMaker refuses the request.",
    fix="Choose one of the published values, in their spelling.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    about=_ROOTS,
    when=_has_violations,
    eager=True,
    facts=("MET.FREQ",),
)
def value_not_allowed(spec: Spec) -> Iterable[Violation]:
    return field_violations("value-not-allowed", spec)


@rule(
    id="value-unpublished",
    title="A value of a list that grows should be one of the published values",
    why="The value may be newer than this library, or misspelt; SageMaker refuses the latter.",
    fix="Check the spelling. If the value is new, acknowledge the warning.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    about=_ROOTS,
    when=_has_violations,
    severity=Severity.WARNING,
    eager=True,
)
def value_unpublished(spec: Spec) -> Iterable[Violation]:
    return field_violations("value-unpublished", spec)


@rule(
    id="list-length-wrong",
    title="A list must have its published number of items",
    why="SageMaker refuses the request.",
    fix="Add or remove items; remove an empty list.",
    evidence=Evidence.DOCUMENTED,
    source_url=_URL,
    about=_ROOTS,
    when=_has_violations,
    eager=True,
    facts=("DEP.ALARMS_MIN", "MDL.CONTAINERS_MAX"),
)
def list_length_wrong(spec: Spec) -> Iterable[Violation]:
    return field_violations("list-length-wrong", spec)


@rule(
    id="member-not-in-cloudformation",
    title="Every member must exist in CloudFormation",
    why="CloudFormation would refuse the template, and a template without the member would have "
    "another meaning.",
    fix="Remove the member, or create the configuration through the API.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-endpointconfig.html",
    about=_ROOTS,
    when=_has_violations,
    eager=True,
    of_templates=True,
)
def member_not_in_cloudformation(spec: Spec) -> Iterable[Violation]:
    return field_violations("member-not-in-cloudformation", spec)


RULES: Final = (
    production_variants_missing,
    value_missing,
    value_type_wrong,
    value_out_of_range,
    value_length_wrong,
    value_pattern_mismatch,
    value_not_allowed,
    value_unpublished,
    list_length_wrong,
    member_not_in_cloudformation,
)
