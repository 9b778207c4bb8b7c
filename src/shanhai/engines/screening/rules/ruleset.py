"""A rule file, read and checked: fields, parameters and rules ready to be compiled."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any

import msgspec

from shanhai.engines.screening.fields import Field
from shanhai.engines.screening.lang import core, tree
from shanhai.engines.screening.lang.check import AS_OF, Scope, check
from shanhai.engines.screening.lang.errors import RuleError
from shanhai.engines.screening.lang.parser import KEYWORDS, parse
from shanhai.engines.screening.rules.columns import read_field
from shanhai.engines.screening.rules.file import (
    FieldRow,
    Levels,
    Reading,
    RuleFile,
    RuleRow,
    ValueRow,
)
from shanhai.engines.screening.rules.messages import check_message
from shanhai.engines.screening.rules.parameters import Parameter, read_parameter
from shanhai.engines.screening.rules.places import Places
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.toml": Text(
        "{where}：规则文件写法不对：{detail}，请对照指南改正",
        "{where}: the rule file is malformed: {detail}; compare it with the guide",
    ),
    "screen.twice": Text(
        "{where}：名字“{name}”用了两次，请改其一",
        "{where}: the name “{name}” is used twice; rename one",
    ),
    "screen.reserved": Text(
        "{where}：“{name}”是保留字，请换名", "{where}: “{name}” is a reserved word; rename it"
    ),
}
_RESERVED = KEYWORDS | {AS_OF}


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule; `fields` and `parameters` are all it reads, through other rules too."""

    row: RuleRow
    tree: tree.Node
    core: core.Core
    fields: tuple[str, ...]
    parameters: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return the rule's id."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Everything a screening needs but the data; `digest` names its content, 64 hex digits."""

    id: str
    version: str
    digest: str
    fields: Mapping[str, Field]
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    reading: Reading
    levels: Levels

    @property
    def used_fields(self) -> tuple[str, ...]:
        """Return the fields that rules or messages read, in the file's order."""
        used = {name for rule in self.rules for name in rule.fields}
        return tuple(name for name in self.fields if name in used)

    @property
    def used_parameters(self) -> tuple[str, ...]:
        """Return the parameters that rules read, in the file's order."""
        used = {name for rule in self.rules for name in rule.parameters}
        return tuple(name for name in self.parameters if name in used)


def load_ruleset(
    text: str, name: str = "rules.toml", settings: Mapping[str, str] | None = None
) -> Ruleset:
    """Read and check a rule file.

    Args:
        text: TOML, UTF-8.
        name: How the file is called in refusals.
        settings: Parameters set for every region and day, as `--set line=8500` does; 待核 for ever.

    Raises:
        InvalidInputError: Anything is wrong; the sentence says where and how to mend it.
    """
    places = Places(text, name)
    return build(_set(_read(text, places), settings or {}), places)


def build(file: RuleFile, places: Places) -> Ruleset:
    """Check a read rule file and lower its rules."""
    _names(file, places)
    fields = {
        key: read_field(key, row, places.of(f"fields.{key}")) for key, row in file.fields.items()
    }
    parameters = dict(_parameters(file, places))
    rules = _Rules(file, places, fields, parameters).checked()
    content = msgspec.json.encode(msgspec.to_builtins(file), order="sorted")
    digest = hashlib.sha256(content).hexdigest()
    head = file.ruleset
    return Ruleset(head.id, head.version, digest, fields, parameters, rules, file.data, file.levels)


