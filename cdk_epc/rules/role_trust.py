"""Rules on the identity of execution roles: trust policy, account and path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import Path
from cdk_epc.spec.context import ConfigContext, ModelContext
from cdk_epc.spec.role import SAGEMAKER
from cdk_epc.spec.unresolved import is_string

_ROLES: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
_PASSING: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
_PATH: Final[Path] = ("execution_role_arn",)
_ACCOUNT: Final = re.compile(r"arn:[^:]*:iam::(\d{12}):role/.+", re.ASCII)
# The console of SageMaker creates roles with such names, always below the path /service-role/.
_CONSOLE_ROLE: Final = re.compile(
    r"(arn:.+:role/)(AmazonSageMaker-ExecutionRole-\d{8}T\d{6})", re.ASCII
)


def _arn(subject: ModelContext | ConfigContext) -> str | None:
    """Return the ARN of the execution role, with ``*`` for unknown parts."""
    if isinstance(subject, ConfigContext):
        arn = subject.config.execution_role_arn
    else:
        arn = subject.texts.get(_PATH, subject.model.execution_role_arn)
    return arn if is_string(arn) else None


@rule(
    id="role-not-assumable",
    title="The trust policy of an execution role must allow SageMaker to assume it",
    why="CreateModel fails with: Could not assume role. Please ensure that the role exists and "
    "allows principal 'sagemaker.amazonaws.com' to assume the role.",
    fix=f"Allow sts:AssumeRole for the service {SAGEMAKER} in the trust policy of the role.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ROLES,
    about=(ModelContext, ConfigContext),
    requires=("execution_role",),
)
def role_not_assumable(subject: ModelContext | ConfigContext) -> Iterator[Violation]:
    role = subject.execution_role
    if role is None or role.may_be_assumed():
        return
    if isinstance(subject, ModelContext) and subject.earlier_models:
        return  # reported on the first model with the role
    services = sorted(role.trusted_services or ())
    trusted = " and ".join(services) or "no service"
    yield Violation(
        path=_PATH,
        got=Words(f"role {role.logical_id} for {trusted}"),
        sentence=f"role {role.logical_id} can be assumed by {trusted}; must allow {SAGEMAKER} to "
        "assume it",
        fix=f"Allow sts:AssumeRole for {SAGEMAKER} in the trust policy of {role.logical_id}.",
        python_fix=f'Create the role with iam.ServicePrincipal("{SAGEMAKER}").',
    )


@rule(
    id="role-account-mismatch",
    title="An execution role must be in the account of the deployment",
    why="A role can be passed only to services of its own account, so that CreateModel fails.",
    fix="Use a role of the account, which may assume the role of the other account.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PASSING,
    about=(ModelContext, ConfigContext),
    requires=("account",),
)
def role_account_mismatch(subject: ModelContext | ConfigContext) -> Iterator[Violation]:
    arn = _arn(subject)
    found = None if arn is None else _ACCOUNT.fullmatch(arn)
    if found is not None and subject.account not in (None, found[1]):
        yield Violation(
            path=_PATH,
            got=arn,
            must=f"be in account {subject.account}, to which the resource is deployed",
            fix=f"Use a role of account {subject.account}.",
        )


@rule(
    id="role-path-missing",
    title="The ARN of a role that the SageMaker console created should contain its path",
    why="The console creates such roles below the path /service-role/. Without the path, the ARN "
    "names no role, and CreateModel fails with: SageMaker was unable to assume the role.",
    fix="Write service-role/ before the name of the role.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ROLES,
    about=(ModelContext, ConfigContext),
    severity=Severity.WARNING,
)
def role_path_missing(subject: ModelContext | ConfigContext) -> Iterator[Violation]:
    # A role of the app may have such a name.
    arn = None if subject.execution_role is not None else _arn(subject)
    found = None if arn is None else _CONSOLE_ROLE.fullmatch(arn)
    if found is not None:
        yield Violation(
            path=_PATH,
            got=arn,
            must="contain the path service-role/ before the name, as the console creates it",
            fix=f"Write {found[1]}service-role/{found[2]}.",
        )


RULES: Final = (role_not_assumable, role_account_mismatch, role_path_missing)
