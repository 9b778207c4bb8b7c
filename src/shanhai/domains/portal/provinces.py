"""The 34 provincial units: their names, and where each stands on the tile grid (方格图).

The grid shows relative position, not borders, so it needs no map approval; all 34 units stand on it.
Source: GB/T 2260 for codes and names.
"""

from typing import NamedTuple

from shanhai.kernel.text import Text


class Province(NamedTuple):
    """A provincial unit: adcode, full and short name, and its tile, counted from the top left."""

    code: str
    name: Text
    short: str
    row: int
    column: int


_TABLE = """
110000 北京市 京 1 5 Beijing
120000 天津市 津 2 6 Tianjin
130000 河北省 冀 2 5 Hebei
140000 山西省 晋 2 4 Shanxi
150000 内蒙古自治区 蒙 1 4 Inner Mongolia
210000 辽宁省 辽 1 6 Liaoning
220000 吉林省 吉 1 7 Jilin
230000 黑龙江省 黑 0 7 Heilongjiang
310000 上海市 沪 4 7 Shanghai
320000 江苏省 苏 4 6 Jiangsu
330000 浙江省 浙 5 6 Zhejiang
340000 安徽省 皖 4 5 Anhui
350000 福建省 闽 6 5 Fujian
360000 江西省 赣 5 5 Jiangxi
370000 山东省 鲁 3 5 Shandong
410000 河南省 豫 3 4 Henan
420000 湖北省 鄂 4 4 Hubei
430000 湖南省 湘 5 4 Hunan
440000 广东省 粤 6 4 Guangdong
450000 广西壮族自治区 桂 6 3 Guangxi
460000 海南省 琼 7 3 Hainan
500000 重庆市 渝 4 3 Chongqing
510000 四川省 川 4 2 Sichuan
520000 贵州省 黔 5 3 Guizhou
530000 云南省 滇 6 2 Yunnan
540000 西藏自治区 藏 4 0 Tibet (Xizang)
610000 陕西省 陕 3 3 Shaanxi
620000 甘肃省 甘 2 2 Gansu
630000 青海省 青 3 1 Qinghai
640000 宁夏回族自治区 宁 2 3 Ningxia
650000 新疆维吾尔自治区 新 1 0 Xinjiang
710000 台湾省 台 6 7 Taiwan Province
810000 香港特别行政区 港 7 5 Hong Kong SAR
820000 澳门特别行政区 澳 7 4 Macao SAR
"""
ROWS, COLUMNS = 8, 8


def _province(line: str) -> Province:
    code, name, short, row, column, english = line.split(maxsplit=5)
    return Province(code, Text(name, english), short, int(row), int(column))


PROVINCES = {found.code: found for found in map(_province, _TABLE.strip().splitlines())}
CITIES = {  # 计划单列市 that stand alone in the scheme of 1996
    "深圳市": "440000",
    "青岛市": "370000",
    "大连市": "210000",
    "宁波市": "330000",
}


def code_of(name: str) -> str:
    """Return the province of a place whose name begins with its province's, "" if unknown.

    Args:
        name: As published: 四川省, 河北省张家口市, or one of the four cities of 1996.
    """
    found = (p.code for p in PROVINCES.values() if name.startswith(p.name.zh))
    return next(found, CITIES.get(name, ""))
