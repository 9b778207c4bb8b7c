"""Drill `authz`: every route × method × asker, every noun × place × asker, every act × role, over HTTP.

A small 模拟 ledger with one officer a role and objects of every noun in the officers' own pair of counties and in
another pair is served on the loopback; answers are held against the reviewed table (`config/access_table.py`) and
against each act's roles. Fired are the questions that had to be refused.
"""

import os
import random
import re
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, make_server

import msgspec

from shanhai.acts import book
from shanhai.acts.machine import ACTS, Object
from shanhai.acts.machine.registry import newest
from shanhai.acts.machine.sample import sample
from shanhai.acts.roles import Role
from shanhai.cli.drills import authz_world as world
from shanhai.cli.drills.authz_world import Asker
from shanhai.cli.drills.result import Plan, Result, Tally

COUNT = 3000
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
BOOK = book
TOKEN = "a" * 32
"""The CSRF pair that a browser would have; who may ask is another question than from which page."""
FILLERS = {"int": "1", "str": "x", "slug": "x", "id": "prj" + "0" * 26, "noun": "project"}
FILLERS |= {"file_hash": "a" * 64, "upload_id": "a" * 32}
FILLERS |= {"verb": "declare", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}
GENERIC = ("<noun:noun>", "<noun:noun>/<id:id>", "<noun:noun>/<id:id>/<verb:verb>")


class Answer(NamedTuple):
    """An answer's status, where it leads, and its text."""

    status: int
    location: str
    text: str


class Question(NamedTuple):
    """One request, in words, and whether the answer is right; `forbidden` says that it must be refused."""

    words: str
    method: str
    path: str
    asker: Asker
    right: Callable[[Answer], bool]
    forbidden: bool
    body: bytes = b""


