"""Read a scheme from TOML, name by name: a wrong name is refused with its place and the nearest right one."""

import tomllib
from decimal import Decimal
from typing import Any

import msgspec

from shanhai.engines.fiscal.scheme import (
    Column,
    Data,
    Earmark,
    Head,
    Instalment,
    Lookup,
    Pair,
    Parameter,
    Report,
    Rule,
    Scheme,
    Settlement,
    Step,
    Transfer,
)
from shanhai.engines.fiscal.stages import METHODS
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.spelling import nearest

TABLES = (
    "scheme",
    "data",
    "parameters",
    "lookup",
    "capacity",
    "need",
    "transfer",
    "result",
    "earmark",
    "settlement",
    "report",
    "articles",
)
_STEP = ("name", "article", "method", "title_zh", "title_en")
_TRANSFER = (
    "name",
    "article",
    "title_zh",
    "title_en",
    "kind",
    "payer",
    "pool",
    "balance",
    "tolerance_fen",
    "donor",
    "recipient",
    "bounds",
    "transition",
    "pair",
    "fit",
    "within",
)
_CLOSED = ("donors", "pool")
BALANCES = ("recipients", "donors", "pool", "exact", "none")


def parse_scheme(text: str) -> Scheme:
    """Read a scheme.

    Args:
        text: The TOML.

    Returns:
        The scheme, names and methods checked; formulas are compiled when it is prepared for data.

    Raises:
        InvalidInputError: At the first thing that is wrong, with its place and the nearest right name.
    """
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise refuse("toml", detail=str(error)) from error
    raw = _exact(raw)
    known(raw, TABLES, "scheme file 方案文件")
    settlement, report = raw.get("settlement"), raw.get("report")
    return Scheme(
        head=_struct(_need(raw, "scheme", "scheme file 方案文件"), Head, "[scheme]"),
        data=_data(raw.get("data", {})),
        parameters=_each(raw, "parameters", Parameter),
        lookups=_each(raw, "lookup", Lookup),
        steps=[
            _step(stage, one, at)
            for stage in ("capacity", "need", "result")
            for at, one in enumerate(_list(raw, stage), 1)
        ],
        transfers=[_transfer(one, at) for at, one in enumerate(_list(raw, "transfer"), 1)],
        earmarks=[
            _struct(one, Earmark, f"[[earmark]] {at}")
            for at, one in enumerate(_list(raw, "earmark"), 1)
        ],
        settlement=_settlement(settlement) if settlement is not None else None,
        report=_struct(report, Report, "[report]") if report is not None else None,
        articles=_struct(raw.get("articles", {}), dict[str, str], "[articles]"),
    )


