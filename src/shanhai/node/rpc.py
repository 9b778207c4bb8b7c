"""Asking a consensus node over its local HTTP port: JSON-RPC with the standard library."""

from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

import msgspec

from shanhai.kernel.errors import StorageError
from shanhai.kernel.text import TEXTS, Text

TEXTS["rpc.unreachable"] = Text(
    "共识节点 {address} 没有回答（{detail}），请确认它在运行：shanhai node status",
    "The consensus node at {address} does not answer ({detail}); see whether it runs: shanhai node status",
)
JSON_HEADERS = {"Content-Type": "application/json"}


class Checked(NamedTuple):
    """What a node said of a transaction: `code` 0 lets it wait; -1 if the node itself refused, `log` says why."""

    code: int
    log: str


class Rpc:
    """One node's port; a connection is kept open and opened anew when it broke."""

    def __init__(self, address: str, timeout_s: float = 5) -> None:
        """Begin.

        Args:
            address: Host and port.
            timeout_s: How long an answer may take, in seconds.
        """
        self.address, self._timeout = address, timeout_s
        self._connection: HTTPConnection | None = None

    def post(self, body: bytes) -> bytes:
        """Send a JSON-RPC body and return the answer's.

        Raises:
            StorageError: `rpc.unreachable`.
        """
        for attempt in range(2):
            fresh = self._connection is None
            connection = self._connection or HTTPConnection(self.address, timeout=self._timeout)
            self._connection = connection
            try:
                connection.request("POST", "/", body, JSON_HEADERS)
                return connection.getresponse().read()
            except (OSError, HTTPException) as error:
                self.close()
                if fresh or attempt:
                    raise StorageError(
                        "rpc.unreachable", address=self.address, detail=type(error).__name__
                    ) from error
        raise AssertionError("two attempts return or raise")

    def call(self, method: str, **params: Any) -> Any:
        """Call one method and return its result.

        Raises:
            StorageError: `rpc.unreachable`, with the node's own words where it refused.
        """
        asked = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = msgspec.json.decode(self.post(msgspec.json.encode(asked)))
        if "error" in answer:
            detail = str(answer["error"])[:200]
            raise StorageError("rpc.unreachable", address=self.address, detail=detail)
        return answer["result"]

    def broadcast(self, txs: Sequence[bytes]) -> list[Checked]:
        """Offer transactions; each is answered once the node has checked it.

        Raises:
            StorageError: `rpc.unreachable`.
        """
        answers = msgspec.json.decode(self.post(broadcast_body(txs)))
        if isinstance(answers, dict):
            answers = [answers]
        return [checked(one) for one in sorted(answers, key=lambda one: int(one["id"]))]

    def query(self, path: str, data: bytes = b"") -> Any:
        """Ask the application a question.

        Raises:
            StorageError: `rpc.unreachable`.
        """
        found = self.call("abci_query", path=path, data=data.hex())["response"]
        if found.get("code"):
            raise StorageError("rpc.unreachable", address=self.address, detail=found.get("log", ""))
        return msgspec.json.decode(msgspec.json.decode(f'"{found["value"]}"', type=bytes))

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def broadcast_body(txs: Sequence[bytes]) -> bytes:
    """Return the JSON-RPC body that offers transactions, numbered in order."""
    return msgspec.json.encode(
        [
            {"jsonrpc": "2.0", "id": at, "method": "broadcast_tx_sync", "params": {"tx": tx}}
            for at, tx in enumerate(txs)
        ]
    )


def checked(answer: dict[str, Any]) -> Checked:
    """Read what a node said of one transaction; one that it holds already counts as waiting."""
    if "error" in answer:
        said = str(answer["error"].get("data") or answer["error"].get("message"))
        return Checked(0 if "already exists in cache" in said else -1, said)
    return Checked(answer["result"]["code"], answer["result"].get("log", ""))
