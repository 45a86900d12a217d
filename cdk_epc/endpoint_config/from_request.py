"""Conversion of API requests and descriptions to specs of configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from cdk_epc.constructs.acknowledgements import with_call_site
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.cli_report import refuse
from cdk_epc.constructs.errors import raise_call_error
from cdk_epc.constructs.rule_phases import built_in_phases
from cdk_epc.constructs.scope import ConstructScope
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.constructs.supplied_models import ModelReference
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.endpoint_config.base import CONFIG
from cdk_epc.requests import read_request
from cdk_epc.rules import Diagnostic, EndpointConfigError, Finding, Severity, Violation, evaluate
from cdk_epc.rules.call_errors import ARGUMENT_TYPE
from cdk_epc.spec import EndpointConfigSpec, InstancePool, ProductionVariant
from cdk_epc.spec.fields import aws_path, aws_steps
from cdk_epc.spec.input_values import require_tree
from cdk_epc.spec.unresolved import is_list, is_mapping

if TYPE_CHECKING:
    from cdk_epc.constructs.convert import ModelOrName


def with_models(
    spec: EndpointConfigSpec, models: Mapping[str, ModelOrName], construct: str
) -> EndpointConfigSpec:
    """Return a spec that refers to models in place of their names.

    Args:
        spec: Spec of the request.
        models: Model for each name in the request.
        construct: Path of the configuration.

    Raises:
        EndpointConfigError: The request does not have one of the names, or a value is no model.
    """
    used: set[str] = set()

    def reference(name: Any) -> Any:  # noqa: ANN401 - as the request has it
        if not isinstance(name, str) or name not in models:
            return name
        used.add(name)
        return _model_reference(models[name], f"models[{name!r}]", construct)

    def pool(given: Any) -> Any:  # noqa: ANN401 - as the request has it
        if not isinstance(given, InstancePool):
            return given
        return attrs.evolve(given, model_name_override=reference(given.model_name_override))

    def variant(given: Any) -> Any:  # noqa: ANN401 - as the request has it
        if not isinstance(given, ProductionVariant):
            return given
        pools = given.instance_pools
        return attrs.evolve(
            given,
            model_name=reference(given.model_name),
            instance_pools=tuple(map(pool, pools)) if is_list(pools) else pools,
        )

    changes: dict[str, Any] = {
        member: tuple(map(variant, variants))
        for member in ("production_variants", "shadow_production_variants")
        if is_list(variants := getattr(spec, member))
    }
    if unused := [name for name in models if name not in used]:
        violation = Violation(
            path=(),
            got=unused[0],
            sentence=f"models has {unused[0]!r}, which is the name of no model in the request",
            fix="Use the names in ModelName and ModelNameOverride of the request.",
        )
        raise_call_error(ARGUMENT_TYPE, violation, "models", construct=construct)
    return attrs.evolve(spec, **changes)


def _model_reference(model: ModelOrName, argument: str, construct: str) -> ModelReference:
    try:
        return ModelReference(model)
    except ArgumentTypeError as error:
        must, got, fix = f"be {error.allowed}", error.got, error.fix
    violation = Violation(path=(), got=got, must=must, fix=fix)
    return raise_call_error(ARGUMENT_TYPE, violation, argument, construct=construct)


def spec_of_request(
    request: object,
    construct_scope: ConstructScope,
    site: CallSite | None,
    options: Mapping[str, Any],
) -> EndpointConfigSpec:
    """Return the spec of a ``CreateEndpointConfig`` request or ``DescribeEndpointConfig`` response.

    Args:
        request: The request or the response.
        construct_scope: Scope and id of the future configuration.
        site: The call.
        options: Further arguments of the constructor.

    Raises:
        EndpointConfigError: SageMaker or CloudFormation would refuse the request. The paths of the
            findings use AWS's names.
        ValueError: The request contains itself, or too many values.
    """

    def finding(diagnostic: Diagnostic, violation: Violation) -> Finding:
        path = aws_path(violation.path, EndpointConfigSpec) or "request"
        found = Finding.of(diagnostic, violation, path)
        place = aws_steps(violation.path, EndpointConfigSpec)
        return attrs.evolve(with_call_site(found, construct_scope.path, site), place=place)

    if not is_mapping(request):
        violation = Violation(
            path=(), got=request, must="be a mapping", fix="Pass the request as a dict for boto3."
        )
        raise EndpointConfigError([finding(ARGUMENT_TYPE, violation)])
    require_tree(request, "the request")
    read = read_request(request)
    profile = StageValidation.of(construct_scope.construct).profile_of(options.get("profile"))
    # A construct cannot write a member that it does not know, so it would drop the member.
    errors: list[tuple[Diagnostic, Violation]] = [
        (attrs.evolve(each, severity=Severity.ERROR), violation)
        for each, violation in read.unknown_members
    ]
    if eager := list(evaluate(read.spec, built_in_phases(profile, CONFIG).eager)):
        reasons = options.get("acknowledge")
        acknowledged = {
            *(reasons if is_mapping(reasons) else ()),
            *construct_scope.acknowledged(),
        }
        errors += [(rule, violation) for rule, violation in eager if rule.id not in acknowledged]
    if errors:
        refuse(construct_scope, [finding(*each) for each in errors])
    return read.spec
