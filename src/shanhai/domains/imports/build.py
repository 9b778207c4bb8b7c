"""From the cells of one project to a project, or to the reasons why not."""

import re

import msgspec

from shanhai.domains.imports.amounts import UNKNOWN, Rule, amount_in, read_amount
from shanhai.domains.imports.dates import ambiguous, read_date, read_period
from shanhai.domains.imports.fields import COUNTS, squash, unit_of
from shanhai.domains.imports.mapping import Mapping
from shanhai.domains.imports.places import Gazetteer, Place
from shanhai.domains.imports.problems import Problem, problem
from shanhai.domains.imports.result import Project, import_key
from shanhai.kernel.errors import InvalidInputError

MAX_TEXT = 2_000
_PARTS = {"aid_amount": "aid_fen", "bridging_amount": "bridging_fen", "local_amount": "local_fen"}
_PLACES = ("township", "village", "location")
_KINDS = (
    "category",
    "subcategory",
    "nature",
    "content",
    "fund_source",
    "benefits",
    "linkage",
    "target",
)
_TEXTS = (*_PLACES, *_KINDS, "supervising_unit", "implementing_unit", "asset_owner", "remark")
_COUNT = re.compile(r"^(\d[\d,]*)(?:\.0+)?[户人个名]?$")
_REACH = re.compile(r"(\d+)户\D{0,4}?(\d+)人")


class Notice(msgspec.Struct, frozen=True):
    """Where and when the announcement was published, as the lines above a table say."""

    source: str = ""
    publisher: str = ""
    published: str = ""


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """What surrounds a project: its sheet, how the table is read, and the places its title names."""

    sheet: str
    mapping: Mapping
    gazetteer: Gazetteer
    title: str
    place: Place | None
    doubt: InvalidInputError | None
    notice: Notice


class Draft(msgspec.Struct, kw_only=True):
    """The cells of one project before they are understood; rows count from 0.

    Attributes:
        row: Its first row.
        texts: Field → text.
        amounts: Text of each amount cell.
        faults: Complaints already known: code, field, facts.
        source_amount: Whether the amount stands in the fund source's sentence.
        section: Heading above, which tells projects of one name apart.
    """

    row: int
    texts: dict[str, str]
    amounts: list[str]
    faults: list[tuple[str, str, dict[str, str]]] = msgspec.field(default_factory=list)
    source_amount: bool = False
    section: str = ""


class Built(msgspec.Struct, frozen=True):
    """A project with its warnings, or None with its errors."""

    project: Project | None
    errors: list[Problem]
    warnings: list[Problem]


def notice_of(title: str) -> Notice:
    """Read source, publisher and date from the lines above a table."""
    source = re.search(r"https?://[^\s，。；]+", title)
    publisher = re.search(
        r"(?:发布|公告|公示)(?:单位|机关|部门)\s*[:：]\s*([^\s，。；:：]+)", title
    )
    published = re.search(r"(?:发布|公告|公示)(?:日期|时间)\s*[:：]\s*(\d{4}[-年./\d月日]*)", title)
    try:
        day = read_date(published[1]) if published else ""
    except InvalidInputError:
        day = ""
    return Notice(source[0] if source else "", publisher[1] if publisher else "", day)


def build(draft: Draft, where: Where) -> Built:
    """Understand one project; every fault is reported, not only the first."""
    return _Builder(draft, where).build()


