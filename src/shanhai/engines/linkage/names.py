"""Personal names: what one clerk writes and another writes otherwise.

A name is compared in four ways, each a column of its own: as written (folded to simplified characters, no
separators); its surname; its sound (toneless pinyin: an input method offers the wrong homophone); and, for
long names such as those of minorities written in characters, its frame (the initial of every syllable, in
the order given and with the parts turned), which survives other transliterations: 阿不都热合曼·买买提,
阿卜杜热合曼买买提, 买买提·阿不都热合曼.

Source: readings from `pypinyin`, the first reading of each character; surnames with a reading of their own
are corrected below.
"""

import importlib
import unicodedata
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shanhai.engines.linkage.text import Column, blank_to_null, plain, without

DOT: Final = "·"
LONG: Final = 4
"""From this many characters on a name has a frame, and a shorter one may be its cut-off beginning."""

_TRADITIONAL: Final = (
    "國国華华偉伟麗丽紅红軍军蘭兰鳳凤龍龙劉刘陳陈張张趙赵黃黄吳吴楊杨馬马孫孙謝谢鄭郑馮冯鄧邓許许蕭萧"
    "葉叶蘇苏盧卢蔣蒋賈贾閻阎餘余譚谭鄒邹陸陆韓韩羅罗鐘钟鍾钟嚴严齊齐龔龚顧顾賀贺賴赖喬乔萬万錢钱湯汤"
    "溫温蓋盖紀纪聶聂項项範范歐欧陽阳諸诸葛葛東东方方榮荣貴贵財财發发興兴強强勝胜學学義义禮礼賢贤慶庆壽寿"
    "蓮莲蓉蓉瓊琼瑩莹穎颖靜静嬌娇娛娱愛爱鳴鸣飛飞鵬鹏鶴鹤鴻鸿鷹鹰雲云霧雾霞霞電电風风鋒锋銀银銘铭鋼钢鐵铁"
    "錦锦鑫鑫鈞钧銳锐鏡镜鎮镇長长門门開开關关閣阁間间闊阔雙双難难離离靈灵韻韵順顺頌颂預预領领題题願愿顯显"
    "類类騰腾驕骄驗验驥骥鮮鲜鯉鲤魯鲁麥麦黨党點点齡龄堯尧寶宝實实寧宁對对導导將将專专尋寻嶺岭島岛峽峡帥帅"
    "師师幫帮幹干廣广廳厅應应徑径從从復复微微德德憲宪懷怀戰战戲戏擁拥據据攝摄敵敌數数斷断舊旧時时晉晋曉晓"
    "曆历暢畅書书會会極极樹树橋桥機机檢检權权歡欢歲岁歸归殺杀氣气汙污決决沒没沖冲淚泪淨净淺浅淵渊渾浑湧涌"
    "滿满漢汉漸渐漲涨潔洁潤润澤泽濃浓濟济濤涛灣湾無无煙烟煒炜煥焕燁烨燈灯燦灿爭争爺爷爾尔牽牵猶犹獨独獻献"
    "瑋玮瑪玛環环現现琿珲瑤瑶璽玺產产畢毕畫画異异當当療疗盡尽監监盤盘眾众睜睁矯矫碩硕確确礎础祿禄禎祯種种"
    "積积穩稳窮穷競竞筆笔節节篤笃簡简簽签籃篮糧粮約约純纯紗纱納纳紋纹紛纷終终組组細细紹绍結结絕绝統统絲丝"
    "經经綠绿維维綱纲網网綺绮綿绵緒绪線线緣缘編编緯纬練练縣县縱纵總总績绩織织繼继續续纓缨罰罚羨羡習习聖圣"
    "聞闻聯联聰聪聲声職职肅肃脈脉臨临臺台舉举藝艺節节莊庄莖茎蔭荫蔡蔡薈荟薩萨藍蓝藥药蘆芦虎虎處处號号蟬蝉"
    "衛卫裝装補补見见規规視视親亲覺觉觀观計计訓训記记許许設设詩诗詠咏話话該该誌志認认誠诚語语誼谊調调諒谅"
    "論论諾诺謀谋謙谦講讲謹谨識识譜谱議议護护讓让豐丰貝贝負负貞贞貢贡責责賓宾質质賽赛贊赞趕赶躍跃車车軒轩"
    "輝辉輪轮輯辑轉转辦办農农連连進进運运過过達达遙遥遠远適适遷迁選选遺遗邁迈還还邊边鄉乡鄰邻醫医釋释里里"
)
_VARIANTS: Final = (
    "昇升陞升喆哲珮佩峯峰堃坤淼淼邨村濬浚瓈璃祐佑晧皓皞皓暐炜燿耀曜耀勛勋勳勋煇辉暉晖菓果嫻娴嫺娴枬楠"
    "柟楠槑梅琹琴竝并並并併并秊年巗岩巖岩嵓岩崐昆崑昆崙仑旹时昰是訢欣忻欣禕祎犇奔焱炎垚尧叡睿"
    "迺乃廼乃甦苏勗勖彣文妳你夀寿冨富濶阔恆恒閒闲傑杰呂吕吳吴吴吴沈沈瀋沈肖萧闫阎付傅"
)
_SURNAMES: Final = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "皇甫",
        "宇文",
        "长孙",
        "司徒",
        "司空",
        "东方",
        "独孤",
        "南宫",
        "西门",
        "端木",
        "百里",
        "呼延",
        "轩辕",
        "闻人",
        "澹台",
        "公冶",
        "宗政",
        "濮阳",
        "淳于",
        "单于",
        "太叔",
        "申屠",
        "仲孙",
        "钟离",
        "鲜于",
        "闾丘",
        "亓官",
    ]
)
_READ: Final = (
    "单shan曾zeng翟zhai覃qin解xie仇qiu区ou朴piao查zha尉wei盖ge都du卜bu不bu热re哈ha长chang重chong"
)
_SOFT: Final = {"zh": "z", "ch": "c", "sh": "s", "x": "s", "j": "z", "q": "c", "r": "r", "l": "l"}


