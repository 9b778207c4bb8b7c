"""An amount that nobody has said is shown as unknown, in lists, pages and exports; never as zero."""

import csv
import io

from demo_world import DemoDatabase
from shanhai.acts.machine import NOUNS, fields_of
from shanhai.acts.project import Project, ProjectState
from shanhai.domains.rows import row_of
from web.workbench.village_world import World
from web.worlds import SignIn

UNSTATED = "高原内陆工厂化循环水养殖南美白对虾项目"


def test_late_fields_are_fields_with_nothing_as_their_default() -> None:
    for kind in NOUNS.values():
        known = {field.name: field for field in fields_of(kind)}
        for name in kind.late:
            assert known[name].default == 0, (kind, name)


def test_published_projects_show_no_amount_that_was_not_published(demo_db: DemoDatabase) -> None:
    client = demo_db.client()
    text = client.get("/project?state=recorded&q=南美白对虾").text
    assert UNSTATED in text
    assert "0.00" not in text
    found = row_of(Project).objects.get(name=UNSTATED)
    assert found.planned_fen == 0
    assert "0.00" not in client.get(f"/project/{found.id}").text
    assert "金额未公布" in client.get("/projects?view=cards&q=南美白对虾").text


def test_an_export_leaves_unknown_amounts_open(demo_db: DemoDatabase) -> None:
    client = demo_db.client()
    raw = b"".join(client.get("/export/project.csv?q=南美白对虾"))
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    line = next(row for row in rows if UNSTATED in row)
    assert "0.00" not in line
    assert line.count("—") >= 2  # planned and approved
    told = client.get("/export/project.json?q=南美白对虾")
    assert b'"approved_fen":null' in b"".join(told).replace(b" ", b"")


def test_a_project_not_yet_approved_has_no_approved_amount(world: World, sign_in: SignIn) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    text = sign_in("office").get(f"/project/{project}").text
    row = text.partition('id="why-approved"')[0].rpartition("money__amount")[2]
    assert "—" in row
    assert "0.00" not in row
