"""What is acknowledged on resources of templates, and on the constructs above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from cdk_epc.rules import Finding, Violation
from cdk_epc.rules.acknowledgements import (
    INPUT_ERRORS,
    REASON,
    apply_acknowledgements,
)
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Diagnostic
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates.template import Template

_KEY: Final = "cdk-epc"
_GIVEN: Final = "acknowledge"
_DEFAULT_CHILD: Final = frozenset({"Resource", "Default"})
"""The ids by which CDK knows the one resource of a construct."""
_MISTAKES: Final = frozenset(rule.id for rule in INPUT_ERRORS)


@attrs.define(eq=False)
class AppAcknowledgements:
    """What is acknowledged on constructs of an app, and what it was needed for.

    Attributes:
        rules: Every rule, with the severities that apply.
        given: The reasons by rule id, by construct path.
        occurred: A finding of each rule that is broken at or below each path.
        own: The paths at which a resource has an acknowledgement itself, and how it is called; CDK
            is given the same for it, or for the construct that it is the one resource of.
    """

    rules: Mapping[str, Diagnostic]
    given: Mapping[str, Mapping[str, Any]]
    occurred: dict[str, dict[str, Finding]] = attrs.Factory(dict[str, dict[str, Finding]])
    own: set[tuple[str, str]] = attrs.Factory(set[tuple[str, str]])

    def sort(self, template: Template, logical_id: str, findings: Sequence[Finding]) -> Report:
        """Tell what is acknowledged of a resource, by itself or above it, from what is not."""
        own = _of_resource(template, logical_id, findings, self.rules)
        left, acknowledged = own.findings, own.acknowledged
        self._note_own(template, logical_id)
        for path in self._above(template, logical_id):
            self.occurred.setdefault(path, {}).update({each.rule_id: each for each in findings})
            above = apply_acknowledgements(left, self.given[path], self.rules.values(), _GIVEN)
            # What is wrong with acknowledgements themselves is said once, not for each resource.
            left = tuple(each for each in above.findings if not self._is_of(path, each))
            acknowledged += above.acknowledged
        return Report(left, acknowledged)

    def mistakes(self) -> Iterator[tuple[str, Finding]]:
        """The findings about acknowledgements on constructs, each with the construct's path."""
        for path, given in self.given.items():
            occurred = self.occurred.get(path, {}).values()
            for each in apply_acknowledgements(
                occurred, given, self.rules.values(), _GIVEN
            ).findings:
                if self._is_of(path, each) and (path, each.path) not in self.own:
                    yield path, attrs.evolve(each, resource=path)

    def _is_of(self, path: str, finding: Finding) -> bool:
        """Whether a finding is about the acknowledgements at a path."""
        written = (f"{_GIVEN}[{id_!r}]" for id_ in self.given[path])
        return finding.rule_id in _MISTAKES and finding.path in written

    def _above(self, template: Template, logical_id: str) -> Iterator[str]:
        """The paths with acknowledgements that hold for a resource, the nearest first."""
        path = _path(template, logical_id)
        if not self.given or path is None:
            return
        steps = path.split("/")
        for length in range(len(steps), -1, -1):  # the app's own path is empty
            if (above := "/".join(steps[:length])) in self.given:
                yield above

    def _note_own(self, template: Template, logical_id: str) -> None:
        path = _path(template, logical_id)
        if not self.given or path is None:
            return
        construct, _, last = path.rpartition("/")
        places = (path, construct) if last in _DEFAULT_CHILD else (path,)
        ours = template.resources[logical_id]["Metadata"].get(_KEY)
        given = ours.get(_GIVEN) if is_mapping(ours) else None
        if is_mapping(given):
            words = [f"{_GIVEN}[{str(id_)!r}]" for id_ in given]
            self.own.update((place, each) for place in places for each in words)


def _path(template: Template, logical_id: str) -> str | None:
    """The construct path of a resource, if its template has it."""
    metadata = template.resources[logical_id].get("Metadata")
    path = metadata.get("aws:cdk:path") if is_mapping(metadata) else None
    return path if isinstance(path, str) else None


def _of_resource(
    template: Template,
    logical_id: str,
    findings: Sequence[Finding],
    rules: Mapping[str, Diagnostic],
) -> Report:
    place: Path = ("Resources", logical_id, "Metadata")
    words, given = "Metadata", template.resources[logical_id].get("Metadata")
    for key in (_KEY, _GIVEN):
        if not is_mapping(given) or key not in given:
            break
        words, place, given = f"{words}.{key}", (*place, key), given[key]
    else:
        return _sorted(findings, given, rules, (words, logical_id, place))
    if place[-1] != _KEY or is_mapping(given):
        return Report(tuple(findings), ())
    return _sorted(findings, given, rules, (words, logical_id, place))


def _sorted(
    findings: Sequence[Finding],
    given: Any,  # noqa: ANN401 - JSON
    rules: Mapping[str, Diagnostic],
    at: tuple[str, str, Path],
) -> Report:
    """Sort findings out by what stands where the acknowledgements of a resource belong."""
    words, logical_id, place = at
    if not is_mapping(given):
        fix = 'Write {"acknowledge": {"rule-id": "why the finding may stay"}}.'
        violation = Violation(path=(), got=given, must="be reasons by the ids of rules", fix=fix)
        wrong = Finding.of(rules[REASON.id], violation, words)
        return Report((*findings, attrs.evolve(wrong, resource=logical_id, place=place)), ())
    by_text = {str(id_): reason for id_, reason in given.items()}
    result = apply_acknowledgements(findings, by_text, rules.values(), words)
    ids = {f"{words}[{id_!r}]": id_ for id_ in by_text}
    placed = (
        attrs.evolve(each, resource=logical_id, place=(*place, ids[each.path]))
        if each.rule_id in _MISTAKES
        else each
        for each in result.findings
    )
    return Report(tuple(placed), result.acknowledged)