_COMPOUND: Final = pa.array(sorted(_SURNAMES))


class Names(NamedTuple):
    """A column of names in the forms that are compared, shape (n,) each; null where none is given."""

    name: Column
    """Simplified characters without separators, or Latin capitals."""
    surname: Column
    """One or two characters."""
    sound: Column
    """Toneless pinyin, syllables separated by spaces."""
    frame: Column
    """Initials of the syllables of a long name."""
    turned: Column
    """The same with the parts in the opposite order, where a dot parts them."""


def clean(names: Column) -> Column:
    """Return names as they would be printed: one dot between parts, no spaces, no notes in brackets."""
    text = pc.replace_substring_regex(plain(names), r"[•・．‧⋅∙●.・᛫˙]", DOT)
    text = without(without(text, r"\(.*?\)|（.*?）|\[.*?\]|【.*?】"), r"[\s\p{Cc}\p{Cf}]")
    return blank_to_null(pc.utf8_trim(text, characters=DOT))


def forms(names: Column) -> Names:
    """Return every form of a column of names.

    Names of up to three characters, nearly all, are done a column at a time; the others one by one.
    """
    text = clean(names)
    short = pc.and_(
        pc.less(pc.utf8_length(text), LONG), pc.match_substring_regex(text, r"^\p{Han}+$")
    )
    short = pc.fill_null(short, fill_value=False)
    rest = np.flatnonzero(np.asarray(pc.and_(pc.is_valid(text), pc.invert(short)), dtype=np.bool_))
    quick = _short_forms(pc.if_else(short, text, pa.scalar(None, pa.string())))
    if not len(rest):
        return quick
    slow = zip(*map(one_by_one, text.take(pa.array(rest)).to_pylist()), strict=True)
    mask = np.zeros(len(text), dtype=np.bool_)
    mask[rest] = True
    return Names(
        *(
            pc.replace_with_mask(one, pa.array(mask), pa.array(other, pa.string()))
            for one, other in zip(quick, slow, strict=True)
        )
    )


