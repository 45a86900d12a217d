"""Rules at synth: one validation for each stage, which knows the stage's constructs of ours.

A validation of its own for each construct would cost a call into Node each; the walk that runs
validations does not go into nested stages, so there is one guard for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakKeyDictionary

import attrs
import aws_cdk as cdk
import jsii
from constructs import Construct, IConstruct, IValidation

from cdk_epc.constructs.scope import PREFIX
from cdk_epc.rules import Finding, Profile, Severity, acknowledgements
from cdk_epc.spec.fields import Path

if TYPE_CHECKING:
    from cdk_epc.constructs.checked_resource import CheckedResource


CONTEXT_KEY: Final = "cdk-epc:profile"

_BY_ROOT: Final[WeakKeyDictionary[IConstruct, Profile]] = WeakKeyDictionary()


def profile_of(root: IConstruct) -> Profile:
    """The profile that the context of an app names, asked for once.

    Raises:
        ValueError: It names none that there is.
    """
    profile = _BY_ROOT.get(root)
    if profile is None:
        given = root.node.try_get_context(CONTEXT_KEY)
        where = f"the context value {CONTEXT_KEY}"
        profile = Profile.DEFAULT if given is None else profile_named(given, where)
        _BY_ROOT[root] = profile
    return profile


def profile_named(given: Any, where: str) -> Profile:  # noqa: ANN401 - whatever was given
    """A profile, or the one of this name.

    Raises:
        ValueError: There is none of this name.
    """
    if isinstance(given, str) and given in set(Profile):
        return Profile(given)
    names = " or ".join(repr(str(each)) for each in Profile)
    raise ValueError(f"{where} is {given!r}; allowed: {names}; correct it, or leave it out")


@jsii.implements(IValidation)
class StageValidation:
    """The validation of one stage.

    Attributes:
        profile: The profile of the stage's app.
        told: The warnings that were left with their constructs.
    """

    _by_scope: Final[WeakKeyDictionary[IConstruct, StageValidation]] = WeakKeyDictionary()

    def __init__(self, root: IConstruct) -> None:
        """Make a guard of nothing yet, for a stage of this app."""
        self.profile = profile_of(root)
        self.reported: list[Finding] = []
        self._root = root
        self._constructs: list[CheckedResource[Any]] = []
        self._warned: set[tuple[CheckedResource[Any], str]] = set()

    @classmethod
    def of(cls, scope: Construct) -> StageValidation:
        """The guard of the stage that a scope is in."""
        guard = cls._by_scope.get(scope)
        if guard is None:
            stage = cdk.Stage.of(scope) or scope.node.root
            guard = cls._by_scope.get(stage)
            if guard is None:
                root = stage if isinstance(stage, cdk.App) else stage.node.root
                guard = cls._by_scope[stage] = cls(root)
                stage.node.add_validation(guard)
            cls._by_scope[scope] = guard
        return guard

    @classmethod
    def all_of(cls, root: IConstruct) -> Iterator[StageValidation]:
        """The guards of all stages of an app."""
        guards = dict.fromkeys(cls._by_scope.values())
        return (validation for validation in guards if validation._root is root)  # noqa: SLF001 - of this class

    def profile_of(self, given: Profile | None) -> Profile:
        """The profile that was given to a construct, or that of the app.

        Raises:
            ValueError: There is none of this name.
        """
        return self.profile if given is None else profile_named(given, "profile")

    @property
    def constructs(self) -> tuple[CheckedResource[Any], ...]:
        """The constructs of the stage."""
        return tuple(self._constructs)

    def add(self, construct: CheckedResource[Any]) -> None:
        """Check this construct at synth."""
        self._constructs.append(construct)

    def acknowledged(self) -> Iterator[tuple[str, str]]:
        """The paths of the constructs with the ids that are acknowledged on them."""
        for construct in self._constructs:
            if given := construct._state.acknowledgements.reasons:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
                path = construct.node.path
                yield from ((path, id_) for id_ in given)

    def validate(self) -> list[str]:
        """Every error of every construct; warnings are left with the constructs."""
        errors: list[str] = []
        for construct in self._constructs:
            for finding in construct.findings_at_synth():
                if finding.severity is Severity.ERROR:
                    errors.append(str(finding))
                elif (construct, text := str(finding)) not in self._warned:
                    self._warned.add((construct, text))
                    self.reported.append(finding)
                    cdk.Validations.of(cast("IConstruct", construct)).add_warning(
                        f"{PREFIX}{finding.rule_id}",
                        text.removeprefix(f"{finding.severity} "),
                    )
        return errors


_ABOUT: frozenset[str] = frozenset(each.id for each in acknowledgements.INPUT_ERRORS)
_RESOURCE = "/Resource"
_PROPERTIES = 3
"""How many steps of a place in a template lead to a resource's properties."""


@attrs.frozen
class ReportedFindings:
    """What the constructs of an app have said of themselves.

    Attributes:
        warnings: Construct path, rule id and place of each warning.
        acknowledged: Construct path and rule id of what is acknowledged; the construct has judged
            whether that is needed, and it knows rules of its own.
    """

    warnings: frozenset[tuple[str, str, Path]]
    acknowledged: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, root: IConstruct) -> ReportedFindings:
        """That of the constructs of this app."""
        guards = list(StageValidation.all_of(root))
        return cls(
            frozenset(
                (finding.resource or "", finding.rule_id, finding.place)
                for validation in guards
                for finding in validation.reported
            ),
            frozenset(pair for validation in guards for pair in validation.acknowledged()),
        )

    def has(self, finding: Finding, path: str) -> bool:
        """Whether a finding at a resource of this construct path has been told."""
        construct = path.removesuffix(_RESOURCE)
        if finding.rule_id in _ABOUT:
            return any(
                at == construct and finding.path.endswith(f"[{id_!r}]")
                for at, id_ in self.acknowledged
            )
        return (construct, finding.rule_id, finding.place[_PROPERTIES:]) in self.warnings
