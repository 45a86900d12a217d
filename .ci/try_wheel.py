"""Try the installed wheel, as `make wheel` does in a venv that holds nothing else."""

import importlib.resources
import importlib.util
import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

import cdk_epc

if importlib.util.find_spec("pytest"):
    sys.exit("this venv holds more than the wheel and what it requires")

# The public names are resolved on first use: use them all.
for name in cdk_epc.__all__:
    getattr(cdk_epc, name)

package = importlib.resources.files(cdk_epc)
if not package.joinpath("py.typed").is_file():
    sys.exit("the wheel has no py.typed")


def data_files(folder: Traversable) -> Iterator[Traversable]:
    """Yield every .json file below a folder."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from data_files(entry)
        elif entry.name.endswith(".json"):
            yield entry


# The command, where pip put it for this interpreter.
command = Path(sysconfig.get_path("scripts"), "cdk-epc")
for arguments in (["--version"], ["rules"], ["explain", "name-fixed"], ["schema", "diff"]):
    subprocess.run([command, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours

data = [json.loads(entry.read_text(encoding="utf-8")) for entry in data_files(package)]
print(f"wheel: ok, {len(cdk_epc.__all__)} public names, {len(data)} data files")
