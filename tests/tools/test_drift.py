"""Report of differences for changed models, without a network."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.drift.__main__ import main
from tools.drift.catalogs import images_drift, types_drift
from tools.drift.report import Section
from tools.errors import ToolError
from tools.published.copies import BOTOCORE, CFN_LINT, Copy, installed
from tools.published.models import API_FILE, SCALING_FILE
from tools.regions.hosting import HOSTING_FILE

Change = Callable[[Any], None]

API = "botocore 9, CreateEndpointConfig"
COMPONENT = "botocore 9, CreateInferenceComponent and UpdateInferenceComponent"
CFN = "cfn-lint 9, AWS::SageMaker::EndpointConfig"
WORDS = "botocore 9, Application Auto Scaling's values for SageMaker"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
ROUTING = "ProductionVariants[].RoutingConfig.RoutingStrategy"
SCHEMA = "cfnlint/data/schemas/resources/"


def changed_copies(change: Change) -> Callable[[str, Path], Copy]:
    """Installed copies with a change of the JSON files."""

    def read(package: str, path: str) -> bytes:
        content = installed(package).read_bytes(path)
        said = json.loads(gzip.decompress(content) if path.endswith(".gz") else content)
        said["path"] = path
        change(said)
        del said["path"]
        text = json.dumps(said).encode()
        return gzip.compress(text, 1) if path.endswith(".gz") else text

    return lambda package, _: Copy(package, "9", lambda path: read(package, path))


def in_api(change: Change) -> Change:
    return lambda said: change(said["shapes"]) if said["path"] == API_FILE else None


def in_cfn(change: Change) -> Change:
    def apply(said: Any) -> None:
        if said["path"].startswith(SCHEMA) and said["typeName"] == "AWS::SageMaker::EndpointConfig":
            change(said)

    return apply


def in_scaling(change: Change) -> Change:
    return lambda said: change(said["shapes"]) if said["path"] == SCALING_FILE else None


def in_targets(change: Change) -> Change:
    def apply(said: Any) -> None:
        if said["path"].startswith(SCHEMA) and said["typeName"] == TARGET:
            change(said)

    return apply


def in_prices(change: Change) -> Change:
    return lambda said: change(said) if said["path"] == HOSTING_FILE else None


def new_member(shapes: Any) -> None:
    shapes["Fuel"] = {"type": "structure", "members": {"Litres": {"shape": "FuelLitres"}}}
    shapes["FuelLitres"] = {"type": "integer", "min": 1, "max": 9}
    shapes["CreateEndpointConfigInput"]["members"]["Fuel"] = {"shape": "Fuel"}
    shapes["CreateEndpointConfigInput"]["members"]["Litres"] = {"shape": "FuelLitres"}


def new_word(shapes: Any) -> None:
    shapes["RoutingStrategy"]["enum"] = ["RANDOM", "PREFIX_AWARE", "KV_AWARE", "NEAREST"]


def new_bound(shapes: Any) -> None:
    shapes["ServerlessMaxConcurrency"]["max"] = 400


CASES: dict[str, tuple[Change, list[str]]] = {
    "a new member": (
        in_api(new_member),
        [
            f"{API}:",
            "  members that only AWS has",
            "    Fuel (object)",
            "    Litres (integer, minimum 1, maximum 9)",
        ],
    ),
    "a member that is gone": (
        in_api(lambda s: s["CreateEndpointConfigInput"]["members"].pop("MetricsConfig")),
        [f"{API}:", "  members that only this library has", "    MetricsConfig"],
    ),
    "a removed member that is gone at last": (
        in_api(lambda s: s["ProductionVariant"]["members"].pop("AcceleratorType")),
        [
            f"{API}:",
            "  members that only this library has",
            "    ProductionVariants[].AcceleratorType",
        ],
    ),
    "words": (
        in_api(new_word),
        [
            f"{API}:",
            "  values",
            f"    {ROUTING}: new NEAREST; gone LEAST_OUTSTANDING_REQUESTS",
        ],
    ),
    "an instance type": (
        in_api(lambda s: s["ProductionVariantInstanceType"]["enum"].append("ml.x9.large")),
        [
            f"{API}:",
            "  values",
            "    ProductionVariants[].InstancePools[].InstanceType: new ml.x9.large",
            "    ProductionVariants[].InstanceType: new ml.x9.large",
            f"{COMPONENT}:",
            "  values",
            "    Specification.InstanceType: new ml.x9.large",
            "    Specifications[].InstanceType: new ml.x9.large",
        ],
    ),
    "a bound": (
        in_api(new_bound),
        [
            f"{API}:",
            "  bounds, patterns, types and required members",
            "    ProductionVariants[].ServerlessConfig.MaxConcurrency: maximum is 400; was 200",
        ],
    ),
    "a required member": (
        in_api(lambda s: s["CreateEndpointConfigInput"]["required"].append("Tags")),
        [
            f"{API}:",
            "  bounds, patterns, types and required members",
            "    Tags: required is True; was False",
        ],
    ),
    "a member of the API alone comes to CloudFormation": (
        in_cfn(lambda s: s["properties"].update(CrossRegionTrafficConfig={"type": "object"})),
        [
            f"{CFN}:",
            "  members that only AWS has",
            "    CrossRegionTrafficConfig (object)",
        ],
    ),
    "a pattern": (
        in_cfn(lambda s: s["properties"]["KmsKeyId"].update(pattern="^[a-z]*$")),
        [
            f"{CFN}:",
            "  bounds, patterns, types and required members",
            "    KmsKeyId: pattern is [a-z]*; was [a-zA-Z0-9:/_-]*",
        ],
    ),
    "a metric that policies know by name": (
        in_scaling(lambda s: s["MetricType"]["enum"].extend(["SageMakerTokens", "ECSTokens"])),
        [f"{WORDS}:", "  values", "    MetricType: new SageMakerTokens"],
    ),
    "a member of scalable targets": (
        in_targets(lambda s: s["properties"].update(Fuel={"type": "object"})),
        [
            f"cfn-lint 9, members of {TARGET}:",
            "  members that only AWS has",
            "    Fuel (object)",
        ],
    ),
    "a price list": (
        in_prices(lambda s: s["af-south-1"]["enum"].append("ml.g5.xlarge")),
        ["cfn-lint 9, hosting types by region:", "  values", "    af-south-1: new ml.g5.xlarge"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_changes_are_listed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    change, lines = CASES[name]
    assert main([], download=changed_copies(change)) == 1
    *said, total = capsys.readouterr().out.splitlines()
    assert [line for line in said if not line.endswith(": as declared")] == lines
    found = sum(line.startswith("    ") for line in lines)
    assert total == ("1 difference" if found == 1 else f"{found} differences")


def test_nothing_has_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], download=changed_copies(lambda _: None)) == 0
    assert capsys.readouterr().out == (
        "botocore 9, CreateEndpointConfig: as declared\n"
        "botocore 9, CreateModel: as declared\n"
        "botocore 9, CreateEndpoint and UpdateEndpoint: as declared\n"
        "botocore 9, CreateInferenceComponent and UpdateInferenceComponent: as declared\n"
        "cfn-lint 9, AWS::SageMaker::EndpointConfig: as declared\n"
        "cfn-lint 9, AWS::SageMaker::Model: as declared\n"
        "cfn-lint 9, AWS::SageMaker::Endpoint: as declared\n"
        "cfn-lint 9, AWS::SageMaker::InferenceComponent: as declared\n"
        "botocore 9, Application Auto Scaling's values for SageMaker: as declared\n"
        "cfn-lint 9, members of AWS::ApplicationAutoScaling::ScalableTarget: as declared\n"
        "cfn-lint 9, members of AWS::ApplicationAutoScaling::ScalingPolicy: as declared\n"
        "cfn-lint 9, hosting types by region: as declared\n"
        "0 differences\n"
    )


def test_installed_models_have_not_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    def unused(package: str, _: Path) -> Copy:
        raise AssertionError(package)

    assert main(["--installed"], download=unused) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{installed(BOTOCORE)}, CreateEndpointConfig: as declared\n")
    assert f"\n{installed(CFN_LINT)}, AWS::SageMaker::Endpoint: as declared\n" in said


def test_source_out_of_reach(capsys: pytest.CaptureFixture[str]) -> None:
    def unreachable(package: str, _: Path) -> Copy:
        message = f"cannot download {package} with pip: no network"
        raise ToolError(message)

    assert main([], download=unreachable) == 2
    assert capsys.readouterr() == (
        "",
        "python -m tools.drift: cannot download botocore with pip: no network\n",
    )


def test_missing_schema(capsys: pytest.CaptureFixture[str]) -> None:
    def change(said: Any) -> None:
        said.pop("AWS::SageMaker::Model", None)

    assert main([], download=changed_copies(change)) == 2
    assert capsys.readouterr().err == (
        "python -m tools.drift: cfn-lint 9 has no schema of AWS::SageMaker::Model in us-east-1; "
        "update the name\n"
    )


def test_catalogs_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    images = {"vllm": {"tags": ["1-gpu", "2-gpu"], "scopes": ["inference"]}, "old": {}}
    newest_images = {"vllm": {"tags": ["2-gpu", "3-gpu"], "scopes": ["training"]}, "new": {}}
    gpu = {"kind": "gpu", "count": 1}
    types = {"ml.g5.xlarge": {"vcpus": 4, "accelerator": gpu}}
    newest_types = {"ml.g5.xlarge": {"vcpus": 4, "accelerator": {**gpu, "count": 2}}}

    def catalogs(botocore: Copy, _: Path) -> list[Section]:
        of_images = images_drift({"repositories": images}, {"repositories": newest_images})
        of_types = types_drift({"types": types}, {"types": newest_types})
        return [Section("sdk 9, images", of_images, {}), Section(str(botocore), of_types, {})]

    assert main([], download=changed_copies(lambda _: None), catalogs=catalogs) == 1
    _, listed = capsys.readouterr().out.split("sdk 9, images:\n")
    assert listed == (
        "  values\n"
        "    repositories: new new; gone old\n"
        "    vllm.tags: new 3-gpu; gone 1-gpu\n"
        "  bounds, patterns, types and required members\n"
        '    vllm: scopes is ["training"]; was ["inference"]\n'
        "botocore 9:\n"
        "  bounds, patterns, types and required members\n"
        '    ml.g5.xlarge: accelerator is {"count": 2, "kind": "gpu"}; '
        'was {"count": 1, "kind": "gpu"}\n'
        "4 differences\n"
    )
    assert main(["--installed"], catalogs=catalogs) == 0
