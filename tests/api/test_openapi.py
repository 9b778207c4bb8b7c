"""Every act and every list has its route and its description, and what is described is what is answered."""

import jsonschema_rs
import msgspec
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

import databases
from ledger_book import Book
from shanhai.acts.machine import ACTS, NOUNS
from shanhai.api import describe
from shanhai.api.document import openapi
from shanhai.config.access import ROWS, routes
from shanhai.domains.listings import LISTINGS

pytestmark = pytest.mark.django_db


def test_every_act_has_its_route_and_description() -> None:
    paths = openapi()["paths"]
    for kind in ACTS.values():
        if kind.row.plain == "genesis":
            continue
        assert "post" in paths[f"/acts/{kind.row.plain}"], kind.row.plain
        assert resolve(f"/api/acts/{kind.row.plain}").url_name == "api_act"


def test_every_list_has_its_routes_and_description() -> None:
    paths = openapi()["paths"]
    for name in LISTINGS:
        assert "get" in paths[f"/{name}"]
        assert "get" in paths[f"/{name}/{{id}}"]
        assert resolve(f"/api/{name}").url_name == "api_list"
        assert resolve(f"/api/{name}/x").url_name == "api_object"


def test_no_noun_is_hidden_behind_an_address_of_the_api() -> None:
    taken = {"acts", "nouns", "head", "entries", "docs", "openapi.json"}
    assert not taken & NOUNS.keys()


def test_every_described_path_resolves_and_every_route_is_in_the_authorisation_table() -> None:
    for path in openapi()["paths"]:
        name = resolve("/api" + path.replace("{", "").replace("}", "")).url_name
        assert str(name).startswith("api")
    assert {route for route in routes() if route.startswith("api/")} <= ROWS.keys()


def test_every_schema_is_valid_and_every_reference_leads_somewhere() -> None:
    document = openapi()
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema)
        assert schema, name
    text = msgspec.json.encode(document).decode()
    parts = document["components"]["schemas"].keys() | set(document["components"]["responses"])
    found = {one.split('"')[0].rpartition("/")[2] for one in text.split('"$ref":"')[1:]}
    assert found <= parts


@pytest.mark.parametrize("kind", describe.newest_acts(), ids=lambda kind: kind.row.plain)
def test_the_schema_of_an_act_stands_alone(kind: type) -> None:
    schema = describe.schema(kind)
    jsonschema_rs.meta.validate(schema)
    assert not jsonschema_rs.Draft202012Validator(schema).is_valid({"no_such_field": 1})


def test_the_schema_is_served_as_one(book: Book) -> None:
    found = Client().get("/api/acts/project.declare/schema")
    assert found.headers["Content-Type"] == "application/schema+json"
    assert found.json()["$schema"].endswith("2020-12/schema")


def test_the_docs_page_speaks_both_languages_and_loads_nothing_foreign(book: Book) -> None:
    for language, word in (("zh-hans", "开放接口"), ("en", "Open API")):
        browser = Client()
        browser.cookies["django_language"] = language
        text = browser.get("/api/docs").content.decode()
        assert word in text
        assert "project.declare" in text
        assert "//cdn" not in text
        assert 'src="http' not in text


LENIENT = [positive_data_acceptance, negative_data_rejection]
"""Markers and signed bytes are opaque, so that what fits a schema may still be refused; and a list ignores
a wrong size or order, as its page does."""
APPLICATION = WSGIHandler()
SCHEMA = schemathesis.openapi.from_dict(openapi())
READ = SCHEMA.include(method="GET")
WRITE = SCHEMA.include(operation_id=["submit_many", "check", "submit_project.declare"])
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@FEW
@given(data=st.data())
def test_any_request_is_answered_as_described(book: Book, data: st.DataObject) -> None:
    made = data.draw(st.sampled_from([*READ.get_all_operations(), *WRITE.get_all_operations()]))
    operation = made.ok()
    case = data.draw(operation.as_strategy())
    with databases.kept_open():
        case.call_and_validate(
            app=APPLICATION, base_url="http://localhost/api", excluded_checks=LENIENT
        )
