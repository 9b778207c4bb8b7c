"""The OpenAPI 3.1 description, made from the declarations: one path for every act and every list.

Source: OpenAPI 3.1.1; JSON Schema 2020-12 for payloads; RFC 9457 for problems.
"""

from functools import cache
from typing import Any

from shanhai.acts.machine.fields import Field
from shanhai.acts.machine.registry import Act
from shanhai.api import describe, problems
from shanhai.api.acts import MOST
from shanhai.api.shapes import PARTS
from shanhai.domains import listings
from shanhai.domains.listings import LISTINGS, Listing

JSON = "application/json"
VERSION = "1"
Spec = dict[str, Any]
BASE64 = {"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}


def ref(name: str) -> Spec:
    """Return a reference to a part."""
    return {"$ref": f"#/components/schemas/{name}"}


def _answers(schema: Spec, *refusals: int, media: str = JSON) -> Spec:
    made: Spec = {"200": {"description": "OK", "content": {media: {"schema": schema}}}}
    for status in (*refusals, 405, 429, 503):
        made[str(status)] = {"$ref": f"#/components/responses/{status}"}
    return made


def _parameter(name: str, place: str, schema: Spec, words: str = "") -> Spec:
    made = {"name": name, "in": place, "required": place == "path", "schema": schema}
    return made | ({"description": words} if words else {})


def _operation(name: str, tag: str, summary: str, answers: Spec, **more: Any) -> Spec:
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "responses": answers,
        "security": [],
    } | {key: value for key, value in more.items() if value}


def _both(text: Any) -> str:
    return f"{text.zh} · {text.en}"


def _body(schema: Spec) -> Spec:
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _signed(kind: type[Act], payload: Spec) -> Spec:
    """Return a signed act's shape: what the base64url text decodes to is described inside it."""
    content = {
        "allOf": [ref("Body")],
        "properties": {"act": {"const": kind.row.name}, "payload": payload},
    }
    body = BASE64 | {
        "contentEncoding": "base64url",
        "contentMediaType": JSON,
        "contentSchema": content,
    }
    return {
        "type": "object",
        "required": ["body", "signature"],
        "additionalProperties": False,
        "properties": {"body": body, "signature": ref("Signature")},
    }


def _act_paths(kind: type[Act], payload: Spec) -> Spec:
    row = kind.row
    who = "、".join(role.zh for role in row.by) or "凭邀请"
    submit = _operation(
        f"submit_{row.plain}",
        "acts",
        _both(row.text),
        _answers(ref("Receipted"), 403, 404, 409, 413, 415, 422),
        description=f"{row.on.text.zh}；{who}；{(kind.__doc__ or '').strip()}",
        requestBody=_body(_signed(kind, payload)),
    )
    return {f"/acts/{row.plain}": {"post": submit}}


def _filter(field: Field) -> Spec:
    choices = [one.value for one in field.type] if field.kind.value == "choice" else []
    kind = "integer" if field.integer else "string"
    schema: Spec = {"enum": choices} if choices else {"type": kind}
    if field.integer:
        schema |= {"minimum": 0, "maximum": 2**53 - 1}
    return _parameter(field.name, "query", schema, _both(field.text))


def _list_paths(name: str, listing: Listing, item: Spec) -> Spec:
    orders = sorted(listing.sortable) + [f"-{one}" for one in sorted(listing.sortable)]
    text = _both(listing.noun.text)
    size = {"type": "integer", "minimum": 1, "maximum": listings.MOST, "default": listings.PAGE}
    marker: Spec = {"type": "string"}
    parameters = [
        _parameter("q", "query", {"type": "string", "maxLength": 100}),
        *map(_filter, listing.filter_fields),
        _parameter("sort", "query", {"enum": orders, "default": listing.order}),
        _parameter("after", "query", marker, "the address in `next` carries it"),
        _parameter("before", "query", marker, "the address in `previous` carries it"),
        _parameter("size", "query", size),
    ]
    page = {"allOf": [ref("Page")], "properties": {"items": {"type": "array", "items": item}}}
    found = {"allOf": [ref("Found")], "properties": {"object": item}}
    id_ = _parameter("id", "path", {"type": "string", "minLength": 1, "maxLength": 200})
    return {
        f"/{name}": {
            "get": _operation(
                f"list_{name}", "nouns", text, _answers(page, 422), parameters=parameters
            )
        },
        f"/{name}/{{id}}": {
            "get": _operation(f"get_{name}", "nouns", text, _answers(found, 404), parameters=[id_])
        },
    }