def _read(text: str, places: Places) -> RuleFile:
    try:
        content = _dates(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidInputError("screen.toml", where=places.name, detail=str(error)) from error
    fields = content.get("fields")
    for key, row in fields.items() if isinstance(fields, dict) else ():
        _converted(row, FieldRow, places, f"$.fields.{key}")
    file: RuleFile = _converted(content, RuleFile, places, "$")
    return file


def _converted(value: Any, kind: type, places: Places, at: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$")
        where = places.at_path(at + path.rstrip("`"))
        raise InvalidInputError("screen.toml", where=where, detail=detail) from error


def _dates(value: Any) -> Any:
    """Leave dates as they are and refuse times, which no rule has a use for."""
    if isinstance(value, dict):
        return {key: _dates(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_dates(one) for one in value]
    return value.date() if isinstance(value, datetime) else value


def _set(file: RuleFile, settings: Mapping[str, str]) -> RuleFile:
    """Return the file with some parameters set from outside."""
    known = {row.name for row in file.parameters}
    for name in settings:
        if name not in known:
            facts = {"name": f"@{name}", "hint_zh": "", "hint_en": ""}
            raise InvalidInputError("screen.name", where="--set", **facts)
    rows = tuple(
        msgspec.structs.replace(row, values=(ValueRow(value=settings[row.name], source="--set"),))
        if row.name in settings
        else row
        for row in file.parameters
    )
    return msgspec.structs.replace(file, parameters=rows)


def _names(file: RuleFile, places: Places) -> None:
    """Refuse a name that stands for two things, or is a word of the language."""
    named = [(key, places.of(f"fields.{key}")) for key in file.fields]
    named += [(row.id, places.of("rules", i, "id")) for i, row in enumerate(file.rules)]
    given = [
        (row.name, places.of("parameters", i, "name")) for i, row in enumerate(file.parameters)
    ]
    for group in (named, given):
        seen = set[str]()
        for name, where in group:
            if name in _RESERVED:
                raise InvalidInputError("screen.reserved", where=where, name=name)
            if name in seen:
                raise InvalidInputError("screen.twice", where=where, name=name)
            seen.add(name)


def _parameters(file: RuleFile, places: Places) -> Iterator[tuple[str, Parameter]]:
    before = 0
    for index, row in enumerate(file.parameters):
        own = places.of("parameters", index)
        where = [places.of("parameters.values", before + i) for i in range(len(row.values))]
        before += len(row.values)
        yield row.name, read_parameter(row, [own, *where])


class _Rules:
    """Checks rules in the order in which they name one another."""

    def __init__(
        self,
        file: RuleFile,
        places: Places,
        fields: Mapping[str, Field],
        parameters: Mapping[str, Parameter],
    ) -> None:
        self.file, self.places = file, places
        ranges = {name: one.range for name, one in parameters.items()}
        self.scope = Scope(fields, ranges, {row.id for row in file.rules})
        self.done: dict[str, Rule] = {}

    def checked(self) -> tuple[Rule, ...]:
        parsed = {row.id: self.rule(i, row) for i, row in enumerate(self.file.rules)}
        names = {id_: _rules_in(lowered) for id_, (_, _, _, lowered) in parsed.items()}
        try:
            order = list(TopologicalSorter(names).static_order())
        except CycleError as error:
            circle = error.args[1]
            where = parsed[circle[0]][0]
            raise RuleError("screen.cycle", 1, name=" → ".join(circle), where=where) from error
        for id_ in order:
            _, row, node, lowered = parsed[id_]
            self.done[id_] = self.gathered(row, node, lowered)
        return tuple(self.done[row.id] for row in self.file.rules)

    def rule(self, index: int, row: RuleRow) -> tuple[str, RuleRow, tree.Node, core.Core]:
        place = self.places.of("rules", index, "when")
        try:
            node = parse(row.when)
            lowered = check(node, self.scope)
        except RuleError as error:
            raise error.placed(f"{place} {row.id} when:{error.column}", row.when) from error
        for lang, message in (("zh", row.zh), ("en", row.en)):
            where = f"{self.places.of('rules', index, lang)} {row.id} {lang}"
            check_message(message, where, self.scope)
        return place, row, node, lowered

    def gathered(self, row: RuleRow, node: tree.Node, lowered: core.Core) -> Rule:
        fields, parameters = check_message(row.zh, "", self.scope)
        more, others = check_message(row.en, "", self.scope)
        fields, parameters = fields | more, parameters | others
        rules = _rules_in(lowered)
        for piece in core.walk(lowered):
            if isinstance(piece, core.Column):
                fields.add(piece.name)
            elif isinstance(piece, core.Given):
                parameters.add(piece.name)
        for id_ in rules:
            fields |= set(self.done[id_].fields)
            parameters |= set(self.done[id_].parameters)
        own = tuple(name for name in self.scope.fields if name in fields)
        given = tuple(name for name in self.scope.parameters if name in parameters)
        return Rule(row, node, lowered, own, given, tuple(sorted(rules)))


def _rules_in(lowered: core.Core) -> set[str]:
    return {piece.id for piece in core.walk(lowered) if isinstance(piece, core.Rule)}
