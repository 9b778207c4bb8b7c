"""Every page of the portal: open to visitors, whole in both languages, and no dearer on a fuller ledger."""

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanhai.acts.notice import Notice
from shanhai.acts.project import Project
from shanhai.domains.rows import row_of, structs
from shanhai.kernel.canonical import encode
from shanhai.node.tables import columns_of, values_of

if TYPE_CHECKING:
    from demo_world import DemoDatabase

PAGES = (
    "/",
    "/?scheme=1996",
    "/pairs/map/2016",
    "/search",
    "/search?q=四川",
    "/pairs",
    "/pairs?scheme=1996&sort=-donor",
    "/pairs/counties?province=530000",
    "/pairs/key-counties?province=620000",
    "/pairs/province/710000",
    "/pairs/province/510000",
    "/figures",
    "/figures?scope=浙川",
    "/figures/aid?sort=2019",
    "/figures/findings",
    "/money",
    "/projects",
    "/projects?view=cards&year=2021",
    "/open-data",
    "/open-data/pairs",
    "/notices",
    "/notices?when=over",
    "/complaint",
    "/complaint/status",
)
HAN = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"<(script|style)[^>]*>.*?</\1>", re.DOTALL)
HEADINGS = re.compile(r"<(h[1-3]|th|label|legend|summary|button|dt)\b[^>]*>(.*?)</\1>", re.DOTALL)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.django_db
def test_pages_open_before_there_is_a_ledger(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == (422 if address == "/complaint" else 200)


def test_pages_open_on_a_ledger_in_both_languages(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        for address in PAGES:
            response = client.get(address)
            assert response.status_code == 200, address
            assert ' style="' not in response.text, address
            assert " onclick=" not in response.text, address


def test_english_pages_have_english_frames(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    client.cookies["django_language"] = "en"
    left = []
    for address in (
        "/",
        "/money",
        "/figures/aid",
        "/open-data",
        "/complaint",
        "/notices",
        "/projects",
    ):
        text = WORDS.sub("", client.get(address).text)
        for tag, inner in HEADINGS.findall(text):
            words = re.sub(r"<[^>]+>", "", inner).strip()
            data = tag in ("th", "h3") or "中文" in words
            if HAN.search(words) and not data:
                left.append((address, tag, words))
    assert left == []


def more(kind: type, count: int) -> None:
    """Copy an object of the story many times under new ids."""
    one: Any = structs(kind, row_of(kind).objects.order_by("-id"))[0]
    names = [*(column.name for column in columns_of(kind)), "object"]
    copies = []
    for number in range(count):
        copy = one.but(id=f"{one.id[:-4]}{number:04}")
        copies.append(
            row_of(kind)(**dict(zip(names, (*values_of(kind)(copy), encode(copy)), strict=True)))
        )
    row_of(kind).objects.bulk_create(copies)


def asked(client: Client, address: str) -> int:
    from django.db import connection  # noqa: PLC0415 - the fixture chose it

    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/projects",
        "/projects?view=cards",
        "/notices",
        "/money",
        "/search?q=模拟",
        "/pairs/province/510000",
    ],
)
def test_queries_do_not_grow_with_rows(demo_db: "DemoDatabase", address: str) -> None:
    client = demo_db.client()
    client.get(address)
    before = asked(client, address)
    more(Project, 300)
    more(Notice, 300)
    assert asked(client, address) == before
    assert before <= 20


def test_notice_page_costs_the_same_with_many_objections(demo_db: "DemoDatabase") -> None:
    from shanhai.acts.notice import Objection  # noqa: PLC0415 - beside its only use

    client = demo_db.client()
    (one,) = structs(Objection, row_of(Objection).objects.order_by("-id")[:1])
    address = f"/notice/{one.notice}"
    client.get(address)
    before = asked(client, address)
    more(Objection, 100)
    assert asked(client, address) == before


def test_unknown_things_are_not_found(client: Client, db: None) -> None:
    for address in (
        "/pairs/province/999999",
        "/open-data/none",
        "/open-data/pairs.exe",
        "/notice/ntc0",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.django_db
def test_odd_questions_fall_back(client: Client) -> None:
    for address in ("/?scheme=2099", "/figures?scope=<b>", "/figures/aid?sort=-1"):
        assert client.get(address).status_code == 200


def test_wrong_page_marker_says_how_to_mend(demo_db: "DemoDatabase") -> None:
    response = demo_db.client().get("/projects?after=nonsense")
    assert response.status_code == 422
    assert "请从第一页重新开始" in response.text


@pytest.mark.django_db
def test_downloads_carry_name_type_and_licence(client: Client) -> None:
    table = client.get("/open-data/figures.csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert 'filename="shanhai-figures.csv"' in table.headers["Content-Disposition"]
    whole = json.loads(client.get("/open-data/figures.json").content)
    assert whole["licence"]["en"]


def test_project_list_filters_and_pages(demo_db: "DemoDatabase") -> None:
    client = demo_db.client()
    recorded = client.get("/projects?state=recorded")
    assert "模拟）</a>" not in recorded.text
    assert "来源" in recorded.text
    first = client.get("/projects?size=5").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = client.get("/projects" + following[1].replace("&amp;", "&")).text
    links: Callable[[str], set[str]] = lambda text: set(re.findall(r"/project/(prj\w+)", text))  # noqa: E731 - a name
    assert not links(first) & links(second)


def test_htmx_gets_the_rows_alone(demo_db: "DemoDatabase") -> None:
    response = demo_db.client().get("/projects", headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert 'id="rows"' in response.text


def test_every_figure_of_the_front_page_explains_itself(demo_db: "DemoDatabase") -> None:
    text = demo_db.client().get("/").text
    asks = re.findall(r'popovertarget="([^"]+)"', text)
    assert len(asks) == len(set(asks)) == 10
    assert all(f'id="{one}"' in text for one in asks)


def test_front_page_keeps_the_simulated_apart(demo_db: "DemoDatabase") -> None:
    text = demo_db.client().get("/money").text
    assert "以下是演示账本的模拟金额" in text
