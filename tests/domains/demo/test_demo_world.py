"""The shared fixtures stand on the loaded demonstration, each on a copy of its own."""

import urllib.request
from collections import Counter

from demo_world import DemoDatabase, DemoFolder, DemoSite
from shanhai.acts.officer import OrganisationKind, RegisterOrganisation
from shanhai.acts.project import Project
from shanhai.domains.rows import row_of


def states() -> Counter[str]:
    """Count projects by state."""
    return Counter(row_of(Project).objects.values_list("state", flat=True))


def test_a_client_is_signed_in_as_one_of_the_cast(demo_db: DemoDatabase) -> None:
    page = demo_db.client("finance").get("/demo")
    assert page.status_code == 200
    assert "县财政局" in page.content.decode()


def test_every_state_of_the_life_cycle_is_there(demo_db: DemoDatabase) -> None:
    assert states()["recorded"] == 31
    assert states()["executing"]


def test_acts_of_one_test_are_gone_in_the_next(demo_db: DemoDatabase) -> None:
    stage = demo_db.stage()
    size = stage.node.head().size
    stage.do(
        "registrar",
        RegisterOrganisation(
            name="试写单位（模拟）", kind=OrganisationKind.COMPANY, region="519901"
        ),
        stage.id("org"),
    )
    assert stage.node.head().size == size + 1


def test_a_server_answers(demo_site: DemoSite) -> None:
    with urllib.request.urlopen(f"{demo_site.url}/demo") as answer:  # noqa: S310 - our own server
        assert answer.status == 200


def test_the_log_of_a_copy_verifies(demo_folder: DemoFolder) -> None:
    log = demo_folder.data.parent / "log"
    assert (
        demo_folder.run(
            "ledger", "export", "--data-dir", str(demo_folder.data), str(log)
        ).returncode
        == 0
    )
    done = demo_folder.run("verify", str(log))
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].endswith("OK")
    assert "SIMULATED" in done.stdout
