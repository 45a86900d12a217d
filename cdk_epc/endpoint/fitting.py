"""Grants that would allow nothing, or calls that SageMaker refuses, are refused themselves.

Nothing is refused of an endpoint of which the kind is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from cdk_epc.constructs.duck_typing import offers
from cdk_epc.constructs.errors import refuse
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, GRANT_UNFIT
from cdk_epc.rules.rule import Fault, Words
from cdk_epc.spec import Hosting
from cdk_epc.spec.unresolved import is_given, is_list, is_unknown

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Grant, IGrantable

    from cdk_epc.endpoint.base import EndpointBase

_KINDS: Final = {
    Hosting.REAL_TIME: "a real-time endpoint",
    Hosting.ASYNCHRONOUS: "an asynchronous endpoint",
    Hosting.SERVERLESS: "a serverless endpoint",
    Hosting.INFERENCE_COMPONENTS: "an endpoint with inference components",
}


def refuse_kind(endpoint: EndpointBase, call: str, *, is_async: bool) -> None:
    """Refuse a grant for the calls that an endpoint surely does not take.

    Raises:
        EndpointConfigError: It takes only the others.
    """
    hosting = endpoint.hosting
    if hosting is None or (hosting is Hosting.ASYNCHRONOUS) is is_async:
        return
    _refuse(
        endpoint,
        call,
        got=_KINDS[hosting],
        allowed="an asynchronous one" if is_async else "one that answers at once",
        fix=f"Call {'grant_invoke' if is_async else 'grant_invoke_async'} instead.",
    )


def refuse_elsewhere(endpoint: EndpointBase, call: str, grantee: IGrantable) -> None:
    """Refuse a grant to somebody of another account: no policy there opens an endpoint here.

    An endpoint has no policy of its own that could let them in, but for inference routers.

    Raises:
        EndpointConfigError: Both accounts are known, and they are two; or it is nobody.
    """
    principal = getattr(grantee, "grant_principal", None)
    if principal is None:
        _refuse(
            endpoint,
            call,
            got=f"{grantee!r} as grantee",
            allowed="somebody (IGrantable): a role, a user, a function",
            fix="Give the construct itself; of an ARN, iam.Role.from_role_arn makes one.",
        )
    theirs = getattr(principal, "principal_account", None)
    if is_given(theirs) and is_given(ours := endpoint.env.account) and theirs != ours:
        _refuse(
            endpoint,
            call,
            got=f"a caller of account {theirs}",
            allowed=f"one of the endpoint's own, {ours}",
            fix="Grant it to a role of this account, and let the caller assume that.",
        )


def refuse_in_vain(endpoint: EndpointBase, call: str, grant: Grant) -> None:
    """Refuse a grant that has come to nothing, for the principal has no policy to change.

    Raises:
        EndpointConfigError: It has.
    """
    if not grant.success:
        _refuse(
            endpoint,
            call,
            got="a principal that has no policy of its own, such as a service or an account",
            allowed="a role, a user, a group, or what has a role",
            fix="Grant it to the role that the caller runs with.",
        )


def refuse_models(endpoint: EndpointBase, models: object) -> None:
    """Refuse models to be named on an endpoint that surely has no several.

    Raises:
        EndpointConfigError: It has none, or these are no names.
    """
    words = "grant_invoke().target_models"
    _refuse_no_list(endpoint, words, models, '["company-a/*"]')
    if models is not None and endpoint.is_multi_model is False:
        _refuse(
            endpoint,
            words,
            got="an endpoint without a multi-model container",
            allowed="one with such a container, for no other call names a model",
            fix="Leave the models out.",
        )


def refuse_components(endpoint: EndpointBase, components: object) -> None:
    """Refuse components to be named on an endpoint that surely has none.

    Raises:
        EndpointConfigError: It has none, or this is no list, or one is of another endpoint.
    """
    words = "grant_invoke().components"
    _refuse_no_list(endpoint, words, components, "[component]")
    hosting = endpoint.hosting
    if components is None:
        return
    if hosting is not None and hosting is not Hosting.INFERENCE_COMPONENTS:
        _refuse(
            endpoint,
            words,
            got=_KINDS[hosting],
            allowed=_KINDS[Hosting.INFERENCE_COMPONENTS],
            fix="Leave the components out.",
        )
    for index, each in enumerate(components if is_list(components) else ()):
        if not isinstance(each, str) and not offers(each, "inference_component_ref"):
            fault = Fault(
                path=(),
                got=each,
                allowed="a component (IInferenceComponentRef), its name or its ARN",
                fix="Give the component construct itself.",
            )
            refuse(endpoint.node.path, ARGUMENT_TYPE, f"{words}[{index}]", fault)
        if getattr(each, "endpoint", None) not in {None, endpoint}:
            _refuse(
                endpoint,
                f"{words}[{index}]",
                got="a component of another endpoint",
                allowed="components of this one",
                fix="Grant on the endpoint that hosts it.",
            )


def refuse_place(endpoint: EndpointBase, place: object) -> NoReturn:
    """Refuse what is no place in S3.

    Raises:
        EndpointConfigError: Always.
    """
    fault = Fault(
        path=(),
        got=place,
        allowed="an S3Location or an S3 URI",
        fix='Write S3Location(bucket, "requests/") or "s3://bucket/requests/".',
    )
    refuse(endpoint.node.path, ARGUMENT_TYPE, "grant_invoke_async().input", fault)


def _refuse_no_list(endpoint: EndpointBase, words: str, given: object, example: str) -> None:
    if given is None or is_unknown(given) or (is_list(given) and given):
        return
    fault = Fault(
        path=(), got=given, allowed="a list with something in it", fix=f"Write {example}."
    )
    refuse(endpoint.node.path, ARGUMENT_TYPE, words, fault)


def _refuse(endpoint: EndpointBase, words: str, *, got: str, allowed: str, fix: str) -> NoReturn:
    fault = Fault(path=(), got=Words(got), allowed=allowed, fix=fix)
    refuse(endpoint.node.path, GRANT_UNFIT, words, fault)
