"""Tests of the roles and policies of a resource, and of the dependencies on them."""

from __future__ import annotations

import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template
from aws_cdk.aws_sagemaker import CfnModel
from kit.cdk import STRICT, new_stack, template_of
from kit.dependency_graph import Graph
from kit.iam_policies import statement_lines

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
    return [each for each in statement_lines(template, policy) if each.startswith("s3:Abort")]


def test_each_role_of_the_variants_gets_one_statement() -> None:
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


def test_roles_of_shadow_variants_and_instance_pools() -> None:
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


def test_configurations_that_share_a_model_add_to_its_role() -> None:
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


@pytest.mark.parametrize("given", ["model name", "L1 model", "role ARN"])
def test_role_that_is_not_a_construct_gets_no_policy(given: str) -> None:
    stack = new_stack()
    model: object = "scorer"
    if given == "L1 model":
        model = CfnModel(
            stack,
            "Model",
            execution_role_arn=ROLE,
            primary_container=CfnModel.ContainerDefinitionProperty(image=IMAGE),
        )
    elif given == "role ARN":
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


def test_immutable_role_gets_no_policy() -> None:
    stack = new_stack()
    role = ExecutionRole(stack, "Role").without_policy_updates()
    config = _config(stack, _model(stack, "Model", role))
    _capture(config, s3.Bucket(stack, "Bucket"), "captured/")
    Endpoint(stack, "Endpoint", endpoint_config=config)
    assert Graph.of(template_of(stack)).all_of("AWS::IAM::Policy") == []


def test_immutable_role_of_another_stack_gets_no_policy() -> None:
    app = cdk.App(analytics_reporting=False, context=STRICT)
    roles, stack = new_stack("Roles", app), new_stack("Serving", app)
    role = ExecutionRole(roles, "Role").without_policy_updates()
    config = _config(stack, _model(stack, "Model", role))
    _capture(config, s3.Bucket(stack, "Bucket"), "captured/")
    for each in (roles, stack):
        assert Graph.of(template_of(each)).all_of("AWS::IAM::Policy") == []


def test_endpoint_depends_on_the_policy_of_an_imported_role() -> None:
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
    assert graph.depends_on(endpoint, policy)
    assert graph.depends_on(model, policy)


def test_endpoint_depends_on_later_permissions() -> None:
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
    dependencies = graph.dependencies_of(endpoint)
    policies = graph.all_of("AWS::IAM::Policy") + graph.all_of("AWS::IAM::ManagedPolicy")
    assert len(policies) == 3
    assert set(policies) <= dependencies
    assert statement_lines(template, "RoleDefaultPolicy")[-2:] == [
        f"{WRITE} on <Bucket>/captured/*",
        "s3:GetObject on arn:aws:s3:::own/*",
    ]


def test_endpoint_depends_on_all_parts_of_a_split_policy() -> None:
    """CDK moves statements beyond 10 KB to managed policies below the role."""
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
    assert set(split) <= graph.dependencies_of(endpoint)


def test_resource_policies_with_the_role_cause_no_cycle() -> None:
    """`template_of` checks that the template is acyclic."""
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
    assert graph.depends_on(endpoint, policy)
    assert not graph.depends_on(policy, endpoint)


@pytest.mark.parametrize("bucket_in", ["Roles", "Data", "Serving"])
def test_role_of_another_stack_gets_a_policy_of_this_stack(bucket_in: str) -> None:
    """A policy of the role would make its stack depend on this one, which depends on it."""
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
    assert graph.depends_on(endpoint, policy)
    assert stack.dependencies[0] is stacks["Roles"]


def test_policies_of_stacks_with_one_name_in_two_regions() -> None:
    """Roles are global, so that both policies belong to one role and need different names."""
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
        permissions = RolePermissions(stack)
        permissions.add_role(role)
        permissions.add_permissions([feature_permissions.s3_read("models")])
        permissions.wait(sns.Topic(stack, "Topic"))
        ((id_, policy),) = (
            (id_, each)
            for id_, each in template_of(stack)["Resources"].items()
            if each["Type"] == "AWS::IAM::Policy"
        )
        assert re.fullmatch(r"Access[0-9a-f]{8}Policy[0-9A-F]{8}", id_)
        assert policy["Properties"]["Roles"] == ["Scorer"]
        names.append(policy["Properties"]["PolicyName"])
    assert len(set(names)) == 2


