"""My account: posts, keys with their states, how one signs in; nobody else's."""

from django.test import Client

from shanhai.acts.key import RevocationReason, Revoke
from web.workbench.village_world import World
from web.worlds import SignIn


def test_the_account_shows_post_key_and_how_one_signs_in(sign_in: SignIn) -> None:
    text = sign_in("owner").get("/account").text
    assert "山前县清溪农业发展中心（模拟）" in text
    assert "本浏览器密钥（Ed25519）" in text
    assert "请开启动态口令或通行密钥" in text


def test_a_revoked_key_says_so(world: World, sign_in: SignIn) -> None:
    world.do("registrar", Revoke(reason=RevocationReason.LOST), world.actors.keys["owner"].id)
    assert "已吊销" in sign_in("owner").get("/account").text


def test_the_account_speaks_english(sign_in: SignIn) -> None:
    text = sign_in("owner", "en").get("/account").text
    assert "My keys" in text
    assert "我的密钥" not in text


def test_visitors_are_asked_to_sign_in(world: World) -> None:
    assert Client().get("/account").status_code == 302
