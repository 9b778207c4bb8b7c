"""Canonical JSON, hashes and trees in JavaScript give what Python gives, and refuse what it refuses."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from shanhai.kernel.canonical import encode, to_base64
from shanhai.kernel.suite import INTL
from shanhai.ledger import merkle

pytestmark = pytest.mark.e2e
CANONICAL = """async (texts) => {
  const { parseCanonical, canonical } = await import("/source/canonical.js");
  const { fromBase64url } = await import("/source/bytes.js");
  return texts.map((text) => {
    try { return canonical(parseCanonical(fromBase64url(text))); } catch (e) { return e.code ?? e.name; }
  });
}"""
text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
key = st.text(
    st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'), max_size=6
)
value = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(key, inner, max_size=3),
    max_leaves=8,
)


def canonical(page: Page, raws: list[bytes]) -> list[str]:
    return list(page.evaluate(CANONICAL, [to_base64(raw) for raw in raws]))


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(values=st.lists(value, min_size=1, max_size=20))
def test_reads_and_writes_the_bytes_that_python_writes(page: Page, values: list[Any]) -> None:
    raws = [encode(one) for one in values]
    assert canonical(page, raws) == [raw.decode() for raw in raws]


BAD = [
    b"",
    b" 1",
    b"1 ",
    b"1.0",
    b"1e0",
    b"-0",
    b"01",
    b"+1",
    b"9007199254740992",
    b"-9007199254740992",
    b"12345678901234567890",
    b"null",
    b"nul",
    b"NaN",
    b'{"b":1,"a":2}',
    b'{"a":1,"a":2}',
    b'{"a":1,}',
    b'{"a" :1}',
    b'{"a":null}',
    '{"é":1}'.encode(),
    b"[1,]",
    b"[1 ,2]",
    b"[1",
    b'"a',
    b'"\\u0041"',
    b'"\\/"',
    b'"\\n"',
    b'"\n"',
    b'"\x7f"',
    b'"\xff"',
    b'"\\ud800"',
    b"\xef\xbb\xbf1",
    b"1,2",
    b"{}{}",
    b"[" * 40 + b"]" * 40,
]


def test_refuses_every_other_spelling(page: Page) -> None:
    answers = canonical(page, BAD)
    bad = [
        raw
        for raw, answer in zip(BAD, answers, strict=True)
        if answer not in ("bytes.not_canonical", "")
    ]
    assert bad == []


def test_the_tree_gives_rfc_6962_roots_and_paths(page: Page) -> None:
    entries = [bytes([n]) * n for n in range(23)]
    tree, roots = merkle.Tree(INTL), []
    leaves = [merkle.leaf_hash(INTL, raw) for raw in entries]
    for leaf in leaves:
        tree.append(leaf)
        roots.append(tree.root().hex())
    found = page.evaluate(
        """async (leaves) => {
          const m = await import("/source/merkle.js");
          const { fromHex, toHex } = await import("/source/bytes.js");
          const all = leaves.map((leaf) => fromHex(leaf, 32));
          const tree = new m.Tree();
          const rows = [];
          for (const leaf of all) {
            await tree.append(leaf);
            const root = await m.rootOf(all.slice(0, tree.size));
            const last = all.slice(0, tree.size);
            const index = Math.floor(tree.size / 3);
            const path = await m.pathTo(index, last);
            const again = await m.rootFromPath(last[index], index, tree.size, path);
            rows.push([toHex(root), toHex(await tree.root()), toHex(again), path.map(toHex)]);
          }
          for (let size = 1; size <= all.length; size += 1) {
            if (toHex(await tree.root(size)) !== rows[size - 1][0]) rows[size - 1][1] = "past";
          }
          return rows;
        }""",
        [leaf.hex() for leaf in leaves],
    )
    for size, (root, grown, again, path) in enumerate(found, start=1):
        assert root == grown == again == roots[size - 1]
        index = size // 3
        rebuilt = merkle.root_from_path(
            INTL, leaves[index], index, size, [bytes.fromhex(p) for p in path]
        )
        assert rebuilt.hex() == root