class _Builder:
    def __init__(self, draft: Draft, where: Where) -> None:
        self.draft, self.where = draft, where
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def _problem(self, code: str, field: str, facts: dict[str, int | str]) -> Problem:
        column = self.where.mapping.columns.get(field)
        return problem(code, self.where.sheet, self.draft.row + 1, column, facts)

    def _error(self, code: str, field: str = "", **facts: int | str) -> None:
        self.errors.append(self._problem(code, field, facts))

    def _warn(self, code: str, field: str = "", **facts: int | str) -> None:
        self.warnings.append(self._problem(code, field, facts))

    def text(self, field: str) -> str:
        return self.draft.texts.get(field, "")

    def build(self) -> Built:
        for code, field, facts in self.draft.faults:
            self._error(code, field, **facts)
        name = re.sub(r"\s*\n\s*", "", self.text("name"))
        if not name:
            self._error("import.name.missing", "name")
        elif not any(
            text for field, text in self.draft.texts.items() if field != "name"
        ) and not any(self.draft.amounts):
            self._error("import.row.only_name", "name", value=name[:30])
        self._check_cells()
        place = self._place()
        parts = self._parts()
        if self.draft.source_amount or "amount" in self.where.mapping.columns or self.draft.amounts:
            amount = self._amount()
        else:
            amount = self._sum_of(parts)
        self._check_parts(amount, parts)
        start, end = self._dates()
        counts = self._counts()
        if self.errors or place is None:
            return Built(None, self.errors, [])
        return Built(
            self._project(name, place, amount, {**parts, **counts}, (start, end)), [], self.warnings
        )

    def _project(
        self,
        name: str,
        place: Place,
        amount: int | None,
        numbers: dict[str, int],
        dates: tuple[str, str],
    ) -> Project:
        texts = {field: self.text(field) for field in _TEXTS}
        texts |= self._units() | self._notice()
        year = re.sub(r"\D", "", self.text("year"))[:4] or self.where.mapping.year
        spot = self.text("township") + self.text("village") + self.text("location")
        return Project(
            name=name,
            county_code=place.code,
            county=place.name,
            amount_fen=amount,
            source_row=self.draft.row + 1,
            sheet=self.where.sheet,
            import_key=import_key(place.code, year, name, spot, self.text("fund_source")),
            start=dates[0],
            end=dates[1],
            year=year,
            **texts,  # type: ignore[arg-type]  # text fields of Project only
            **numbers,  # type: ignore[arg-type]  # field names of Project, fen and counts
        )

    def _check_cells(self) -> None:
        for field, text in self.draft.texts.items():
            if len(text) > MAX_TEXT:
                self._error("import.cell.long", field, limit=MAX_TEXT)
            elif squash(text).startswith(("=", "@")):
                self._error("import.cell.formula", field, value=text[:10])

    def _place(self) -> Place | None:
        try:
            place = self._named_place()
        except InvalidInputError as error:
            self._error(error.code, "county", **error.facts)
            return None
        if place is None:
            doubt = self.where.doubt or InvalidInputError("import.county.missing")
            self.errors.append(self._problem(doubt.code, "", doubt.facts))
            return None
        for code, facts in place.notes:
            self._warn(code, "county", **facts)
        return place

    def _named_place(self) -> Place | None:
        gazetteer, mapping = self.where.gazetteer, self.where.mapping
        context = " ".join((self.text("province"), self.text("prefecture"), self.where.title))
        for field in ("county_code", "county"):
            if self.text(field):
                return gazetteer.resolve(self.text(field), context)
        if mapping.county_code:
            return gazetteer.resolve(mapping.county_code)
        spot = " ".join(
            (
                self.text("prefecture"),
                self.text("township"),
                self.text("village"),
                self.text("location"),
            )
        )
        near = self._hint(spot, context)
        titled = self.where.place
        units = (
            self.text("implementing_unit")
            + " "
            + self.text("supervising_unit")
            + self.text("units")
        )
        hints = (self._hint(text, context) for text in (self.text("name"), units))
        for place in (near, titled, *hints):
            if place is not None and not place.code.endswith("00"):
                return place
        return near or titled

    def _hint(self, text: str, context: str) -> Place | None:
        """Return the place a sentence names; an ambiguous hint is no hint."""
        try:
            return self.where.gazetteer.find(text, context)
        except InvalidInputError:
            return None

    def _amount(self) -> int | None:
        mapping = self.where.mapping
        rule = Rule(mapping.unit, mapping.unit_source == "confirmed")
        field = "fund_source" if self.draft.source_amount else "amount"
        try:
            if self.draft.source_amount:
                total, summed = amount_in(self.draft.amounts[0], rule.unit)
                read = [] if total is None else [total]
            else:
                found = [read_amount(text, rule) for text in self.draft.amounts]
                read = [fen for fen in found if fen is not None]
                summed = len(read) > 1
        except InvalidInputError as error:
            self._error(error.code, field, **error.facts)
            return None
        if summed:
            self._warn("import.amount.summed", field)
        if not read:
            self._warn("import.amount.unknown", field)
        return sum(read) if read else None

    def _sum_of(self, parts: dict[str, int]) -> int | None:
        """Return the sum of the parts where a table has no column of totals."""
        self._warn("import.amount.summed" if parts else "import.amount.unknown", "aid_amount")
        return sum(parts.values()) if parts else None

    def _parts(self) -> dict[str, int]:
        mapping, parts = self.where.mapping, {}
        for field, name in _PARTS.items():
            text = self.text(field)
            if squash(text) in {*UNKNOWN, "0", "0.0", "0.00"} or field not in mapping.columns:
                continue
            unit = unit_of(mapping.headings[mapping.columns[field]]) or mapping.unit
            try:
                fen = read_amount(text, Rule(unit, confirmed=True))
            except InvalidInputError as error:
                self._error(error.code, field, **error.facts)
                continue
            if fen is not None:
                parts[name] = fen
        return parts

    def _check_parts(self, amount: int | None, parts: dict[str, int]) -> None:
        if amount is not None and sum(parts.values()) > amount:
            self._error(
                "import.amount.parts", "amount", sum_fen=sum(parts.values()), total_fen=amount
            )

    def _dates(self) -> tuple[str, str]:
        try:
            start, end = read_period(self.text("period"))
        except InvalidInputError as error:
            self._error(error.code, "period", **error.facts)
            return "", ""
        dates = [start, end]
        for at, field in enumerate(("start", "end")):
            if not self.text(field):
                continue
            try:
                dates[at] = read_date(self.text(field))
            except InvalidInputError as error:
                self._error(error.code, field, **error.facts)
            if ambiguous(self.text(field)):
                self._warn("import.date.ambiguous", field, value=self.text(field))
        shared = min(map(len, dates))
        if shared and dates[1][:shared] < dates[0][:shared]:
            self._error("import.date.order", "end", start=dates[0], end=dates[1])
        return dates[0], dates[1]

    def _counts(self) -> dict[str, int]:
        reach = _REACH.findall(squash(self.text("benefits")))
        counts: dict[str, int] = {}
        for (households, people), names in zip(reach, (COUNTS[:2], COUNTS[2:]), strict=False):
            counts |= {names[0]: int(households), names[1]: int(people)}
        for field in COUNTS:
            plain = squash(self.text(field))
            if plain in UNKNOWN:
                continue
            match = _COUNT.match(plain)
            if match:
                counts[field] = int(match[1].replace(",", ""))
            else:
                self._error("import.count.invalid", field, value=plain[:30])
        return counts

    def _notice(self) -> dict[str, str]:
        notice = msgspec.structs.asdict(self.where.notice)
        return {field: self.text(field) or str(value) for field, value in notice.items()}

    def _units(self) -> dict[str, str]:
        """Split 项目主管部门：…；实施单位：… where one column holds both."""
        both = self.text("units")
        if not both:
            return {}
        found = dict(
            re.findall(r"(主管|实施)(?:部门|单位)?\s*(?:[:：]|为)\s*([^;；,，。\n]+)", both)
        )
        return {
            "supervising_unit": found.get("主管", both).strip(),
            "implementing_unit": found.get("实施", both).strip(),
        }
