"""`verify` with a policy: nothing is final without its quorum, and the collusion that is not covered is named."""

import io

import pytest

from node.witness.network import Witnessing, policy_of
from shanhai.kernel.errors import ProofError
from shanhai.node.export import export_log
from shanhai.node.verify import Report, Trust, verify_log


@pytest.fixture
def net() -> Witnessing:
    made = Witnessing()
    made.site.grow(0, 6)
    return made


def verified(net: Witnessing, checkpoint: bytes = b"", ledger: str = "") -> Report:
    """Verify an export of the site under its policy."""
    file = io.BytesIO()
    export_log(net.site.node, net.site.sealer, file)
    file.seek(0)
    policy = net.policy._replace(ledger=ledger)
    return verify_log(file, Trust(policy=policy, checkpoint=checkpoint))


def test_without_cosignatures_nothing_is_final(net: Witnessing) -> None:
    report = verified(net)
    assert report.certificate is not None
    assert not report.certificate.final
    assert report.flags == ("SELF-ASSERTED", "UNANCHORED", "UNWITNESSED", "NOT-FINAL")


def test_a_final_checkpoint_over_the_whole_log_makes_it_final(net: Witnessing) -> None:
    net.rounds()
    final = net.site.gathering.final()
    assert final is not None
    report = verified(net, final, net.site.node.constants.ledger)
    assert report.certificate is not None
    assert report.certificate.final
    assert "NOT-FINAL" not in report.flags
    said = "".join(one.zh for one in report.certificate.sentences())
    assert "任意 3 个故障域串通" in said or "任意 2 个故障域串通" in said


def test_a_final_checkpoint_over_a_part_is_told_apart(net: Witnessing) -> None:
    net.rounds()
    final = net.site.gathering.final()
    assert final is not None
    net.site.grow(6, 1)
    report = verified(net, final)
    assert report.certificate is not None
    assert report.certificate.final
    assert report.certificate.checkpoint.size == 7
    assert "NOT-FINAL" in report.flags


def test_a_checkpoint_of_another_log_or_ledger_is_refused(net: Witnessing) -> None:
    other = Witnessing()
    other.site.grow(100, 6)
    other.rounds()
    final = other.site.gathering.final()
    assert final is not None
    with pytest.raises(ProofError, match=r"verify\.checkpoint"):
        verified(net, final)
    with pytest.raises(ProofError, match=r"verify\.ledger"):
        verified(net, ledger="ab" * 32)
    net.rounds()
    longer = net.site.gathering.final()
    assert longer is not None
    file = io.BytesIO()
    export_log(Witnessing().site.node, net.site.sealer, file)
    file.seek(0)
    with pytest.raises(ProofError, match=r"verify\.checkpoint"):
        verify_log(file, Trust(policy=policy_of(), checkpoint=longer))
