"""Who may act: enrolment by three people, posts, delegation, handover, and what no second post gets round."""

import pytest

from acts.scenario import EAST, WEST, Scenario
from shanhai.acts.key import Confirm, Invitation, Invite, Offer, RevocationReason, Revoke, Rotate
from shanhai.acts.machine import Custody, Key, KeyState, Person, Post, PostState
from shanhai.acts.officer import (
    CloseOrganisation,
    Organisation,
    OrganisationKind,
    OrganisationState,
    RegisterOrganisation,
    RegisterPerson,
    SameAs,
)
from shanhai.acts.post import Delegate, EndPost, Grant, HandOver, TakeOver
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.suite import INTL
from shanhai.ledger.signing import Ed25519Signer, kid_of

HASH = "ab" * 32
SIGNER = Ed25519Signer(b"\1" * 32)
KID = kid_of(INTL, SIGNER.public_key)
DAY = 86_400_000


@pytest.fixture
def world() -> Scenario:
    made = Scenario().post("registrar", Role.REGISTRAR, region="510000", organisation="org-up")
    made.post("second registrar", Role.REGISTRAR, region="510000")
    made.post("county registrar", Role.REGISTRAR)
    made.post("admin", Role.ADMIN, organisation="org-finance")
    made.post("wang", Role.COUNTY_FINANCE, organisation="org-finance")
    return made.put(
        Organisation(
            id="org-finance", name="财政局", kind=OrganisationKind.GOVERNMENT, region=WEST
        ),
        Person(id="per-li", organisation="org-finance", region=WEST, name=HASH),
    )


def invite(world: Scenario) -> str:
    made = world.id("inv")
    world.when(Invite(person="per-li", due_ms=world.now + DAY), by="admin", on=made).ok()
    return made


def offer(invitation: str, **changes: object) -> Offer:
    fields = {"invitation": invitation, "alg": "ed25519", "public": to_base64(SIGNER.public_key)}
    return Offer(**(fields | changes))  # type: ignore[arg-type]


def enrolled(world: Scenario) -> Scenario:
    world.when(offer(invite(world)), by="", on=KID, kid=KID).ok()
    return world.when(Confirm(checked=True), by="registrar", on=KID).ok()


def test_a_key_is_enrolled_by_three_people(world: Scenario) -> None:
    enrolled(world)
    key = world.get(Key, KID)
    assert (key.state, key.person, key.confirmed_ms) == (KeyState.ACTIVE, "per-li", world.now)


def test_an_administrator_serves_one_organisation(world: Scenario) -> None:
    world.put(Person(id="per-far", organisation="org-far", region=WEST, name=HASH))
    act = Invite(person="per-far", due_ms=world.now + DAY)
    world.when(act, by="admin", on=world.id("inv")).refused("key.foreign_person")


def test_an_invitation_serves_once_and_in_time(world: Scenario) -> None:
    made = invite(world)
    world.later(days=2).when(offer(made), by="", on=KID, kid=KID).refused("key.uninvited")
    fresh = invite(world)
    world.when(offer(fresh), by="", on=KID, kid=KID).ok()
    other = Ed25519Signer(b"\2" * 32)
    kid = kid_of(INTL, other.public_key)
    again = offer(fresh, public=to_base64(other.public_key))
    world.when(again, by="", on=kid, kid=kid).refused("key.uninvited")
    assert world.get(Invitation, fresh).state == "used"


def test_an_offer_names_its_own_key(world: Scenario) -> None:
    world.when(offer(invite(world)), by="", on="f" * 64, kid=KID).refused("key.kid")


@pytest.mark.parametrize("public", ["AAAA", to_base64(b"\0" * 32)])
def test_an_unsafe_key_is_refused(world: Scenario, public: str) -> None:
    world.when(offer(invite(world), public=public), by="", on=KID, kid=KID)
    assert "key.bad" in world.codes


def test_only_a_registrar_one_level_up_confirms(world: Scenario) -> None:
    world.when(offer(invite(world)), by="", on=KID, kid=KID).ok()
    world.when(Confirm(checked=True), by="county registrar", on=KID).refused("key.level")
    world.when(Confirm(), by="registrar", on=KID).refused("key.unchecked")


