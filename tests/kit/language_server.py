"""Client of the CDK CLI's language server, which editors start."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Any, Self

Json = dict[str, Any]

_SECONDS = 90
_SYNTH = "cdk.explorer.synthNow"


class LanguageServer:
    """Session with ``cdk lsp`` in the folder of an app, over JSON-RPC."""

    def __init__(self, cdk: Path, app: Path, env: Mapping[str, str]) -> None:
        self.app = app
        self._process = subprocess.Popen(  # noqa: S603 - ours
            [cdk, "lsp"],
            cwd=app,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._messages: Queue[Json] = Queue()
        self._last_id = 0
        self._reader = Thread(target=self._read, daemon=True)
        self.diagnostics: dict[str, list[Json]] = {}

    def __enter__(self) -> Self:
        self._reader.start()
        options = {"applicationDir": str(self.app)}
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": None,
                "capabilities": {},
                "initializationOptions": options,
            },
        )
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(_SECONDS)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()

    def synth(self, path: str, count: int) -> list[Json]:
        """Synthesize the app, and return the diagnostics of a file once there are so many."""
        self.request("workspace/executeCommand", {"command": _SYNTH, "arguments": []})
        uri = (self.app / path).as_uri()
        self._wait(lambda _: len(self.diagnostics.get(uri, ())) == count)
        return sorted(self.diagnostics[uri], key=lambda each: int(each["range"]["start"]["line"]))

    def request(self, method: str, params: Json) -> Any:
        """Return the result of a request."""
        self._last_id = id_ = self._last_id + 1
        self._send({"id": id_, "method": method, "params": params})
        response = self._wait(lambda message: message.get("id") == id_ and "method" not in message)
        assert "error" not in response, response
        return response["result"]

    def document(self, path: str, **params: Any) -> Json:
        """Return the parameters of a request about a file of the app."""
        return {"textDocument": {"uri": (self.app / path).as_uri()}, **params}

    def _wait(self, is_wanted: Callable[[Json], bool]) -> Json:
        """Return the first message that is wanted; the last one can already be."""
        message: Json = {}
        while not is_wanted(message):
            message = self._messages.get(timeout=_SECONDS)
            assert message, "the server has ended"
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                self.diagnostics[params["uri"]] = params["diagnostics"]
        return message

    def _send(self, message: Json) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif line == b"\r\n":
                self._messages.put(json.loads(stream.read(length)))
        self._messages.put({})
