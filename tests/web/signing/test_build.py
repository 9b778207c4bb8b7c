"""The signing bundle is what its sources say, and the sources keep to what may be trusted."""

import base64
import hashlib
import re

import pytest

import build_signing
from build_signing import HASHES, SOURCE

MODULES = sorted(SOURCE.glob("*.js"))
FORBIDDEN = re.compile(
    r"\beval\b|\bFunction\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\bimport\("
)


def test_the_bundle_has_the_published_hashes() -> None:
    made = {name: hashlib.sha256(raw).hexdigest() for name, raw in build_signing.build().items()}
    rows = [line.split("  ") for line in HASHES.read_text().splitlines()]
    published = {name: digest for digest, name in rows}
    assert made == published


def test_the_same_sources_give_the_same_bytes() -> None:
    assert build_signing.build() == build_signing.build()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_is_short_and_makes_no_code_from_text(module: object) -> None:
    text = (SOURCE / str(module)).read_text("utf-8")
    assert len(text.splitlines()) <= 150
    assert max(map(len, text.splitlines())) <= 400
    assert not FORBIDDEN.findall(text)


def test_verify_html_allows_its_own_script_and_style_only() -> None:
    page = build_signing.build()["verify.html"].decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    for tag in ("script", "style"):
        (inner,) = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy.group(1)
    assert "default-src 'none'" in policy.group(1)


def test_a_name_in_two_modules_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "a.js": 'import { one } from "./b.js";\nconst two = 2;\n',
        "b.js": "export const one = 1;\nconst two = 3;\n",
    }
    monkeypatch.setattr(build_signing, "_read", files.__getitem__)
    with pytest.raises(SystemExit, match=r"two stands in b\.js and a\.js"):
        build_signing._bundle("a.js")  # noqa: SLF001 - the joint alone


def test_a_default_export_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_signing, "_read", {"a.js": "export default 1;\n"}.__getitem__)
    with pytest.raises(SystemExit, match="only named"):
        build_signing._bundle("a.js")  # noqa: SLF001 - the joint alone
