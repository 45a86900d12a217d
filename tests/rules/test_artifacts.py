"""Rules on the artifacts of models: a container and all of its findings."""

from __future__ import annotations

from typing import Any

import pytest
from kit.requests import changed
from kit.subjects import component, model

from cdk_epc.rules import check
from cdk_epc.rules.artifacts import extension_of
from cdk_epc.spec import ContainerDefinition, ModelSpec
from cdk_epc.spec.unresolved import Unresolved, known_end, known_start

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
GATED = "jumpstart-private-cache-prod-eu-west-1"
UNKNOWN = "${Token[TOKEN.7]}"
PACKAGE = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/scorer/1"
Row = tuple[str, str]


def found(container: dict[str, Any], **members: Any) -> list[Row]:
    spec = model({"PrimaryContainer": {"Image": IMAGE, **container}, **members})
    return [(each.rule_id, each.path.removeprefix("PrimaryContainer.")) for each in check(spec)]


def url_findings(url: Any, mode: Any = None) -> list[str]:
    container = ContainerDefinition(image=IMAGE, model_data_url=url, mode=mode)
    return [each.rule_id for each in check(ModelSpec(primary_container=container))]


UNRESOLVED = Unresolved({"Ref": "Any"})
SUB = Unresolved({"Fn::Sub": "..."}, parts=("s3://models-", None, "/a/"))
JOIN = Unresolved({"Fn::Join": "..."}, parts=("s3://", None, "/models/a.zip"))
URLS: dict[str, tuple[Any, Any, list[str]]] = {
    "an archive": ("s3://b/a/model.tar.gz", None, []),
    "an archive in capitals": ("s3://b/a/MODEL.TGZ", "SingleModel", []),
    "an asset of CDK": ("s3://cdk-hnb659fds-assets-111122223333-eu-west-1/0a1b.gz", None, []),
    "a name without an extension": ("s3://b/sqlcoder-7b-2", None, []),
    "a version is no extension": ("s3://b/llama-3.1", None, []),
    "a dot in a folder": ("s3://b/v1.zip/model", None, []),
    "a prefix": ("s3://b/a/", None, ["model-data-is-prefix"]),
    "a prefix behind a token": (f"s3://{UNKNOWN}/a/", None, ["model-data-is-prefix"]),
    "a prefix of a template": (SUB, None, ["model-data-is-prefix"]),
    "a prefix, and the mode is unknown": ("s3://b/a/", UNKNOWN, []),
    "another file": ("s3://b/a/model.safetensors", None, ["model-data-not-archive"]),
    "a tar archive": ("s3://b/a/model.tar", None, ["model-data-not-archive"]),
    "another file behind a token": (f"{UNKNOWN}.zip", None, ["model-data-not-archive"]),
    "another file of a template": (JOIN, None, ["model-data-not-archive"]),
    "a token at the end": (f"s3://b/model.{UNKNOWN}", None, []),
    "a reference": (Unresolved({"Ref": "Url"}), None, []),
    "many models": ("s3://b/a/", "MultiModel", []),
    "many models without a slash": ("s3://b/a", "MultiModel", []),
    "many models in one archive": ("s3://b/a.TGZ", "MultiModel", ["multi-model-data-is-archive"]),
    "many models nowhere": (None, "MultiModel", ["multi-model-data-missing"]),
    "many models somewhere": (Unresolved({"Ref": "Url"}), "MultiModel", []),
}


@pytest.mark.parametrize("case", URLS)
def test_the_url_fits_the_mode(case: str) -> None:
    url, mode, rules = URLS[case]
    assert url_findings(url, mode) == rules


def test_a_model_package_has_its_own_data() -> None:
    for given in ({"ModelDataUrl": "s3://b/a/"}, {"Mode": "MultiModel"}):
        assert check(model({"PrimaryContainer": {"ModelPackageName": PACKAGE, **given}})) == []


def source(uri: str = "s3://b/a/", eula: Any = None, **members: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "S3Uri": uri,
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
        **members,
    }
    if eula is not None:
        data["ModelAccessConfig"] = {"AcceptEula": eula}
    return {"S3DataSource": data}


