"""Bounded memory and time for hostile input, measured in a process with limits on both."""

import subprocess
import sys
from pathlib import Path

import pytest

# The reader itself needs about 30 MiB. The time limit is generous, because machines differ.
MEMORY = 400 * 1024**2
SECONDS = 30
SCRIPT = """
import resource, sys
from pathlib import Path
from cdk_epc.parsing import UnusableInputError, read_file
import cdk_epc.parsing.yaml_document, yaml
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
try:
    read_file(Path(sys.argv[1]))
except UnusableInputError as error:
    print(error)
else:
    print("read")
"""
LAUGHS = b"a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (level, level, b", ".join([b"*a%d" % (level - 1)] * 10))
    for level in range(1, 30)
)
MERGES = (
    b"a: &a {"
    + b", ".join(b"k%d: 1" % key for key in range(10_000))
    + b"}\n"
    + b"".join(b"b%d: {<<: *a}\n" % key for key in range(100_000))
)
ALIASES = "the input, with its aliases expanded, has more than 1,000,000 values"
DEEP = "the input is nested more than 100 levels deep"
CASES = {
    "laughs.yaml": (LAUGHS, ALIASES),
    "laughs.template": (LAUGHS, ALIASES),
    "merges.yaml": (MERGES, ALIASES),
    "values.yaml": (b"- a\n" * 4_000_000, ALIASES),
    "lists.json": (b"[" * 1_000_000, DEEP),
    "lists.yaml": (b"[" * 1_000_000, DEEP),
    "lists.template": (b"[" * 1_000_000, DEEP),
    "lines.yaml": (b"[\n" * 500_000, DEEP),
    "closed.json": (b"[" * 500_000 + b"]" * 500_000, DEEP),
    "objects.json": (b'{"a":' * 1_000_000, DEEP),
    "dashes.yaml": (b"- " * 4_000_000, DEEP),
    "keys.yaml": (b"? " * 4_000_000, "the key is a list or a mapping"),
    "braces.yaml": (b"{" * 4_000_000, "the input may have more than 1,000,000 values"),
    "directives.yaml": (
        b"%TAG !a! b\n" * 1_000_000,
        "the YAML has more than 100 `%TAG` directives",
    ),
    "anchors.yaml": (b"&a " * 4_000_000, "the input is not YAML"),
    "sixties.yaml": (b"1" + b":10" * 5_000_000, "read"),
    "digits.yaml": (b"9" * 16_000_000, "read"),
    "digits.json": (b"9" * 16_000_000, "the number has too many digits"),
    "escapes.json": (b'"' + b"\\\\" * 8_000_000, "the input is not JSON: unterminated string"),
    "quotes.yaml": (b'"' * 16_000_000, "the input is not YAML"),
    "comments.yaml": (b"#\n" * 8_000_000, "the YAML has only comments"),
    "blanks.json": (b"\n" * 16_000_000, "the input is empty"),
    "words.yaml": (b"a\n" * 8_000_000, "read"),
    "empty.json": (b"{" + b'"a":{"a":{}},' * 300_000 + b'"b":0}', "read"),
}


@pytest.mark.parametrize("name", CASES)
def test_bounded(tmp_path: Path, name: str):
    content, expected = CASES[name]
    path = tmp_path / name
    path.write_bytes(content)
    script = SCRIPT.format(memory=MEMORY, seconds=SECONDS)
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", script, path], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(expected)
    assert ran.stdout.count("\n") == 1
