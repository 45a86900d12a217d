"""State of a resource: its spec, the calls that supplied it, and its acknowledgements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, NoReturn, TypeVar, cast

import attrs

from cdk_epc.constructs.acknowledgements import Acknowledgements, with_call_site
from cdk_epc.constructs.call_sites import (
    CallSite,
    SuppliedPart,
    find_supplied_part,
    label_of,
    python_label,
)
from cdk_epc.constructs.cli_report import refuse
from cdk_epc.constructs.errors import finding_of
from cdk_epc.constructs.resource_type import ResourceType
from cdk_epc.constructs.rule_phases import (
    RulePhases,
    built_in_diagnostics,
    built_in_phases,
    checked_custom_rules,
    repeated_id,
)
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.values import ArgumentTypeError, Value, check_type, convert_value
from cdk_epc.rules import (
    EndpointConfigError,
    Finding,
    Profile,
    Rule,
    Violation,
    evaluate,
)
from cdk_epc.rules.app_names import NAME_REPEATED
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, RULE_ID_TAKEN
from cdk_epc.rules.evaluation import RuleList
from cdk_epc.rules.report import Report
from cdk_epc.rules.rule import Diagnostic
from cdk_epc.spec import Spec
from cdk_epc.spec.context import Subject
from cdk_epc.spec.fields import with_members
from cdk_epc.spec.unresolved import is_list, is_mapping, is_unresolved

S = TypeVar("S", bound=Spec)


class ResourceState(Generic[S]):
    """State of a resource that calls change step by step.

    A call that causes an error which no later call can fix is refused, and changes nothing. All
    other rules run at synth. The eager rules do not run there again: they have accepted the same
    frozen spec already.

    Attributes:
        resource_type: Type of the resource.
        spec: Spec of the resource.
        supplied_parts: Parts of the spec, each with the call that supplied it.
        scope: Scope of the construct.
        created_at: Call of the constructor.
        acknowledgements: Acknowledgements of the resource.
        custom_rules: Rules that the caller added to the built-in ones.
        context: Function that returns the resource with its related resources; ``None`` while
            they are not known.
        context_at_call: Function that returns the same for the spec and the supplied parts after a
            call, as far as the call can know them.
        repeated_name: Function that returns the violation of a name that an earlier resource of
            the app has.
    """

    def __init__(
        self,
        resource_type: ResourceType[S],
        construct_scope: ConstructScope,
        rules: Iterable[Rule],
        site: CallSite | None,
        profile: Profile = Profile.DEFAULT,
    ) -> None:
        """Create the state of an empty resource.

        Args:
            resource_type: Type of the resource.
            construct_scope: Scope of the construct.
            rules: Custom rules.
            site: Call of the constructor.
            profile: Severities of the rules.

        Raises:
            EndpointConfigError: A custom rule has the id of another rule.
        """
        self.resource_type = resource_type
        self.spec = resource_type.empty
        self.supplied_parts: tuple[SuppliedPart, ...] = ()
        self.scope = construct_scope
        self.context: Callable[[], Subject | None] = _unknown
        self.context_at_call: Callable[[S, Sequence[SuppliedPart]], Subject | None] = _unknown
        self.repeated_name: Callable[[], Violation | None] = _unknown
        self.created_at = site
        # A missing value is reported with the line of the constructor if no method can add it.
        self._site = site if resource_type.is_complete_at_construction else None
        self.custom_rules: tuple[Rule, ...] = ()
        self._rules = built_in_phases(profile, resource_type)
        if rules != ():
            self.custom_rules = custom = self.convert(
                SuppliedPart((), "rules", rules, site), checked_custom_rules
            )
            if (violation := repeated_id(custom)) is not None:
                self.raise_call_error(RULE_ID_TAKEN, violation, "rules", site)
            self._rules += RulePhases.of(profile.apply(custom), resource_type)
        self._acknowledged_eager: set[str] = set()  # ids of eager rules with acknowledged findings
        applied = profile.apply(self.custom_rules)
        self.acknowledgements = Acknowledgements(lambda: (*built_in_diagnostics(profile), *applied))

    def acknowledge(self, given: Mapping[str, str] | None, site: CallSite | None) -> None:
        """Acknowledge the findings of rules.

        Args:
            given: Reasons by rule id.
            site: The call.

        Raises:
            EndpointConfigError: An id is unknown, a rule cannot be acknowledged, or a reason is
                empty.
        """
        if given is None:
            return
        if not is_mapping(given):
            violation = Violation(
                path=(),
                got=given,
                must="be a mapping of rule ids to reasons",
                fix='Write {"rule-id": "why its findings may stay"}.',
            )
            self.raise_call_error(ARGUMENT_TYPE, violation, "acknowledge", site)
        if wrong := self.acknowledgements.add(given, site):
            path = self.scope.path
            refuse(self.scope, [with_call_site(each, path, site) for each in wrong])

    def update(self, supplied_parts: Sequence[SuppliedPart], **changes: Any) -> None:  # noqa: ANN401 - by member
        """Change members of the spec.

        Args:
            supplied_parts: The parts that the call supplies.
            **changes: New values of the spec's members.

        Raises:
            EndpointConfigError: SageMaker would refuse the resource, and no later call can
                change that.
        """
        if not changes and not self.resource_type.is_complete_at_construction:
            return  # an empty constructor; methods will follow
        spec = with_members(self.spec, changes)
        every = (*self.supplied_parts, *supplied_parts)
        errors = list(self._findings(spec, spec, every, self._rules.eager))
        if supplied_parts:
            errors += self._findings_in_context(spec, every)
        self._raise_unacknowledged(errors)
        self.spec, self.supplied_parts = spec, every

    def check_at_call(self) -> None:
        """Run the eager rules on the resource with its related resources again.

        Raises:
            EndpointConfigError: A resource that was created since the last call causes an error.
        """
        self._raise_unacknowledged(list(self._findings_in_context(self.spec, self.supplied_parts)))

    def _findings_in_context(
        self, spec: S, supplied_parts: Sequence[SuppliedPart]
    ) -> Iterator[Finding]:
        """Yield the findings of the eager rules on the resource with its related resources."""
        rules = self._rules.eager_in_context
        context = self.context_at_call(spec, supplied_parts) if rules else None
        if context is not None:
            yield from self._findings(context, spec, supplied_parts, rules)

    def apply_arguments(self, given: Mapping[str, object], site: CallSite | None) -> None:
        """Set members of the spec from the constructor's arguments.

        Args:
            given: Argument of each member; ``None`` if it was not given.
            site: Call of the constructor.

        Raises:
            EndpointConfigError: SageMaker would refuse the resource, and no later call can
                change that.
        """
        supplied_parts: list[SuppliedPart] = []
        changes: dict[str, Any] = {}
        for member, member_value in given.items():
            if member_value is None:
                continue
            name = self.resource_type.arguments[member]
            is_split = member in self.resource_type.list_members
            if is_split and is_list(member_value) and not is_unresolved(member_value):
                items = [
                    SuppliedPart((member, index), f"{name}[{index}]", item, site)
                    for index, item in enumerate(member_value)
                ]
                if items:
                    supplied_parts += items
                    changes[member] = tuple(self.convert(each) for each in items)
            else:
                spread = isinstance(member_value, Value) and member_value.IS_SPREAD
                part = SuppliedPart((member,), name, member_value, site, spread)
                converter = self.resource_type.converters.get(member, convert_value)
                supplied_parts.append(part)
                changes[member] = self.convert(part, converter)
        self.update(supplied_parts, **changes)

    def check_in_context(
        self,
        subject: Subject,
        argument: str,
        site: CallSite | None,
        supplied_parts: Sequence[SuppliedPart] = (),
        *,
        is_new: bool = False,
    ) -> None:
        """Run the rules on the resource and the related resources that a call would lead to.

        The rules run at synth again, so that no finding is lost.

        Args:
            subject: The resource with its related resources after the call.
            argument: The argument or call, as the caller wrote it.
            site: The call.
            supplied_parts: Parts of the resource that the call supplies.
            is_new: Whether the call creates the resource, so that it causes all errors. Custom
                rules then run at synth only, when all related resources are known.

        Raises:
            EndpointConfigError: The call causes an error that is not acknowledged.
        """
        later = {rule.id for rule in self.custom_rules} if is_new else set[str]()
        errors = self._rules.errors
        if later:
            errors = RuleList(rule for rule in errors if rule.id not in later)
        before = None if is_new else self.context()
        known = [] if before is None else list(evaluate(before, errors))
        new = [each for each in evaluate(subject, errors) if each not in known]
        self._raise_unacknowledged(
            [
                self._finding(
                    rule, violation, label_of(supplied_parts, violation.path, argument), site
                )
                for rule, violation in new
            ]
        )

    def report_at_synth(self) -> Report:
        """Return the findings that are reported at synth, and the acknowledged ones."""
        rules: Sequence[Rule] = self._rules.at_synth
        if self._acknowledged_eager:
            eager = [rule for rule in self._rules.eager if rule.id in self._acknowledged_eager]
            rules = (*eager, *rules)
        parts = self.supplied_parts
        found = [*self._findings(self.spec, self.spec, parts, rules)]
        if (context := self.context()) is not None:
            found += self._findings(context, self.spec, parts, rules)
        if (repeated := self.repeated_name()) is not None:
            found.append(self._located(NAME_REPEATED, repeated, self.spec, parts))
        return self._apply_acknowledgements(found)

    def convert(  # noqa: RET503 - every other way raises
        self, supplied_part: SuppliedPart, converter: Callable[[Any], Any] = convert_value
    ) -> Any:  # noqa: ANN401 - by converter
        """Return the value of a supplied part as the spec has it.

        Raises:
            EndpointConfigError: The part, or one of its arguments, has a wrong type.
        """
        try:
            converted = converter(supplied_part.value)
            if converter is convert_value:
                spec, given = self.resource_type.spec, supplied_part.value
                check_type(spec, supplied_part.path, given, converted)
        except ArgumentTypeError as caught:
            error = caught  # raised below, so that the new error has no context
        else:
            return converted
        argument = supplied_part.qualified(error.argument)
        violation = error.violation(supplied_part.path)
        self.raise_call_error(error.rule or ARGUMENT_TYPE, violation, argument, supplied_part.site)

    def refuse_call(
        self, diagnostic: Diagnostic, violation: Violation, argument: str, site: CallSite | None
    ) -> None:
        """Raise the error of a wrong call, or collect it so that the call has no effect.

        Args:
            diagnostic: The error of the call.
            violation: The violation.
            argument: The wrong argument, as the caller wrote it.
            site: The call.

        Raises:
            EndpointConfigError: Unless the errors are collected.
        """
        refuse(self.scope, [self._finding(diagnostic, violation, argument, site)])

    def raise_call_error(
        self, diagnostic: Diagnostic, violation: Violation, argument: str, site: CallSite | None
    ) -> NoReturn:
        """Raise the error of a wrong call that has no result to return.

        The arguments are those of `refuse_call`.
        """
        site = site or CallSite.current()
        raise EndpointConfigError([self._finding(diagnostic, violation, argument, site)])

    def _finding(
        self, rule: Diagnostic, violation: Violation, argument: str, site: CallSite | None
    ) -> Finding:
        of_type = self.resource_type
        path = self.scope.path
        return finding_of(rule, violation, argument, path, site, of_type.spec, of_type.arguments)

    def _raise_unacknowledged(self, errors: Sequence[Finding]) -> None:
        """Raise the errors that are acknowledged neither here nor on an enclosing scope."""
        if not errors:
            return
        acknowledged = {*self.acknowledgements.reasons, *self.scope.acknowledged()}
        if wrong := [each for each in errors if each.rule_id not in acknowledged]:
            refuse(self.scope, wrong)
        self._acknowledged_eager.update(
            each.rule_id for each in errors if each.rule_id in acknowledged
        )

    def _apply_acknowledgements(self, found: Sequence[Finding]) -> Report:
        if not found and not self.acknowledgements.reasons:
            return Report((), ())
        here = self.acknowledgements.apply(found, self.scope.path)
        outer: Mapping[str, str] = self.scope.acknowledged() if here.findings else {}
        return Report(
            findings=tuple(each for each in here.findings if each.rule_id not in outer),
            acknowledged=here.acknowledged
            + tuple(
                attrs.evolve(each, acknowledged=outer[each.rule_id])
                for each in here.findings
                if each.rule_id in outer
            ),
        )

    def _findings(
        self,
        subject: Spec | Subject,
        spec: Spec,
        supplied_parts: Sequence[SuppliedPart],
        rules: Sequence[Rule],
    ) -> Iterator[Finding]:
        for rule, violation in evaluate(cast("Subject", subject), rules):
            yield self._located(rule, violation, spec, supplied_parts)

    def _located(
        self,
        diagnostic: Diagnostic,
        violation: Violation,
        spec: Spec,
        supplied_parts: Sequence[SuppliedPart],
    ) -> Finding:
        """Return the finding of a violation at the call that supplied the value."""
        part = find_supplied_part(supplied_parts, violation.path) or (
            supplied_parts[-1] if supplied_parts else None
        )
        site = part.site if part else self._site
        arguments = self.resource_type.arguments
        label = python_label(spec, supplied_parts, violation.path, arguments)
        return self._finding(diagnostic, violation, label, site)


def _unknown(*_: object) -> None:
    """Return nothing, because the related resources are not known yet."""
