"""Hostile input: exit code 2, one line about each input, and no traceback."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from kit.command import BAD_TEXT, Run, run
from kit.sarif import run_of

from cdk_epc.cli import main

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
MEBIBYTE = 1024 * 1024

CONTENTS: dict[str, tuple[str, bytes]] = {
    "empty": ("a.json", b""),
    "blank": ("a.yaml", b" \n\n"),
    "truncated": ("a.json", BAD_TEXT[:-40].encode()),
    "no JSON": ("a.json", b"{'single': 'quotes'}"),
    "repeated key before an open text": ("a.json", b'{"a": {"b": 1, "b": 2}, "c": "d'),
    "repeated key before brackets": ("a.json", b'{"a": {"b": 1, "b": 2}}]}'),
    "trailing": ("a.json", BAD_TEXT.encode() + b"}"),
    "not a number": ("a.json", b'{"ProductionVariants": NaN}'),
    "deep list": ("a.json", b"[" * 100_000),
    "deep mapping": ("a.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "deep YAML": ("a.yaml", b"[" * 100_000),
    "deep template": ("a.json", b'{"Resources": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}"),
    "long number": ("a.json", b'{"ProductionVariants": ' + b"9" * 10_000 + b"}"),
    "YAML bomb": ("a.yaml", BOMB.encode()),
    "unsafe tag": ("a.yaml", b"Resources: !!python/object/apply:os.system [exit]\n"),
    "endless alias": ("a.yaml", b"Resources: &a {b: *a}\n"),
    "two documents": ("a.yaml", b"Resources: {}\n---\nResources: {}\n"),
    "tab": ("a.yaml", b"Resources:\n\tA: 1\n"),
    "binary": ("a.json", bytes(range(256)) * 10),
    "image": ("a.yaml", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "Latin-1": ("a.json", '{"EndpointConfigName": "é"}'.encode("latin-1")),
    "UTF-16 without a mark": ("a.json", BAD_TEXT.encode("utf-16-le")),
    "lone surrogate": ("a.json", rb'{"ProductionVariants": [], "\ud800": 1}'),
    "truncated character": ("a.json", b'{"EndpointConfigName": "\xe2\x82'),
}


def _template(**resources: object) -> tuple[str, bytes]:
    return "a.json", json.dumps({"Resources": resources}).encode()


def _resource(type_: str, properties: object, **others: object) -> dict[str, object]:
    return {"Type": f"AWS::SageMaker::{type_}", "Properties": properties, **others}


TEMPLATES: dict[str, tuple[str, bytes]] = {
    "resources as a list": ("a.json", b'{"Resources": []}'),
    "no resource": _template(A=None),
    "type as a number": _template(A={"Type": 1}),
    "properties as a list": _template(A=_resource("EndpointConfig", [1])),
    "circular references": _template(
        A=_resource("EndpointConfig", {"ProductionVariants": [{"ModelName": {"Ref": "B"}}]}),
        B=_resource("Model", {"ModelName": {"Fn::GetAtt": ["A", "EndpointConfigName"]}}),
    ),
    "huge numbers": _template(
        A=_resource(
            "EndpointConfig",
            {"ProductionVariants": [{"InitialInstanceCount": 10**400, "VariantName": 1e300}]},
        )
    ),
    "names of Python": _template(
        **{
            "class": _resource("Model", {"ExecutionRoleArn": "x"}),
            "1a": _resource("Model", {}),
            "A_b": _resource("Model", {}),
            "A-b": _resource("Model", {}),
            "": _resource("Endpoint", {"": 1}),
            "a b\n": _resource("Model", {}),
        }
    ),
    "quotes": _template(A=_resource("Model", {"ModelName": "\"\"\"'''\\\n\u2028\0{}%s"})),
    "wrong functions": _template(
        A=_resource(
            "Endpoint",
            {
                "EndpointConfigName": {"Fn::Sub": ["${", "x"]},
                "EndpointName": {"Fn::Sub": "${!x}${}${A.}"},
                "Tags": {"Fn::FindInMap": ["M", 1, {"Ref": "A"}]},
            },
        )
    ),
    "metadata": _template(
        A=_resource(
            "Endpoint",
            {},
            Metadata={"cdk-epc": {"acknowledge": [1]}, "aws:cdk:path": 5},
            DependsOn={"a": 1},
        )
    ),
    "nested stack": _template(
        A={
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": "../../etc/passwd", "Parameters": [1]},
            "Metadata": {"aws:asset:path": "../../../etc/passwd"},
        }
    ),
    "responses": (
        "a.json",
        json.dumps(
            [
                {"EndpointArn": 5, "EndpointName": "x", "ProductionVariants": {"a": 1}},
                {"EndpointConfigArn": [], "EndpointConfigName": "y", "ProductionVariants": [None]},
                {"ScalableTargets": [None, {"ResourceId": 7}]},
            ]
        ).encode(),
    ),
}
"""Templates and responses with wrong parts, which other commands than `check` read as well."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def assert_unusable(name: str) -> None:
    for form in ("text", "json", "sarif", "github"):
        done = run("check", "--format", form, name)
        assert done.code == 2
        assert done.err.startswith(f"{name}: ")
        assert len(done.err.splitlines()) == 1
        assert len(done.err) < 500
    sarif = run_of(run("check", "--format", "sarif", name).out)
    (invocation,) = sarif["invocations"]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 1
    unusable = run("check", "--format", "json", name).json
    assert unusable["summary"] == {
        "files": 0,
        "errors": 0,
        "warnings": 0,
        "acknowledged": 0,
        "unusable": 1,
        "skipped": 0,
    }


