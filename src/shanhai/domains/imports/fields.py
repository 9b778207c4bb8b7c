"""The columns an announcement table may have, and the many headings they go by.

Source: the six layouts of `data/tables/project_table_layouts.json` and the notices they were seen in.
"""

import re
import unicodedata
from functools import lru_cache

from shanhai.kernel.text import Text

LABELS: dict[str, Text] = {
    "sequence": Text("序号", "No."),
    "name": Text("项目名称", "Project name"),
    "province": Text("省", "Province"),
    "prefecture": Text("市(州)", "Prefecture"),
    "county": Text("县(市、区)", "County"),
    "county_code": Text("县代码", "County code"),
    "township": Text("乡镇", "Township"),
    "village": Text("村", "Village"),
    "location": Text("建设地点", "Place"),
    "category": Text("项目类别", "Category"),
    "subcategory": Text("项目子类型", "Subcategory"),
    "nature": Text("建设性质", "New or extended"),
    "content": Text("建设内容", "Works"),
    "amount": Text("总投资", "Amount"),
    "aid_amount": Text("其中:东西部协作资金", "Of which collaboration money"),
    "bridging_amount": Text("其中:衔接资金", "Of which bridging fund"),
    "local_amount": Text("其中:县级/自筹", "Of which county or own money"),
    "fund_source": Text("资金来源", "Fund source"),
    "benefits": Text("项目效益", "Benefits"),
    "households": Text("受益总户数", "Households"),
    "people": Text("受益总人口", "People"),
    "poor_households": Text("其中脱贫(监测)户", "Of which lifted or monitored households"),
    "poor_people": Text("其中脱贫(监测)人口", "Of which lifted or monitored people"),
    "linkage": Text("联农带农机制", "Benefit linkage"),
    "target": Text("绩效目标", "Performance target"),
    "supervising_unit": Text("项目主管单位", "Supervising unit"),
    "implementing_unit": Text("项目实施单位", "Implementing unit"),
    "units": Text("项目主管部门及实施单位", "Supervising and implementing units"),
    "period": Text("建设期限", "Period"),
    "start": Text("开工时间", "Start"),
    "end": Text("完工时间", "End"),
    "asset_owner": Text("资产归属", "Asset owner"),
    "year": Text("年度", "Year"),
    "approval": Text("项目审批程序", "Approval procedure"),
    "procurement": Text("招标情况", "Procurement"),
    "source": Text("公告链接", "Source"),
    "publisher": Text("发布单位", "Publisher"),
    "published": Text("发布日期", "Published"),
    "remark": Text("备注", "Remark"),
}
MONEY = ("amount", "aid_amount", "bridging_amount", "local_amount")
COUNTS = ("households", "people", "poor_households", "poor_people")
_EXACT = {
    "sequence": "序号 编号 项目编号 序 No No. 序列",
    "name": "项目名称 名称 项目 子项目 工程项目 帮扶项目 工程名称 "
    "建设项目名称 子项目名称 建设项目 实施项目 具体项目 项目名 projectname name",
    "province": "省 省份 省级 受援省 province",
    "prefecture": "市 州 市州 地市 州市 地级市 市级 prefecture",
    "county": "县 区县 县区 县市区 县市 市县 旗县 旗县区 区 市区县 受援县 受援地 受援地区 所在县 所属县 实施县 县名 县区名称 "
    "项目县 所属县区 所属区县 受援县区 地区 行政区划 county",
    "county_code": "县代码 行政区划代码 区划代码 县区代码 县编码 县级代码 区县代码 代码 adcode countycode",
    "township": "乡镇 乡 镇 镇街 镇乡 街镇 乡镇街道 所在乡镇 实施乡镇 township",
    "village": "村 行政村 村社 实施村 所在村 项目村 村级 village",
    "location": "地点 位置 location",
    "category": "类别 类型 项目分类 项目类 category",
    "subcategory": "子类型 二级类别 项目子类 二级项目类型 二级项目类别",
    "nature": "性质",
    "content": "内容 用途 资金用途 项目用途 建设任务 content",
    "amount": "投资 总投资 金额 资金 总额 合计 小计 资金额 资金数 amount investment",
    "local_amount": "县级 自筹 县级/自筹 县级自筹 配套 其他资金 群众自筹",
    "fund_source": "来源 文件依据 fundsource",
    "benefits": "效益 项目效益 受益情况 带贫效益 受益对象 受益群众",
    "people": "人数 人口 人",
    "households": "户数 户",
    "implementing_unit": "业主",
    "start": "开工 启动 开始 起 起始 开工时间 start",
    "end": "完工 竣工 完成 结束 止 截止 end",
    "period": "工期 期限 实施进度 起止时间 起止年限 起止年月",
    "year": "年度 年份 year",
    "remark": "备注 说明 备注说明 remark note",
}
_HELP = (
    "协作|援助|帮扶|东西部|援滇|援建|对口|苏陕|粤桂|粤黔|浙川|沪滇|鲁甘|鲁渝|津甘|闽宁|京蒙|苏青"
)
_GIVEN = "安排|下达|分配|计划|补助|投入|使用|财政|项目|概算|预算|专项|扶持|建设|申请|批复|批准|合计"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("ignored", r"电话|联系人|身份证|银行|账号|^(项目)?负责人|监督"),
    ("source", r"(公告|公示|来源|信息)(链接|网址|地址|出处)|出处$"),
    ("publisher", r"(发布|公告|公示)(单位|机关|部门)"),
    ("published", r"(发布|公告|公示)(日期|时间)"),
    ("county_code", r"(区划|行政).*代码"),
    ("approval", r"审批程序|文号|批复文|备案号"),
    ("procurement", r"招标|采购"),
    ("fund_source", r"资金(的)?(来源|渠道|结构|性质|类型|种类|名称)|来源.*额度"),
    ("name", r"^项目(工程)?名|项目.*名称$|工程名称$|^项目标题$"),
    ("subcategory", r"子类|二级.*(类|项)"),
    ("category", r"(项目|产业|资金|建设)(类别|类型|分类)$"),
    ("nature", r"建设性质"),
    ("units", r"主管.*(及|和|、|与).*实施"),
    ("supervising_unit", r"主管(部门|单位)|监管(部门|单位)|牵头(部门|单位)|行业(部门|主管)"),
    (
        "implementing_unit",
        r"(实施|责任|建设|承担|承建|项目|业主|申报|用款|使用|执行)(单位|主体|部门|业主)|项目业主",
    ),
    ("period", r"开竣工|开完工|起止"),
    ("start", r"(开工|启动)$|(开工|启动|开始|起始)(时间|日期|年月)"),
    ("end", r"(完工|竣工)$|(完工|竣工|完成|结束|截止)(时间|日期|年月|时限|期限)"),
    ("period", r"(期限|工期|周期|建设年限|实施(时间|年限)|建设时间)"),
    ("asset_owner", r"(资产|产权).*(归属|权属|所有)"),
    ("linkage", r"联农带农|带贫减贫|利益联结"),
    ("target", r"绩效|总体目标|效益目标|预期目标|指标"),
    ("poor_households", r"(脱贫|贫困|监测|建档立卡|低收入).*户(数)?$"),
    ("poor_people", r"(脱贫|贫困|监测|建档立卡|低收入).*(人口|人数|人)(数)?$"),
    ("households", r"(受益|惠及|带动|覆盖).*户(数)?$"),
    ("people", r"(受益|惠及|带动|覆盖).*(人口|人数|人)(数)?$|受益.*合计"),
    ("benefits", r"效益|受益|惠及"),
    ("bridging_amount", r"衔接.*(资金|补助)|整合资金"),
    ("content", r"(建设|实施|主要|工程|项目).*(内容|任务)|建设规模|工程规模"),
    ("ignored", r"人均|户均|单价|工资|产值|增收|(收入|标准)$"),
    (
        "aid_amount",
        rf"({_HELP}).*(资金|投资|投入|金额|额度|经费)(金额|额|数)?$|资金.*({_HELP})$|^(东西部)?协作$",
    ),
    (
        "local_amount",
        r"^(县级|自筹|配套)$|(县级|自筹|配套).*(资金|投资|投入)$|自有资金|资金.*(县级|自筹|配套)$",
    ),
    (
        "amount",
        r"总投资|投资总|资金总(额|量|规模)|资金情况|合计资金|资金合计|投资合计|总造价|总经费",
    ),
    ("ignored", r"^(中央|省级|省|市级|市|州级|上级|其他)(财政)?(专项)?(资金|补助|投入)$"),
    ("amount", r"投资|(资金|项目)?(规模|额度)$|资金(预算|计划|安排|投入|分配)$|经费|造价|金额"),
    ("amount", rf"({_GIVEN}).*(资金|额|额度|数)$"),
    ("county", r"(所在|所属|实施|受援|项目)(县|区县|县区|县市区|旗县)$"),
    ("location", r"(地点|地址|位置|区域|范围)|(所在|实施|建设|项目)地$|^项目区$|所在地$"),
    ("township", r"^(所在|实施|项目)?乡镇"),
    ("village", r"^(所在|实施|项目)?(行政)?村"),
    ("year", r"(年度|年份)$"),
)
_COMPILED = tuple((field, re.compile(pattern)) for field, pattern in _PATTERNS)
_LOOKUP = {word.lower(): field for field, words in _EXACT.items() for word in words.split()}
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_PREFIX = re.compile(r"^(其中|含|项目内容)[::]?(?=.)|^\d+[.、)](?=\D)|[::*]+$")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z.,'-]*$")  # a second language after the first
_UNIT = re.compile(r"亿元|万元|千元|元")
MAX_HEADING = 40


