"""Four organisations, one ledger: one node is killed, one is cut off and comes back, and nobody at a browser is held up.

Finance approves a claim and orders its payment at its own node, the eastern cadre countersigns at another
organisation's, and a member of the public verifies the payment at a third.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.consortium.scene import County
from e2e.journey.officer import Officer
from network_world import Network, wait

pytestmark = pytest.mark.e2e
Open = Callable[..., BrowserContext]
FINANCE, EAST, CUT, KILLED = range(4)
"""Which node is whose, and what happens to it."""


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """Return a network that serves pages."""
    made = Network(tmp_path / "network", web=True)
    yield made
    if made.process.poll() is None:
        made.end()


@pytest.fixture
def county(network: Network) -> Iterator[County]:
    """Return the county whose officers act."""
    made = County(network)
    yield made
    made.close()


def verified(page: Page, url: str, act: str) -> None:
    """Let a member of the public verify an act at some organisation's pages."""
    page.goto(f"{url}/proof/{act}")
    expect(page.locator("shanhai-proof")).to_have_attribute("data-verdict", "ok")


def final(page: Page, url: str, act: str) -> None:
    """An act is final by the nodes' cosignatures, on the page and in the visitor's own browser."""
    wait(lambda: "已最终确认" in page.request.get(f"{url}/proof/{act}").text(), "a certificate")
    verified(page, url, act)
    expect(page.locator("main")).to_contain_text("不能防范")
    expect(page.locator("shanhai-proof")).to_contain_text("见证单位联署")
    expect(page.locator("shanhai-proof")).to_contain_text("；不能防范其中任意")
    expect(page.locator("shanhai-proof")).not_to_contain_text("NOT-FINAL")


def reached(network: Network, at: int, size: int) -> None:
    wait(lambda: (network.states()[at]["size"] or 0) >= size, f"node{at} has {size} entries")


def approve(network: Network, county: County, finance: Officer, claim: str) -> None:
    """Approve the claim while one organisation's processes are killed; they come back by themselves."""
    before = network.states()[KILLED]["pids"]
    for name in ("node", "application"):
        network.kill(KILLED, name)
    values = {"payable_fen": "1500000"}
    finance.sign(f"/claim/{claim}/check", values, {"opinion": "opinion"})
    size = county.node.head().size

    def back() -> bool:
        now = network.states()[KILLED]["pids"]
        again = now.keys() == before.keys()
        return again and bool(now["application"] != before["application"])

    wait(back, "the killed node runs again")
    reached(network, KILLED, size)


def test_approval_payment_and_proof_while_nodes_fail(
    network: Network, county: County, open_context: Open, tmp_path: Path, pictures: Path
) -> None:
    account = county.accounts(FINANCE, "finance2", "finance3")
    county.accounts(EAST, "cadre")
    claim = county.claim(account)
    checker, payer, cadre = (
        county.sign_in(open_context(), at, name, tmp_path)
        for at, name in ((FINANCE, "finance2"), (FINANCE, "finance3"), (EAST, "cadre"))
    )
    approve(network, county, checker, claim)
    heal = network.cut_off(CUT)
    try:
        payer.sign(f"/payment/new/order?claim={claim}", {})
        size = county.node.head().size
        payment = county.found("payment", "claim", claim)
        reached(network, EAST, size)
        act = cadre.sign(f"/payment/{payment}/countersign", {})
        reached(network, KILLED, size + 1)
        public = open_context().new_page()
        final(public, network.url(KILLED), act)
        public.screenshot(path=pictures / "consortium-proof.png", full_page=True)
        assert network.states()[CUT]["size"] < size + 1
        assert (
            public.goto(f"{network.url(CUT)}/ledger") is not None
        )  # its pages still show what it has
    finally:
        heal()
    wait(lambda: network.alike(size + 1), "every node has the same size and root")
    final(public, network.url(CUT), act)
    assert network.states()[CUT]["final"] == size + 1
    assert network.end() == 0
