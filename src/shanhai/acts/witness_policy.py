"""The witnesses' policy in the log: first in genesis, then changed under the quorum of the one in force.

A proposal becomes the policy when a second key confirms it with consents of n − f failure domains of the policy it
follows, each signed by a cosigning key of that policy. It counts for every tree that is larger than the one that
ends with its confirmation. Source: design §3 (witnessed), ledger reference §7.
"""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from shanhai.acts.governance import ProposalState, Rejection
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    Store,
    act,
    count,
    guard,
    label,
    noun,
    region,
    rows,
    word,
)
from shanhai.acts.machine.fields import ref
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import encode, from_base64
from shanhai.kernel.errors import ShanhaiError
from shanhai.kernel.text import Text
from shanhai.ledger.checkpoint import VKey, parse_vkey
from shanhai.ledger.policy import Domain, Interest, Policies, Policy, Witness, checked
from shanhai.ledger.signing import verify_raw

WITNESSES = "witnesses"
"""The id of the one object that says which policy counts from which size on."""
CONSENT = b"shanhai/witness-consent/v1\n"
VKeyLine = Annotated[str, word("公钥", "Verifier key", max_length=400)]
DomainName = Annotated[str, word("故障域", "Failure domain", max_length=120)]
Faults = Annotated[int, count("容忍几个说谎", "Faults borne", le=20)]


