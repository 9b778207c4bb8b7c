"""Chapter 1: genesis, the officers and their keys, the programs they sign with, the county pair."""

from shanhai.acts.pairing import Level
from shanhai.acts.pairing_flow import ConfirmPairing, ProposePairing
from shanhai.domains.demo.cast import EAST, WEST
from shanhai.domains.demo.release import release
from shanhai.domains.demo.story.teller import Teller, at

FOUNDED = "2024-01-15"
RELEASE = "1（模拟）"
SCHEME = "海滨—山前协作（模拟）"


def enrol(teller: Teller) -> None:
    """Register organisations, officers, posts and keys, each in its own act."""
    teller.until("2024-01-15 09:40")
    teller.enrol_all()
    release(teller, RELEASE)


def pair(teller: Teller) -> None:
    """The east proposes, the west accepts."""
    teller.until("2024-01-22")
    proposed = ProposePairing(
        region=WEST,
        east_region=EAST,
        level=Level.COUNTY,
        scheme=SCHEME,
        donor="海滨区（模拟）",
        recipient="山前县（模拟）",
        from_ms=at("2024-01-22 00:00"),
        source="结对协议（模拟）",
    )
    teller.pair = teller.do("east_office", proposed)
    teller.until("2024-01-25")
    teller.do("office", ConfirmPairing(), teller.pair)
