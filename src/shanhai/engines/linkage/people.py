"""Generated people (模拟) and what two departments would write about them; for tests, benchmarks and training.

Nobody here exists: names are drawn from common characters, numbers from the codes in force, phones at random.
Department A writes without errors, department B with the shares of `Errors`.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shanhai.engines.linkage import regions
from shanhai.engines.linkage.ids import CHECKS, WEIGHTS
from shanhai.engines.linkage.names import sound
from shanhai.engines.linkage.text import Column

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Random = np.random.Generator

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玉建国春梅红志兰云飞龙凤琴海波燕玲辉鑫宇浩欣怡子涵雨轩"
    "梓晨思佳俊豪嘉诗琪一诺可心博雅天成永福德贵长生家兴荣富庆祥仁义礼智信忠孝廉正光亮东西南北中山河林森木水火土金银"
    "珍珠宝贝花草叶青蓝紫白雪冰霜月星辰阳晓晴朗清秋冬夏夕晚安康宁和顺利达通发财旺昌盛才学勤俭善良美好新远长江岩石峰"
)
_SYLLABLES: Final = "阿 卜 杜 热 合 曼 买 提 吐 尔 逊 古 丽 努 尔 艾 力 木 塔 依 汗 库 班 江 斯 玛 克 尼 莎 迪 娅 加 措 扎 西 卓 玛 次 仁"
MINORITY: Final = 0.04
PROVINCE: Final = 51
BASE: Final = 0.2
_FIRST: Final = np.datetime64("1930-01-01")
_LAST: Final = np.datetime64("2023-12-31")


class Errors(NamedTuple):
    """Shares of department B's records with each error."""

    number_typo: float = 0.04
    number_swap: float = 0.02
    number_missing: float = 0.04
    number_borrowed: float = 0.0003
    name: float = 0.05
    birth: float = 0.03
    region_missing: float = 0.05
    region_moved: float = 0.08
    phone_missing: float = 0.40
    phone_changed: float = 0.0
    address_moved: float = 0.0
    sex: float = 0.0
    homophone: float = 0.0
    renamed: float = 0.0


HARSH: Final = Errors(
    number_borrowed=0.002,
    phone_changed=0.10,
    address_moved=0.15,
    sex=0.005,
    homophone=0.02,
    renamed=0.002,
)
"""What the shipped model was trained on: registers in which phones, addresses and names change too."""


class Departments(NamedTuple):
    """Two departments' tables (id, id_no, name, birth, sex, region, phone, address) and the true pairs."""

    left: Any
    right: Any
    truth: Any
    """Columns id_left, id_right."""


def departments(
    count: int, seed: int, overlap: float = 0.8, errors: Errors | None = None
) -> Departments:
    """Generate two departments' records of partly the same people.

    Args:
        count: Records in each.
        seed: The same seed gives the same bytes.
        overlap: Share of A's people that B has too.
        errors: What department B gets wrong.

    Returns:
        Both tables, B in another order, and which records are the same person.
    """
    random = np.random.default_rng(seed)
    shared = round(count * overlap)
    people = _people(2 * count - shared, random)
    left = people.slice(0, count)
    right = _with_errors(people.slice(count - shared, count), errors or Errors(), random)
    order = pa.array(random.permutation(count))
    left_ids, right_ids = (
        pc.binary_join_element_wise(
            f"模拟{side}", pc.cast(pa.array(np.arange(1, count + 1)), pa.string()), ""
        )
        for side in "AB"
    )
    place = np.argsort(np.asarray(order))[:shared]
    truth = pa.table(
        {"id_left": left_ids[count - shared :], "id_right": right_ids.take(pa.array(place))}
    )
    return Departments(
        left.add_column(0, "id", left_ids), right.take(order).add_column(0, "id", right_ids), truth
    )