class WitnessRow(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One cosigner: its failure domain, its key, and where its heads are read ("" for nowhere)."""

    domain: DomainName
    vkey: VKeyLine
    url: Annotated[str, word("网址", "Address", min_length=0, max_length=300)] = ""


class InterestRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One failure domain of an interest: all rows of a name may act as one."""

    name: Annotated[str, word("利益相关组", "Interest", max_length=120)]
    domain: DomainName


class Consent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cosigner's signature over a proposal, unpadded base64url."""

    vkey: VKeyLine
    sig: Annotated[str, word("签名", "Signature", max_length=120)]


Rows = Annotated[tuple[WitnessRow, ...], rows("见证单位", "Witnesses", least=1, most=128)]
Interests = Annotated[tuple[InterestRow, ...], rows("利益相关组", "Interests", most=128)]


@noun
class WitnessPolicy(Object, frozen=True, kw_only=True):
    """A policy, proposed or confirmed: whose log, who cosigns, how many may lie."""

    noun, prefix, text = "witness_policy", "wpo", Text("见证规则", "Witness policy")
    region: Annotated[str, region()]
    log: Annotated[str, word("账本公钥", "Verifier key of the log", max_length=400)]
    faults: Faults
    witnesses: Rows
    interests: Interests = ()
    before: Annotated[str, ref(None, "接替的规则", "Follows")] = ""
    state: Annotated[ProposalState, label("状态", "State")] = ProposalState.PROPOSED

    @property
    def proposal(self) -> bytes:
        """Return what consenting witnesses sign: this policy as it was proposed."""
        return CONSENT + encode(self.but(state=ProposalState.PROPOSED))


class WitnessStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy, and the size that a tree must exceed to be judged by it."""

    since: Annotated[int, count("自多少条之后", "Beyond this size")]
    policy: Annotated[str, ref(WitnessPolicy, "见证规则", "Policy")]


@noun
class WitnessSteps(Object, frozen=True, kw_only=True):
    """Which policy counts from which size on; one object, newest first."""

    noun, text = "witness_steps", Text("见证规则沿革", "Witness policies in force")
    region: Annotated[str, region()]
    steps: Annotated[tuple[WitnessStep, ...], rows("历次规则", "Policies", least=1, most=4096)]

    def then(self, policy: str, since: int) -> "WitnessSteps":
        """Return the same with one more, the newest."""
        return self.but(steps=(WitnessStep(since=since, policy=policy), *self.steps))


def policy_of(found: WitnessPolicy, ledger: str) -> Policy:
    """Return a policy as verifiers use it.

    Raises:
        InvalidInputError: `policy.…` or `note.key`, if it cannot hold.
    """
    names = dict.fromkeys(row.domain for row in found.witnesses)
    domains = tuple(
        Domain(
            name,
            tuple(
                Witness(parse_vkey(row.vkey), row.url.rstrip("/"))
                for row in found.witnesses
                if row.domain == name
            ),
        )
        for name in names
    )
    groups = dict.fromkeys(row.name for row in found.interests)
    interests = tuple(
        Interest(name, tuple(row.domain for row in found.interests if row.name == name))
        for name in groups
    )
    return checked(Policy(parse_vkey(found.log), domains, found.faults, interests, ledger))


def policies_of(held: Store | Case[Any], ledger: str) -> Policies | None:
    """Return which policy counts from which size on, None for a ledger that was founded without one.

    Args:
        held: Where the ledger's objects are.
        ledger: The ledger's id.
    """
    found = held.find(WitnessSteps, WITNESSES)
    if found is None:
        return None
    steps = []
    for step in found.steps:
        policy = held.find(WitnessPolicy, step.policy)
        if policy is not None:
            steps.append((step.since, policy_of(policy, ledger)))
    return Policies(tuple(steps))


def rows_of(policy: Policy) -> dict[str, Any]:
    """Return a policy file's content as fields of a proposal: faults, witnesses, interests."""
    return {
        "faults": policy.faults,
        "witnesses": tuple(
            WitnessRow(domain=domain.name, vkey=one.vkey.line, url=one.url)
            for domain in policy.domains
            for one in domain.witnesses
        ),
        "interests": tuple(
            InterestRow(name=one.name, domain=domain)
            for one in policy.interests
            for domain in one.domains
        ),
    }


def in_force(case: Case[Any]) -> WitnessPolicy | None:
    """Return the policy that the next entry is judged by, None in a ledger that was founded without one."""
    steps = case.find(WitnessSteps, WITNESSES)
    return case.get(WitnessPolicy, steps.steps[0].policy) if steps is not None else None


def signers(policy: Policy, given: Iterable[tuple[str, str]], message: bytes) -> set[str]:
    """Return the failure domains that signed a message.

    Args:
        policy: Whose keys count.
        given: Verifier key lines with signatures, unpadded base64url; what does not hold counts for nothing.
        message: What was to be signed.
    """
    known = {one.vkey.line: one.vkey for one in policy.witnesses}
    return {
        policy.domain_of(known[line])
        for line, sig in given
        if line in known and _signed(known[line], sig, message)
    }


def _signed(vkey: VKey, sig: str, message: bytes) -> bool:
    try:
        verify_raw(vkey.kind.alg, vkey.public_key, from_base64(sig), message)
    except ShanhaiError:
        return False
    return True


@guard(
    "policy.absent",
    "本账本创世时没有见证规则，不能在账上更改；请由各方保管同一份规则文件",
    "This ledger was founded without a witness policy, so none is changed in its log; keep one policy file among you",
    "design §3",
)
def has_policy(_payload: Any, case: Case[Any]) -> Facts | None:
    """The first policy stands in genesis: later there would be no old quorum to ask."""
    return {} if in_force(case) is None else None


@act(
    "policy.propose/1",
    "提出见证规则",
    "Propose a witness policy",
    on=WitnessPolicy,
    by=(Role.RULEMAKER,),
    grade=Grade.GOVERN,
    also=(has_policy,),
)
class ProposePolicy(Act, frozen=True, kw_only=True):
    """Propose who cosigns from then on; the log's key stays."""

    faults: Faults
    witnesses: Rows
    interests: Interests = ()

    def proposed(self, case: Case[None]) -> WitnessPolicy:
        """Return the proposal."""
        old = in_force(case)
        return WitnessPolicy(
            id=case.id,
            region=case.post.region,
            log=old.log if old is not None else "",
            faults=self.faults,
            witnesses=self.witnesses,
            interests=self.interests,
            before=old.id if old is not None else "",
        )

    @guard(
        "policy.unsound",
        "这份规则不成立：{reason}",
        "This policy cannot hold: {reason_en}",
        "ledger reference §7",
    )
    def sound(self, case: Case[None]) -> Facts | None:
        """N ≥ 3f + 1 failure domains, keys of the ledger's suite, each in one domain."""
        if in_force(case) is None:
            return None
        try:
            made = policy_of(self.proposed(case), case.body.ledger)
        except ShanhaiError as error:
            return {"reason": error.say("zh"), "reason_en": error.say("en")}
        foreign = [
            one.vkey.name for one in made.witnesses if one.vkey.kind.alg != made.log.kind.alg
        ]
        if not foreign:
            return None
        return {
            "reason": f"{foreign[0]} 的公钥不属于本账本的密码套件",
            "reason_en": f"the key of {foreign[0]} is not of this ledger's suite",
        }

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the proposal."""
        return [self.proposed(case)]


@act(
    "policy.confirm/1",
    "确认见证规则",
    "Confirm a witness policy",
    on=WitnessPolicy,
    by=(Role.RULEKEEPER,),
    grade=Grade.GOVERN,
    when=(ProposalState.PROPOSED,),
    not_by=(Never("policy.propose"),),
    also=(has_policy,),
)
class ConfirmPolicy(Act, frozen=True, kw_only=True):
    """Put a policy in force that a quorum of the old one signed."""

    consents: Annotated[tuple[Consent, ...], rows("见证单位的同意", "Consents", least=1, most=128)]

    @guard(
        "policy.overtaken",
        "提出之后见证规则已经变更，请重新提出",
        "The policy changed since this was proposed; propose it anew",
    )
    def still_follows(self, case: Case[WitnessPolicy]) -> Facts | None:
        """Consents were given on the policy that is still in force."""
        old = in_force(case)
        return {} if old is not None and old.id != case.subject.before else None

    @guard(
        "policy.consents",
        "现行规则下须有 {need} 个故障域同意，有效的只有 {have} 个；请向其余见证单位取得 shanhai mirror consent 的输出",
        "{need} failure domains of the policy in force must consent, {have} did; ask the other witnesses for what "
        "shanhai mirror consent prints",
        "design §3；ledger reference §7",
    )
    def agreed(self, case: Case[WitnessPolicy]) -> Facts | None:
        """A quorum of the old policy signed the proposal."""
        old = in_force(case)
        if old is None:
            return None
        policy = policy_of(old, case.body.ledger)
        given = [(one.vkey, one.sig) for one in self.consents]
        have = len(signers(policy, given, case.subject.proposal))
        return None if have >= policy.quorum else {"need": policy.quorum, "have": have}

    def effects(self, case: Case[WitnessPolicy]) -> list[Object]:
        """It counts for trees that are larger than the one this entry ends."""
        steps = case.get(WitnessSteps, WITNESSES)
        made = case.subject.but(state=ProposalState.CONFIRMED)
        return [steps.then(made.id, case.at.index + 1), made]


@act(
    "policy.reject/1",
    "退回见证规则",
    "Reject a witness policy",
    on=WitnessPolicy,
    by=(Role.RULEKEEPER,),
    grade=Grade.GOVERN,
    when=(ProposalState.PROPOSED,),
    not_by=(Never("policy.propose"),),
)
class RejectPolicy(Rejection, frozen=True, kw_only=True):
    """Close a proposal without effect."""
