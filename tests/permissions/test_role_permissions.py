"""Which roles are granted what, where the policies stand, and what waits for them."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template
from aws_cdk.aws_sagemaker import CfnModel
from kit.cdk import STRICT, new_stack, template_of
from kit.graphs import Graph
from kit.policies import in_words

from cdk_epc import (
    Container,
    CoreDump,
    Endpoint,
    EndpointConfig,
    InstancePool,
    InstanceType,
    Model,
    S3Location,
)
from cdk_epc.permissions import ExecutionRole, RolePermissions, feature_permissions

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
ROLE = "arn:aws:iam::111122223333:role/deploys/Scorer"
WRITE = "s3:AbortMultipartUpload s3:PutObject"


def _model(scope: cdk.Stack, id_: str = "Model", role: iam.IRole | str | None = None) -> Model:
    return Model(scope, id_, container=Container(image=IMAGE), execution_role=role)


def _config(scope: cdk.Stack, *models: object, id_: str = "Config") -> EndpointConfig:
    config = EndpointConfig(scope, id_)
    for index, model in enumerate(models):
        config.add_instance_variant(
            f"v{index}",
            model=model,
            instance_type=InstanceType.ML_M5_LARGE,
            initial_instance_count=1,
        )
    return config


def _capture(config: EndpointConfig, bucket: s3.IBucket, prefix: str) -> None:
    config.capture_data(destination=S3Location(bucket, prefix), sampling_percentage=1)


def _writes(template: dict[str, object], policy: str) -> list[str]:
    return [each for each in in_words(template, policy) if each.startswith("s3:Abort")]


def test_every_role_of_the_variants_is_granted_once() -> None:
    stack = new_stack()
    shared = ExecutionRole(stack, "Shared")
    config = _config(stack, _model(stack, "A", shared), _model(stack, "B", shared))
    _capture(config, s3.Bucket(stack, "Bucket"), "captured/")
    config.add_instance_variant(
        "later",
        model=_model(stack, "C"),
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
    )
    template = template_of(stack)
    for policy in ("SharedDefaultPolicy", "CExecutionRoleDefaultPolicy"):
        assert _writes(template, policy) == [f"{WRITE} on <Bucket>/captured/*"]


def test_a_shadow_and_the_models_of_pools_are_granted_too() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config")
    config.add_instance_variant(
        "v",
        model=_model(stack, "Main"),
        instance_type=[
            InstancePool(InstanceType.ML_G5_XLARGE, priority=1),
            InstancePool(
                InstanceType.ML_INF2_XLARGE, priority=2, model_override=_model(stack, "Compiled")
            ),
        ],
        initial_instance_count=1,
    )
    config.add_shadow_variant(
        "shadow",
        model=_model(stack, "Next"),
        instance_type=InstanceType.ML_G5_XLARGE,
        initial_instance_count=1,
    )
    _capture(config, s3.Bucket(stack, "Bucket"), "captured/")
    template = template_of(stack)
    for model in ("Main", "Compiled", "Next"):
        assert _writes(template, f"{model}ExecutionRoleDefaultPolicy") == [
            f"{WRITE} on <Bucket>/captured/*"
        ]


def test_two_configurations_that_share_a_model_add_up_on_its_role() -> None:
    stack = new_stack()
    model, bucket = _model(stack), s3.Bucket(stack, "Bucket")
    first, second = _config(stack, model, id_="First"), _config(stack, model, id_="Second")
    _capture(first, bucket, "first/")
    _capture(second, bucket, "second/")
    first.enable_async_inference(output_path=S3Location(bucket, "out/"))
    second.enable_async_inference(output_path=S3Location(bucket, "out/"))
    template = template_of(stack)
    assert _writes(template, "ModelExecutionRoleDefaultPolicy") == [
        f"{WRITE} on <Bucket>/first/*",
        f"{WRITE} on <Bucket>/second/*",
        f"{WRITE} on <Bucket>/out/*",
    ]


@pytest.mark.parametrize("kind", ["name", "l1 model", "role by ARN"])
def test_what_is_known_by_a_string_alone_is_left_alone(kind: str) -> None:
    stack = new_stack()
    model: object = "scorer"
    if kind == "l1 model":
        model = CfnModel(
            stack,
            "Model",
            execution_role_arn=ROLE,
            primary_container=CfnModel.ContainerDefinitionProperty(image=IMAGE),
        )
    elif kind == "role by ARN":
        model = _model(stack, "Model", ROLE)
    config = _config(stack, model)
    _capture(config, s3.Bucket(stack, "Bucket"), "captured/")
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    assert config.role_permissions.roles == ()
    template = template_of(stack)
    assert Graph.of(template).all_of("AWS::IAM::Policy") == []
    (resource,) = (
        each
        for each in template["Resources"].values()
        if each["Type"] == "AWS::SageMaker::Endpoint"
    )
    assert "DependsOn" not in resource
    assert endpoint.config is config


def test_a_role_that_must_not_change_is_not_changed() -> None:
    stack = new_stack()
    role = ExecutionRole(stack, "Role").without_policy_updates()
    config = _config(stack, _model(stack, "Model", role))
    _capture(config, s3.Bucket(stack, "Bucket"), "captured/")
    Endpoint(stack, "Endpoint", endpoint_config=config)
    assert Graph.of(template_of(stack)).all_of("AWS::IAM::Policy") == []


def test_a_role_that_must_not_change_is_not_changed_from_another_stack() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    roles, stack = new_stack("Roles", app), new_stack("Serving", app)
    role = ExecutionRole(roles, "Role").without_policy_updates()
    config = _config(stack, _model(stack, "Model", role))
    _capture(config, s3.Bucket(stack, "Bucket"), "captured/")
    for each in (roles, stack):
        assert Graph.of(template_of(each)).all_of("AWS::IAM::Policy") == []


def test_an_imported_role_gets_a_policy_and_the_endpoint_waits_for_it() -> None:
    stack = new_stack()
    role = iam.Role.from_role_arn(stack, "Role", ROLE)
    config = _config(stack, _model(stack, "Model", role))
    _capture(config, s3.Bucket(stack, "Bucket"), "captured/")
    Endpoint(stack, "Endpoint", endpoint_config=config)
    template = template_of(stack)
    graph = Graph.of(template)
    (policy,) = graph.all_of("AWS::IAM::Policy")
    (endpoint,), (model,) = (
        graph.all_of("AWS::SageMaker::Endpoint"),
        graph.all_of("AWS::SageMaker::Model"),
    )
    assert template["Resources"][policy]["Properties"]["Roles"] == ["Scorer"]
    assert _writes(template, "RolePolicy") == [f"{WRITE} on <Bucket>/captured/*"]
    assert graph.waits_for(endpoint, policy)
    assert graph.waits_for(model, policy)


def test_an_endpoint_waits_for_what_is_granted_after_it() -> None:
    stack = new_stack()
    role = ExecutionRole(stack, "Role")
    role.add_managed_policy(
        iam.ManagedPolicy(
            stack,
            "More",
            statements=[
                iam.PolicyStatement(
                    actions=["s3:GetObject"], resources=["arn:aws:s3:::lookups/tables/*"]
                )
            ],
        )
    )
    config = _config(stack, _model(stack, "Model", role))
    Endpoint(stack, "Endpoint", endpoint_config=config)
    bucket = s3.Bucket(stack, "Bucket")
    _capture(config, bucket, "captured/")
    config.add_instance_variant(
        "late",
        model=_model(stack, "Late"),
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
        core_dump=CoreDump(S3Location(bucket, "dumps/")),
    )
    role.add_to_policy(
        iam.PolicyStatement(actions=["s3:GetObject"], resources=["arn:aws:s3:::own/*"])
    )
    template = template_of(stack)
    graph = Graph.of(template)
    (endpoint,) = graph.all_of("AWS::SageMaker::Endpoint")
    waited = graph.first(endpoint)
    policies = graph.all_of("AWS::IAM::Policy") + graph.all_of("AWS::IAM::ManagedPolicy")
    assert len(policies) == 3
    assert set(policies) <= waited
    assert in_words(template, "RoleDefaultPolicy")[-2:] == [
        f"{WRITE} on <Bucket>/captured/*",
        "s3:GetObject on arn:aws:s3:::own/*",
    ]


def test_a_policy_that_is_split_for_its_size_is_waited_for_whole() -> None:
    """CDK moves what is over 10 KB into managed policies, below the role."""
    stack = new_stack()
    role = ExecutionRole(stack, "Role")
    config = _config(stack, _model(stack, "Model", role))
    Endpoint(stack, "Endpoint", endpoint_config=config)
    for index in range(60):
        config.role_permissions.add_permissions(
            [feature_permissions.s3_read(f"a-bucket-with-quite-a-long-name-{index}", "x" * 60)]
        )
    template = template_of(stack)
    graph = Graph.of(template)
    (endpoint,) = graph.all_of("AWS::SageMaker::Endpoint")
    split = graph.all_of("AWS::IAM::ManagedPolicy")
    assert len(split) > 0
    assert set(split) <= graph.first(endpoint)


def test_policies_of_resources_that_name_the_role_make_no_cycle() -> None:
    """The template that is returned has been found acyclic."""
    stack = new_stack()
    role = ExecutionRole(stack, "Role")
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    topic = sns.Topic(stack, "Topic", master_key=key)
    for resource, action in (
        (bucket, "s3:GetObject"),
        (topic, "sns:Publish"),
        (key, "kms:Decrypt"),
    ):
        own = {bucket: bucket.arn_for_objects("*"), topic: topic.topic_arn, key: "*"}[resource]
        resource.add_to_resource_policy(
            iam.PolicyStatement(actions=[action], principals=[role], resources=[own])
        )
    config = EndpointConfig(stack, "Config", encryption_key=key)
    config.add_instance_variant(
        "v",
        model=_model(stack, "Model", role),
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
    )
    _capture(config, bucket, "captured/")
    config.enable_async_inference(
        output_path=S3Location(bucket, "out/"), success_topic=topic, encryption_key=key
    )
    Endpoint(stack, "Endpoint", endpoint_config=config)
    graph = Graph.of(template_of(stack))
    (endpoint,), (policy,) = (
        graph.all_of("AWS::SageMaker::Endpoint"),
        graph.all_of("AWS::IAM::Policy"),
    )
    assert graph.waits_for(endpoint, policy)
    assert not graph.waits_for(policy, endpoint)


@pytest.mark.parametrize("bucket_in", ["Roles", "Data", "Serving"])
def test_a_role_of_another_stack_is_granted_to_in_this_one(bucket_in: str) -> None:
    """Otherwise the role's stack would wait for this one, which waits for the role."""
    app = cdk.App(analytics_reporting=False, context=STRICT)
    stacks = {name: new_stack(name, app) for name in ("Roles", "Data", "Serving")}
    stack = stacks["Serving"]
    sns.Topic(stacks["Data"], "Topic")  # an empty stack is not deployed
    config = _config(stack, _model(stack, "Model", ExecutionRole(stacks["Roles"], "Role")))
    _capture(config, s3.Bucket(stacks[bucket_in], "Bucket"), "captured/")
    Endpoint(stack, "Endpoint", endpoint_config=config)
    template = template_of(stack)
    graph = Graph.of(template)
    (endpoint,) = graph.all_of("AWS::SageMaker::Endpoint")
    (policy,) = (id_ for id_ in graph.all_of("AWS::IAM::Policy") if id_.startswith("ConfigAccess"))
    assert Graph.of(template_of(stacks["Roles"])).all_of("AWS::IAM::Policy") == []
    ((role,),) = [
        each["Properties"]["Roles"] for id_, each in template["Resources"].items() if id_ == policy
    ]
    assert role["Fn::ImportValue"].startswith("Roles:ExportsOutputRefRole")
    assert graph.waits_for(endpoint, policy)
    assert stack.dependencies[0] is stacks["Roles"]


