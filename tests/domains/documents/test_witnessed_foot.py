"""The foot of a printed sheet calls nothing final: it names the quorum of its own size."""

from node.witness.network import policy_of
from shanhai.domains.documents.making import unproved
from shanhai.ledger.policy import Policies


def test_a_sheet_names_the_quorum_of_its_own_checkpoint() -> None:
    policies = Policies(((8, policy_of(7)), (0, policy_of(4))))
    assert unproved(None, 9) == ()
    (old,), (new,) = unproved(policies, 8), unproved(policies, 9)
    assert "4 个故障域中的 3 个联署，本页不作证明" in old
    assert "7 个故障域中的 5 个联署" in new