@pytest.mark.parametrize("case", CONTENTS)
def test_content(case: str):
    name, content = CONTENTS[case]
    Path(name).write_bytes(content)
    assert_unusable(name)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"ProductionVariants": [')
        file.truncate(200 * MEBIBYTE)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    "make",
    [huge, loop, dangling, device, os.mkfifo, Path.absolute],
    ids=["huge", "loop", "dangling", "device", "fifo", "missing"],
)
def test_file(make: Callable[[Path], None]):
    make(Path("odd.json"))
    assert_unusable("odd.json")


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read every file")
def test_unreadable():
    Path("secret.json").write_text(BAD_TEXT, "utf-8")
    Path("secret.json").chmod(0)
    assert_unusable("secret.json")
    assert run("check", ".").code == 2


@pytest.mark.parametrize("name", ["", "x" * 5000])
def test_impossible_names(name: str):
    done = run("check", name)
    assert (done.code, len(done.err.splitlines())) == (2, 1)


def test_a_name_with_a_line_feed_is_escaped():
    done = run("check", "a\nb\x1b[2J.json")
    assert done.code == 2
    assert done.err.startswith(r"a\nb\x1b[2J.json: ")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("diff", "{}", "good.json"),
        ("diff", "good.json", "{}"),
        ("import", "{}"),
        ("diff", "--acknowledge", "{}", "good.json", "good.json"),
    ],
)
def test_content_for_other_commands(command: tuple[str, ...]):
    Path("good.json").write_text('{"Resources": {}}', "utf-8")
    Path("d").mkdir()
    contents = {**CONTENTS, **TEMPLATES}
    for case, (name, content) in contents.items():
        Path(name).write_bytes(content)
        done = run(*(each.format(name) for each in command))
        is_usable = case in TEMPLATES or case == "deep template"
        if not is_usable:
            assert (case, done.code, f"{name}: " in done.err) == (case, 2, True)
        assert (case, len(done.err.splitlines()) <= 1, len(done.err) < 600) == (case, True, True)
        if command[0] == "import" and done.code == 0:
            compile(done.out, case, "exec")
        Path(name).unlink()
    for name in ("missing.json", "d", "a\0b", "x" * 5_000, ""):
        done = run(*(each.format(name) for each in command))
        assert (done.code, len(done.err.splitlines())) == (2, 1)


def test_usable_inputs_are_still_checked():
    Path("a.json").write_text("{", "utf-8")
    Path("b.json").write_text(BAD_TEXT, "utf-8")
    done = run("check", "a.json", "missing.json", "b.json")
    assert done.code == 2
    assert [line.split(": ")[0] for line in done.err.splitlines()] == ["a.json", "missing.json"]
    assert done.out.startswith("b.json:7:49: error serverless-memory-step ")
    assert done.out.endswith("1 error, 0 warnings in 1 file; 2 inputs could not be used\n")


def test_a_folder_with_hostile_files():
    for number, (name, content) in enumerate(CONTENTS.values()):
        Path(f"{number:02}-{name}").write_bytes(content)
    loop(Path("loop.json"))
    os.mkfifo("pipe.json")
    Path("inner").mkdir()
    Path("inner/back").symlink_to("..", target_is_directory=True)
    done = run("check", "--format", "json", ".")
    assert done.code == 2  # some contain "ProductionVariants"
    assert "Traceback" not in done.err
    assert {line.split(": ")[0] for line in done.err.splitlines()} >= {
        each["file"] for each in done.json["unusable"]
    }
    assert len(done.err.splitlines()) == len(
        {line.split(": ")[0] for line in done.err.splitlines()}
    )


@pytest.mark.parametrize(
    "request_",
    [
        {"ProductionVariants": value}
        for value in (None, 0, True, "x", {}, [], [None], [[]], [0], [{"VariantName": {}}])
    ],
    ids=str,
)
def test_values_of_a_wrong_type_are_findings(request_: dict[str, object]):
    Path("a.json").write_text(json.dumps(request_), "utf-8")
    done = run("check", "a.json")
    assert (done.code, done.err) == (1, "")