def test_policies_of_stacks_of_one_name_in_two_regions_have_two_names() -> None:
    """They stand side by side on a role, of which there is one for all regions."""
    app = cdk.App(analytics_reporting=False, context=STRICT)
    account = "111122223333"
    home = cdk.Stack(app, "Home", env=cdk.Environment(account=account, region="eu-north-1"))
    role = iam.Role(
        home,
        "Role",
        role_name="Scorer",
        assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"),
    )
    names: list[object] = []
    for region in ("eu-west-1", "us-east-1"):
        stack = cdk.Stack(
            cdk.Stage(app, f"Stage-{region}"),
            "Serving",
            stack_name="serving",
            env=cdk.Environment(account=account, region=region),
        )
        access = RolePermissions(stack)
        access.add_role(role)
        access.add_permissions([feature_permissions.s3_read("models")])
        access.wait(sns.Topic(stack, "Topic"))
        (policy,) = (
            each
            for each in template_of(stack)["Resources"].values()
            if each["Type"] == "AWS::IAM::Policy"
        )
        assert policy["Properties"]["Roles"] == ["Scorer"]
        names.append(policy["Properties"]["PolicyName"])
    assert len(set(names)) == 2


def test_a_role_of_the_parent_is_granted_to_in_a_nested_stack() -> None:
    stack = new_stack()
    role = ExecutionRole(stack, "Role")
    nested = cdk.NestedStack(stack, "Nested")
    config = _config(nested, _model(nested, "Model", role))
    _capture(config, s3.Bucket(nested, "Bucket"), "captured/")
    Endpoint(nested, "Endpoint", endpoint_config=config)
    assert Graph.of(template_of(stack)).all_of("AWS::IAM::Policy") == []


