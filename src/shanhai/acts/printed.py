"""The authority table, the rules and the glossary as Markdown, printed from the registry.

CI fails where the printed documents differ, so that every change of a right is reviewed as a table.
"""

from collections.abc import Iterable

from shanhai.acts import book
from shanhai.acts.machine import ACTS, NOUNS, PARAMETERS, Choice, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.acts.machine.registry import Guard, Row
from shanhai.acts.platform import PLATFORM_RULES, PlatformRule, platform
from shanhai.acts.roles import Role
from shanhai.kernel.text import TEXTS

BOOK = book  # importing it registers every noun and act


def _line(cells: Iterable[str]) -> str:
    return (
        "| "
        + " | ".join(cell.replace("|", "\\|").replace("\n", " ") or "—" for cell in cells)
        + " |"
    )


def _table(heads: tuple[str, ...], lines: Iterable[Iterable[str]]) -> list[str]:
    return [_line(heads), _line("---" for _ in heads), *map(_line, lines)]


def _authority(row: Row) -> tuple[str, ...]:
    never = "；".join(n.act + (f" ({n.via})" if n.via else "") for n in row.not_by)
    return (
        f"`{row.name}`",
        f"{row.text.zh} / {row.text.en}",
        row.on.text.zh,
        "新建" if row.creates else "、".join(w.zh for w in row.when) or "任意",
        "、".join(r.zh for r in row.by) or "凭邀请或创世密钥",
        row.grade.zh,
        never,
        row.own,
        "、".join(f"`{g.code}`" for g in row.guards),
    )


def authority() -> str:
    """Return docs/dev/authority.md."""
    heads = (
        "act",
        "办理 / act",
        "对象",
        "状态",
        "角色",
        "级别",
        "不得由办过此事者",
        "本单位",
        "规则",
    )
    rows = sorted((a.row for a in ACTS.values()), key=lambda row: row.name)
    note = (
        "Who may do what, printed from the registry by `scripts/print_tables.py`; the machine adds to every"
        " act: a held post, a valid key, freshness, scope of region, and delay of new approver and payer keys."
    )
    return "\n".join(
        ["# 权责表 Authority table", "", note, "", *_table(heads, map(_authority, rows)), ""]
    )


def _guards() -> dict[str, tuple[Guard, list[str]]]:
    """Return every guard by its code, with the acts that it guards."""
    found: dict[str, tuple[Guard, list[str]]] = {}
    for row in sorted((a.row for a in ACTS.values()), key=lambda row: row.name):
        for one in row.guards:
            found.setdefault(one.code, (one, []))[1].append(row.name)
    return dict(sorted(found.items()))


def _ticked(names: Iterable[str]) -> str:
    return "、".join(f"`{name}`" for name in names)


def rules() -> str:
    """Return docs/dev/rules.md."""
    guards = _guards()
    note = (
        "Printed from the registry by `scripts/print_tables.py`. A guard cites a law, a detection rule (D…), a"
        " parameter (P…) or a rule of the platform (R…). The platform's rules are Shanhai's own, not an authority's;"
        " 待核 marks a law that was named and not yet checked against its text. A guard without a source keeps the act"
        " itself consistent (a form filled in, a reference that exists)."
    )
    own = [
        (
            rule.number,
            f"{rule.text.zh} / {rule.text.en}",
            rule.source,
            _ticked(_citing(guards, rule)),
        )
        for rule in PLATFORM_RULES.values()
    ]
    every = [
        (f"`{code}`", f"{one.text.zh} / {one.text.en}", one.source, _ticked(acts))
        for code, (one, acts) in guards.items()
    ]
    return "\n".join(
        [
            *("# 规则 Rules", "", note, "", "## 平台规则 Rules of the platform", ""),
            *_table(("no.", "规则 / rule", "来源 source", "守则 guards"), own),
            *("", "## 守则 Guards", ""),
            *_table(("code", "提示 / sentence", "来源 source", "办理 acts"), every),
            "",
        ]
    )


def _citing(guards: dict[str, tuple[Guard, list[str]]], rule: PlatformRule) -> list[str]:
    return [code for code, (one, _) in guards.items() if platform(rule.number) in one.source]


def _choices() -> list[type[Choice]]:
    found = {Role.__name__: Role}
    for struct in [*NOUNS.values(), *ACTS.values()]:
        for field in fields_of(struct):
            if field.kind is Kind.CHOICE:
                found.setdefault(field.type.__name__, field.type)
    return [found[name] for name in sorted(found)]


def glossary() -> str:
    """Return docs/dev/glossary.md."""
    nouns = sorted(NOUNS.values(), key=lambda kind: kind.noun)
    parts = [
        "# 术语表 Glossary",
        "",
        "Printed from the declarations by `scripts/print_tables.py`.",
        "",
        "## 名词 Nouns",
        "",
    ]
    parts += _table(
        ("bytes", "id", "中文", "English"),
        [(f"`{k.noun}`", k.prefix, k.text.zh, k.text.en) for k in nouns],
    )
    for kind in nouns:
        if kind.text.zh:
            parts += ["", f"### {kind.text.zh} `{kind.noun}`", ""]
            lines = [(f"`{f.name}`", f.text.zh, f.text.en, f.kind.value) for f in fields_of(kind)]
            parts += _table(("field", "中文", "English", "kind"), lines)
    parts += ["", "## 选项 Choices", ""]
    for choice in _choices():
        words = [(f"`{c.value}`", c.zh, c.en) for c in choice]
        parts += [f"### `{choice.__name__}`", "", *_table(("bytes", "中文", "English"), words), ""]
    parts += ["## 参数 Parameters", ""]
    parts += _table(
        ("id", "中文", "English", "unit", "source"),
        [(p.id, p.text.zh, p.text.en, p.unit.zh, p.source) for p in sorted(PARAMETERS.values())],
    )
    parts += ["", "## 提示 Sentences", ""]
    parts += _table(
        ("code", "中文", "English"), [(f"`{c}`", t.zh, t.en) for c, t in sorted(TEXTS.items())]
    )
    return "\n".join([*parts, ""])