def _short_forms(text: Column) -> Names:
    """Return the forms of names of one to three characters; null stays null."""
    folds, readings = _tables()
    characters, sounds = [], []
    for at in range(LONG - 1):
        one = pc.utf8_slice_codeunits(text, at, at + 1)
        one = pc.coalesce(folds[1].take(pc.index_in(one, value_set=folds[0])), one)
        characters.append(one)
        sounds.append(pc.coalesce(readings[1].take(pc.index_in(one, value_set=readings[0])), one))
    whole = pc.binary_join_element_wise(*characters, "")
    sound = pc.utf8_trim(pc.binary_join_element_wise(*sounds, " "), characters=" ")
    double = pc.utf8_slice_codeunits(whole, 0, 2)
    compound = pc.and_(pc.is_in(double, value_set=_COMPOUND), pc.greater(pc.utf8_length(whole), 2))
    nothing = pa.nulls(len(text), pa.string())
    return Names(whole, pc.if_else(compound, double, characters[0]), sound, nothing, nothing)


@cache
def _tables() -> tuple[tuple[Column, Column], tuple[Column, Column]]:
    """Return folds and readings as keys and values, for look-ups of whole columns."""
    pairs = [
        (pa.array([chr(code) for code in table]), pa.array(list(table.values())))
        for table in (_folds(), _readings())
    ]
    return pairs[0], pairs[1]


def one_by_one(name: str) -> tuple[str, str, str, str | None, str | None]:
    """Return name, surname, sound, frame and turned frame of one cleaned name."""
    parts = [part for part in name.translate(_folds()).split(DOT) if part]
    whole = "".join(parts)
    if whole.isascii():
        return whole, parts[-1] if parts else whole, whole, None, None
    sounds = [_sounds(part) for part in parts]
    whole_sound = " ".join(syllable for part in sounds for syllable in part)
    if len(whole) < LONG:
        return whole, surname(whole), whole_sound, None, None
    frames = ["".join(map(_initial, part)) for part in sounds]
    turned = "".join(reversed(frames)) if len(frames) > 1 else None
    return whole, surname(whole), whole_sound, "".join(frames), turned


def surname(name: str) -> str:
    """Return the surname of a name in characters: two if they are a compound surname, else the first."""
    return name[:2] if name[:2] in _SURNAMES and len(name) > 2 else name[:1]  # noqa: PLR2004 - characters


@cache
def _folds() -> dict[int, str]:
    pairs = _TRADITIONAL + _VARIANTS
    return {ord(a): b for a, b in zip(pairs[::2], pairs[1::2], strict=True) if a != b}


@cache
def _readings() -> dict[int, str]:
    """Return the first toneless reading of every character."""
    table = importlib.import_module("pypinyin.constants").PINYIN_DICT
    return {
        code: _toneless(readings.split(",")[0]) for code, readings in table.items()
    } | _special()


def _toneless(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(one for one in letters if not unicodedata.combining(one))


def _special() -> dict[int, str]:
    found: dict[int, str] = {}
    character = 0
    for one in _READ:
        if one.isascii():
            found[character] += one
        else:
            character = ord(one)
            found[character] = ""
    return found


def sound(name: str) -> str:
    """Return a name's toneless pinyin, syllables separated by spaces."""
    return " ".join(_sounds(name))


def _sounds(part: str) -> list[str]:
    readings = _readings()
    return [readings.get(ord(one), one) for one in part]


def _initial(syllable: str) -> str:
    """Return a syllable's initial, near ones alike; a vowel stands for itself."""
    first = syllable[:2] if syllable[1:2] == "h" else syllable[:1]
    return _SOFT.get(first, first)