def test_access_apart_is_waited_for_apart() -> None:
    stack = new_stack()
    role, topic = ExecutionRole(stack, "Role"), sns.Topic(stack, "Topic")
    shared, apart = RolePermissions(stack), RolePermissions(topic, separate=True)
    for access, bucket in ((shared, "shared"), (apart, "apart")):
        access.add_role(role)
        access.add_permissions([feature_permissions.s3_read(bucket)])
    waiting = sns.Topic(stack, "Waiting")
    apart.wait(waiting)
    shared.wait(topic)
    template = template_of(stack)
    graph = Graph.of(template)
    own, others = "RoleDefaultPolicy5FFB7DAB", "TopicAccess"
    (policy,) = (id_ for id_ in graph.all_of("AWS::IAM::Policy") if id_.startswith(others))
    topics = {id_[:5]: id_ for id_ in graph.all_of("AWS::SNS::Topic")}
    assert graph.waits_for(topics["Waiti"], policy)
    assert graph.waits_for(topics["Topic"], own)
    assert not graph.waits_for(topics["Topic"], policy)


def test_a_need_of_one_role_is_not_that_of_the_others() -> None:
    stack = new_stack()
    access = RolePermissions(stack)
    first, second = ExecutionRole(stack, "First"), ExecutionRole(stack, "Second")
    access.add_role(first, [feature_permissions.s3_read("first")])
    access.add_role(second)
    access.add_role(first, [feature_permissions.s3_read("first")])
    access.add_permissions(
        [feature_permissions.s3_read("both"), feature_permissions.s3_read("both")]
    )
    assert access.roles == (first, second)
    template = template_of(stack)
    both = "s3:GetObject on arn:<AWS::Partition>:s3:::both/*"
    assert in_words(template, "FirstDefaultPolicy") == [
        "s3:GetObject on arn:<AWS::Partition>:s3:::first/*",
        both,
    ]
    assert in_words(template, "SecondDefaultPolicy") == [both]