def test_whoever_invited_does_not_confirm(world: Scenario) -> None:
    world.when(offer(invite(world)), by="", on=KID, kid=KID).ok()
    world.post("both", Role.REGISTRAR, person="admin", region="510000")
    world.when(Confirm(checked=True), by="both", on=KID).refused("authority.same")


def test_a_key_is_rotated_only_by_itself(world: Scenario) -> None:
    enrolled(world).post("li", Role.COUNTY_FINANCE, person="per-li", organisation="org-finance")
    new = Ed25519Signer(b"\3" * 32)
    act = Rotate(alg="ed25519", public=to_base64(new.public_key))
    world.when(act, by="wang", on=KID).refused("key.not_yours")
    world.when(act, by="li", on=KID, kid=KID).ok()
    assert world.get(Key, KID).state is KeyState.ROTATED
    assert world.get(Key, kid_of(INTL, new.public_key)).state is KeyState.ACTIVE


def test_a_revoked_key_signs_no_more(world: Scenario) -> None:
    enrolled(world).post("li", Role.COUNTY_FINANCE, person="per-li", organisation="org-finance")
    act = Revoke(reason=RevocationReason.STOLEN, suspect_from_ms=world.now - DAY)
    world.when(act, by="admin", on=KID).ok()
    rotate = Rotate(alg="ed25519", public=to_base64(b"\4" * 32))
    world.when(rotate, by="li", on=KID, kid=KID)
    assert {"authority.key", "object.state"} <= set(world.codes)


def grant(person: str = "per-li", **changes: object) -> Grant:
    fields = {
        "person": person,
        "role": Role.COUNTY_FINANCE,
        "organisation": "org-finance",
        "region": WEST,
        "basis": HASH,
    }
    return Grant(**(fields | changes))  # type: ignore[arg-type]


def test_a_post_is_granted_and_ended(world: Scenario) -> None:
    made = world.id("pst")
    world.when(grant(), by="registrar", on=made).ok()
    assert world.get(Post, made).granted_ms == world.now
    world.when(EndPost(basis=HASH), by="registrar", on=made).ok()
    assert world.get(Post, made).state is PostState.ENDED


def test_nobody_grants_themselves_a_post(world: Scenario) -> None:
    world.put(Person(id="registrar", organisation="org-finance", region=WEST, name=HASH))
    world.when(grant("registrar", role=Role.REGISTRAR), by="registrar", on=world.id("pst")).refused(
        "post.self"
    )


def test_administration_and_business_never_meet_in_one_person(world: Scenario) -> None:
    world.when(grant(), by="registrar", on=world.id("pst")).ok()
    world.when(grant(role=Role.ADMIN), by="registrar", on=world.id("pst")).refused("post.mixed")


def test_a_post_ends_after_it_begins(world: Scenario) -> None:
    act = grant(from_ms=world.now + DAY, to_ms=world.now)
    world.when(act, by="registrar", on=world.id("pst")).refused("post.dates")


def test_a_post_lies_in_the_registrars_region(world: Scenario) -> None:
    world.when(grant(region=EAST), by="registrar", on=world.id("pst")).refused("authority.scope")


def delegate(world: Scenario, person: str = "per-li", days: int = 5) -> Delegate:
    return Delegate(person=person, from_ms=world.now, to_ms=world.now + days * DAY, basis=HASH)


def test_a_delegate_counts_as_the_principal_and_ends_with_the_source(world: Scenario) -> None:
    made = world.id("pst")
    world.when(delegate(world), by="wang", on=made).ok()
    deputy = world.get(Post, made)
    assert deputy.persons == {"wang", "per-li"}
    world.put(world.get(Post, world.posts["wang"]).but(state=PostState.ENDED))
    world.posts["deputy"] = made
    world.when(delegate(world, "per-x"), by="deputy", on=world.id("pst"))
    assert "authority.post" in world.codes


def test_a_delegation_never_chains(world: Scenario) -> None:
    world.posts["deputy"] = made = world.id("pst")
    world.when(delegate(world), by="wang", on=made).ok()
    world.put(
        Key(
            id="kid-per-li",
            person="per-li",
            region=WEST,
            alg="ed25519",
            public="x",
            state=KeyState.ACTIVE,
        )
    )
    world.when(delegate(world, "per-x", 1), by="deputy", on=world.id("pst")).refused("post.chain")


