"""`EndpointGrants`: statements of each grant, and refused arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Environment, Size, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_sagemaker import CfnEndpoint
from kit.cdk import STRICT, new_stack, template_of
from kit.endpoints import IMAGE, caller, config_of, on_instances, refused, statements_of

from cdk_epc import (
    AsyncInference,
    ComponentContainer,
    ComputeRequirements,
    Container,
    ContainerImage,
    Endpoint,
    EndpointBase,
    EndpointConfig,
    EndpointGrants,
    EndpointKind,
    ExecutionRole,
    InferenceComponent,
    InferenceComponentVariant,
    InstanceType,
    Model,
    ModelData,
    S3Location,
    ServerlessVariant,
)

CALL = "sagemaker:InvokeEndpoint"
STREAM = "sagemaker:InvokeEndpointWithResponseStream"
ENDPOINT = {"Fn::GetAtt": ["EndpointEEF1FD8F", "EndpointArn"]}


def allow(actions: list[str] | str, resource: object, **conditions: Any) -> dict[str, Any]:
    statement = {"Action": actions, "Effect": "Allow", "Resource": resource}
    return {**statement, "Condition": conditions} if conditions else statement


def real_time(stack: Stack) -> Endpoint:
    return Endpoint(stack, "Endpoint", endpoint_config=config_of(stack))


def serverless(stack: Stack) -> Endpoint:
    size = Size.gibibytes(2)
    variant = ServerlessVariant("main", model="m", memory_size=size, max_concurrency=5)
    config = EndpointConfig(stack, "Config", production_variants=[variant])
    return Endpoint(stack, "Endpoint", endpoint_config=config)


def asynchronous(stack: Stack, **options: Any) -> Endpoint:
    queue = AsyncInference(output_path="s3://bucket/answers/", **options)
    config = EndpointConfig(
        stack, "Config", production_variants=[on_instances()], async_inference=queue
    )
    return Endpoint(stack, "Endpoint", endpoint_config=config)


def of_components(stack: Stack) -> Endpoint:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    variant = InferenceComponentVariant(
        "main", instance_type=InstanceType.ML_G5_2XLARGE, initial_instance_count=1
    )
    config = EndpointConfig(stack, "Config", production_variants=[variant], execution_role=role)
    return Endpoint(stack, "Endpoint", endpoint_config=config)


def of_models(stack: Stack, *, many: bool) -> Endpoint:
    bucket = s3.Bucket(stack, "Bucket")
    data = (
        ModelData.multi_model(S3Location(bucket, "models/"))
        if many
        else ModelData.from_s3(S3Location(bucket, "m.tar.gz"))
    )
    container = Container(image=ContainerImage.from_uri(IMAGE), model_data=data)
    model = Model(stack, "Model", container=container)
    config = EndpointConfig(stack, "Config", production_variants=[on_instances(model=model)])
    return Endpoint(stack, "Endpoint", endpoint_config=config)


def component(endpoint: Endpoint, name: str) -> InferenceComponent:
    return InferenceComponent(
        endpoint.stack,
        name,
        endpoint=endpoint,
        container=ComponentContainer(image=ContainerImage.from_uri(IMAGE)),
        compute=ComputeRequirements(min_memory=Size.gibibytes(2), accelerators=1),
    )


def arn_of(component: InferenceComponent) -> Any:
    return Stack.of(component).resolve(component.inference_component_arn)


@pytest.mark.parametrize("make", [real_time, serverless])
def test_requests_and_streamed_responses(make: Callable[[Stack], Endpoint]) -> None:
    stack = new_stack()
    grant = make(stack).grant_invoke(caller(stack))
    assert grant.success
    assert statements_of(stack, "Caller") == [allow([CALL, STREAM], ENDPOINT)]


def test_grant_on_a_named_endpoint_refers_to_its_arn() -> None:
    """CloudFormation returns the ARN in lower case, as SageMaker writes it."""
    stack = new_stack()
    it = Endpoint(stack, "Endpoint", endpoint_config=config_of(stack), endpoint_name="Fraud")
    it.grant_invoke(caller(stack))
    assert statements_of(stack, "Caller") == [allow([CALL, STREAM], ENDPOINT)]


def test_target_models_of_a_multi_model_endpoint() -> None:
    """A request with a streamed response cannot name a model."""
    stack = new_stack()
    it = of_models(stack, many=True)
    assert it.is_multi_model is True
    it.grant_invoke(caller(stack), target_models=["a.tar.gz", "b.tar.gz"])
    it.grant_invoke(caller_of(stack, "Other"), target_models=["company-a/*"])
    equals = {"sagemaker:TargetModel": ["a.tar.gz", "b.tar.gz"]}
    assert statements_of(stack, "Caller") == [allow(CALL, ENDPOINT, StringEquals=equals)]
    like = {"sagemaker:TargetModel": ["company-a/*"]}
    assert statements_of(stack, "Other") == [allow(CALL, ENDPOINT, StringLike=like)]


def caller_of(stack: Stack, name: str) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def test_components_by_construct_name_and_arn() -> None:
    stack = new_stack()
    it = of_components(stack)
    chat = component(it, "Chat")
    name = CfnParameter(stack, "Name").value_as_string
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:inference-component/x"
    it.grant_invoke(caller(stack), components=[chat, "Embed", arn, f"{name}-x"])
    here = ["arn:", {"Ref": "AWS::Partition"}, ":sagemaker:", {"Ref": "AWS::Region"}, ":"]
    here = [*here, {"Ref": "AWS::AccountId"}]
    embed = {"Fn::Join": ["", [*here, ":inference-component/embed"]]}
    of_token = {"Fn::Join": ["", [*here, ":inference-component/", {"Ref": "Name"}, "-x"]]}
    assert statements_of(stack, "Caller") == [
        allow([CALL, STREAM], [ENDPOINT, arn_of(chat), embed, arn, of_token])
    ]


def test_token_of_a_component_is_an_arn() -> None:
    stack = new_stack()
    it = of_components(stack)
    chat = component(it, "Chat")
    it.grant_invoke(caller(stack), components=[chat.inference_component_arn])
    assert statements_of(stack, "Caller") == [allow([CALL, STREAM], [ENDPOINT, arn_of(chat)])]


def test_grant_on_all_components_includes_later_ones() -> None:
    stack = new_stack()
    it = of_components(stack)
    chat = component(it, "Chat")
    it.grant_invoke(caller(stack))
    embed = component(it, "Embed")
    assert statements_of(stack, "Caller") == [
        allow([CALL, STREAM], [ENDPOINT, arn_of(chat)]),
        allow([CALL, STREAM], arn_of(embed)),
    ]


def test_grant_on_one_component_excludes_later_ones() -> None:
    stack = new_stack()
    it = of_components(stack)
    chat = component(it, "Chat")
    it.grant_invoke(caller(stack), components=[chat])
    component(it, "Embed")
    assert statements_of(stack, "Caller") == [allow([CALL, STREAM], [ENDPOINT, arn_of(chat)])]


def test_asynchronous_requests_and_uploads_to_s3() -> None:
    stack = new_stack()
    bucket = s3.Bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"))
    it = asynchronous(stack, input_path=S3Location(bucket, "requests/"))
    it.grant_invoke_async(caller(stack))
    objects = {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket83908E77", "Arn"]}, "/requests/*"]]}
    assert statements_of(stack, "Caller") == [
        allow(["s3:AbortMultipartUpload", "s3:PutObject"], objects),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], {"Fn::GetAtt": ["Key961B73FD", "Arn"]}),
        allow("sagemaker:InvokeEndpointAsync", ENDPOINT),
    ]


def test_uploads_by_the_execution_role_of_another_stack() -> None:
    app = App(analytics_reporting=False, context=STRICT)
    roles, stack = new_stack("Roles", app), new_stack("Serving", app)
    role, bucket = ExecutionRole(roles, "Role"), s3.Bucket(stack, "Bucket")
    model = Model(stack, "Model", container=Container(image=IMAGE), execution_role=role)
    config = EndpointConfig(stack, "Config", production_variants=[on_instances(model=model)])
    config.enable_async_inference(
        output_path="s3://bucket/answers/", input_path=S3Location(bucket, "requests/")
    )
    Endpoint(stack, "Endpoint", endpoint_config=config).grant_invoke_async(role)
    actions = [each["Action"] for each in statements_of(stack, "EndpointAccess")]
    assert actions == [
        ["s3:AbortMultipartUpload", "s3:PutObject"],
        "sagemaker:InvokeEndpointAsync",
    ]


def test_uploads_to_another_location() -> None:
    stack = new_stack()
    bucket = s3.Bucket(stack, "Bucket")
    it = asynchronous(stack, input_path=S3Location(bucket, "requests/"))
    it.grant_invoke_async(caller(stack), input="s3://other/requests")
    objects = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::other/requests/*"]]}
    assert statements_of(stack, "Caller")[0]["Resource"] == objects


def test_asynchronous_requests_without_input_location() -> None:
    stack = new_stack()
    it = asynchronous(stack)
    assert it.async_input is None
    it.grant_invoke_async(caller(stack))
    assert statements_of(stack, "Caller") == [allow("sagemaker:InvokeEndpointAsync", ENDPOINT)]


def test_kind_of_an_endpoint_without_variants_is_unknown() -> None:
    stack = new_stack()
    it = Endpoint(stack, "Endpoint", endpoint_config=EndpointConfig(stack, "Config"))
    assert (it.endpoint_kind, it.is_multi_model) == (None, None)
    it.grant_invoke(caller(stack), target_models=["a"])


@pytest.mark.parametrize(("many", "known"), [(True, True), (False, False)])
def test_multi_model_container_is_detected(*, many: bool, known: bool) -> None:
    assert of_models(new_stack(), many=many).is_multi_model is known


@pytest.mark.parametrize(
    ("make", "known"), [(real_time, None), (of_components, False), (serverless, None)]
)
def test_unknown_model_may_be_multi_model(make: Callable[[Stack], Endpoint], known: object) -> None:
    assert make(new_stack()).is_multi_model is known


def imported(kind: EndpointKind) -> Callable[[Stack], EndpointBase]:
    return lambda stack: Endpoint.from_endpoint_attributes(
        stack, "Endpoint", endpoint_name="fraud", endpoint_kind=kind
    )


ASYNC = (
    "error grant-not-supported: grant_invoke_async() is for asynchronous endpoints; endpoint "
    "Endpoint is {}"
)
NO_LIST = (
    "error argument-type-wrong: {} of grant_invoke() is {}; must be a list with one item or more"
)


def call(**options: Any) -> Callable[[EndpointBase, iam.Role], object]:
    return lambda endpoint, role: endpoint.grant_invoke(role, **options)


def call_async(**options: Any) -> Callable[[EndpointBase, iam.Role], object]:
    return lambda endpoint, role: endpoint.grant_invoke_async(role, **options)


REFUSED: dict[str, tuple[Callable[[Stack], EndpointBase], Any, str]] = {
    "async of real-time": (real_time, call_async(), ASYNC.format("real-time")),
    "async of serverless": (serverless, call_async(), ASYNC.format("serverless")),
    "async of components": (
        of_components,
        call_async(),
        ASYNC.format("for inference components"),
    ),
    "async of imported": (
        imported(EndpointKind.REAL_TIME),
        call_async(),
        ASYNC.format("real-time"),
    ),
    "a synchronous call of asynchronous": (
        asynchronous,
        call(),
        (
            "error grant-not-supported: grant_invoke() is for endpoints with synchronous "
            "responses; endpoint Endpoint is asynchronous"
        ),
    ),
    "components of real-time": (
        real_time,
        call(components=["chat"]),
        (
            "error grant-not-supported: components of grant_invoke() is not allowed because the "
            "endpoint is real-time"
        ),
    ),
    "target models without multi-model container": (
        lambda stack: of_models(stack, many=False),
        call(target_models=["a"]),
        (
            "error grant-not-supported: target_models of grant_invoke() is not allowed because the "
            "endpoint has no multi-model container"
        ),
    ),
    "target models without a list": (
        real_time,
        call(target_models="a"),
        NO_LIST.format("target_models", "'a'"),
    ),
    "empty target models": (
        real_time,
        call(target_models=[]),
        NO_LIST.format("target_models", "empty"),
    ),
    "components without a list": (
        of_components,
        call(components="chat"),
        NO_LIST.format("components", "'chat'"),
    ),
    "empty components": (of_components, call(components=[]), NO_LIST.format("components", "empty")),
    "a wrong component": (
        of_components,
        call(components=["chat", 7]),
        (
            "error argument-type-wrong: components[1] of grant_invoke() is 7; must be an "
            "IInferenceComponentRef, or the name or ARN of one inference component, without "
            "wildcards"
        ),
    ),
    "a wrong input": (
        asynchronous,
        call_async(input="bucket/requests"),
        (
            "error argument-type-wrong: input of grant_invoke_async() is 'bucket/requests'; must "
            "be an S3Location or an S3 URI"
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    make, grant, message = REFUSED[case]
    stack = new_stack()
    endpoint, role = make(stack), caller(stack)
    assert refused(lambda: grant(endpoint, role)) == [message]
    assert role.node.try_find_child("DefaultPolicy") is None


@pytest.mark.parametrize(
    ("make", "grant"), [(real_time, "grant_invoke"), (asynchronous, "grant_invoke_async")]
)
def test_grantee_of_another_account_is_refused(make: Callable[..., Any], grant: str) -> None:
    """Policies of another account cannot grant access; a role of this account can."""
    here = Environment(account="111122223333", region="eu-west-1")
    stack = Stack(App(analytics_reporting=False), "Stack", env=here)
    endpoint = make(stack)
    there = iam.Role.from_role_arn(stack, "There", "arn:aws:iam::444455556666:role/caller")
    assert refused(lambda: getattr(endpoint, grant)(there)) == [
        (
            f"error grant-not-supported: {grant}() cannot grant to account 444455556666, because "
            "endpoint Endpoint is in account 111122223333"
        )
    ]
    near = iam.Role.from_role_arn(stack, "Near", "arn:aws:iam::111122223333:role/caller")
    assert getattr(endpoint, grant)(near).success


@pytest.mark.parametrize(
    ("make", "grant"), [(real_time, "grant_invoke"), (asynchronous, "grant_invoke_async")]
)
def test_principal_without_identity_policy_is_refused(make: Callable[..., Any], grant: str) -> None:
    endpoint = make(new_stack())
    service = iam.ServicePrincipal("lambda.amazonaws.com")
    assert refused(lambda: getattr(endpoint, grant)(service)) == [
        (
            f"error grant-not-supported: {grant}() cannot grant to a principal without an identity "
            "policy, such as a service or an account"
        )
    ]


def test_component_of_another_endpoint_is_refused() -> None:
    stack = new_stack()
    it = of_components(stack)
    config = it.config
    assert config is not None
    other = Endpoint(stack, "Other", endpoint_config=config)
    chat = component(other, "Chat")
    assert refused(lambda: it.grant_invoke(caller(stack), components=[chat])) == [
        (
            "error grant-not-supported: components[0] of grant_invoke() is not allowed because it "
            "belongs to another endpoint"
        )
    ]


@pytest.mark.parametrize("by_model", [False, True])
def test_execution_role_as_grantee_makes_no_circular_dependency(*, by_model: bool) -> None:
    """The endpoint depends on the role's policy, which must not refer to the endpoint."""
    stack = new_stack()
    model = Model(stack, "Model", container=Container(image=ContainerImage.from_uri(IMAGE)))
    config = EndpointConfig(stack, "Config", production_variants=[on_instances(model=model)])
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    assert model.execution_role is not None
    grantee: iam.IGrantable = model if by_model else model.execution_role
    endpoint.grant_invoke(grantee)
    endpoint.grant_invoke(grantee)
    template = template_of(stack)  # which would have a cycle
    policies = {
        name: each["Properties"]["PolicyDocument"]["Statement"]
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::IAM::Policy" and "Endpoint" in name
    }
    assert list(policies.values()) == [[allow([CALL, STREAM], ENDPOINT)]]


