"""The bounds of single values: what the members' own declarations say, applied."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules.rule import Evidence, Rule, Severity, Violation, Words, shown
from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ModelSpec,
    Path,
    Spec,
)
from cdk_epc.spec.fields import Bounds, Member, members_of
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import is_list, is_mapping, is_unresolved

_KINDS: Final = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
VARIANTS: Final[Path] = ("production_variants",)
"""The list that may be empty while a configuration is written: its absence has its own rule."""

Requirement: TypeAlias = tuple[str, str]
"""What is allowed, and what to do."""
Test: TypeAlias = Callable[[Bounds, Any], Requirement | None]


def _is_of(kind: type, value: object) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if kind is float and isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int if kind is float else kind)


def _range(bounds: Bounds, value: float) -> Requirement | None:
    low, high = bounds.minimum, bounds.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    if high is None:
        return f"{low} or more", f"Raise it to {low} or more."
    return f"{low} to {high}", f"Give a value from {low} to {high}."


def _length(bounds: Bounds, value: str) -> Requirement | None:
    low, high = bounds.min_length or 0, bounds.max_length or math.inf
    if len(value) < low:
        advice = "lengthen it"
    elif len(value) > high:
        advice = "shorten it"
    else:
        return None
    return f"{low} to {high} characters", f"It has {len(value)}; {advice}."


def _pattern(bounds: Bounds, value: str) -> Requirement | None:
    if bounds.pattern is None or bounds.pattern.fullmatch(value):
        return None
    return f"text that matches {bounds.pattern.pattern}", "Take out the characters that do not fit."


def _choice(bounds: Bounds, value: object) -> Requirement | None:
    if value in bounds.choices:
        return None
    return "one of " + ", ".join(map(str, bounds.choices)), "Take one of these values."


def _tests(bounds: Bounds | None) -> tuple[tuple[str, Test], ...]:
    """The rules to hold against a value of the right type, each with its test."""
    if bounds is None:
        return ()
    applicable: tuple[tuple[bool, str, Test], ...] = (
        ((bounds.minimum, bounds.maximum) != (None, None), "value-out-of-range", _range),
        ((bounds.min_length, bounds.max_length) != (None, None), "value-length-wrong", _length),
        (bounds.pattern is not None, "value-pattern-mismatch", _pattern),
        (bool(bounds.choices) and not bounds.open_choices, "value-not-allowed", _choice),
        (bool(bounds.choices) and bounds.open_choices, "value-unpublished", _choice),
    )
    return tuple((rule, test) for applies, rule, test in applicable if applies)


_TESTED: Final[dict[type[Spec], tuple[tuple[Member, tuple[tuple[str, Test], ...]], ...]]] = {}


def _tested(cls: type[Spec]) -> tuple[tuple[Member, tuple[tuple[str, Test], ...]], ...]:
    if cls not in _TESTED:
        _TESTED[cls] = tuple((member, _tests(member.bounds)) for member in members_of(cls))
    return _TESTED[cls]


def _walk(spec: Spec, path: Path) -> Iterator[tuple[str, Violation]]:
    """Every breach in a spec, with the id of the rule that it breaks."""
    for member, tests in _tested(type(spec)):
        value = getattr(spec, member.name)
        if value is None:
            # An empty configuration may still be given variants, so that is a rule of its own.
            if member.required and member.name != VARIANTS[0]:
                allowed, fix = "a value, it is required", f"Give {member.wire}."
                violation = Violation(path=(*path, member.name), got=None, allowed=allowed, fix=fix)
                yield "value-missing", violation
        elif not is_unresolved(value):
            place = (*path, member.name)
            if member.api_only is not None:
                got = Words("given") if member.is_list or member.part else value
                violation = Violation(
                    path=place, got=got, allowed="nothing", fix=f"{member.api_only}."
                )
                yield "member-not-in-cloudformation", violation
            yield from _held(member, tests, place, value)


def _held(
    member: Member,
    tests: tuple[tuple[str, Test], ...],
    place: Path,
    value: Any,  # noqa: ANN401
) -> Iterator[tuple[str, Violation]]:
    """Every breach in the value of a member: one, a list or a map."""
    if member.key is not None:
        yield from _map(member, member.key, place, value)
    elif not member.is_list:
        yield from _one(member, tests, place, value)
    elif is_list(value):
        yield from _length_of_list(member, place, value)
        for index, item in enumerate(value):
            if not is_unresolved(item):
                yield from _one(member, tests, (*place, index), item)
    else:
        fix = "Put it into a list."
        yield "value-type-wrong", Violation(path=place, got=value, allowed="a list", fix=fix)


def _one(
    member: Member,
    tests: tuple[tuple[str, Test], ...],
    place: Path,
    value: Any,  # noqa: ANN401
) -> Iterator[tuple[str, Violation]]:
    if member.part is not None:
        if isinstance(value, member.part):
            yield from _walk(value, place)
        else:
            allowed = f"an object of {member.part.__name__}"
            fix = "Give an object with the members of its shape."
            yield "value-type-wrong", Violation(path=place, got=value, allowed=allowed, fix=fix)
    elif member.bounds is not None:
        if not _is_of(member.bounds.kind, value):
            allowed = _KINDS[member.bounds.kind]
            fix = f"Give {allowed}, not {type(value).__name__}."
            yield "value-type-wrong", Violation(path=place, got=value, allowed=allowed, fix=fix)
            return
        for rule, test in tests:
            if breach := test(member.bounds, value):
                yield rule, Violation(path=place, got=value, allowed=breach[0], fix=breach[1])


def _map(
    member: Member,
    key: Bounds,
    place: Path,
    value: Any,  # noqa: ANN401
) -> Iterator[tuple[str, Violation]]:
    if isinstance(value, str):
        return  # CloudFormation takes the JSON of a map as a text, too
    if not is_mapping(value):
        fix = f"Give a map, not {type(value).__name__}."
        yield (
            "value-type-wrong",
            Violation(path=place, got=value, allowed="a map of texts", fix=fix),
        )
        return
    known = {name: item for name, item in value.items() if not is_unresolved(item)}
    if member.max_items is not None and len(known) > member.max_items:
        got, allowed = Words(f"{len(value)} entries"), f"at most {member.max_items} entries"
        yield (
            "list-length-wrong",
            Violation(path=place, got=got, allowed=allowed, fix="Take some out."),
        )
    for name, item in known.items():
        if not isinstance(name, str):
            violation = Violation(
                path=place, got=name, allowed="a text as key", fix="Write it as text."
            )
            yield "value-type-wrong", violation
            continue
        for rule, test in _tests(key):
            if breach := test(key, name):
                got = Words(f"the key {shown(name)}")
                yield (
                    rule,
                    Violation(path=(*place, name), got=got, allowed=breach[0], fix=breach[1]),
                )
        yield from _one(member, _tests(member.bounds), (*place, name), item)


def _length_of_list(
    member: Member, place: Path, items: list[Any] | tuple[Any, ...]
) -> Iterator[tuple[str, Violation]]:
    low, high = member.min_items or 0, member.max_items or math.inf
    if place == VARIANTS:
        low = 0
    # A token among the items may come to nothing, so those count for neither bound.
    if len(items) < low:
        fix = _advice(member)
    elif sum(not is_unresolved(item) for item in items) > high:
        fix = "Take some out."
    else:
        return
    got, allowed = Words(f"{len(items)} items"), f"{low} to {high} items"
    yield "list-length-wrong", Violation(path=place, got=got, allowed=allowed, fix=fix)


def _advice(member: Member) -> str:
    return "Put one in." if member.required else "Put one in, or leave it out."


@attrs.define
class _Walked:
    """The breaches of the spec that was asked about last, by rule."""

    spec: Spec | None = None
    violations: dict[str, list[Violation]] = attrs.Factory(dict[str, list[Violation]])


_LAST: Final = _Walked()


def violations_of(rule: str, spec: Spec) -> list[Violation]:
    """The breaches of one rule in a spec."""
    if _LAST.spec is not spec:
        violations: dict[str, list[Violation]] = {}
        for broken, violation in _walk(spec, ()):
            violations.setdefault(broken, []).append(violation)
        _LAST.spec, _LAST.violations = spec, violations
    return _LAST.violations.get(rule, [])


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
)


def _no_variants(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.production_variants in (None, ()):
        yield Violation(
            path=VARIANTS,
            got=None,
            allowed="1 to 10 variants",
            fix="Add a variant, for example with add_instance_variant.",
        )


RULES: Final = (
    Rule(
        id="production-variants-missing",
        title="A configuration has at least one production variant",
        why="An endpoint without a variant has nothing to send a request to.",
        fix="Add a production variant.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        check=_no_variants,
        facts=("SCH.ProductionVariants.required",),
    ),
    Rule(
        id="value-missing",
        title="A member that its parent cannot do without is given",
        why="SageMaker refuses the request, although CloudFormation's schema may not.",
        fix="Give the member, or take out the object that needs it.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(violations_of, "value-missing"),
        eager=True,
        facts=("RTE.STRATEGY_REQUIRED",),
    ),
    Rule(
        id="value-type-wrong",
        title="A value has the type that the API declares",
        why="SageMaker cannot read the request.",
        fix="Give the value in the type that the API declares: a number without quotes, a "
        "list in brackets.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(violations_of, "value-type-wrong"),
        eager=True,
    ),
    Rule(
        id="value-out-of-range",
        title="A number lies within its published range",
        why="SageMaker refuses the request.",
        fix="Give a number within the range.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(violations_of, "value-out-of-range"),
        eager=True,
    ),
    Rule(
        id="value-length-wrong",
        title="A text has a published length",
        why="SageMaker refuses the request.",
        fix="Shorten the text, or lengthen it.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(violations_of, "value-length-wrong"),
        eager=True,
        facts=("DEP.NAME_63",),
    ),
    Rule(
        id="value-pattern-mismatch",
        title="A text matches its published pattern, whole",
        why="SageMaker refuses the request.",
        fix="Take out the characters that do not fit.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(violations_of, "value-pattern-mismatch"),
        eager=True,
    ),
    Rule(
        id="value-not-allowed",
        title="A value is one of the published ones",
        why="SageMaker refuses the request.",
        fix="Take one of the published values, in their spelling.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(violations_of, "value-not-allowed"),
        eager=True,
        facts=("MET.FREQ",),
    ),
    Rule(
        id="value-unpublished",
        title="A value of a growing list is one of those published so far",
        why="It may be newer than this library, or mistyped; SageMaker refuses the latter.",
        fix="Check the spelling; if the value is new, acknowledge the warning.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(violations_of, "value-unpublished"),
        severity=Severity.WARNING,
        eager=True,
    ),
    Rule(
        id="list-length-wrong",
        title="A list has a published number of items",
        why="SageMaker refuses the request.",
        fix="Take some items out or put some in; an empty list is left out.",
        evidence=Evidence.DOCUMENTED,
        source_url=_URL,
        about=_ROOTS,
        check=partial(violations_of, "list-length-wrong"),
        eager=True,
        facts=("DEP.ALARMS_MIN", "MDL.CONTAINERS_MAX"),
    ),
    Rule(
        id="member-not-in-cloudformation",
        title="Every member is one that CloudFormation can express",
        why="CloudFormation would refuse the template; dropping the member would change its "
        "meaning.",
        fix="Leave the member out, or create this configuration through the API.",
        evidence=Evidence.DOCUMENTED,
        source_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
        "aws-resource-sagemaker-endpointconfig.html",
        about=_ROOTS,
        check=partial(violations_of, "member-not-in-cloudformation"),
        eager=True,
        of_templates=True,
    ),
)