def test_a_delegation_lies_within_its_post(world: Scenario) -> None:
    world.post("short", Role.TOWNSHIP, to_ms=world.now + DAY)
    world.when(delegate(world), by="short", on=world.id("pst")).refused("post.delegate_dates")


def test_a_delegate_is_somebody_else_without_administrative_post(world: Scenario) -> None:
    world.when(delegate(world, "wang"), by="wang", on=world.id("pst")).refused(
        "post.delegate_mixed"
    )
    world.when(grant(role=Role.ADMIN), by="registrar", on=world.id("pst")).ok()
    world.when(delegate(world, "per-li"), by="wang", on=world.id("pst")).refused(
        "post.delegate_mixed"
    )


def test_a_handover_needs_both(world: Scenario) -> None:
    world.post("new", Role.COUNTY_FINANCE, organisation="org-finance").post("far", Role.TOWNSHIP)
    mine, theirs = world.posts["wang"], world.posts["new"]
    world.when(HandOver(successor=world.posts["far"], inventory=HASH), by="wang", on=mine)
    assert world.codes == ["post.successor"]
    world.when(HandOver(successor=theirs, inventory=HASH), by="new", on=mine)
    assert "post.not_yours" in world.codes
    world.when(HandOver(successor=theirs, inventory=HASH), by="wang", on=mine).ok()
    world.when(TakeOver(), by="far", on=mine)
    assert "post.not_successor" in world.codes
    world.when(TakeOver(), by="new", on=mine).ok()
    assert world.get(Post, mine).state is PostState.ENDED


def test_a_person_is_registered_once(world: Scenario) -> None:
    act = RegisterPerson(organisation="org-finance", name=HASH)
    world.when(act, by="registrar", on=world.id("per")).refused("person.unattested")
    attested = RegisterPerson(organisation="org-finance", name=HASH, unique=True)
    world.when(attested, by="registrar", on=world.id("per")).ok()


def test_two_entries_of_one_human_are_merged_and_then_separated_as_one(world: Scenario) -> None:
    world.put(Person(id="per-twin", organisation="org-finance", region=WEST, name=HASH))
    world.when(SameAs(other="per-li", basis=HASH), by="registrar", on="per-li").refused(
        "person.itself"
    )
    world.when(SameAs(other="per-li", basis=HASH), by="registrar", on="per-twin").ok()
    world.when(offer(invite(world)), by="", on=KID, kid=KID).ok()
    world.post("twin", Role.ADMIN, person="per-twin", organisation="org-finance")
    invitation = world.id("inv")
    world.when(Invite(person="per-li", due_ms=world.now + DAY), by="twin", on=invitation).ok()
    other = Ed25519Signer(b"\5" * 32)
    kid = kid_of(INTL, other.public_key)
    world.when(offer(invitation, public=to_base64(other.public_key)), by="", on=kid, kid=kid).ok()
    world.post("li up", Role.REGISTRAR, person="per-li", region="510000")
    world.when(Confirm(checked=True), by="li up", on=kid)
    assert "authority.same" in world.codes


def test_an_organisation_is_registered_once_by_its_code(world: Scenario) -> None:
    act = RegisterOrganisation(
        name="合作社", kind=OrganisationKind.COOPERATIVE, region=WEST, code="91510000"
    )
    made = world.id("org")
    world.when(act, by="registrar", on=made).ok()
    world.when(act, by="registrar", on=world.id("org")).refused("object.taken")
    world.when(CloseOrganisation(basis=HASH), by="registrar", on=made).ok()
    assert world.get(Organisation, made).state is OrganisationState.CLOSED


def test_a_server_held_key_may_not_govern(world: Scenario) -> None:
    world.put(world.get(Key, "kid-registrar").but(custody=Custody.SERVER))
    world.when(grant(), by="registrar", on=world.id("pst")).refused("authority.custody")


def test_a_post_not_begun_or_over_may_not_act(world: Scenario) -> None:
    world.post("early", Role.REGISTRAR, region="510000", from_ms=world.now + 1)
    world.post("late", Role.REGISTRAR, region="510000", to_ms=world.now)
    for name in ("early", "late", "nobody"):
        world.when(grant(), by=name, on=world.id("pst"))
        assert "authority.post" in world.codes


def test_a_stale_form_is_refused(world: Scenario) -> None:
    world.when(grant(), by="registrar", on=world.id("pst"), stale=True).refused("object.changed")