def test_execution_role_as_grantee_with_components() -> None:
    stack = new_stack()
    endpoint = of_components(stack)
    role = stack.node.find_child("Role")
    assert isinstance(role, iam.Role)
    endpoint.grant_invoke(role)
    InferenceComponent(
        stack,
        "Component",
        endpoint=endpoint,
        model="m",
        compute=ComputeRequirements(min_memory=Size.gibibytes(1)),
    )
    template_of(stack)  # which would have a cycle


def test_a_grantee_that_is_not_grantable() -> None:
    stack = new_stack()
    arn: Any = "arn:aws:iam::111122223333:role/caller"
    endpoints: list[EndpointBase] = [
        real_time(stack),
        Endpoint.from_endpoint_name(stack, "Imported", "name"),
    ]
    before = [each.node.path for each in stack.node.find_all()]
    expected = (
        "error grant-not-supported: grantee of grant_invoke() must be an iam.IGrantable, got str"
    )
    for endpoint in endpoints:
        assert refused(lambda each=endpoint: each.grant_invoke(arn)) == [expected]  # type: ignore[misc]
    assert [each.node.path for each in stack.node.find_all()] == before


def test_bearer_tokens_and_grants_on_an_l1() -> None:
    """The action of a token applies to every endpoint; the call is limited to one."""
    stack = new_stack()
    endpoint = CfnEndpoint(stack, "L1", endpoint_config_name="config")
    grants = EndpointGrants.from_endpoint(endpoint)
    assert EndpointGrants.from_endpoint(endpoint) is grants
    assert grants.invoke(caller(stack), bearer_token=True).success
    assert statements_of(stack, "Caller") == [
        allow([CALL, STREAM], {"Ref": "L1"}),
        allow("sagemaker:CallWithBearerToken", "*"),
    ]
    own = real_time(new_stack())
    assert EndpointGrants.from_endpoint(own) is own.grants
