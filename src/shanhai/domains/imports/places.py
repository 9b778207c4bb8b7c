"""From the county names people write to one adcode, or to a clear question.

Names may be full (兰坪白族普米族自治县), short (兰坪县), coded (533325), renamed (平泉县), or shared by several
prefectures (城关区), when the surroundings must decide.
"""

import re
from collections import defaultdict
from functools import lru_cache

import msgspec

from shanhai.data.regions import RegionTable, renamed
from shanhai.domains.imports.fields import squash
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.regions import COUNTRY, contains, level, province_of

_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|"
    "黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|"
    "仡佬族|锡伯|阿昌族|普米族|塔吉克|怒族|鄂温克族|德昂族|保安族|裕固族|京族|独龙族|鄂伦春|基诺族|各族"
)
_AUTONOMOUS = re.compile(rf"^(.*?)((?:{_PEOPLES})+)自治([县州旗区])$")
_SUFFIX = re.compile(r"(自治[县州旗区]|特别行政区|[省市县区旗州]|地区|盟)$")
_DONORS = ("110000", "120000", "310000", "320000", "330000", "350000", "370000", "440000")
_CODE = re.compile(r"^\d{6}(?:\d{3}|\d{6})?$")
_SAFE_LENGTH = 3


class Place(msgspec.Struct, frozen=True):
    """A region found.

    Attributes:
        code: Six-digit adcode of a county, or of a prefecture where no county was named.
        name: Its full name of today.
        notes: Pairs of a warning's code and its facts.
    """

    code: str
    name: str
    notes: tuple[tuple[str, dict[str, str]], ...] = ()


class Gazetteer:
    """Names of regions, made once from a table and asked many times."""

    def __init__(self, table: RegionTable) -> None:
        self.names = table.names
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._short: dict[str, set[str]] = defaultdict(set)
        for code, name in table.names.items():
            if code == COUNTRY or name in {
                "市辖区",
                "县",
                "省直辖县级行政区划",
                "自治区直辖县级行政区划",
            }:
                continue
            for alias in _aliases(name):
                self._codes[alias].add(code)
            short = _SUFFIX.sub("", _aliases(name)[-1])
            if len(short) > 1:
                self._short[short].add(code)
        self._renamed = {
            k: v for k, v in renamed().items() if v in table.names and k not in self._codes
        }
        for old, code in self._renamed.items():
            self._codes[old].add(code)
        self._longest = max(map(len, self._codes), default=0)
        self.resolve = lru_cache(maxsize=8_192)(self._resolve)
        self.find = lru_cache(maxsize=8_192)(self._find)

    def _resolve(self, text: str, context: str = "") -> Place:
        """Return the one place a county cell means.

        Args:
            text: A code, a name, or a path such as 云南省怒江州兰坪县.
            context: Title and neighbouring cells, asked only where names are shared.

        Raises:
            InvalidInputError: If there is no such place, several, or only a province.
        """
        name = squash(text)
        if _CODE.match(name):
            if name[:6] not in self.names:
                raise InvalidInputError("import.county.unknown", value=text[:30])
            return self._place({name[:6]}, name, context)
        codes = self._codes.get(name) or self._short.get(name)
        if codes:
            return self._place(codes, name, context)
        place = self.find(text, context) or self._after_its_province(name)
        if place is None:
            raise InvalidInputError("import.county.unknown", value=text[:30])
        return place

    def _after_its_province(self, name: str) -> Place | None:
        """Read 云南姚安 and 陕西省汉阴: a short name after the name of what it lies in."""
        for cut in range(2, len(name) - 1):
            outer, inner = name[:cut], name[cut:]
            codes = self._codes.get(inner) or self._short.get(inner) or set()
            around = self._codes.get(outer) or self._short.get(outer) or set()
            inside = {
                code for code in codes if any(contains(o, code) and o != code for o in around)
            }
            if inside:
                return self._place(inside, inner, name)
        return None

    def _find(self, text: str, context: str = "") -> Place | None:
        """Return the one place a free text names, or None.

        Of several, eastern donors give way: 浦东新区对口兰坪县 means the county that is helped.

        Raises:
            InvalidInputError: If several counties remain.
        """
        found = self._mentioned(squash(text))
        for wanted in ("county", "prefecture"):
            hits = [(name, {c for c in codes if level(c) == wanted}) for name, codes in found]
            hits = [(name, codes) for name, codes in hits if codes]
            helped = [hit for hit in hits if not all(province_of(c) in _DONORS for c in hit[1])]
            hits = helped or hits
            if hits:
                places = {
                    self._place(codes, name, text + context).code: name for name, codes in hits
                }
                return self._only(places, hits, text + context)
        return None

    def _only(
        self, places: dict[str, str], hits: list[tuple[str, set[str]]], context: str
    ) -> Place:
        if len(places) > 1:
            listed = "、".join(self.full_name(code) for code in sorted(places))
            raise InvalidInputError(
                "import.county.ambiguous", value="、".join(places.values()), places=listed
            )
        name, codes = hits[0]
        return self._place(codes, name, context)

    def _mentioned(self, plain: str) -> list[tuple[str, set[str]]]:
        """Return the names in a text, longest first at each place."""
        found, at = [], 0
        while at < len(plain):
            for size in range(min(self._longest, len(plain) - at), 1, -1):
                name = plain[at : at + size]
                safe = size >= _SAFE_LENGTH or name.endswith("县")
                if name in self._codes and safe:
                    found.append((name, self._codes[name]))
                    at += size - 1
                    break
            at += 1
        return found

    def _place(self, codes: set[str], name: str, context: str) -> Place:
        left = {code for code in codes if level(code) == "county"} or codes
        if len(left) > 1:
            left = self._within(left, squash(context))
        if len(left) > 1:
            listed = "、".join(self.full_name(code) for code in sorted(left))
            raise InvalidInputError("import.county.ambiguous", value=name, places=listed)
        code = next(iter(left))
        if level(code) == "province":
            raise InvalidInputError("import.county.too_wide", value=name)
        notes: list[tuple[str, dict[str, str]]] = []
        if level(code) == "prefecture":
            notes.append(("import.county.prefecture", {"value": self.names[code]}))
        if name in self._renamed:
            notes.append(("import.county.renamed", {"value": name, "today": self.names[code]}))
        return Place(code, self.names[code], tuple(notes))

    def _within(self, codes: set[str], context: str) -> set[str]:
        """Keep the codes that lie in a prefecture or province named around, if that helps."""
        around = [c for _, found in self._mentioned(context) for c in found if level(c) != "county"]
        around += [c for short, found in self._short.items() for c in found if short in context]
        for wanted in ("prefecture", "province"):
            outer = [code for code in around if level(code) == wanted]
            left = {code for code in codes if any(contains(o, code) for o in outer)}
            if left:
                return left
        return codes

    def full_name(self, code: str) -> str:
        """Return province, prefecture and county in one: 甘肃省兰州市城关区."""
        parents = dict.fromkeys((province_of(code), code[:4] + "00", code))
        names = [self.names.get(parent, "") for parent in parents]
        return "".join(name for name in names if name not in {"市辖区", "县"})


def _aliases(name: str) -> list[str]:
    """Return the full name and, of an autonomous place, the name people use."""
    match = _AUTONOMOUS.match(name)
    if not match:
        return [name]
    stem = match[1] or re.sub("族$", "", match[2])
    return [name, stem + match[3]]
