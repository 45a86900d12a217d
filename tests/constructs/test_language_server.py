"""Test of findings in an editor, by a session with the CDK CLI's language server."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from kit.language_server import LanguageServer
from kit.node import CDK, needs_cdk_cli, with_node

APP = """\
import aws_cdk as cdk
from cdk_epc import EndpointConfig

app = cdk.App()
stack = cdk.Stack(app, "Stack")


class CompanyConfig(EndpointConfig):
    def __init__(self, scope, id, **options):
        super().__init__(scope, id, endpoint_config_name="fixed", **options)


config = CompanyConfig(stack, "Serverless")  # a warning
config.add_serverless_variant(  # an error of the call
    "main", model="churn", memory_size=cdk.Size.mebibytes(2500), max_concurrency=5
)
for name in ("A", "B"):
    EndpointConfig(stack, name)  # two errors at synth
app.synth()
"""
"""Its lines are numbered from 0 in the protocol, as below."""

WARNING, CALL, SYNTH = 12, 13, 17

NAME_FIXED = (
    "name-fixed: endpoint_config_name is the fixed name 'fixed', which a replacement would have as "
    "well"
)
MEMORY_STEP = (
    'serverless-memory-step: memory_size of add_serverless_variant("main") is 2500; must be 1024, '
    "2048, 3072, 4096, 5120 or 6144 MB"
)
NO_VARIANTS = (
    "production-variants-missing: production_variants is missing; must have 1 to 10 variants"
)


@pytest.mark.pin_only
@needs_cdk_cli
def test_editor_shows_all_findings_at_their_lines(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP, "utf-8")
    context = {"@aws-cdk/core:annotationsInValidationReport": True}
    settings = {"app": f"{sys.executable} app.py", "context": context}
    (tmp_path / "cdk.json").write_text(json.dumps(settings), "utf-8")
    env = with_node(
        AWS_EC2_METADATA_DISABLED="true",
        CDK_VALIDATION="false",  # CloudFormation's own check takes seconds
    )
    with LanguageServer(CDK, tmp_path, env) as server:
        found = server.synth("app.py", 4)
        lenses = server.request("textDocument/codeLens", server.document("app.py"))
        template = tmp_path / "cdk.out" / "Stack.template.json"
        lines = template.read_text("utf-8").splitlines()
        at = next(n for n, line in enumerate(lines) if '"AWS::SageMaker::EndpointConfig"' in line)
        definition = server.request(
            "textDocument/definition",
            server.document(str(template), position={"line": at, "character": 3}),
        )
    titles = {each["range"]["start"]["line"]: each["command"]["title"] for each in lenses}
    shown = [
        (each["range"]["start"]["line"], each["severity"], each["message"].splitlines()[0])
        for each in found
    ]
    assert shown == [
        (WARNING, 2, NAME_FIXED),
        (CALL, 1, MEMORY_STEP),
        (SYNTH, 1, NO_VARIANTS),
        (SYNTH, 1, NO_VARIANTS),
    ]
    assert titles[WARNING] == "Creates AWS::SageMaker::EndpointConfig"
    assert titles[SYNTH].startswith("Creates 2 resources")
    assert definition["uri"] == (tmp_path / "app.py").as_uri()
    assert definition["range"]["start"]["line"] == WARNING
