"""The 34 provincial units: their names, and where each stands on the tile grid (方格图).

The grid shows relative position, not borders, so it needs no map approval; all 34 units stand on it.
Source: GB/T 2260 for codes and names, ISO 3166-2:CN for the two letters.
"""

from typing import NamedTuple

from shanhai.kernel.text import Text


class Province(NamedTuple):
    """A provincial unit: adcode, full and short name (川, SC), and its tile, counted from the top left."""

    code: str
    name: Text
    short: str
    mark: Text
    row: int
    column: int


_TABLE = """
110000 北京市 京 BJ 1 5 Beijing
120000 天津市 津 TJ 2 6 Tianjin
130000 河北省 冀 HE 2 5 Hebei
140000 山西省 晋 SX 2 4 Shanxi
150000 内蒙古自治区 蒙 NM 1 4 Inner Mongolia
210000 辽宁省 辽 LN 1 6 Liaoning
220000 吉林省 吉 JL 1 7 Jilin
230000 黑龙江省 黑 HL 0 7 Heilongjiang
310000 上海市 沪 SH 4 7 Shanghai
320000 江苏省 苏 JS 4 6 Jiangsu
330000 浙江省 浙 ZJ 5 6 Zhejiang
340000 安徽省 皖 AH 4 5 Anhui
350000 福建省 闽 FJ 6 5 Fujian
360000 江西省 赣 JX 5 5 Jiangxi
370000 山东省 鲁 SD 3 5 Shandong
410000 河南省 豫 HA 3 4 Henan
420000 湖北省 鄂 HB 4 4 Hubei
430000 湖南省 湘 HN 5 4 Hunan
440000 广东省 粤 GD 6 4 Guangdong
450000 广西壮族自治区 桂 GX 6 3 Guangxi
460000 海南省 琼 HI 7 3 Hainan
500000 重庆市 渝 CQ 4 3 Chongqing
510000 四川省 川 SC 4 2 Sichuan
520000 贵州省 黔 GZ 5 3 Guizhou
530000 云南省 滇 YN 6 2 Yunnan
540000 西藏自治区 藏 XZ 4 0 Tibet (Xizang)
610000 陕西省 陕 SN 3 3 Shaanxi
620000 甘肃省 甘 GS 2 2 Gansu
630000 青海省 青 QH 3 1 Qinghai
640000 宁夏回族自治区 宁 NX 2 3 Ningxia
650000 新疆维吾尔自治区 新 XJ 1 0 Xinjiang
710000 台湾省 台 TW 6 7 Taiwan Province
810000 香港特别行政区 港 HK 7 5 Hong Kong SAR
820000 澳门特别行政区 澳 MO 7 4 Macao SAR
"""
ROWS, COLUMNS = 8, 8


def _province(line: str) -> Province:
    code, name, short, letters, row, column, english = line.split(maxsplit=6)
    mark = Text(short, letters)
    return Province(code, Text(name, english), short, mark, int(row), int(column))


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
