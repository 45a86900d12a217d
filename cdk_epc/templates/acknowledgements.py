"""Acknowledgements in templates: on resources, and on the constructs that contain them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from cdk_epc.rules import Finding, Violation
from cdk_epc.rules.acknowledgements import INPUT_ERRORS, REASON, apply_acknowledgements
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Diagnostic
from cdk_epc.spec.empty import new_dict, new_set
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates.template import Template

_KEY: Final = "cdk-epc"
_MEMBER: Final = "acknowledge"
_DEFAULT_CHILD: Final = frozenset({"Resource", "Default"})
"""Construct ids of a default child, the one resource of its construct."""
_ERROR_IDS: Final = frozenset(each.id for each in INPUT_ERRORS)


@attrs.define(eq=False)
class ConstructAcknowledgements:
    """Acknowledgements on the constructs of an app, and the findings at and below each.

    Attributes:
        rules: All rules by id, with the severities that apply.
        reasons: Reasons by construct path and rule id.
        occurring: A finding of each rule that is violated at or below a path, by path and rule id.
        of_resources: Path and name of each acknowledgement that a resource has itself. CDK stores
            the same one for the resource, or for the construct whose default child it is.
    """

    rules: Mapping[str, Diagnostic]
    reasons: Mapping[str, Mapping[str, Any]]
    occurring: dict[str, dict[str, Finding]] = attrs.Factory(new_dict)
    of_resources: set[tuple[str, str]] = attrs.Factory(new_set)

    def apply(self, template: Template, logical_id: str, findings: Sequence[Finding]) -> Report:
        """Separate the acknowledged findings of a resource from the others."""
        if not self.reasons and "Metadata" not in template.resources[logical_id]:
            return Report(tuple(findings))
        report = _apply_to_resource(template, logical_id, findings, self.rules)
        remaining, acknowledged = report.findings, report.acknowledged
        self._record(template, logical_id)
        for path in self._enclosing_paths(template, logical_id):
            self.occurring.setdefault(path, {}).update({each.rule_id: each for each in findings})
            above = apply_acknowledgements(
                remaining, self.reasons[path], self.rules.values(), _MEMBER, may_be_custom=True
            )
            # `errors` reports wrong acknowledgements once instead of once for each resource.
            remaining = tuple(each for each in above.findings if not self._is_error(path, each))
            acknowledged += above.acknowledged
        return Report(remaining, acknowledged)

    def errors(self) -> Iterator[tuple[str, Finding]]:
        """Yield the findings about the acknowledgements, each with the path of its construct."""
        for path, reasons in self.reasons.items():
            occurring = self.occurring.get(path, {}).values()
            report = apply_acknowledgements(
                occurring, reasons, self.rules.values(), _MEMBER, may_be_custom=True
            )
            for each in report.findings:
                if self._is_error(path, each) and (path, each.path) not in self.of_resources:
                    yield path, attrs.evolve(each, resource=path)

    def _is_error(self, path: str, finding: Finding) -> bool:
        """Return whether a finding is about the acknowledgements at a path."""
        names = (f"{_MEMBER}[{id_!r}]" for id_ in self.reasons[path])
        return finding.rule_id in _ERROR_IDS and finding.path in names

    def _enclosing_paths(self, template: Template, logical_id: str) -> Iterator[str]:
        """Yield the paths with acknowledgements that apply to a resource, the longest first."""
        path = _construct_path(template, logical_id)
        if not self.reasons or path is None:
            return
        ids = path.split("/")
        for length in range(len(ids), -1, -1):  # the path of the app is empty
            if (enclosing := "/".join(ids[:length])) in self.reasons:
                yield enclosing

    def _record(self, template: Template, logical_id: str) -> None:
        """Record the acknowledgements that a resource has itself."""
        path = _construct_path(template, logical_id)
        if not self.reasons or path is None:
            return
        construct, _, last = path.rpartition("/")
        paths = (path, construct) if last in _DEFAULT_CHILD else (path,)
        metadata = template.resources[logical_id]["Metadata"].get(_KEY)
        reasons = metadata.get(_MEMBER) if is_mapping(metadata) else None
        if is_mapping(reasons):
            names = [f"{_MEMBER}[{str(id_)!r}]" for id_ in reasons]
            self.of_resources.update((each, name) for each in paths for name in names)


def _construct_path(template: Template, logical_id: str) -> str | None:
    """Return the construct path that CDK writes into the metadata of a resource."""
    metadata = template.resources[logical_id].get("Metadata")
    path = metadata.get("aws:cdk:path") if is_mapping(metadata) else None
    return path if isinstance(path, str) else None


def _apply_to_resource(
    template: Template,
    logical_id: str,
    findings: Sequence[Finding],
    rules: Mapping[str, Diagnostic],
) -> Report:
    """Apply the acknowledgements in the metadata of a resource."""
    position: Path = (*template.place(logical_id), "Metadata")
    name, value = "Metadata", template.resources[logical_id].get("Metadata")
    for key in (_KEY, _MEMBER):
        if not is_mapping(value) or key not in value:
            if position[-1] == _KEY and not is_mapping(value):
                break  # a wrong type, which is reported
            return Report(tuple(findings), ())
        name, position, value = f"{name}.{key}", (*position, key), value[key]
    return _apply_value(findings, value, rules, (name, logical_id, position))


def _apply_value(
    findings: Sequence[Finding],
    value: Any,  # noqa: ANN401 - JSON
    rules: Mapping[str, Diagnostic],
    at: tuple[str, str, Path],
) -> Report:
    """Apply the value of the metadata.

    Args:
        findings: Findings of the resource.
        value: Reasons by rule id, or a value of a wrong type.
        rules: All rules by id.
        at: Name of the metadata member, logical id of the resource and position of the value.
    """
    name, logical_id, position = at
    if not is_mapping(value):
        violation = Violation(
            path=(),
            got=value,
            must="be a map of rule ids to reasons",
            fix='Write {"acknowledge": {"rule-id": "why the finding may stay"}}.',
        )
        error = Finding.of(rules[REASON.id], violation, name)
        return Report((*findings, attrs.evolve(error, resource=logical_id, place=position)), ())
    reasons = {str(id_): reason for id_, reason in value.items()}
    report = apply_acknowledgements(findings, reasons, rules.values(), name, may_be_custom=True)
    ids = {f"{name}[{id_!r}]": id_ for id_ in reasons}
    located = (
        attrs.evolve(each, resource=logical_id, place=(*position, ids[each.path]))
        if each.rule_id in _ERROR_IDS
        else each
        for each in report.findings
    )
    return Report(tuple(located), report.acknowledged)
