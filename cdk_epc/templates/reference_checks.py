"""References to names that the template does not declare, and to attributes that a type lacks.

CloudFormation refuses both before it creates anything, also in parts with a false condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.rules.finding import Finding
from cdk_epc.rules.requests import UNKNOWN_ATTRIBUTE, UNKNOWN_REFERENCE
from cdk_epc.rules.rule import Diagnostic, Violation, Words
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, MODEL
from cdk_epc.templates.context.alarms import ALARM
from cdk_epc.templates.context.scaled_resources import POLICY, TARGET
from cdk_epc.templates.expressions import MAX_DEPTH, SUB_VARIABLE
from cdk_epc.templates.template import Template

_ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = {
    CONFIG: ("EndpointConfigName", "EndpointConfigArn", "Id"),
    MODEL: ("ModelName", "ModelArn", "Id"),
    ENDPOINT: ("EndpointName", "EndpointArn", "Id"),
    COMPONENT: (
        "InferenceComponentArn",
        "InferenceComponentStatus",
        "CreationTime",
        "LastModifiedTime",
        "FailureReason",
        "RuntimeConfig.CurrentCopyCount",
        "RuntimeConfig.DesiredCopyCount",
        "RuntimeConfig.PlacementStatus",
        "Specification.Container.DeployedImage",
        "Specification.CurrentDataCacheConfig",
    ),
    TARGET: ("Id",),
    POLICY: ("Arn",),
    ALARM: ("Arn",),
}
"""Attributes of the types that this library checks, from CloudFormation's schemas."""
_EXPANDED: Final = ("Fn::ForEach", "Fn::Transform")
"""Functions whose content CloudFormation replaces before it looks at the references."""

_REFERENCES: Final = frozenset({"Ref", "Fn::GetAtt", "Fn::Sub"})

_Reference: TypeAlias = tuple[str, str | None, Path]
"""Name, attribute and position of a reference."""


def reference_findings(
    template: Template, logical_id: str, rules: Mapping[str, Diagnostic]
) -> Iterator[Finding]:
    """Yield a finding for each name and attribute that does not exist, once for each resource.

    Args:
        template: Template of the resource.
        logical_id: Logical id of the resource.
        rules: All rules by id, with the severities that apply.
    """
    base: Path = ("Resources", logical_id)
    resource = template.resources[logical_id]
    if "DependsOn" not in resource and not _may_be_wrong(template, resource.get("Properties")):
        return
    references = list(_references(resource.get("Properties"), (*base, "Properties"), 0))
    depends_on = resource.get("DependsOn")
    for index, name in enumerate(depends_on if is_list(depends_on) else [depends_on]):
        if isinstance(name, str):
            place = (*base, "DependsOn", index) if is_list(depends_on) else (*base, "DependsOn")
            references.append((name, None, place))
    seen: set[tuple[str, str | None]] = set()
    for name, attribute, place in references:
        if (name, attribute) not in seen:
            seen.add((name, attribute))
            found = _reference_finding(template, name, attribute)
            if found is not None:
                diagnostic, violation = found
                path = ".".join(str(each) for each in place[2:] if not str(each).startswith("Fn::"))
                finding = Finding.of(rules[diagnostic.id], violation, path)
                yield attrs.evolve(finding, resource=logical_id, place=place)


def _may_be_wrong(template: Template, properties: Any) -> bool:  # noqa: ANN401 - JSON
    """Return whether an expression has a reference that is not obviously right.

    Nearly all references are right, and this is several times faster than the whole search.
    """
    remaining: list[Any] = [properties]
    while remaining:
        node = remaining.pop()
        if is_mapping(node):
            remaining += [value for value in node.values() if type(value) is not str]
            for key in node:
                if key in _REFERENCES and not _is_right(template, key, node[key]):
                    return True
        elif is_list(node):
            remaining += [item for item in node if type(item) is not str]
    return False


