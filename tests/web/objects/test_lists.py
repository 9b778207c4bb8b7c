"""Lists: filters as chips, chosen columns, places in the address, and scopes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo_world import DemoDatabase
from shanhai.acts.finding import Finding
from shanhai.domains.rows import row_of


def test_a_filter_in_force_is_a_chip_that_removes_it(demo_db: DemoDatabase) -> None:
    text = demo_db.client("finance").get("/project?state=executing&year=2025").text
    assert "状态：实施中" in text
    assert 'class="chip" href="?year=2025' in text


def test_chosen_columns_stay_while_sorting_and_paging(demo_db: DemoDatabase) -> None:
    text = demo_db.client("finance").get("/notice?col=stage&col=state").text
    heads = text.split("<thead>")[1].split("</thead>")[0]
    assert "渠道" not in heads
    assert "col=stage&amp;col=state" in heads


def test_the_next_page_begins_where_the_first_ends(demo_db: DemoDatabase) -> None:
    client = demo_db.client("finance")
    first = client.get("/notice")
    second = client.get("/notice" + first.context["next"])
    ids = [{line.href for line in answer.context["lines"]} for answer in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_an_empty_list_says_what_to_do(demo_db: DemoDatabase) -> None:
    assert "请放宽筛选条件" in demo_db.client("finance").get("/project?q=没有这样的项目").text


def test_a_neighbour_sees_no_findings(demo_db: DemoDatabase) -> None:
    finding = str(row_of(Finding).objects.values_list("id", flat=True)[0])
    assert finding in demo_db.client("auditor").get("/finding").text
    assert finding not in demo_db.client("village").get("/finding").text
    assert finding not in demo_db.client().get("/finding").text


def test_queries_do_not_grow_with_rows(demo_db: DemoDatabase) -> None:
    client = demo_db.client("finance")

    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/project?state=executing&size={size}").status_code == 200
        return len(found)

    queries(1)
    assert queries(2) == queries(60)