def _exact(value: Any) -> Any:
    """Turn decimals into their text, so that 0.63 stays 0.63."""
    if isinstance(value, dict):
        return {key: _exact(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_exact(one) for one in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


def known(table: Any, names: Any, place: str) -> None:
    """Refuse a name that is not among those allowed."""
    if not isinstance(table, dict):
        raise refuse("field", place=place, detail="应为表 a table is expected")
    for name in table:
        if name not in names:
            raise refuse("unknown", place=place, name=name, nearest=nearest(name, names))


def _need(table: dict[str, Any], name: str, place: str) -> Any:
    if name not in table:
        raise refuse("lacking", place=place, name=name)
    return table[name]


def _list(raw: dict[str, Any], name: str) -> list[Any]:
    found = raw.get(name, [])
    if not isinstance(found, list):
        raise refuse("field", place=name, detail=f"写成 [[{name}]] write [[{name}]]")
    return found


def _struct(table: Any, kind: Any, place: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        known(table, [one.name for one in fields], place)
        for one in fields:
            if one.required:
                _need(table, one.name, place)
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise refuse("field", place=place, detail=str(error)) from error


def _each(raw: dict[str, Any], name: str, kind: Any) -> dict[str, Any]:
    tables = raw.get(name, {})
    if not isinstance(tables, dict):
        raise refuse("field", place=f"[{name}]", detail="应为表 a table is expected")
    return {key: _struct(one, kind, f"[{name}.{key}]") for key, one in tables.items()}


def _data(raw: Any) -> Data:
    known(raw, ("unit", "label", "columns"), "[data]")
    columns = raw.get("columns", {})
    if not isinstance(columns, dict):
        raise refuse("field", place="[data.columns]", detail="应为表 a table is expected")
    for key, one in columns.items():
        _struct(one, Column, f"[data.columns.{key}]")
    return _struct(raw, Data, "[data]")  # type: ignore[no-any-return]  # convert gives what it was asked


def _step(stage: str, raw: Any, at: int) -> Step:
    place = f"[[{stage}]] {raw.get('name', at) if isinstance(raw, dict) else at}"
    name = raw.get("method", "formula") if isinstance(raw, dict) else "formula"
    allowed = _method_args(stage, name, place)
    known(raw, (*_STEP, *allowed), place)
    return Step(
        stage=stage,
        name=_word(raw, "name", place),
        article=_word(raw, "article", place),
        method=name,
        args={key: raw[key] for key in allowed if key in raw},
        title_zh=str(raw.get("title_zh", "")),
        title_en=str(raw.get("title_en", "")),
    )


def _method_args(stage: str, name: Any, place: str) -> tuple[str, ...]:
    methods = METHODS[stage]
    if not isinstance(name, str) or name not in methods:
        raise refuse(
            "unknown",
            place=f"{place} › method",
            name=str(name),
            nearest=nearest(str(name), methods),
        )
    return tuple(methods[name].args)


def _word(raw: dict[str, Any], name: str, place: str) -> str:
    found = _need(raw, name, place)
    if not isinstance(found, str) or not found.strip():
        raise refuse("field", place=f"{place} › {name}", detail="应为非空文字 text is expected")
    return found


def _rule(stage: str, raw: Any, place: str, article: str) -> Rule:
    default = "formula" if stage in ("donor", "recipient") else ""
    name = raw.get("method", default) if isinstance(raw, dict) else default
    allowed = _method_args(stage, name, place)
    extra = ("excess",) if stage == "bounds" else ()
    known(raw, ("method", "article", *extra, *allowed), place)
    excess = raw.get("excess", "share")
    if excess not in ("share", "drop"):
        raise refuse("unknown", place=f"{place} › excess", name=str(excess), nearest="share、drop")
    return Rule(
        stage=stage,
        method=name,
        args={key: raw[key] for key in allowed if key in raw},
        article=str(raw.get("article", article)),
        excess=excess,
    )


def _transfer(raw: Any, at: int) -> Transfer:
    place = f"[[transfer]] {raw.get('name', at) if isinstance(raw, dict) else at}"
    known(raw, _TRANSFER, place)
    article, donor = _word(raw, "article", place), raw.get("donor")
    payer, pool = str(raw.get("payer", "")), str(raw.get("pool", ""))
    _one_payer(donor is not None, payer, place)
    words = _closing(raw, donor, pool, payer, place)
    return Transfer(
        name=_word(raw, "name", place),
        article=article,
        title_zh=str(raw.get("title_zh", "")),
        title_en=str(raw.get("title_en", "")),
        payer=payer,
        pool=pool,
        within=str(raw.get("within", "")),
        donor=_rule("donor", donor, f"{place} › donor", article) if donor is not None else None,
        recipient=_rule(
            "recipient", _need(raw, "recipient", place), f"{place} › recipient", article
        ),
        bounds=_rules("bounds", raw, place, article),
        transition=_rules("transition", raw, place, article),
        pairs=[
            _struct(p, Pair, f"{place} › pair {n}") for n, p in enumerate(_list(raw, "pair"), 1)
        ],
        **words,
    )


def _closing(raw: dict[str, Any], donor: Any, pool: str, payer: str, place: str) -> dict[str, Any]:
    """Read how a transfer closes: kind, balance, fit, tolerance."""
    usual = "pool" if pool else ("none" if payer else "recipients")
    words: dict[str, Any] = {
        "kind": _among(raw.get("kind", "transfer"), ("transfer", "topup"), f"{place} › kind"),
        "balance": _among(raw.get("balance", usual), BALANCES, f"{place} › balance"),
        "fit": _among(raw.get("fit", "flow"), ("flow", "ras"), f"{place} › fit"),
    }
    _fitting(words, pool, payer, place)
    if (
        isinstance(donor, dict)
        and donor.get("method") == "uniform"
        and words["balance"] not in _CLOSED
    ):
        detail = "uniform 的比例由总额决定，balance 须为 donors 或 pool uniform needs balance donors or pool"
        raise refuse("field", place=f"{place} › balance", detail=detail)
    words["tolerance_fen"] = raw.get("tolerance_fen", -1)
    if not isinstance(words["tolerance_fen"], int):
        raise refuse(
            "field", place=f"{place} › tolerance_fen", detail="应为整数 a whole number is expected"
        )
    return words


def _one_payer(donor: object, payer: str, place: str) -> None:
    if not donor and not payer:
        raise refuse("lacking", place=place, name="donor / payer")
    if donor and payer:
        detail = "donor 与 payer 只写其一 write donor or payer, not both"
        raise refuse("field", place=place, detail=detail)


def _fitting(words: dict[str, Any], pool: str, payer: str, place: str) -> None:
    """Refuse a balance that cannot hold, and a top-up that units pay themselves."""
    balance = words["balance"]
    if balance == "pool" and not pool:
        raise refuse("lacking", place=place, name="pool")
    wrong = ("donors", "recipients", "exact") if payer else ("none",)
    if balance in wrong:
        allowed = "pool、none" if payer else "recipients、donors、pool、exact"
        raise refuse("unknown", place=f"{place} › balance", name=balance, nearest=allowed)
    if words["kind"] == "topup" and not payer:
        raise refuse("lacking", place=place, name="payer")


def _rules(stage: str, raw: dict[str, Any], place: str, article: str) -> list[Rule]:
    found = _list(raw, stage)
    return [
        _rule(stage, one, f"{place} › {stage} {at}", article) for at, one in enumerate(found, 1)
    ]


def _among(word: Any, words: tuple[str, ...], place: str) -> str:
    if word not in words:
        raise refuse("unknown", place=place, name=str(word), nearest=nearest(str(word), words))
    return str(word)


def _settlement(raw: Any) -> Settlement:
    place = "[settlement]"
    known(raw, [one.name for one in msgspec.structs.fields(Settlement)], place)
    for at, one in enumerate(_list(raw, "instalment"), 1):
        _struct(one, Instalment, f"[[settlement.instalment]] {at}")
    return _struct(raw, Settlement, place)  # type: ignore[no-any-return]  # convert gives what it was asked