def run(plan: Plan) -> Result:
    """Ask a sample of every question, or all of them where `--n` is large enough."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as name, served(Path(name), plant=plan.plant) as site:
        questions = list(site.questions())
        random.Random(plan.seed).shuffle(questions)  # noqa: S311 - a drill repeats itself
        for one in questions[: plan.size]:
            answer = site.ask(one)
            if one.forbidden:
                tally.count(good=one.right(answer), what=f"{one.words}: {answer.status}")
            elif not one.right(answer):
                tally.count(good=False, what=f"{one.words}: {answer.status}")
        notes = f"{min(len(questions), plan.size)} of {len(questions)} questions asked"
    return tally.result(notes)


@contextmanager
def served(folder: Path, *, plant: bool) -> Iterator["Site"]:
    """Found the world in a folder and serve it on the loopback."""
    from shanhai.cli import _django

    os.environ.pop("DATABASE_URL", None)
    anchors = {"XDG_STATE_HOME": str(folder / "state"), "SHANHAI_LOG": "CRITICAL"}
    _django.ready(folder / "data", environ=anchors)
    site = Site(folder / "data")
    if plant:
        _plant()

    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.port = server.server_port
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    """Prints no line a request."""

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


def _plant() -> None:
    """Open the act pages to everybody and let every object be seen: the drill must notice."""
    from django.db.models import Q

    from shanhai.config import access
    from shanhai.domains import scope

    row = access.ROWS[GENERIC[2]]
    access.ROWS[GENERIC[2]] = row._replace(who="public")
    scope.within = lambda *_args: Q()


class Site:
    """The world as served: askers with their sessions, objects by noun and place."""

    def __init__(self, folder: Path) -> None:
        from django.db import transaction

        self.port = 0
        self.objects: dict[tuple[str, str], Object] = {}
        with transaction.atomic():
            self.storage, self.constants = _found(folder)
            self._populate()
        self.askers = [Asker("visitor"), self._account("without_post", "")]
        self.askers += [self._account(role.value, self.officers[role][0].id, role) for role in Role]

    def _populate(self) -> None:
        self.officers = {role: world.officer(n, role) for n, role in enumerate(Role, 1)}
        for person, post, key, _ in self.officers.values():
            self.storage.write([person, post, key])
        from shanhai.domains.rows import MODELS

        for number, kind in enumerate(sorted(MODELS, key=lambda kind: kind.noun)):
            if kind.noun in world.visibility() and kind.noun != "ledger":
                for place, found in world.objects_of(kind, number):
                    self.storage.write([found])
                    self.objects[kind.noun, place] = found

    def _account(self, name: str, person: str, role: Role | None = None) -> Asker:
        from shanhai.domains.accounts.services import account_open

        account_open(
            person=person or world.made_id("per", 1), name=name, username=name, password=""
        )
        return Asker(name, role, self._cookie(name))

    def _cookie(self, name: str) -> str:
        from django.contrib.auth import (
            BACKEND_SESSION_KEY,
            HASH_SESSION_KEY,
            SESSION_KEY,
            get_user_model,
        )
        from django.contrib.sessions.backends.db import SessionStore

        user = get_user_model().objects.get(username=name)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return session.session_key or ""

    # --- asking

    def ask(self, question: Question) -> Answer:
        """Send one request; a session that signs out is made again for the next."""
        asker = question.asker
        fresh = asker.cookie and "logout" in question.path
        cookie = self._cookie(asker.name) if fresh else asker.cookie
        headers = {"Cookie": f"csrftoken={TOKEN}" + (f"; sessionid={cookie}" if cookie else "")}
        headers |= {"X-CSRFToken": TOKEN, "Host": "localhost"}
        if question.body:
            headers["Content-Type"] = "application/json"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(question.method, question.path, question.body, headers)
            got = connection.getresponse()
            text = got.read().decode(errors="replace")
            return Answer(got.status, got.getheader("Location") or "", text)
        finally:
            connection.close()

    # --- the questions

    def questions(self) -> Iterator[Question]:
        """Yield every question with its right answer."""
        yield from self._routes()
        yield from self._pages()
        yield from self._acts()
        yield from self._stolen_keys()

    def _routes(self) -> Iterator[Question]:
        from shanhai.config.access_table import TABLE

        for line in filter(None, map(str.strip, TABLE.splitlines())):
            route, methods, who = line.rsplit(maxsplit=2)
            path = _path(route)
            if path is None:
                continue
            for asker in self.askers:
                for method in METHODS:
                    known = set(methods.split(","))
                    right, forbidden = _route_answer(who, known, method, asker)
                    words = f"{method} /{route} by {asker.name}"
                    yield Question(words, method, path, asker, right, forbidden)

    def _pages(self) -> Iterator[Question]:
        for (noun, place), found in self.objects.items():
            for asker in self.askers:
                seen = world.sees(asker, found, place)
                for path in (f"/{noun}/{found.id}",):
                    words = f"GET {path} ({place}) by {asker.name}"
                    right = _status(200) if seen else _status(404)
                    yield Question(words, "GET", path, asker, right, not seen)

    def _acts(self) -> Iterator[Question]:
        for act in ACTS.values():
            row = act.row
            if row.open_door or newest(row.plain) is not act or row.plain == "genesis":
                continue
            for asker in self.askers:
                if asker.role is not None:
                    body = self._unsigned(asker.role, act)
                    path = f"/api/acts/{row.plain}/check"
                    forbidden = asker.role not in row.by
                    right = _names("authority.role", wanted=forbidden)
                    words = f"check {row.plain} as {asker.name}"
                    yield Question(words, "POST", path, asker, right, forbidden, body)

    def _stolen_keys(self) -> Iterator[Question]:
        """Every act, in a post that may do it, signed with another officer's key."""
        for act in ACTS.values():
            row = act.row
            if row.open_door or newest(row.plain) is not act or not row.by:
                continue
            thief = next(role for role in Role if role is not row.by[0])
            body = self._body(row.by[0], act, thief)
            words = f"{row.plain} in the post of {row.by[0].value} with the key of {thief.value}"
            path, visitor = f"/api/acts/{row.plain}", self.askers[0]
            right = _names("authority.key", wanted=True)
            yield Question(words, "POST", path, visitor, right, forbidden=True, body=body)

    def _unsigned(self, role: Role, act: type[Any]) -> bytes:
        """Return what a dry run takes: the bytes alone."""
        sent = msgspec.json.decode(self._body(role, act))
        return msgspec.json.encode({"body": sent["body"]})

    def _body(self, role: Role, act: type[Any], key_of: Role | None = None) -> bytes:
        from shanhai.domains.book.handle import ledger_now_ms
        from shanhai.kernel.canonical import to_base64
        from shanhai.node.client import Officer, draft, sign

        payload = sample(act)
        found = self.objects.get((act.row.on.noun, "here"))
        prefix = act.row.on.prefix
        subject = found.id if found and not act.row.creates else world.made_id(prefix, 777)
        signer = self.officers[key_of or role][3]
        officer = Officer(self.officers[role][1].id, signer)
        body = draft(
            self.constants,
            self.storage,
            officer,
            payload,
            subject,
            made_ms=ledger_now_ms(),
            nonce=secrets.token_bytes(16),
        )
        signed = sign(body, signer)
        block = msgspec.json.decode(signed.signature)
        return msgspec.json.encode({"body": to_base64(signed.body), "signature": block})


