"""From understood rows to what `project.open` is given: bodies looked up by name, rows tied by names and numbers."""

from typing import Any

import msgspec

from shanhai.acts.line import FundingLine, LineState
from shanhai.acts.officer import Organisation
from shanhai.acts.opening_batch import SETTLED_LOTS
from shanhai.acts.opening_guards import CONTRACTED_LOTS
from shanhai.acts.pairing import Pairing, PairingState
from shanhai.domains.imports.problems import Problem, problem
from shanhai.domains.imports.running.columns import KINDS, Holds
from shanhai.domains.imports.running.reading import Read, Row
from shanhai.domains.rows import row_of
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "import.opening.twice": Text(
        "“{name}”在“期初项目”表中出现两次，请合并", "“{name}” stands twice in the table of projects"
    ),
    "import.opening.stray": Text(
        "“期初项目”表中没有“{name}”，请核对项目名称", "No project “{name}” in the table of projects"
    ),
    "import.opening.body": Text(
        "账本中没有登记“{name}”，请核对名称，或先由登记员登记该单位",
        "“{name}” is not registered; check the name, or have the registrar register it first",
    ),
    "import.opening.bodies": Text(
        "账本中有多个“{name}”，请登记员区分名称后再导入",
        "Several bodies are named “{name}”; have the registrar tell them apart first",
    ),
    "import.opening.pairing": Text(
        "本县有 {count} 个有效结对关系，须正好一个才能导入；请先办理结对登记",
        "The county has {count} pairs in force; exactly one is needed, register it first",
    ),
    "import.opening.no_contract": Text(
        "标段“{name}”已签合同，请在“期初合同”表中填写其合同",
        "Lot “{name}” is contracted; enter its contract in the table of contracts",
    ),
    "import.opening.not_settled": Text(
        "标段“{name}”已结算，请填写结算金额", "Lot “{name}” is settled; enter at what amount"
    ),
    "import.opening.lot": Text(
        "本项目没有标段“{name}”，请与“期初标段”表一致",
        "The project has no lot “{name}”; write it as in the table of lots",
    ),
    "import.opening.contract": Text(
        "本项目没有合同“{name}”，请与“期初合同”表一致",
        "The project has no contract “{name}”; write it as in the table of contracts",
    ),
    "import.opening.many": Text(
        "本项目有 {count} 行，一次最多 {most} 行；请先导入其中一部分，其余用“补录期初数据”办理",
        "{count} rows for this project, at most {most} at once; import a part, enter the rest by a further batch",
    ),
}
BODIES = sorted({c.field for kind in KINDS for c in kind.columns if c.holds is Holds.BODY})
CONTRACTED = {state.value for state in CONTRACTED_LOTS}
SETTLED = {state.value for state in SETTLED_LOTS}
MOST = {"lots": 32, "contracts": 32, "budgets": 16, "lines": 16, "paid": 64}
LINE_FIELDS = ("subject", "kind", "department", "origin_year", "year", "issued_fen")


class Draft(msgspec.Struct):
    """One running project as it would be entered; `values` are what the act takes, accounts in plain."""

    name: str
    place: str
    values: dict[str, Any]
    problems: list[Problem]


class Known(msgspec.Struct):
    """What the ledger knows already: bodies by name, the county's pair, its open lines by number."""

    bodies: dict[str, list[str]]
    pairings: list[str]
    lines: dict[tuple[int, str], str]


def known(read: Read, county: str) -> Known:
    """Return what rows may refer to; three queries however many rows there are."""
    rows = [one for many in read.rows.values() for one in many]
    names = {str(one.values[f]) for one in rows for f in BODIES if one.values.get(f)}
    bodies: dict[str, list[str]] = {}
    found = row_of(Organisation).objects.filter(name__in=names)
    for name, one in found.values_list("name", "id"):
        bodies.setdefault(name, []).append(one)
    pairs = row_of(Pairing).objects.filter(region=county, state=PairingState.ACTIVE.value)
    lines = row_of(FundingLine).objects.filter(region=county, state=LineState.OPEN.value)
    return Known(
        bodies,
        list(pairs.order_by("id").values_list("id", flat=True)),
        {(year, number): one for year, number, one in lines.values_list("year", "number", "id")},
    )


def drafts(read: Read, *, county: str, basis: str, document: str) -> list[Draft]:
    """Return every running project of a workbook, each with what must be mended first.

    Args:
        read: The workbook as understood.
        county: Adcode of the officer's county.
        basis: What the batch cites.
        document: Hash of the workbook, cited wherever a row names no document of its own.
    """
    there = known(read, county)
    made, seen = [], set()
    for row in read.rows["projects"]:
        name = str(row.values.get("project") or "")
        draft = _Builder(read, row, there, document).draft(name, county, basis)
        if name in seen:
            draft.problems.append(_told("import.opening.twice", row, name=name))
        seen.add(name)
        made.append(draft)
    return made