@pytest.mark.parametrize("given", [None, ROLE, 7])
def test_what_is_no_role_is_left_alone(given: object) -> None:
    access = RolePermissions()
    access.add_role(given, [feature_permissions.s3_read("models")])
    assert access.roles == ()


def test_a_bucket_of_another_account_is_granted_on_both_sides() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    there = cdk.Stack(app, "There", env=cdk.Environment(account="444455556666", region="eu-west-1"))
    here = cdk.Stack(app, "Here", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    bucket = s3.Bucket(there, "Bucket", bucket_name="shared-bucket")
    role = iam.Role(
        here,
        "Role",
        role_name="Scorer",
        assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"),
    )
    access = RolePermissions(here)
    access.add_role(role)
    access.add_permissions([feature_permissions.s3_read(bucket, "in/")])
    assert in_words(template_of(here), "RoleDefaultPolicy") == [
        "s3:GetObject on arn:<AWS::Partition>:s3:::shared-bucket/in/*"
    ]
    (statement,) = in_words(template_of(there), "BucketPolicy")
    assert statement == "s3:GetObject on <Bucket>/in/*"


def test_the_key_of_a_bucket_of_another_account_is_granted_as_cdk_does() -> None:
    """The key has no name that is known here, so CDK writes ``*``; that account has its say."""
    app = cdk.App(analytics_reporting=False, context=STRICT)
    there = cdk.Stack(app, "There", env=cdk.Environment(account="444455556666", region="eu-west-1"))
    here = cdk.Stack(app, "Here", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    key = kms.Key(there, "Key")
    bucket = s3.Bucket(there, "Bucket", bucket_name="shared-bucket", encryption_key=key)
    access = RolePermissions(here)
    access.add_role(
        iam.Role(
            here,
            "Role",
            role_name="Scorer",
            assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"),
        )
    )
    access.add_permissions([feature_permissions.s3_read(bucket, "in/")])
    template = Template.from_stack(here).to_json()
    assert in_words(template, "RoleDefaultPolicy") == [
        "s3:GetObject on arn:<AWS::Partition>:s3:::shared-bucket/in/*",
        "kms:Decrypt on *",
    ]
    assert in_words(template_of(there), "Key")[1:] == ["kms:Decrypt on *"]
