"""A small server for the signing bundle: built files, their sources, one page and one answer."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[3] / "src/shanhai/web"
FOLDERS = {"/static/signing/": ROOT / "static/signing", "/source/": ROOT / "signing"}
TYPES = {".js": "text/javascript", ".html": "text/html; charset=utf-8"}
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>山海</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"></head><body><main><h1>{title}</h1>{body}</main>
<script type="module" src="/static/signing/{script}.js"></script></body></html>"""
Answer = Callable[[str, dict[str, Any]], tuple[int, Any]]


class Site:
    """What the server serves: `pages` by path, and `answer(path, posted)` to a POST."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {"/": "<!doctype html><title>blank</title>"}
        self.answer: Answer = lambda _path, _data: (404, {})
        self.fetched: dict[str, Any] = {}
        self.posted: list[dict[str, Any]] = []
        self.port = 0

    def put(self, path: str, tag: str, config: dict[str, Any], lang: str = "zh-hans") -> str:
        """Put a page with one custom element and its configuration; return its address."""
        data = json.dumps(config, ensure_ascii=False).replace("<", "\\u003c")
        body = f'<{tag}><script type="application/json">{data}</script></{tag}>'
        script = {"shanhai-sign": "sign", "shanhai-proof": "proof"}[tag]
        title = "Check and sign" if lang == "en" else "核对并签名"
        self.pages[path] = PAGE.format(lang=lang, body=body, script=script, title=title)
        return self.url(path)

    def url(self, path: str) -> str:
        """Return the address at localhost: passkeys refuse an IP address."""
        return f"http://localhost:{self.port}{path}"

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return f"http://localhost:{self.port}"


class Handler(BaseHTTPRequestHandler):
    """Answers for the site of its server."""

    server: "Server"

    def do_GET(self) -> None:
        """Send a file of the bundle or its sources, a prepared answer, or a page."""
        site, path = self.server.site, self.path.split("?")[0]
        folder = next((f for f in FOLDERS if path.startswith(f)), None)
        if folder:
            file = FOLDERS[folder] / Path(path).name
            self._send(200, file.read_bytes(), TYPES[file.suffix])
        elif path in site.fetched:
            self._json(200, site.fetched[path])
        else:
            page = site.pages.get(path)
            self._send(404 if page is None else 200, (page or "").encode(), TYPES[".html"])

    def do_POST(self) -> None:
        """Keep what was posted and answer as the test says."""
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.site.posted.append(data)
        self._json(*self.server.site.answer(self.path, data))

    def _json(self, status: int, data: Any) -> None:
        self._send(status, json.dumps(data).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """An HTTP server that knows its site."""

    def __init__(self, site: Site) -> None:
        super().__init__(("localhost", 0), Handler)
        self.site = site
        site.port = int(self.server_address[1])


def start(site: Site) -> Server:
    """Serve on a free port in a thread of its own."""
    server = Server(site)
    Thread(target=server.serve_forever, daemon=True).start()
    return server
