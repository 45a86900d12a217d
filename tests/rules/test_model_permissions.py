"""Permissions of the execution role that a model needs."""

from __future__ import annotations

from typing import Any

from kit.subjects import component, model, spec_of

from cdk_epc.catalog.managed_policies import MANAGED_POLICIES
from cdk_epc.rules import Finding, check
from cdk_epc.spec import EndpointConfigSpec, Path
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ModelContext
from cdk_epc.spec.role import OWN_ACCOUNT, Role, RoleStatement
from cdk_epc.spec.unresolved import Unresolved

IMAGE: Path = ("primary_container", "image")
URL: Path = ("primary_container", "model_data_url")
URI: Path = ("primary_container", "model_data_source", "s3_data_source", "s3_uri")
OWN = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"
OF_AWS = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312"
DATA = "s3://amzn-s3-demo-bucket/fraud.tar.gz"
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken")
LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
NETWORK = {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
PREFIX = {"S3DataSource": {"S3Uri": "s3://b/p/", "S3DataType": "S3Prefix"}}
OBJECT = {"S3DataSource": {"S3Uri": "s3://b/p.tar.gz", "S3DataType": "S3Object"}}
VPC_REGISTRY = {"RepositoryAccessMode": "Vpc"}
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:registry"
CREDENTIALS = {
    **VPC_REGISTRY,
    "RepositoryAuthConfig": {"RepositoryCredentialsProviderArn": FUNCTION},
}


def allowing(*actions: str, resources: set[str] | None = None) -> RoleStatement:
    lower = frozenset(each.lower() for each in actions)
    return RoleStatement(actions=lower, resources=frozenset(resources) if resources else None)


def role_with(*statements: RoleStatement, **more: Any) -> Role:
    given: dict[str, Any] = {"is_complete": True, **more}
    return Role(logical_id="Role", statements=statements, **given)


def subject(container: dict[str, Any], role: Role | None, **more: Any) -> ModelContext:
    properties = {"PrimaryContainer": container, **more.pop("properties", {})}
    return ModelContext(model=model(properties), execution_role=role, **more)


def found(context: ModelContext) -> list[Finding]:
    return [each for each in check(context) if "role-" in each.rule_id or "full" in each.rule_id]


def lacking(context: ModelContext) -> dict[str, str]:
    return {each.rule_id: each.message for each in found(context)}


def test_actions_that_a_model_needs() -> None:
    image, data = "image-role-permissions-missing", "model-data-role-permissions-missing"
    network, logs = "vpc-role-permissions-missing", "log-role-permissions-missing"
    credentials = "credentials-role-permissions-missing"
    ecr = {IMAGE: OWN}
    every: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (
        (image, {"Image": OWN}, {"texts": ecr}, "ecr:BatchGetImage, ecr:GetDownloadUrlForLayer"),
        (image, {"Image": OWN}, {"texts": {IMAGE: "*.dkr.ecr.*.*/a"}}, "ecr:BatchGetImage"),
        (data, {"ModelDataUrl": DATA}, {"texts": {URL: DATA}}, "lacks s3:GetObject,"),
        (
            data,
            {"ModelDataUrl": "s3://b/p/", "Mode": "MultiModel"},
            {"texts": {URL: "s3://*/p/"}},
            "lacks s3:GetObject and s3:ListBucket,",
        ),
        (data, {"ModelDataSource": PREFIX}, {"texts": {URI: "s3://b/p/"}}, "and s3:ListBucket,"),
        (data, {"ModelDataSource": OBJECT}, {"texts": {URI: "s3://b/p"}}, "lacks s3:GetObject,"),
        (
            data,
            {"ModelDataUrl": DATA},
            {"texts": {URL: DATA}, "data_keys": {URL: "Key"}},
            "lacks s3:GetObject and kms:Decrypt,",
        ),
        (network, {"Image": "x"}, {"properties": {"VpcConfig": NETWORK}}, "ec2:DescribeVpcs"),
        (credentials, {"Image": "x", "ImageConfig": CREDENTIALS}, {}, "lambda:InvokeFunction"),
        (logs, {"Image": "x"}, {}, "logs:CreateLogGroup, logs:CreateLogStream and logs:PutLog"),
    )
    for rule_id, container, more, words in every:
        messages = lacking(subject(container, role_with(), **more))
        assert messages.keys() == {rule_id, logs}
        assert words in messages[rule_id]
        assert lacking(subject(container, role_with(allowing("*")), **more)) == {}
        # The permissions of other roles are not known.
        incomplete = role_with(is_complete=False)
        other = role_with(trusted_services=frozenset({"lambda.amazonaws.com"}))
        for role in (incomplete, None, other):
            ids = lacking(subject(container, role, **more)).keys()
            assert ids <= {"role-not-assumable"}


def test_actions_that_a_model_does_not_need() -> None:
    logs = role_with(allowing(*LOGS))
    for container, more in (
        ({"Image": "registry.example.com/a", "ImageConfig": VPC_REGISTRY}, {"texts": {IMAGE: OWN}}),
        ({"Image": "${Token[Image]}"}, {}),
        ({"Image": "x"}, {"texts": {IMAGE: "docker.io/a"}}),
        (
            {"Image": OWN, "ImageConfig": {"RepositoryAccessMode": "${Token[Mode]}"}},
            {"texts": {IMAGE: OWN}},
        ),
        (
            {"Image": OWN, "ImageConfig": Unresolved({"Ref": "Config"})},
            {"texts": {IMAGE: OWN}},
        ),
        ({"ModelDataUrl": "${Token[Url]}"}, {}),
        ({"ModelDataUrl": DATA}, {"texts": {URL: DATA}, "has_bucket_policy": True}),
        ({"ModelPackageName": "arn:aws:sagemaker:eu-west-1:111122223333:model-package/a"}, {}),
    ):
        assert lacking(subject(container, logs, **more)) == {}, container
    platform = {"Image": OWN, "ImageConfig": {"RepositoryAccessMode": "Platform"}}
    assert lacking(subject(platform, logs, texts={IMAGE: OWN})).keys() == {
        "image-role-permissions-missing"
    }


def test_repositories_that_a_role_allows() -> None:
    one = "arn:aws:ecr:eu-west-1:111122223333:repository/fraud"
    aws = "arn:aws:ecr:eu-west-1:763104351884:repository/pytorch-inference"
    ecr = {IMAGE: OWN}
    for image, resources, is_covered in (
        (OWN, {one}, True),
        (OWN, {"*"}, True),
        (OWN, {"arn:aws:ecr:*"}, True),
        (OWN, {"arn:*:ecr:*:*:repository/fr*"}, True),
        (OWN, {aws, one}, True),
        (OWN, None, True),
        (OWN, {f"arn:aws:ecr:eu-west-1:{OWN_ACCOUNT}:repository/fraud"}, True),
        (OWN, {one.replace("eu-west-1", "eu-west-2")}, False),
        (OWN, {f"{one}-2"}, False),
        (OWN, {one.replace("1111", "2222")}, False),
        (OWN, {"arn:aws:s3:::*"}, False),
        (OWN, {"arn:aws:s3:*"}, True),  # too short to be read
        (OWN, {one.replace(":ecr:", ":ec*:")}, True),
        (OWN, {one.replace("repository/", "")}, False),
        (OWN, {"fraud"}, False),
        (OF_AWS, {aws}, True),
        (OF_AWS, {aws.replace("eu-west-1", "*").replace("pytorch-inference", "*")}, True),
        (OF_AWS, {"arn:aws:ecr:eu-west-1:111122223333:repository/*"}, False),
        (OF_AWS, {f"arn:aws:ecr:*:{OWN_ACCOUNT}:repository/*"}, False),
        # A repository of the account with the name of one of AWS's.
        (
            OWN.replace("fraud:7", "pytorch-inference:1"),
            {f"arn:aws:ecr:*:{OWN_ACCOUNT}:repository/pytorch-inference"},
            True,
        ),
        ("*.dkr.ecr.*.*/fraud:7", {one}, True),
        (OWN.replace("dkr.ecr.", "dkr.ecr-fips."), {one}, True),
        (OWN.replace("dkr.ecr.", "dkr.ecr-fips."), {aws}, False),
        ("*.dkr.ecr.*.*/fraud:7", {aws}, False),
        ("*.dkr.ecr.*.*/*", {aws}, True),
    ):
        role = role_with(allowing(*PULL, resources=resources), allowing(*LOGS))
        messages = lacking(subject({"Image": image}, role, texts={IMAGE: image}))
        assert (messages == {}) is is_covered, (image, resources)
    # The other actions of a pull on the repository are not enough.
    partly = (allowing(PULL[0], resources={aws}), allowing(*PULL[1:], resources={one}))
    messages = lacking(subject({"Image": OWN}, role_with(*partly, allowing(*LOGS)), texts=ecr))
    assert messages.keys() == {"image-role-permissions-missing"}
    role = role_with(allowing(*PULL, resources={one}), allowing(*LOGS))
    (finding,) = found(subject({"Image": OF_AWS}, role, texts={IMAGE: OF_AWS}))
    assert finding.rule_id == "image-role-permissions-missing"
    assert finding.message == (
        "role Role allows ecr:BatchGetImage on other repositories than pytorch-inference of "
        "account 763104351884, from which SageMaker pulls the image"
    )


def test_a_role_of_several_models_is_reported_once_for_each_purpose() -> None:
    role = role_with(allowing("s3:GetObject"), allowing(*LOGS))
    one = subject({"Image": OWN}, None, texts={IMAGE: OWN})
    archive = subject({"ModelDataUrl": DATA}, None, texts={URL: DATA})
    prefix = {"ModelDataSource": PREFIX}
    for container, texts, earlier, expected in (
        ({"Image": OWN}, {IMAGE: OWN}, (one,), set[str]()),
        ({"Image": OWN}, {IMAGE: OWN}, (archive,), {"image-role-permissions-missing"}),
        (prefix, {URI: "s3://b/p/"}, (archive,), {"model-data-role-permissions-missing"}),
    ):
        context = subject(container, role, texts=texts, earlier_models=earlier)
        assert lacking(context).keys() == expected


def test_data_that_full_access_does_not_allow() -> None:
    name = "AmazonSageMakerFullAccess"
    full = MANAGED_POLICIES[name].statements
    readable = allowing("s3:*")
    for uri, more, statements, is_found in (
        (DATA, {}, full, True),
        (DATA, {"region": "eu-west-1"}, full, True),
        (DATA, {"region": "xx-new-1"}, full, True),
        (DATA, {"region": "cn-north-1"}, full, False),
        (DATA, {"has_bucket_policy": True}, full, False),
        (DATA, {}, (*full, readable), False),
        ("s3://sagemaker-eu-west-1-111122223333/m.tar.gz", {}, full, False),
        ("s3://amzn-s3-demo-bucket/SageMaker/m.tar.gz", {}, full, False),
        ("s3://amzn-s3-demo-bucket/sageMAKER/m.tar.gz", {}, full, True),
        ("s3://*/m.tar.gz", {}, full, False),
        ("s3://jumpstart-cache-prod-eu-west-1/prepack/m.tar.gz", {}, full, False),
        ("s3://jumpstart-private-cache-prod-eu-west-1/m.tar.gz", {}, full, False),
        ("s3://amzn-s3-demo-bucket/jumpstart/m.tar.gz", {}, full, True),
    ):
        role = role_with(*statements)
        context = subject({"ModelDataUrl": uri}, role, texts={URL: uri}, **more)
        ids = {"full-access-bucket-mismatch"} if is_found else set[str]()
        assert lacking(context).keys() == ids, (uri, more)
    # The keys below a prefix are not known.
    role = role_with(*full)
    assert lacking(subject({"ModelDataSource": PREFIX}, role, texts={URI: "s3://b/p/"})) == {}
    # Data that the policy allows do not hide those after them.
    urls = ("s3://sagemaker-eu-west-1/a.tar.gz", "s3://*/a.tar.gz", DATA)
    spec = model({"Containers": [{"Image": "x", "ModelDataUrl": each} for each in urls]})
    places: list[Path] = [("containers", index, "model_data_url") for index in range(3)]
    known = dict(zip(places, urls, strict=True))
    (finding,) = found(ModelContext(model=spec, execution_role=role, texts=known))
    assert finding.path == "Containers[2].ModelDataUrl"
    allowed = "s3://sagemaker-eu-west-1/a.tar.gz"
    for texts in ({URI: DATA}, {URL: allowed, URI: DATA}):
        assert [
            each.path for each in found(subject({"ModelDataSource": OBJECT}, role, texts=texts))
        ] == ["PrimaryContainer.ModelDataSource.S3DataSource.S3Uri"]
    anywhere = "*.dkr.ecr.*.*/fraud:7"
    texts = {URL: DATA, IMAGE: anywhere}
    assert lacking(
        subject({"Image": anywhere, "ModelDataUrl": DATA}, role, texts=texts)
    ).keys() == {"full-access-bucket-mismatch"}
    china = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1"
    texts = {URL: DATA, IMAGE: china}
    assert lacking(subject({"Image": china, "ModelDataUrl": DATA}, role, texts=texts)) == {}


def test_the_role_of_components_is_that_of_their_configuration() -> None:
    image, data = "image-role-permissions-missing", "model-data-role-permissions-missing"
    place: Path = ("specification", "container")
    container = {"Image": OWN, "ArtifactUrl": DATA}
    spec = component({"EndpointName": "e", "Specification": {"Container": container}})
    texts: dict[Path, str] = {(*place, "image"): OWN, (*place, "artifact_url"): DATA}
    without_config = InferenceComponentContext(component=spec, texts=texts)
    pulling = allowing(*PULL)
    full = role_with(*MANAGED_POLICIES["AmazonSageMakerFullAccess"].statements)
    rows: tuple[tuple[Role, dict[str, Any], Any, set[str]], ...] = (
        (role_with(), {}, (), {image, data}),
        (role_with(pulling), {}, (), {data}),
        (role_with(allowing("s3:GetObject")), {}, (), {image}),
        (role_with(), {}, (without_config,), set[str]()),
        (role_with(), {"is_role_of_model": True}, (), set()),
        (role_with(is_complete=False), {}, (), set()),
        (full, {}, (), {"full-access-bucket-mismatch"}),
    )
    for role, more, earlier, expected in rows:
        config = ConfigContext(config=EndpointConfigSpec(), execution_role=role, **more)
        context = InferenceComponentContext(
            component=spec, config=config, texts=texts, earlier_components=earlier
        )
        found = {each.rule_id for each in check(context) if "role-" in each.rule_id}
        found |= {each.rule_id for each in check(context) if "full-" in each.rule_id}
        assert found == expected, (role, more)
    assert check(without_config) == []


def test_a_configuration_needs_permissions_for_its_components() -> None:
    logs, network = "log-role-permissions-missing", "vpc-role-permissions-missing"
    empty = {"VariantName": "main", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    serverless = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
    rows: tuple[tuple[list[Any], dict[str, Any], Any, dict[str, Any], set[str]], ...] = (
        ([empty], {}, (), {}, {logs}),
        ([empty], {"VpcConfig": NETWORK}, (), {}, {logs, network}),
        ([empty], {"VpcConfig": NETWORK}, (allowing(*LOGS),), {}, {network}),
        ([empty], {}, (allowing(*LOGS),), {}, set()),
        ([empty], {"VpcConfig": NETWORK}, (), {"is_role_of_model": True}, set()),
        ([{**empty, "ModelName": "fraud"}], {"VpcConfig": NETWORK}, (), {}, set()),
        ([empty, {**empty, "ModelName": "fraud"}], {}, (), {}, set()),
        ([{"VariantName": "main", **serverless}], {}, (), {}, set()),
        ([], {"VpcConfig": NETWORK}, (), {}, set()),
    )
    for variants, members, statements, more, expected in rows:
        spec = spec_of(EndpointConfigSpec, {"ProductionVariants": variants, **members})
        context = ConfigContext(config=spec, execution_role=role_with(*statements), **more)
        found = {each.rule_id for each in check(context) if "role-perm" in each.rule_id}
        assert found == expected, (variants, members)
