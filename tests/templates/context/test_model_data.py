"""Images and model data of a model, and the keys of their buckets."""

from __future__ import annotations

from typing import Any

from kit.templates import TRUST, Json, get, resource, subjects

from cdk_epc.spec.context import ModelContext

MODEL_TYPE = "AWS::SageMaker::Model"
IMAGE = ("primary_container", "image")
URL = ("primary_container", "model_data_url")
URI = ("containers", 0, "model_data_source", "s3_data_source", "s3_uri")
ROOT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}


def model(**container: Any) -> Json:
    return resource(MODEL_TYPE, PrimaryContainer=container, ExecutionRoleArn=get("Role", "Arn"))


def context(resources: Json) -> ModelContext:
    (found, *_) = subjects(ModelContext, resources)
    assert isinstance(found, ModelContext)
    return found


def test_texts_with_unknown_parts() -> None:
    joined = {"Fn::Join": ["", ["s3://", {"Ref": "Bucket"}, "/m.tar.gz"]]}
    repository = get("Repository", "RepositoryUri")
    resources = {
        "Bucket": resource("AWS::S3::Bucket"),
        "Repository": resource("AWS::ECR::Repository"),
    }
    for member, value, expected in (
        ("Image", "a:1", {IMAGE: "a:1"}),
        (
            "Image",
            {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/a:1"},
            {IMAGE: "*.dkr.ecr.*.amazonaws.com/a:1"},
        ),
        ("Image", repository, {IMAGE: "*.dkr.ecr.*.*/*"}),
        ("Image", {"Fn::Join": [":", [repository, "1"]]}, {IMAGE: "*.dkr.ecr.*.*/*:1"}),
        ("Image", {"Ref": "Nothing"}, {}),
        ("Image", {"Ref": "Repository"}, {}),
        ("ModelDataUrl", joined, {URL: "s3://*/m.tar.gz"}),
        ("ModelDataUrl", {"Ref": "Nothing"}, {}),
    ):
        found = context({**resources, "Model": model(**{member: value})})
        assert found.texts == expected, value
    source = {"S3DataSource": {"S3Uri": "s3://b/p/"}}
    several = resource(MODEL_TYPE, Containers=[{"ModelDataSource": source}], ExecutionRoleArn="arn")
    assert context({"Model": several}).texts == {URI: "s3://b/p/", ("execution_role_arn",): "arn"}


def bucket(algorithm: str = "aws:kms", key: Any = None, **more: Any) -> Json:
    default = {"SSEAlgorithm": algorithm, "KMSMasterKeyID": key or get("Key", "Arn")}
    rules = [{"ServerSideEncryptionByDefault": default}]
    encryption = {"ServerSideEncryptionConfiguration": rules}
    return resource("AWS::S3::Bucket", BucketEncryption=encryption, **more)


def key(*principals: Any, **more: Any) -> Json:
    statements = [
        {"Effect": "Allow", "Action": "kms:*", "Principal": each, **more} for each in principals
    ]
    return resource("AWS::KMS::Key", KeyPolicy={"Statement": statements})


DATA = {"Fn::Sub": "s3://${Bucket}/m.tar.gz"}
ROLE = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST)


def test_keys_of_buckets() -> None:
    by_iam, service = key({"AWS": ROOT}), {"Service": "logs.amazonaws.com"}
    both = key({"AWS": [ROOT, "arn:aws:iam::111122223333:root"]}, service)
    found = {URL: "Key"}
    for data, bucket_, key_, expected in (
        (DATA, bucket(), by_iam, found),
        (DATA, bucket("aws:kms:dsse"), by_iam, found),
        (DATA, bucket(key={"Ref": "Key"}), both, found),
        (DATA, bucket(), resource("AWS::KMS::Key"), found),
        ("s3://named/m.tar.gz", bucket(BucketName="named"), by_iam, found),
        ("s3://other/m.tar.gz", bucket(BucketName="named"), by_iam, {}),
        (DATA, bucket("AES256"), by_iam, {}),
        (DATA, bucket(key="alias/aws/s3"), by_iam, {}),
        (DATA, resource("AWS::S3::Bucket"), by_iam, {}),
        (DATA, bucket(), key({"AWS": get("Role", "Arn")}), {}),
        (DATA, bucket(), key("*"), {}),
        (DATA, bucket(), key({"AWS": "arn:aws:iam::111122223333:role/r"}), {}),
        (DATA, bucket(), key({"AWS": ROOT}, Condition={"Bool": {"a": "true"}}), {}),
        (DATA, bucket(), resource("AWS::KMS::Key", KeyPolicy={"Ref": "Nothing"}), {}),
        (DATA, bucket(), {"Type": "AWS::KMS::Key", "Properties": {"Ref": "Nothing"}}, {}),
        ({"Fn::Sub": "https://${Bucket}/m.tar.gz"}, bucket(), by_iam, {}),
    ):
        resources = {"Bucket": bucket_, "Key": key_, "Role": ROLE}
        assert context({**resources, "Model": model(ModelDataUrl=data)}).data_keys == expected, data
    assert context({"Bucket": bucket(), "Model": model(ModelDataUrl=DATA)}).data_keys == {}


def test_policies_of_buckets() -> None:
    for principal, expected in (
        ({"AWS": get("Role", "Arn")}, True),
        ({"AWS": get("Other", "Arn")}, False),
    ):
        document = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Principal": principal}]}
        policy = resource("AWS::S3::BucketPolicy", Bucket="b", PolicyDocument=document)
        resources = {"Role": ROLE, "Other": ROLE, "Policy": policy, "Model": model(Image="a")}
        assert context(resources).has_bucket_policy is expected


def test_earlier_models_with_the_same_role() -> None:
    names = [("One", "a:1"), ("Two", "b:1"), ("Three", "c:1")]
    models = {name: model(Image=image) for name, image in names}
    other = {**models["Two"], "Properties": {**models["Two"]["Properties"]}}
    other["Properties"]["ExecutionRoleArn"] = get("Other", "Arn")
    resources = {"Role": ROLE, "Other": ROLE, **models, "Two": other}
    found = subjects(ModelContext, resources)
    assert [[each.texts[IMAGE] for each in one.earlier_models] for one in found] == [
        [],
        [],
        ["a:1"],
    ]