PLAIN: Spec = {"type": "object"}
PLACE: Spec = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
WORD: Spec = {"type": "string", "maxLength": 100}


def _only(**properties: Spec) -> Spec:
    """Return an object's shape with these properties, all of them and no other."""
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _about_paths(act: Spec) -> Spec:
    one = {"parameters": [act]}
    schema = _answers(PLAIN, 404, media="application/schema+json")
    return {
        "/": {"get": _operation("index", "about", "接口总览 · What there is", _answers(PLAIN))},
        "/nouns": {"get": _operation("nouns", "about", "对象种类 · Nouns", _answers(PLAIN))},
        "/acts/{act}": {
            "get": _operation("act", "about", "一个事项 · One act", _answers(PLAIN, 404), **one)
        },
        "/acts/{act}/schema": {
            "get": _operation("schema", "about", "内容的格式 · Its payload", schema, **one)
        },
    }


def _log_paths() -> Spec:
    filters = [
        _parameter("act", "query", WORD),
        _parameter("noun", "query", WORD),
        _parameter("day", "query", {"type": "string", "format": "date"}, "UTC+8"),
        _parameter("subject", "query", WORD),
        _parameter("before", "query", PLACE),
        _parameter("after", "query", PLACE),
        _parameter("size", "query", {"type": "integer", "minimum": 1, "maximum": 200}),
    ]
    which = [_parameter("ref", "path", {"type": "string"}, "index, or act id in hex")]
    head, some, one = (ref(name) for name in ("Head", "Entries", "Entry"))
    return {
        "/head": {
            "get": _operation("head", "log", "账本现状 · Where it stands", _answers(head, 404))
        },
        "/entries": {
            "get": _operation(
                "entries", "log", "记录 · Entries", _answers(some, 404, 422), parameters=filters
            )
        },
        "/entries/{ref}": {
            "get": _operation(
                "entry", "log", "一条记录 · One entry", _answers(one, 403, 404), parameters=which
            )
        },
    }


def _writing_paths(act: Spec) -> Spec:
    items = {"type": "array", "minItems": 1, "maxItems": MOST, "items": ref("SignedAct")}
    return {
        "/acts": {
            "get": _operation("acts", "about", "事项 · Acts", _answers(PLAIN)),
            "post": _operation(
                "submit_many",
                "acts",
                "批量提交 · Submit a batch",
                _answers(ref("Results"), 413, 415, 422),
                requestBody=_body(_only(acts=items)),
            ),
        },
        "/acts/{act}/check": {
            "post": _operation(
                "check",
                "acts",
                "试算，不写入 · Try it, nothing is written",
                _answers(ref("Tried"), 404, 409, 413, 415, 422),
                parameters=[act],
                requestBody=_body(_only(body=BASE64)),
            )
        },
    }


def _responses() -> Spec:
    schema = {"schema": ref("Problem")}
    words = {
        403: "Not within the post's authority, or members only",
        404: "Missing or invisible, alike",
        405: "This address does not take the verb",
        409: "Refused by a rule; nothing was written",
        413: "Too large",
        415: "Not application/json",
        422: "Malformed",
        429: "Too many requests; Retry-After says how many seconds to wait",
        503: "Storage failed; nothing was written",
    }
    return {
        str(status): {"description": text, "content": {problems.MEDIA_TYPE: schema}}
        for status, text in words.items()
    }


@cache
def openapi() -> Spec:
    """Return the whole description; it changes only with the release."""
    schemas, parts = describe.components()
    act = _parameter("act", "path", {"enum": [one.row.plain for one in describe.newest_acts()]})
    paths = _about_paths(act) | _log_paths() | _writing_paths(act)
    for kind in describe.newest_acts():
        paths |= _act_paths(kind, schemas[kind.row.plain])
    for name in sorted(LISTINGS):
        paths |= _list_paths(name, LISTINGS[name], schemas[name])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "山海 Shanhai",
            "version": VERSION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "每个事项、每张列表。写入凭签名，读取按公众或登录者的范围。 Every act and every list. "
            "Writing needs a signature, reading is cut to the public's or the session's scope.",
        },
        "servers": [{"url": "/api"}],
        "tags": [
            {"name": "acts", "description": "事项 · Acts"},
            {"name": "nouns", "description": "列表与对象 · Lists and objects"},
            {"name": "log", "description": "账本 · The log"},
            {"name": "about", "description": "说明 · What there is"},
        ],
        "paths": paths,
        "components": {"schemas": PARTS | parts, "responses": _responses()},
    }