EULA = "ModelAccessConfig.AcceptEula"
SOURCES: dict[str, tuple[dict[str, Any], list[Row]]] = {
    "no license": (source(), []),
    "an accepted license": (source(eula=True), []),
    "a refused license": (source(eula=False), [("model-license-refused", EULA)]),
    "a gated model": (
        source(f"s3://{GATED}/a/"),
        [("model-license-not-accepted", "ModelAccessConfig")],
    ),
    "a gated model behind https": (
        source(f"https://s3.eu-west-1.amazonaws.com/{GATED}/a/"),
        [("model-license-not-accepted", "ModelAccessConfig")],
    ),
    "a gated model in an unknown region": (
        source(f"s3://jumpstart-private-cache-prod-{UNKNOWN}/a/"),
        [("model-license-not-accepted", "ModelAccessConfig")],
    ),
    "a gated model that is refused": (
        source(f"s3://{GATED}/a/", eula=False),
        [("model-license-not-accepted", EULA)],
    ),
    "a gated model that is accepted": (source(f"s3://{GATED}/a/", eula=True), []),
    "a gated model without an answer": (
        changed(source(f"s3://{GATED}/a/"), "S3DataSource.ModelAccessConfig", {}),
        [("value-missing", EULA), ("model-license-not-accepted", EULA)],
    ),
    "a gated model with an unknown answer": (
        changed(source(f"s3://{GATED}/a/"), "S3DataSource.ModelAccessConfig", UNRESOLVED),
        [],
    ),
    "a gated model with a token": (source(f"s3://{GATED}/a/", eula=UNKNOWN), []),
    "a public model of JumpStart": (source("s3://jumpstart-cache-prod-eu-west-1/a/"), []),
    "a compressed prefix": (
        source(CompressionType="Gzip"),
        [("model-data-prefix-compressed", "CompressionType")],
    ),
    "a compressed object": (source("s3://b/a", S3DataType="S3Object", CompressionType="Gzip"), []),
}


@pytest.mark.parametrize("case", SOURCES)
def test_findings_about_a_data_source(case: str) -> None:
    given, rows = SOURCES[case]
    place = "ModelDataSource.S3DataSource."
    assert found({"ModelDataSource": given}) == [(rule, place + at) for rule, at in rows]


def test_the_answer_to_a_license() -> None:
    for eula, got in ((False, "false"), (None, None)):
        container = {"Image": IMAGE, "ModelDataSource": source(f"s3://{GATED}/a/", eula=eula)}
        (finding,) = check(model({"PrimaryContainer": container}))
        assert finding.got == got


def test_additional_data_and_urls_of_gated_models() -> None:
    channel = {"ChannelName": "draft", **source(f"s3://{GATED}/draft/")}
    place = "AdditionalModelDataSources[0].S3DataSource.ModelAccessConfig"
    additional = found({"AdditionalModelDataSources": [channel]})
    assert ("model-license-not-accepted", place) in additional
    unknown = {"ChannelName": "any", "S3DataSource": UNRESOLVED}
    additional = found({"AdditionalModelDataSources": [UNRESOLVED, unknown, channel]})
    assert ("model-license-not-accepted", place.replace("0", "2")) in additional
    assert found({"ModelDataSource": {"S3DataSource": UNRESOLVED}}) == []
    assert found({"ModelDataSource": UNRESOLVED, "Mode": "MultiModel"}) == []
    assert found({"ModelDataUrl": f"s3://{GATED}/{UNKNOWN}.tar.gz"}) == [
        ("model-license-not-accepted", "ModelDataUrl")
    ]
    assert found({"ModelDataUrl": f"s3://{GATED}/a.tar.gz"}) == [
        ("model-license-not-accepted", "ModelDataUrl")
    ]


ARTIFACTS = {
    "s3://b/a.tar.gz": True,
    "s3://b/a.tgz": True,
    "s3://cdk-hnb659fds-assets-111122223333-eu-west-1/0a1b.gz": True,
    f"s3://{UNKNOWN}": True,
    f"s3://{UNKNOWN}/adapter": True,
    f"s3://{UNKNOWN}/adapter/": False,
    f"s3://{UNKNOWN}/adapter.zip": False,
    "s3://b/adapter": False,
    "s3://b/adapter/": False,
}


@pytest.mark.parametrize("url", ARTIFACTS)
def test_the_artifact_of_a_component_is_an_archive(url: str) -> None:
    spec = component(
        {
            "EndpointName": "assistants",
            "Specification": {
                "BaseInferenceComponentName": "base",
                "Container": {"ArtifactUrl": url},
            },
        }
    )
    rules = [each.rule_id for each in check(spec)]
    assert rules == ([] if ARTIFACTS[url] else ["component-artifact-not-archive"])


EXTENSIONS = {
    "model.zip": ".zip",
    "model.7z": ".7z",
    "v1.2.bin": ".bin",
    "llama-3.1": "",
    "Llama-3.2-1B": "",
    "model": "",
    "model.": "",
}


def test_extensions() -> None:
    assert {name: extension_of(name) for name in EXTENSIONS} == EXTENSIONS


def test_known_ends_of_texts_that_are_unresolved() -> None:
    ends: dict[str, tuple[Any, str, str]] = {
        "a text": ("s3://b/a", "s3://b/a", "s3://b/a"),
        "a text with a token": (f"s3://{UNKNOWN}/a", "s3://", "/a"),
        "a joined text": (JOIN, "s3://", "/models/a.zip"),
        "only an end": (Unresolved({"Fn::Sub": "..."}, parts=(None, ".zip")), "", ".zip"),
        "another function": (Unresolved({"Ref": "Url"}), "", ""),
        "no text": (7, "", ""),
        "nothing": (None, "", ""),
    }
    read = {case: (known_start(value), known_end(value)) for case, (value, *_) in ends.items()}
    assert read == {case: (start, end) for case, (_, start, end) in ends.items()}
