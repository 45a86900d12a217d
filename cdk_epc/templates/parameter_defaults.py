"""Violations that rest on the default of a parameter, for which deployments pass other values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules.bounds import tests_of
from cdk_epc.rules.finding import Finding, shown
from cdk_epc.rules.images import is_image_outside_ecr
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import Path, Spec
from cdk_epc.spec.fields import Member, members_of
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import MAX_DEPTH, function_names, is_scalar, to_text
from cdk_epc.templates.parameters import nested_stack_of, value_key
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import Template


def _is_wrong_schedule(text: str) -> bool:
    # Imported here because few templates have schedules.
    from cdk_epc.rules._schedule_expressions import violation_of  # noqa: PLC0415

    return violation_of(text) is not None


def _has_invalid_name(text: str) -> bool:
    from cdk_epc.rules.image_names import has_invalid_name  # noqa: PLC0415 - few templates need it

    return has_invalid_name(text)


_RULES_OF_BOUNDS: Final = frozenset(
    {
        "value-type-wrong",
        "value-out-of-range",
        "value-length-wrong",
        "value-pattern-mismatch",
        "value-not-allowed",
        "value-unpublished",
        "instance-type-malformed",
    }
)
"""Rules of the bounds that members declare."""
SINGLE_VALUE_RULES: Final = _RULES_OF_BOUNDS | {
    "alarm-action-unsupported",
    "alarm-period-wrong",
    "alarm-statistic-invalid",
    "endpoint-config-name-is-arn",
    "explainer-expression-invalid",
    "explainer-mime-type-not-supported",
    "hub-model-is-url",
    "instance-type-not-for-hosting",
    "model-image-name-invalid",
    "model-image-outside-ecr",
    "model-name-is-arn",
    "model-package-other-region",
    "schedule-expression-invalid",
    "schedule-name-invalid",
    "schedule-time-invalid",
    "schedule-time-zone-unknown",
    "serverless-memory-step",
    "token-limits-mismatch",
}
"""Rules of the form of one value, which another value of the parameter satisfies."""
_TEXT_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "model-image-name-invalid": _has_invalid_name,
    "model-image-outside-ecr": is_image_outside_ecr,
    "schedule-expression-invalid": _is_wrong_schedule,
}
"""Whether a text violates a rule that is not about the declared bounds of a member."""
_SUBSTITUTES: Final = (
    "a",
    "1",
    "123456789012",
    "us-east-1",
    "s3://bucket/prefix",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/a",
)
"""Values that show whether the text around a parameter is wrong, too."""
_SCHEMES: Final = ("arn:", "://")
"""Parts of the patterns of ARNs and URIs."""

Parameter: TypeAlias = tuple[Evaluation, str]
"""Evaluation of a template, and the name of one of its parameters."""


def responsible_default(
    evaluation: Evaluation,
    logical_id: str,
    cls: type[Spec],
    violated: tuple[str, Violation],
    steps: Path,
) -> Parameter | None:
    """Return the parameter whose default alone causes a violation; ``None`` if there is none.

    Args:
        evaluation: Evaluation of the template in the scenario of the violation.
        logical_id: Logical id of the resource.
        cls: Spec class of the resource.
        violated: Id of one of the rules of single values, and its violation.
        steps: Path of the violation in AWS's names.
    """
    node = expression_at(evaluation, logical_id, steps)
    if not is_mapping(node):
        return None
    defaults = list(dict.fromkeys(_defaults_in(evaluation, node, 0)))
    if not defaults:
        return None
    is_whole = set(node) == {"Ref"}
    if not is_whole and _is_still_wrong(evaluation, node, defaults, _test_of(cls, *violated)):
        return None
    return defaults[0]


def _defaults_in(evaluation: Evaluation, node: Any, depth: int) -> Iterator[Parameter]:  # noqa: ANN401
    """Yield the parameters in the text of an expression that have their default."""
    if depth > MAX_DEPTH:
        return
    if is_list(node):
        for item in node:
            yield from _defaults_in(evaluation, item, depth + 1)
    elif is_mapping(node):
        for key, value in node.items():
            for _, name in function_names(key, value):
                if name in evaluation.template.parameters:
                    yield from _default_of(evaluation, name, depth)
            if key != "Fn::FindInMap":  # a key chooses one of the texts of the template
                yield from _defaults_in(evaluation, value, depth + 1)


def _default_of(evaluation: Evaluation, name: str, depth: int) -> Iterator[Parameter]:
    nested_stack = nested_stack_of(evaluation)
    argument = None if nested_stack is None else nested_stack.argument(name)
    if nested_stack is not None and argument is not None:
        parent = evaluation.within(nested_stack.parent)
        yield from _defaults_in(parent, argument[0], depth + 1)
        return
    declaration = evaluation.template.parameters[name]
    decided = evaluation.scenario.parameters.get((evaluation.template.index, name))
    if is_mapping(declaration) and "AllowedValues" not in declaration:
        default = declaration.get("Default")
        if is_scalar(default) and is_scalar(decided) and to_text(default) == to_text(decided):
            yield evaluation, name


def _test_of(cls: type[Spec], rule: str, violation: Violation) -> Callable[[str], bool]:
    """Return a function of a text that returns whether the text violates a rule."""
    if rule not in _RULES_OF_BOUNDS:
        return _TEXT_TESTS.get(rule, lambda _: True)
    member = _member_at(cls, violation.path)
    if member is None or member.bounds is None:
        return lambda _: False
    bounds = member.bounds
    return lambda text: any(test(bounds, text) for _, test in tests_of(bounds))


def _is_still_wrong(
    evaluation: Evaluation,
    node: Any,  # noqa: ANN401 - JSON
    defaults: list[Parameter],
    is_wrong: Callable[[str], bool],
) -> bool:
    """Return whether no substitute for the defaults makes a text right."""
    cache = evaluation.scenario.cache
    keys = [value_key(owner, name) for owner, name in defaults]
    before = {key: cache[key] for key in keys if key in cache}
    texts: list[Any] = []
    for each in _SUBSTITUTES:
        cache.update(dict.fromkeys(keys, each))
        texts.append(evaluation.evaluate(node))
    cache.update(before)
    return all(isinstance(text, str) and is_wrong(text) for text in texts)


def _member_at(cls: type[Spec], path: Path) -> Member | None:
    member: Member | None = None
    here: type[Spec] | None = cls
    for step in path:
        if isinstance(step, str) and here is not None:
            member = next((each for each in members_of(here) if each.name == step), None)
            here = None if member is None else member.nested
    return member


def is_note(parameter: Parameter, cls: type[Spec], violation: Violation) -> bool:
    """Return whether the default is a text with blanks in place of an ARN or URI."""
    owner, name = parameter
    default = owner.template.parameters[name]["Default"]
    member = _member_at(cls, violation.path)
    pattern = member.bounds.pattern if member is not None and member.bounds is not None else None
    has_blanks = isinstance(default, str) and len(default.split()) > 1
    return has_blanks and pattern is not None and any(each in pattern.pattern for each in _SCHEMES)


def is_guarded(parameter: Parameter, evaluation: Evaluation, logical_id: str, place: Path) -> bool:
    """Return whether a condition on the parameter decides about the use of its value.

    Args:
        parameter: The parameter.
        evaluation: Evaluation of the template with the use.
        logical_id: Logical id of the resource with the use.
        place: Keys and indices that lead to the value.
    """
    owner, name = parameter
    template = evaluation.template
    if owner.template is not template:
        return False
    conditions = [template.resources[logical_id].get("Condition")]
    node: Any = template.input.template
    for step in place:
        if is_mapping(node) and step in node:
            branches = node.get("Fn::If")
            conditions += branches[:1] if is_list(branches) else []
            node = node[step]
        elif is_list(node) and isinstance(step, int):
            node = node[step]
        else:
            break
    return any(_depends_on(evaluation, {"Condition": each}, name, 0) for each in conditions)


def _depends_on(evaluation: Evaluation, node: Any, parameter: str, depth: int) -> bool:  # noqa: ANN401
    """Return whether a condition reads a parameter, directly or through other conditions."""
    if depth > MAX_DEPTH:
        return False
    if is_list(node):
        return any(_depends_on(evaluation, each, parameter, depth + 1) for each in node)
    if not is_mapping(node):
        return False
    for key, value in node.items():
        if any(name == parameter for _, name in function_names(key, value)):
            return True
        inner = value
        if key == "Condition" and isinstance(value, str):
            inner = evaluation.template.conditions.get(value)
        if _depends_on(evaluation, inner, parameter, depth + 1):
            return True
    return False


def default_finding(finding: Finding, parameter: Parameter, template: Template) -> Finding:
    """Return the finding about a default in place of that about the value.

    Args:
        finding: Finding of the rule about defaults, with the message about the value.
        parameter: The parameter.
        template: Template with the value.
    """
    owner, name = parameter
    default = owner.template.parameters[name]["Default"]
    _, _, requirement = finding.message.partition("; ")
    text = f"{finding.path} {requirement}" if requirement else finding.message
    return attrs.evolve(
        finding,
        message=f"default {shown(default)} of parameter {name} cannot be deployed: {text}",
        fix="Give a default that can be deployed, or none.",
        place=("Parameters", name, "Default") if owner.template is template else finding.place,
    )