def _people(count: int, random: Random) -> Any:
    births = _FIRST + random.integers(0, (_LAST - _FIRST).astype(int), count)
    male = random.random(count) < 0.51  # noqa: PLR2004 - about the share of men
    counties = np.flatnonzero(regions.codes().county)
    counties = counties[counties // 10_000 == PROVINCE]
    county = random.choice(counties, count)
    township, village = random.integers(100, 120, count), random.integers(201, 221, count)
    born_in = np.where(random.random(count) < 0.9, county, random.choice(counties, count))  # noqa: PLR2004
    digits = _numbers(born_in, births, random.integers(0, 500, count) * 2 + male)
    phone = random.integers(0, 10**8, count) + random.choice([13, 15, 17, 18, 19], count) * 10**9
    phone += random.integers(0, 10, count) * 10**8
    group, house = random.integers(1, 10, count), random.integers(1, 200, count)
    columns = {
        "id_no": characters(digits),
        "name": _names(count, random),
        "birth": pa.array(np.datetime_as_string(births)),
        "sex": pc.if_else(pa.array(male), "男", "女"),
        "region": _text(county * 10**6 + township * 1000 + village),
        "phone": _text(phone),
        "address": _address(township, village, group, house),
    }
    return pa.table(columns)


def _text(values: Ints) -> Column:
    return pc.cast(pa.array(values), pa.string())


def _address(township: Ints, village: Ints, group: Ints, house: Ints) -> Column:
    parts = (
        ("第", township - 99),
        ("镇", village - 200),
        ("村", group),
        ("组", house),
        ("号", None),
    )
    pieces: list[Any] = []
    for word, number in parts:
        pieces += [word] if number is None else [word, _text(number)]
    return pc.binary_join_element_wise(*pieces, "")


def _numbers(county: Ints, births: NDArray[np.datetime64], sequence: Ints) -> Bytes:
    """Return resident numbers as characters, shape (18, n)."""
    months = births.astype("datetime64[M]")
    year = births.astype("datetime64[Y]").astype(int) + 1970
    month, day = months.astype(int) % 12 + 1, (births - months).astype(int) + 1
    digits = np.zeros((18, len(county)), dtype=np.uint8)
    at = 0
    for value, width in ((county, 6), (year, 4), (month, 2), (day, 2), (sequence, 3)):
        for power in range(width - 1, -1, -1):
            digits[at] = value // 10**power % 10 + 48
            at += 1
    digits[17] = check_characters(digits)
    return digits


def check_characters(digits: Bytes) -> Bytes:
    """Return the check character of each column of 17 or 18 characters."""
    sums = ((digits[:17].astype(np.int32) - 48) * WEIGHTS[:, None]).sum(0)
    found: Bytes = CHECKS[sums % 11]
    return found


def characters(matrix: Bytes) -> Column:
    """Return the columns of a character matrix, shape (k, n), as n strings."""
    width, count = matrix.shape
    offsets = pa.py_buffer((np.arange(count + 1) * width).astype(np.int32))
    data = pa.py_buffer(np.ascontiguousarray(matrix.T))
    return pa.StringArray.from_buffers(count, offsets, data)


def _drawn(choices: list[str], count: int, random: Random, power: float = 0.7) -> Column:
    """Draw with falling frequencies, as names have them."""
    weights = 1 / np.arange(3, len(choices) + 3) ** power
    at = random.choice(len(choices), count, p=weights / weights.sum())
    return pa.array(choices).take(pa.array(at))


def _names(count: int, random: Random) -> Column:
    given = list(dict.fromkeys(_GIVEN))
    first, second = _drawn(given, count, random), _drawn(given, count, random)
    second = pc.if_else(pa.array(random.random(count) < BASE), "", second)
    han = pc.binary_join_element_wise(_drawn(list(_SURNAMES), count, random), first, second, "")
    syllables = list(dict.fromkeys(_SYLLABLES.split()))
    pieces = [_drawn(syllables, count, random, 0.2) for _ in range(6)]
    long = pc.binary_join_element_wise(*pieces[:3], "·", *pieces[3:], "")
    return pc.if_else(pa.array(random.random(count) < MINORITY), long, han)


def _with_errors(table: Any, errors: Errors, random: Random) -> Any:
    """Return department B's version."""
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    columns["id_no"] = _wrong_numbers(columns["id_no"], errors, random)
    columns["name"] = _wrong_names(columns["name"], errors.name, random)
    columns["name"] = _by_sound(columns["name"], errors.homophone, random)
    columns["birth"] = _wrong_births(columns["birth"], errors.birth, random)
    columns["region"] = _wrong_regions(columns["region"], errors, random)
    for name, share in (
        ("name", errors.renamed),
        ("phone", errors.phone_changed),
        ("address", errors.address_moved),
        ("sex", errors.sex * 2),  # half of the others' sexes are the same
    ):
        columns[name] = _anothers(columns[name], share, random)
    gone = random.random(table.num_rows) < errors.phone_missing
    columns["phone"] = pc.if_else(pa.array(gone), None, columns["phone"])
    return pa.table(columns)


def _wrong_numbers(numbers: Column, errors: Errors, random: Random) -> Column:
    """Mistype, swap, borrow or lose numbers: at most one of these a record."""
    count = len(numbers)
    dice = random.random(count)
    edges = np.cumsum(
        [errors.number_typo, errors.number_swap, errors.number_missing, errors.number_borrowed]
    )
    kind = np.searchsorted(edges, dice, side="right")
    matrix = np.frombuffer(numbers.cast(pa.binary(18)).buffers()[1], dtype=np.uint8)[
        numbers.offset * 18 : (numbers.offset + count) * 18
    ]
    matrix = matrix.reshape(count, 18).copy()
    borrowed = np.flatnonzero(kind == 3)  # noqa: PLR2004 - position in edges
    matrix[borrowed] = matrix[
        (borrowed + 1 + random.integers(0, max(count - 1, 1), len(borrowed))) % count
    ]
    typo = np.flatnonzero(kind == 0)
    place = random.integers(0, 17, len(typo))
    matrix[typo, place] = (matrix[typo, place] - 48 + random.integers(1, 10, len(typo))) % 10 + 48
    swap = np.flatnonzero(kind == 1)
    place = random.integers(0, 16, len(swap))
    matrix[swap, place], matrix[swap, place + 1] = (
        matrix[swap, place + 1],
        matrix[swap, place].copy(),
    )
    return pc.if_else(pa.array(kind == 2), None, characters(matrix.T))  # noqa: PLR2004


def _wrong_names(names: Column, share: float, random: Random) -> Column:
    """Write a character wrong, or for long names drop the dot, turn the parts or cut the end."""
    at = np.flatnonzero(random.random(len(names)) < share)
    given = list(dict.fromkeys(_GIVEN))
    wrong = []
    for name, dice, pick in zip(
        names.take(pa.array(at)).to_pylist(),
        random.random(len(at)),
        random.integers(0, len(given), len(at)),
        strict=True,
    ):
        wrong.append(_wrong_name(name, dice, given[pick]))
    mask = np.zeros(len(names), dtype=np.bool_)
    mask[at] = True
    return pc.replace_with_mask(names, pa.array(mask), pa.array(wrong, pa.string()))


def _wrong_name(name: str, dice: float, character: str) -> str:
    if "·" in name:
        first, second = name.split("·")
        return (name.replace("·", ""), f"{second}·{first}", f"{first}{second}"[:5])[int(dice * 3)]
    place = 1 + int(dice * 2 * (len(name) - 1)) % (len(name) - 1)
    return name[:place] + character + name[place + 1 :]


def _wrong_births(births: Column, share: float, random: Random) -> Column:
    """Mistype the year's last digit, the month or the day; the date stays one of the calendar."""
    at = np.flatnonzero(random.random(len(births)) < share)
    days = births.take(pa.array(at)).to_numpy(zero_copy_only=False).astype("datetime64[D]")
    shift = random.choice([-365, 365, 31, -31, 1, -1, 10, -10, 9, -9], len(at))
    mask = np.zeros(len(births), dtype=np.bool_)
    mask[at] = True
    return pc.replace_with_mask(
        births, pa.array(mask), pa.array(np.datetime_as_string(days + shift))
    )


def _wrong_regions(codes: Column, errors: Errors, random: Random) -> Column:
    """Lose regions, or write those of a place moved to: mostly in the county, else anywhere."""
    count = len(codes)
    dice = random.random(count)
    old = np.asarray(pc.cast(codes, pa.int64()))
    near = (
        old // 10**6 * 10**6
        + random.integers(100, 120, count) * 1000
        + random.integers(201, 221, count)
    )
    moved = np.where(random.random(count) < 0.5, near, old[random.permutation(count)])  # noqa: PLR2004
    new = np.where(dice < errors.region_moved, moved, old)
    gone = dice > 1 - errors.region_missing
    return pc.if_else(pa.array(gone), None, _text(new))


def _anothers(values: Column, share: float, random: Random) -> Column:
    """Put another record's value in its place."""
    count = len(values)
    changed = random.random(count) < share
    at = np.where(changed, random.permutation(count), np.arange(count))
    return values.take(pa.array(at))


def _by_sound(names: Column, share: float, random: Random) -> Column:
    """Write the last character as another of the same sound, where there is one."""
    at = np.flatnonzero(random.random(len(names)) < share)
    same: dict[str, list[str]] = {}
    for one in dict.fromkeys(_GIVEN):
        same.setdefault(sound(one), []).append(one)
    picked = random.integers(0, 1000, len(at)).tolist()
    wrong = []
    for name, pick in zip(names.take(pa.array(at)).to_pylist(), picked, strict=True):
        others = [one for one in same.get(sound(name[-1]), []) if one != name[-1]]
        wrong.append(name[:-1] + others[pick % len(others)] if others else name)
    mask = np.zeros(len(names), dtype=np.bool_)
    mask[at] = True
    return pc.replace_with_mask(names, pa.array(mask), pa.array(wrong, pa.string()))
