"""Validation at synth: one validation for each stage, which checks the stage's constructs.

One validation for each construct would cost one call into Node each. CDK's walk through a stage
does not enter nested stages, so each stage has its own validation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import attrs
import aws_cdk as cdk
import jsii
from constructs import Construct, IConstruct, IValidation

from cdk_epc._records import Record
from cdk_epc.constructs.cli_report import CliReport
from cdk_epc.constructs.duck_typing import construct_path, known_scope, node_of
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.repeated_names import FixedNames
from cdk_epc.rules import Finding, Profile, Severity, acknowledgements
from cdk_epc.spec.fields import Path

if TYPE_CHECKING:
    from cdk_epc.constructs.checked_resource import CheckedResource

CONTEXT_KEY: Final = "cdk-epc:profile"
"""Key of the profile in the context of an app."""

_PROFILES: Final[WeakKeyDictionary[IConstruct, Profile]] = WeakKeyDictionary()


def profile_of(root: IConstruct) -> Profile:
    """Return the profile in the context of an app, which is read once.

    Raises:
        ValueError: The context names a profile that does not exist.
    """
    profile = _PROFILES.get(root)
    if profile is None:
        given = node_of(root).try_get_context(CONTEXT_KEY)
        profile = (
            Profile.DEFAULT
            if given is None
            else profile_named(given, f"the context value {CONTEXT_KEY}")
        )
        _PROFILES[root] = profile
    return profile


def profile_named(given: Any, source: str) -> Profile:  # noqa: ANN401 - checked here
    """Return the profile of this name; a `Profile` is returned unchanged.

    Args:
        given: The profile or its name.
        source: The argument or context value, for the error.

    Raises:
        ValueError: No profile has this name.
    """
    if isinstance(given, str) and given in set(Profile):
        return Profile(given)
    names = " or ".join(repr(str(each)) for each in Profile)
    raise ValueError(f"{source} is {given!r}; must be {names}. Correct it or remove it.")


@jsii.implements(IValidation)
class StageValidation:
    """Validation of one stage.

    Attributes:
        root: The stage's app.
        profile: Profile of the app.
        constructs: Constructs that are checked at synth.
        reported: Findings that were added to their constructs as annotations.
    """

    _by_scope: Final[WeakKeyDictionary[IConstruct, StageValidation]] = WeakKeyDictionary()

    def __init__(self, root: IConstruct) -> None:
        """Create the validation of a stage without constructs."""
        self.root = root
        self.profile = profile_of(root)
        self.constructs: list[CheckedResource[Any, Any]] = []
        self.reported: list[Finding] = []
        self._names = FixedNames.of(root)
        self._cli = CliReport.of(root)
        self._annotated: set[tuple[Construct, str]] = set()

    @classmethod
    def of(cls, scope: Construct) -> StageValidation:
        """Return the validation of the stage that contains a scope."""
        validation = cls._by_scope.get(scope)
        if validation is None and (outer := known_scope(scope)) is not None:
            return cls.of(outer)
        if validation is None:
            stage = cdk.Stage.of(scope) or scope.node.root
            validation = cls._by_scope.get(stage)
            if validation is None:
                root = stage if isinstance(stage, cdk.App) else stage.node.root
                validation = cls._by_scope[stage] = cls(root)
                node_of(stage).add_validation(validation)
            cls._by_scope[scope] = validation
        return validation

    @classmethod
    def all_of(cls, root: IConstruct) -> Iterator[StageValidation]:
        """Yield the validations of all stages of an app."""
        for validation in dict.fromkeys(cls._by_scope.values()):
            if validation.root is root:
                yield validation

    def profile_of(self, given: Profile | None) -> Profile:
        """Return the profile that a construct was given, or else the profile of the app.

        Raises:
            ValueError: No profile has this name.
        """
        return self.profile if given is None else profile_named(given, "profile")

    def add(self, construct: CheckedResource[Any, Any]) -> None:
        """Check a construct at synth."""
        self.constructs.append(construct)
        self._names.add(construct)

    def acknowledged(self) -> Iterator[tuple[str, str]]:
        """Yield construct path and rule id of each acknowledgement."""
        for construct in self.constructs:
            if reasons := internals_of(construct).state.acknowledgements.reasons:
                path = construct.node.path
                yield from ((path, id_) for id_ in reasons)

    def validate(self) -> list[str]:
        """Return the errors of all constructs, and add other findings to their constructs.

        If the CDK CLI shows all errors of the app, errors are added to their constructs as well.
        """
        if self._cli.is_read:
            for construct in self.constructs:
                self._cli.trace(construct, internals_of(construct).state.created_at)
        errors: list[str] = []
        for each, finding in self._findings():
            text = str(finding)
            if finding.severity is Severity.ERROR and not self._cli.collects_errors:
                errors.append(text)
            elif (each, text) not in self._annotated:
                self._annotated.add((each, text))
                self.reported.append(finding)
                self._cli.annotate(each, finding)
        return errors

    def _findings(self) -> Iterator[tuple[Construct, Finding]]:
        """Yield the collected errors of calls and the findings at synth, with their constructs."""
        yield from self._cli.collected()
        if self._cli.is_unfinished:
            return
        for construct in self.constructs:
            for finding in construct.findings_at_synth():
                yield construct, finding


_ABOUT_ACKNOWLEDGEMENTS: Final = frozenset(each.id for each in acknowledgements.INPUT_ERRORS)
_RESOURCE: Final = "/Resource"
_PROPERTIES: Final = 3
"""Number of steps from the top of a template to a resource's properties."""


def key_in_construct(finding: Finding, path: str) -> tuple[str, str, Path]:
    """Return path, rule id and place that the same finding has if its construct reports it.

    Args:
        finding: Finding of a template.
        path: Construct path of the resource.
    """
    return path.removesuffix(_RESOURCE), finding.rule_id, finding.place[_PROPERTIES:]


@attrs.frozen(eq=False, repr=False)
class ReportedFindings(Record):
    """Findings that the constructs of an app report themselves, so that the validator skips them.

    Attributes:
        annotated: Construct path, rule id and place of each finding among the annotations.
        acknowledged: Construct path and rule id of each acknowledgement. The construct reports
            the findings about it, because only the construct knows its custom rules.
        constructs: Paths of the constructs of this library.
    """

    annotated: frozenset[tuple[str, str, Path]]
    acknowledged: frozenset[tuple[str, str]]
    constructs: frozenset[str]

    @classmethod
    def of(cls, root: IConstruct) -> ReportedFindings:
        """Return the findings that the constructs of an app have reported."""
        validations = list(StageValidation.all_of(root))
        return cls(
            frozenset(
                (finding.resource or "", finding.rule_id, finding.place)
                for validation in validations
                for finding in validation.reported
            ),
            frozenset(pair for validation in validations for pair in validation.acknowledged()),
            frozenset(
                construct_path(construct)
                for validation in validations
                for construct in validation.constructs
            ),
        )

    def construct_of(self, path: str) -> str:
        """Return the path of the construct of this library whose L1 has a path, or else the path.

        The construct has the line that created it in CDK's report.
        """
        construct = path.removesuffix(_RESOURCE)
        return construct if construct in self.constructs else path

    def contains(self, finding: Finding, path: str) -> bool:
        """Return whether the construct at a path, or of its L1, has reported a finding."""
        construct, _, _ = key = key_in_construct(finding, path)
        if finding.rule_id in _ABOUT_ACKNOWLEDGEMENTS:
            return any(
                at == construct and finding.path.endswith(f"[{id_!r}]")
                for at, id_ in self.acknowledged
            )
        return key in self.annotated