def _found(folder: Path) -> tuple[Any, Any]:
    from shanhai.domains.book.handle import storage
    from shanhai.domains.clock import machine_ms
    from shanhai.domains.demo.cast import cast
    from shanhai.domains.demo.founding import genesis, signed_genesis
    from shanhai.kernel.suite import INTL
    from shanhai.node.folder import make_log_key, sealer
    from shanhai.node.founding import check_genesis
    from shanhai.node.loop import Node

    now = machine_ms() - 60_000
    make_log_key(folder, INTL.name, bytes(31) + b"\x07")
    actors = cast(INTL, bytes(32), now)
    origins = ("http://localhost:8000",)
    payload = genesis(actors, (), origin="authz.invalid", web_origins=origins, rp_id="localhost")
    signed = signed_genesis(actors, payload, now)
    constants = check_genesis(signed.body, signed.signature).constants
    found = storage()
    Node.found(found, signed, now, sealer(folder, constants.ledger))
    return found, constants


def _path(route: str) -> str | None:
    """Return an address that a route matches, None for the patterns that other questions ask."""
    if route in GENERIC or "^" in route:
        return None

    def fill(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        return "project.declare" if name == "act" else FILLERS.get(kind or "str", "x")

    return "/" + re.sub(r"<([^>]+)>", fill, route)


def _status(*wanted: int) -> Callable[[Answer], bool]:
    return lambda answer: answer.status in wanted


def _names(code: str, *, wanted: bool) -> Callable[[Answer], bool]:
    def right(answer: Answer) -> bool:
        try:
            found = msgspec.json.decode(answer.text)
        except msgspec.DecodeError:
            return False
        failed = {c["code"] for c in found.get("checks", ()) if not c.get("ok", False)}
        return (code in failed) is wanted

    return right


def _route_answer(
    who: str, methods: set[str], method: str, asker: Asker
) -> tuple[Callable[[Answer], bool], bool]:
    """Return what the table says of a request, and whether it says no."""
    if who == "closed":
        return _status(404), True
    if method not in methods and not (method == "HEAD" and "GET" in methods):
        return _status(405), True
    if who in {"public", "signature", "simulated"}:
        return lambda answer: answer.status not in {403, 405, 500}, False
    if asker.name == "visitor":
        return _to_sign_in, True
    roles = [] if who in {"account", "officer"} else who.split(",")
    officer = asker.role is not None
    stranger = (who == "officer" and not officer) or (
        roles and not (officer and asker.role and asker.role.value in roles)
    )
    if stranger:
        return _status(403), True
    return lambda answer: answer.status not in {405, 500}, False


def _to_sign_in(answer: Answer) -> bool:
    return answer.status == 302 and answer.location.startswith("/accounts/login/")  # noqa: PLR2004 - redirect