@lru_cache(maxsize=16_384)
def squash(text: str) -> str:
    """Return half-width text without white space: full-width digits, brackets and line breaks vanish."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _bare(heading: str) -> str:
    bare = _BRACKETS.sub("", heading)
    bare = _ENGLISH.sub("", bare) if not bare.isascii() else bare
    for _ in range(2):
        bare = _PREFIX.sub("", bare)
    for unit in ("/万元", "/元", "万元", "、"):
        bare = bare.replace(unit, "")
    return bare


@lru_cache(maxsize=16_384)
def field_of(heading: str) -> str:
    """Return the field a heading names, or blank.

    Args:
        heading: The heading; of two heading rows, `parent/child` joined by a line feed.
    """
    if not heading or len(heading) > 2 * MAX_HEADING:
        return ""
    parent, _, child = heading.rpartition("\n")
    own = _bare(squash(child)).lower()
    if own in _LOOKUP and not (parent and _LOOKUP[own] in {"amount", "people", "households"}):
        return _LOOKUP[own]
    for text in (_bare(squash(parent)) + _bare(squash(child)), _bare(squash(child))):
        for field, pattern in _COMPILED:
            if pattern.search(text):
                return field
    return _LOOKUP.get(own) or ("amount" if unit_of(child) else "")


def unit_of(heading: str) -> str:
    """Return the unit of money a heading states (元, 千元, 万元, 亿元), or blank; the lower row wins."""
    for part in reversed(heading.split("\n")):
        found: list[str] = _UNIT.findall(squash(part))
        if found:
            return found[-1]
    return ""