def _is_right(template: Template, function: str, argument: Any) -> bool:  # noqa: ANN401 - JSON
    """Return whether a reference is obviously right."""
    if function == "Ref":
        return isinstance(argument, str) and (
            argument in template.resources or argument in template.parameters
        )
    if function == "Fn::GetAtt" and is_list(argument) and len(argument) == 2:  # noqa: PLR2004
        name, attribute = argument
        resource = template.resources.get(name) if isinstance(name, str) else None
        known = _ATTRIBUTES.get(resource["Type"]) if resource is not None else ()
        return resource is not None and (known is None or attribute in known)
    return False


def _references(node: Any, place: Path, depth: int) -> Iterator[_Reference]:  # noqa: ANN401 - JSON
    if depth > MAX_DEPTH:
        return
    if is_list(node):
        for index, item in enumerate(node):
            yield from _references(item, (*place, index), depth + 1)
        return
    if not is_mapping(node):
        return
    for key, value in node.items():
        at = (*place, key)
        if str(key).startswith(_EXPANDED):
            continue
        if key == "Ref" and isinstance(value, str):
            yield value, None, at
        elif key == "Fn::GetAtt":
            yield from _attribute(value, at)
        elif key == "Fn::Sub":
            yield from _variables(value, at)
        yield from _references(value, at, depth + 1)


def _attribute(argument: Any, place: Path) -> Iterator[_Reference]:  # noqa: ANN401 - JSON
    if isinstance(argument, str):
        argument = list(argument.partition(".")[::2])
    if is_list(argument) and len(argument) == 2 and isinstance(argument[0], str):  # noqa: PLR2004
        name, attribute = argument
        if isinstance(attribute, str):
            yield name, attribute, place
        else:
            yield name, None, place


def _variables(argument: Any, place: Path) -> Iterator[_Reference]:  # noqa: ANN401 - JSON
    text, values = argument, {}
    if is_list(argument) and len(argument) == 2 and is_mapping(argument[1]):  # noqa: PLR2004
        text, values = argument
    if isinstance(text, str):
        for match in SUB_VARIABLE.finditer(text):
            variable = match[1].strip()
            if variable in values or variable.startswith("!") or not variable:
                continue
            name, dot, attribute = variable.partition(".")
            yield name, attribute if dot else None, place


def _reference_finding(
    template: Template, name: str, attribute: str | None
) -> tuple[Diagnostic, Violation] | None:
    if name in template.resources:
        known = _ATTRIBUTES.get(template.resources[name]["Type"])
        if attribute is None or known is None or attribute in known:
            return None
        if attribute.startswith("Specifications."):  # with the index of one of several
            return None
        near = get_close_matches(attribute.rpartition(".")[2], known, 1)
        return UNKNOWN_ATTRIBUTE, Violation(
            path=(),
            got=Words(f"{name}.{attribute}"),
            sentence=f"{name} has no attribute {attribute}, because "
            f"{template.resources[name]['Type']} does not have it; the deployment fails",
            fix=f"Did you mean {near[0]}?" if near else f"Use {' or '.join(known[:2])}.",
        )
    if not _declares_all_names(template) or name.startswith("AWS::"):
        return None
    if name in template.parameters or _is_declared_otherwise(template, name):
        return None
    near = get_close_matches(name, [*template.resources, *template.parameters], 1)
    return UNKNOWN_REFERENCE, Violation(
        path=(),
        got=Words(name),
        sentence=f"the template has no resource or parameter {name}; the deployment fails",
        fix=f"Did you mean {near[0]}?" if near else "Declare the name, or remove the reference.",
    )


def _declares_all_names(template: Template) -> bool:
    """Return whether no transform, loop or include adds names to the template."""
    given = template.input.template
    return template.is_complete and "Transform" not in given


def _is_declared_otherwise(template: Template, name: str) -> bool:
    """Return whether the name is of an entry without a known type, or of a module's resource."""
    declared = template.section("Resources")
    parts = [name[:length] for length in range(1, len(name) + 1)]
    return any(
        each in declared
        and (
            each == name
            or (is_mapping(declared[each]) and str(declared[each].get("Type")).endswith("MODULE"))
        )
        for each in parts
    ) or any(str(each).startswith("Fn::") for each in template.section("Parameters"))
