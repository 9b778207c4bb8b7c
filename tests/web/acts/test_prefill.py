"""Forms begin with what is on file, and an account is signed as its contract filed it."""

from shanhai.acts.finding import RaiseFinding
from shanhai.acts.machine import fields_of
from shanhai.acts.notice import Stage
from shanhai.acts.notice_run import OpenNotice
from shanhai.acts.payment_flow import OrderPayment
from shanhai.acts.roles import Role
from shanhai.domains.accounts.actor import PUBLIC
from shanhai.domains.book import desk
from shanhai.domains.vault.services import is_kept, masked, values_seal
from shanhai.web.acts.options import References, own_side
from shanhai.web.acts.prefill import prefilled
from web.workbench.village_world import World

ACCOUNT = "模拟银行 6222 0000 00000001"


def kept(world: World) -> str:
    person = world.actors.persons["owner"].id
    values = {"account": ACCOUNT}
    made = values_seal(mark=desk.mark(), object_id="con1", committer=person, values=values)
    return made["account"]


def test_a_notice_begins_with_the_stage_of_its_project(world: World) -> None:
    found = prefilled(OpenNotice, {"project": world.declare()})
    assert found == {"stage": Stage.VILLAGE.value}
    assert prefilled(OpenNotice, {"project": ""}) == {}


def test_an_account_on_file_is_signed_as_it_was_filed(world: World) -> None:
    commitment = kept(world)
    person = world.actors.persons["finance"].id
    made = desk.sealed(OrderPayment, "pay1", person, {"account": commitment})
    assert made["account"] == commitment
    assert desk.blinded(OrderPayment, {"account": commitment})["account"] == commitment


def test_a_typed_account_is_sealed_anew(world: World) -> None:
    person = world.actors.persons["finance"].id
    made = desk.sealed(OrderPayment, "pay1", person, {"account": ACCOUNT})
    assert made["account"] not in (ACCOUNT, kept(world))


def test_a_hash_that_nobody_kept_is_no_commitment(world: World) -> None:
    assert not is_kept("ab" * 32)
    assert not is_kept(ACCOUNT)
    assert masked("ab" * 32) == ""


def test_what_is_on_file_is_shown_with_its_middle_hidden(world: World) -> None:
    shown = masked(kept(world))
    assert shown.startswith("模拟银行")
    assert shown.endswith("0001")
    assert "6222" not in shown


def test_the_other_side_s_region_is_chosen_from_the_whole_country(world: World) -> None:
    fields = {field.name: field for field in fields_of(RaiseFinding)}
    west = PUBLIC._replace(role=Role.AUDITOR, region="519901")
    east = PUBLIC._replace(role=Role.EAST_AUDITOR, region="339901")
    assert own_side(fields["region"], west)
    assert own_side(fields["east_region"], east)
    assert not own_side(fields["east_region"], west)
    assert not own_side(fields["region"], east)
    found = References(west, RaiseFinding, {}).search(fields["east_region"], "浙江")
    assert "330000" in {one.id for one in found.items}
    assert References(west, RaiseFinding, {}).search(fields["region"], "浙江").items == []
