"""HTTP around the witness: a thin client of a site, and a server of a mirror's copy. Standard library only."""

import http.client
import json
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError, Refused, ShanhaiError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.admission import Signed
from shanhai.node.witness.letter import HEADER
from shanhai.node.witness.round import Sequencer

TIMEOUT_S = 20
MAX_BYTES = 64 * 2**20
MAX_POST_BYTES = 128 * 1024
OK = 200
TEXTS["authority.witnesses"] = Text(
    "本账本的条目只对成员单位公开；镜像以见证规则中的联署密钥自动登录，请核对密钥和时钟",
    "This ledger shows entries to its members only; a mirror signs in with its cosigning key of the policy: compare key "
    "and clock",
)
TEXTS["remote.url"] = Text(
    "网址 {url} 须以 http:// 或 https:// 开头，例如 http://localhost:8000",
    "The address {url} must begin with http:// or https://, for example http://localhost:8000",
)


class Client:
    """One site, read over one connection that is kept; for one thread."""

    def __init__(
        self, url: str, timeout_s: float = TIMEOUT_S, letter: Callable[[str], str] | None = None
    ) -> None:
        """Prepare; nothing is asked yet.

        Args:
            url: The site's address.
            timeout_s: How long an answer may take.
            letter: Makes what a read of a path carries to sign in; None carries nothing.

        Raises:
            InvalidInputError: `remote.url`.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInputError("remote.url", url=url)
        self.url, self._base, self._parts = url.rstrip("/"), parts.path.rstrip("/"), parts
        self._timeout_s, self._letter = timeout_s, letter
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> bytes:
        """Return a file below `/ledger/`.

        Raises:
            InvalidInputError: `remote.unreachable`.
        """
        return self.ask("GET", f"/ledger/{path}")

    def deliver(self, note: bytes) -> bytes:
        """Hand a cosigned note to the sequencer.

        Raises:
            InvalidInputError: `remote.unreachable`, with what it said.
        """
        return self.ask("POST", "/ledger/cosignatures", note, "text/plain; charset=utf-8")

    def offer(self, signed: Signed) -> bytes:
        """Offer an act to the sequencer.

        Raises:
            InvalidInputError: `remote.unreachable`, with what it said.
        """
        act = {"body": to_base64(signed.body), "signature": msgspec.Raw(signed.signature)}
        return self.ask(
            "POST", "/api/acts", msgspec.json.encode({"acts": [act]}), "application/json"
        )

    def lodge(self, receipt: bytes) -> bytes:
        """Hand the receipt of an objection to the sequencer, to be lodged.

        Raises:
            InvalidInputError: `remote.unreachable`, with what it said.
        """
        return self.ask("POST", "/ledger/objections", receipt, "application/json")

    @property
    def sequencer(self) -> Sequencer:
        """Return how a round reaches this site."""
        return Sequencer(self.get, self.deliver, self.offer, self.lodge)

    def ask(self, method: str, path: str, body: bytes | None = None, media: str = "") -> bytes:
        """Return what the site answers to one request.

        Args:
            method: `GET` or `POST`.
            path: Below the site's address.
            body: What is posted.
            media: Its content type.

        Raises:
            InvalidInputError: `remote.unreachable`, with what it said.
        """
        headers = {"Content-Type": media} if media else {}
        if self._letter is not None and method == "GET":
            headers[HEADER] = self._letter(path)
        try:
            status, raw = self._once(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise self._failed(path, str(error) or type(error).__name__) from error
        if status != OK:
            said = raw[:200].decode(errors="replace").strip()
            raise self._failed(path, f"{status} {said}")
        return raw

    def _once(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        for fresh in (self._connection is None, True):
            if self._connection is None:
                self._connection = self._connect()
            try:
                self._connection.request(method, self._base + path, body, headers)
                answer = self._connection.getresponse()
                raw = answer.read(MAX_BYTES + 1)
            except (ConnectionError, http.client.BadStatusLine):
                self.close()  # a kept connection may have ended meanwhile: once more on a new one
                if fresh:
                    raise
                continue
            if len(raw) > MAX_BYTES:
                self.close()
                raise http.client.HTTPException("too large")
            return answer.status, raw
        raise http.client.HTTPException("closed")

    def _connect(self) -> http.client.HTTPConnection:
        secure = self._parts.scheme == "https"
        made = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        return made(self._parts.hostname or "", self._parts.port, timeout=self._timeout_s)

    def _failed(self, path: str, detail: str) -> InvalidInputError:
        return InvalidInputError("remote.unreachable", url=self.url, path=path, detail=detail)

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Answer(NamedTuple):
    """What is sent back."""

    status: int
    body: bytes
    media: str = "text/plain; charset=utf-8"


Read = Callable[[str], Answer | None]
Post = Callable[[str, bytes], Answer | None]
Door = Callable[[str, str], bool]
"""Says whether a path may be read with a letter."""


def as_json(value: Any) -> Answer:
    """Answer a value as JSON."""
    return Answer(OK, json.dumps(value, ensure_ascii=False).encode(), "application/json")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader who went away; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Hands requests on to `read` and `post`, which a subclass sets."""

    protocol_version = "HTTP/1.1"
    read: Read
    post: Post
    door: Door

    def do_GET(self) -> None:
        """Answer GET."""
        path = self.path.partition("?")[0]
        if not type(self).door(path, self.headers.get(HEADER, "")):
            refused = Refused("authority.witnesses")
            self._send(Answer(403, f"{refused.say('zh')}\n{refused.say('en')}\n".encode()))
            return
        self._answer(lambda: type(self).read(path))

    def do_POST(self) -> None:
        """Answer POST."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_POST_BYTES:
            self.close_connection = True
            self._send(Answer(413, b"too large\n"))
            return
        body = self.rfile.read(int(length))
        self._answer(lambda: type(self).post(self.path, body))

    def _answer(self, made: Callable[[], Answer | None]) -> None:
        try:
            found = made() or Answer(404, "没有这个文件\nNo such file\n".encode())
        except ShanhaiError as error:
            found = Answer(422, f"{error.say('zh')}\n{error.say('en')}\n".encode())
        self._send(found)

    def _send(self, answer: Answer) -> None:
        with suppress(ConnectionError):
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: addresses of readers are nobody's business."""


def anybody(_path: str, _letter: str) -> bool:
    """Let everybody read everything."""
    return True


def server(
    host: str, port: int, read: Read, post: Post, door: Door = anybody
) -> ThreadingHTTPServer:
    """Return a server that is bound and not yet started; refusals are texts in both languages.

    Args:
        host: Address to listen on.
        port: Port, 0 for any.
        read: Answers GET by path, None for nothing there.
        post: Answers POST by path and body.
        door: Says who may read what.
    """

    class Handler(_Handler):
        """The handler of this server."""

    Handler.read, Handler.post = staticmethod(read), staticmethod(post)
    Handler.door = staticmethod(door)
    return _Server((host, port), Handler)


def started(made: ThreadingHTTPServer) -> threading.Thread:
    """Serve in a thread of its own, until `shutdown`."""
    thread = threading.Thread(
        target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    return thread