def strays(read: Read) -> list[Problem]:
    """Return rows that name no project of the workbook."""
    names = {one.values.get("project") for one in read.rows["projects"]}
    rows = (one for kind in ("lots", "contracts", "money") for one in read.rows[kind])
    return [
        _told("import.opening.stray", one, name=str(one.values["project"]))
        for one in rows
        if one.values.get("project") and one.values["project"] not in names
    ]


def _told(code: str, row: Row, **facts: str | int) -> Problem:
    return problem(code, row.sheet, row.row, facts=facts)


class _Builder:
    """Ties the rows of one project together."""

    def __init__(self, read: Read, row: Row, there: Known, document: str) -> None:
        self.read, self.row, self.there, self.document = read, row, there, document
        self.problems: list[Problem] = []

    def draft(self, name: str, county: str, basis: str) -> Draft:
        given = self._whole(self.row)
        given.pop("project", None)
        lots, contracts = self._lots(name), self._contracts(name)
        values: dict[str, Any] = {
            **given,
            "name": name,
            "region": given.get("region", county),
            "pairing": self._pairing(),
            "basis": basis,
            "document": self.document,
            "lots": lots,
            "contracts": contracts,
            **self._money(name, contracts),
        }
        self._bounded(values)
        return Draft(name, f"{self.row.sheet} {self.row.row}", values, self.problems)

    def _whole(self, row: Row) -> dict[str, Any]:
        """Return a row's values with bodies as ids; unreadable cells are told of already."""
        values = {name: value for name, value in row.values.items() if value is not None}
        for field in BODIES:
            if field in values:
                values[field] = self._body(row, str(values[field]))
        return values

    def _body(self, row: Row, name: str) -> str:
        found = self.there.bodies.get(name, [])
        if len(found) == 1:
            return found[0]
        code = "import.opening.bodies" if found else "import.opening.body"
        self.problems.append(_told(code, row, name=name))
        return ""

    def _pairing(self) -> str:
        if len(self.there.pairings) == 1:
            return self.there.pairings[0]
        self.problems.append(
            _told("import.opening.pairing", self.row, count=len(self.there.pairings))
        )
        return ""

    def _lots(self, project: str) -> list[dict[str, Any]]:
        made = [self._whole(one) for one in self.read.of("lots", project)]
        contracted = {one.values.get("lot") for one in self.read.of("contracts", project)}
        for row in self.read.of("lots", project):
            name = str(row.values.get("name") or "")
            if row.values.get("state") in CONTRACTED and name not in contracted:
                self.problems.append(_told("import.opening.no_contract", row, name=name))
            if row.values.get("state") in SETTLED and not row.values.get("settled_fen"):
                self.problems.append(_told("import.opening.not_settled", row, name=name))
        for one in made:
            one.pop("project", None)
        return made

    def _contracts(self, project: str) -> list[dict[str, Any]]:
        names = [one.values.get("name") for one in self.read.of("lots", project)]
        made = []
        for row in self.read.of("contracts", project):
            values = self._whole(row)
            values.pop("project", None)
            lot = values.get("lot")
            if lot not in names:
                self.problems.append(_told("import.opening.lot", row, name=str(lot or "")))
                continue
            document = values.get("document", self.document)
            given = {"lot": names.index(lot) + 1, "document": document, "account_proof": document}
            made.append(values | given)
        return made

    def _money(self, project: str, contracts: list[dict[str, Any]]) -> dict[str, Any]:
        lines: list[dict[str, Any]] = []
        budgets: dict[tuple[Any, Any], dict[str, Any]] = {}
        paid = []
        for row in self.read.of("money", project):
            values = self._whole(row)
            key = values.get("year"), values.get("line")
            if key not in budgets:
                budgets[key] = self._budget(values, lines)
            if values.get("paid_fen"):
                place = list(budgets).index(key) + 1
                paid.append(self._paid(row, values, contracts, place))
        return {"lines": lines, "budgets": list(budgets.values()), "paid": paid}

    def _budget(self, values: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
        """Return what a line gives; a line that the ledger has is named, any other brought in."""
        budget = {name: values[name] for name in ("amount_fen", "number") if name in values}
        line = self.there.lines.get((values.get("year", 0), str(values.get("line"))))
        if line:
            return budget | {"line": line}
        made = {name: values[name] for name in LINE_FIELDS if name in values}
        lines.append(made | {"number": values.get("line", "")})
        return budget | {"place": len(lines)}

    def _paid(
        self, row: Row, values: dict[str, Any], contracts: list[dict[str, Any]], budget: int
    ) -> dict[str, Any]:
        number = values.get("contract")
        numbers = [one.get("number") for one in contracts]
        if number is not None and number not in numbers:
            self.problems.append(_told("import.opening.contract", row, name=str(number)))
        return {
            "budget": budget,
            "contract": numbers.index(number) + 1 if number in numbers else 0,
            "amount_fen": values["paid_fen"],
            "document": values.get("document", self.document),
        }

    def _bounded(self, values: dict[str, Any]) -> None:
        for name, most in MOST.items():
            if len(values[name]) > most:
                facts = {"count": len(values[name]), "most": most}
                self.problems.append(_told("import.opening.many", self.row, **facts))