@pytest.mark.parametrize("key", ["\x1b[31m", "a\nb", "\u202e", "", "ProductionVariants "])
def test_hostile_keys_are_escaped_in_findings(key: str):
    Path("a.json").write_text(json.dumps({"ProductionVariants": [], key: 1}), "utf-8")
    for form in ("text", "json", "sarif", "github"):
        done = run("check", "--format", form, "a.json")
        assert (done.code, done.err) == (1, "")
        assert "\x1b" not in done.out
    run_of(run("check", "--format", "sarif", "a.json").out)
    lines = run("check", "a.json").out.splitlines()
    rule = "member-unknown" if key.startswith("ProductionVariants") else "member-unpublished"
    assert any(f" {rule} " in line for line in lines)
    totals = ("1 error, 1 warning", "2 errors")
    assert all(line.startswith(("a.json:", "    ", *totals)) or not line for line in lines)


@pytest.mark.parametrize("key", ["\x1b[31m", "a\nb", "\u202e", ""])
def test_hostile_repeated_keys_are_escaped_in_findings(key: str):
    name = json.dumps(key)
    Path("a.json").write_text(f'{{"ProductionVariants": [], {name}: 1, {name}: 2}}', "utf-8")
    for form in ("text", "json", "sarif", "github"):
        done = run("check", "--format", form, "a.json")
        assert (done.code, done.err) == (1, "")
        assert not {"\x1b", "\u202e"} & set(done.out)
    lines = run("check", "a.json").out.splitlines()
    assert any(" key-repeated " in line for line in lines)
    totals = "1 error, 2 warnings"
    assert all(line.startswith(("a.json:", "    ", totals)) or not line for line in lines)
    assert any(line.startswith(totals) for line in lines)


@pytest.mark.parametrize(
    ("name", "content", "lines"),
    [
        (
            "a.json",
            '{"ProductionVariants": 1, "ProductionVariants": []}',
            ["warning key-repeated", "error production-variants-missing"],
        ),
        ("a.yaml", "Resources: 1\nResources: {}\n", ["warning key-repeated"]),
    ],
)
def test_the_last_value_of_a_repeated_key_is_checked(name: str, content: str, lines: list[str]):
    Path(name).write_text(content, "utf-8")
    done = run("check", name)
    found = [line.split(" ", 1)[1] for line in done.out.splitlines() if line.startswith(name)]
    assert [" ".join(line.split(" ")[:2]) for line in found] == lines
    assert (done.code, done.err) == (int(len(lines) > 1), "")


HOSTILE_NAMES = (
    *("::stop-commands::x", "::error title=x::y", "  ::debug::x", "::", "##[error]x"),
    *("a##[add-mask]x", "\x1b[31mred", "\u202eevil", "\u200bzero", "a\u2028b", "a\x85b", "a\x7fb"),
    *("\n::error::x", "\r##[error]x", "\udce9", "\ud800", "%0A::error::x", "\xa0::error::x"),
)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_names_and_values_neither_begin_a_line_nor_steer_a_log(form: str):
    is_text = form in {"text", "github"}
    for name in HOSTILE_NAMES if is_text else HOSTILE_NAMES[::3]:
        variant = {"VariantName": name, "ModelName": name, "InstanceType": name, name: name}
        template = {
            "Parameters": {name: {"Type": "String", "Default": name, "AllowedValues": [name]}},
            "Resources": {
                name: {
                    "Type": "AWS::SageMaker::EndpointConfig",
                    "Metadata": {
                        "cdk-epc": {
                            "acknowledge": {
                                "variant-weights-zero": name,
                                "name-fixed": name,
                                name: name,
                            }
                        }
                    },
                    "Properties": {
                        "EndpointConfigName": name,
                        "ProductionVariants": [variant, {"InstanceType": {"Ref": name}}],
                        "Tags": [{"Key": name, "Value": name}] * 2,
                    },
                }
            },
        }
        text, files = json.dumps(template), [f"{name}.json", f"x{name}.json"]
        for file, content in zip(files, (text, f"{{ AWS::SageMaker {name}"), strict=True):
            with contextlib.suppress(UnicodeEncodeError):  # no file can have this name
                Path(file).write_text(content, "utf-8", errors="surrogatepass")
        done = run("check", "--format", form, *files, f"no{name}\0", "--rules", f"no{name}:R")
        assert done.code == 2
        _assert_harmless(done, form)
        done = run("check", "--format", form, *files, f"no{name}\0", f"{name}missing", ".")
        assert done.code == 2
        _assert_harmless(done, form)
        with contextlib.redirect_stderr(io.StringIO()) as err, pytest.raises(SystemExit):
            main(["rules", "--format", "text", name])
        _assert_harmless(Run(2, "", err.getvalue()), form)
        if form in {"json", "sarif"}:
            json.loads(run("check", "--format", form, ".").out)


def _assert_harmless(done: Run, form: str) -> None:
    for line in (*done.out.split("\n"), *done.err.split("\n")):
        assert line.isprintable()
        assert "##[" not in line
        is_ours = form == "github" and re.match(r"::(error|warning|notice) ", line)
        assert is_ours or not line.lstrip().startswith("::")
    assert "unexpected" not in done.err
    for uri in re.findall(r'"uri": "([^"]*)"', done.out):
        assert re.fullmatch(r"[A-Za-z0-9._~/%:-]+", uri)