def test_role_of_the_parent_stack_gets_a_policy_of_the_nested_stack() -> None:
    stack = new_stack()
    role = ExecutionRole(stack, "Role")
    nested = cdk.NestedStack(stack, "Nested")
    config = _config(nested, _model(nested, "Model", role))
    _capture(config, s3.Bucket(nested, "Bucket"), "captured/")
    Endpoint(nested, "Endpoint", endpoint_config=config)
    assert Graph.of(template_of(stack)).all_of("AWS::IAM::Policy") == []


def test_separate_permissions_have_separate_dependencies() -> None:
    stack = new_stack()
    role, topic = ExecutionRole(stack, "Role"), sns.Topic(stack, "Topic")
    shared, separate = RolePermissions(stack), RolePermissions(topic, separate=True)
    for permissions, bucket in ((shared, "shared"), (separate, "separate")):
        permissions.add_role(role)
        permissions.add_permissions([feature_permissions.s3_read(bucket)])
    waiting = sns.Topic(stack, "Waiting")
    separate.wait(waiting)
    shared.wait(topic)
    template = template_of(stack)
    graph = Graph.of(template)
    own, others = "RoleDefaultPolicy5FFB7DAB", "TopicAccess"
    (policy,) = (id_ for id_ in graph.all_of("AWS::IAM::Policy") if id_.startswith(others))
    topics = {id_[:5]: id_ for id_ in graph.all_of("AWS::SNS::Topic")}
    assert graph.depends_on(topics["Waiti"], policy)
    assert graph.depends_on(topics["Topic"], own)
    assert not graph.depends_on(topics["Topic"], policy)


def test_permission_of_one_role_only() -> None:
    stack = new_stack()
    permissions = RolePermissions(stack)
    first, second = ExecutionRole(stack, "First"), ExecutionRole(stack, "Second")
    permissions.add_role(first, [feature_permissions.s3_read("first")])
    permissions.add_role(second)
    permissions.add_role(first, [feature_permissions.s3_read("first")])
    permissions.add_permissions(
        [feature_permissions.s3_read("both"), feature_permissions.s3_read("both")]
    )
    assert permissions.roles == (first, second)
    template = template_of(stack)
    both = "s3:GetObject on arn:<AWS::Partition>:s3:::both/*"
    assert statement_lines(template, "FirstDefaultPolicy") == [
        "s3:GetObject on arn:<AWS::Partition>:s3:::first/*",
        both,
    ]
    assert statement_lines(template, "SecondDefaultPolicy") == [both]


def test_other_objects_than_roles_are_ignored() -> None:
    permissions = RolePermissions()
    for given in (None, ROLE, 7):
        permissions.add_role(given, [feature_permissions.s3_read("models")])
    assert permissions.roles == ()


def test_bucket_of_another_account_gets_a_resource_policy() -> None:
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
    permissions = RolePermissions(here)
    permissions.add_role(role)
    permissions.add_permissions([feature_permissions.s3_read(bucket, "in/")])
    assert statement_lines(template_of(here), "RoleDefaultPolicy") == [
        "s3:GetObject on arn:<AWS::Partition>:s3:::shared-bucket/in/*"
    ]
    (statement,) = statement_lines(template_of(there), "BucketPolicy")
    assert statement == "s3:GetObject on <Bucket>/in/*"


def test_key_of_another_account_is_granted_as_by_cdk() -> None:
    """CDK grants on ``*``, because the ARN of the key is not known; the key policy limits it."""
    app = cdk.App(analytics_reporting=False, context=STRICT)
    there = cdk.Stack(app, "There", env=cdk.Environment(account="444455556666", region="eu-west-1"))
    here = cdk.Stack(app, "Here", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    key = kms.Key(there, "Key")
    bucket = s3.Bucket(there, "Bucket", bucket_name="shared-bucket", encryption_key=key)
    permissions = RolePermissions(here)
    permissions.add_role(
        iam.Role(
            here,
            "Role",
            role_name="Scorer",
            assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"),
        )
    )
    permissions.add_permissions([feature_permissions.s3_read(bucket, "in/")])
    template = Template.from_stack(here).to_json()
    assert statement_lines(template, "RoleDefaultPolicy") == [
        "s3:GetObject on arn:<AWS::Partition>:s3:::shared-bucket/in/*",
        "kms:Decrypt on *",
    ]
    assert statement_lines(template_of(there), "Key")[1:] == ["kms:Decrypt on *"]
