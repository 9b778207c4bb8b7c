"""What the 模拟 village asks for: realistic content and amounts, none of it anybody's real project."""

from typing import Any, NamedTuple

from shanhai.acts.project import Sector
from shanhai.domains.demo.story.teller import WAN
from shanhai.kernel.periods import DAY_MS


class Proposal(NamedTuple):
    """One project as declared; amounts in 万元, reach in households and people."""

    name: str
    category: str
    sector: Sector
    what: str
    where: str
    wan: int
    households: int
    people: int
    poor_households: int
    poor_people: int
    operating: bool = False

    def content(self, now_ms: int) -> dict[str, Any]:
        """Return the fields of a declaration made now."""
        return {
            "name": f"{self.name}（模拟）",
            "category": self.category,
            "sector": self.sector,
            "operating": self.operating,
            "place": f"{self.where}（模拟）",
            "content": self.what,
            "planned_fen": self.wan * WAN,
            "households": self.households,
            "people": self.people,
            "poor_households": self.poor_households,
            "poor_people": self.poor_people,
            "start_ms": now_ms + 90 * DAY_MS,
            "finish_ms": now_ms + 330 * DAY_MS,
        }


_TABLE = """
daylily 480 120 430 40 150 industry* 农产品加工 石桥村黄花菜加工生产线 石桥村三组
  厂房1200平方米，清洗、杀青、烘干线2条，年加工鲜菜1800吨
coldstore 620 310 1120 96 352 industry* 冷链物流 清溪镇农产品冷链集散中心 石桥村一组
  冷库2000立方米、分拣车间600平方米、冷藏车2台
water 168 186 702 61 228 infrastructure 农村供水 石桥村饮水管网提升 石桥村全村
  更换主管网6.8公里，新建清水池200立方米，入户改造186户
tea 260 142 511 47 171 industry* 种植业 云雾茶标准化示范园 石桥村五组
  改造茶园600亩，安装水肥一体化设施，建晒青棚800平方米
road 236 98 356 33 121 infrastructure 农村道路 石桥村产业路硬化 石桥村二至四组
  硬化产业路3.2公里，宽4.5米，设错车道11处，涵洞6座
greenhouse 540 205 760 72 265 industry* 种植业 清溪镇蔬菜连栋大棚 石桥村六组
  连栋大棚12000平方米，配套育苗中心1处、滴灌系统1套
training 96 450 450 168 168 employment 劳务协作 乡村工匠技能培训 清溪镇文化站
  砌筑、电焊、育婴员培训9期450人，输出东部就业不少于180人
clinic 128 1360 4890 402 1441 services 医疗卫生 村卫生室远程诊疗能力建设 石桥村卫生室等8处
  为8个村卫生室配置远程会诊终端、便携超声与信息系统接口
cattle 420 88 317 35 124 industry* 养殖业 肉牛标准化养殖示范场 石桥村七组
  牛舍4栋3600平方米，粪污资源化设施1套，引进能繁母牛200头
school 152 640 640 173 173 services 教育 清溪中心校数字课堂 清溪中心校
  同步课堂教室6间、录播室1间，与海滨区两所学校结对开课
inn 380 64 231 22 79 industry* 乡村旅游 石桥古寨民宿集群 石桥古寨
  修缮传统民居9栋，公共厨房与污水处理设施各1处
mushroom 350 110 402 41 147 industry* 种植业 食用菌工厂化车间 石桥村三组
  出菇房24间，灭菌柜4台，年产香菇900吨
solar 180 75 268 30 104 industry* 新能源 清溪镇扶贫车间屋顶光伏 清溪镇产业园
  屋顶分布式光伏480千瓦，收益用于村集体公益岗位
nursery 290 132 489 50 181 industry* 种植业 道地药材种苗繁育基地 石桥村八组
  育苗大棚6000平方米，组培室200平方米，年育苗300万株
drainage 210 160 590 44 160 infrastructure 人居环境 石桥村污水管网 石桥村一、二组
  铺设污水管网5.1公里，建人工湿地处理站2座
elder 118 210 388 66 119 services 养老服务 清溪镇日间照料中心 清溪镇老街
  改造闲置校舍900平方米，设床位30张、康复室1间
rice 165 101 365 37 131 industry* 种养业 稻渔综合种养示范 石桥村九组
  改造稻田420亩，开挖环沟，建尾水处理池3处
ecommerce 136 230 812 81 287 industry* 电商 山前好物电商直播基地 清溪镇产业园
  直播间8间、分拣打包区500平方米，对接海滨区商超6家
bridge 145 118 428 39 140 infrastructure 农村道路 石桥村便民桥重建 石桥村四组
  拆除危桥，新建钢筋混凝土桥1座，长32米、宽6米
honey 88 95 340 42 149 industry* 养殖业 中蜂养殖与蜂蜜分装 石桥村五组
  发放标准蜂箱1200个，分装车间300平方米
orchard 124 126 455 45 160 industry* 种植业 脆李品种改良 石桥村二组
  高接换种500亩，果园便道2.6公里，蓄水池5口
kiln 76 40 142 15 52 industry* 传统工艺 石桥陶艺工坊 石桥古寨
  修复龙窑1座，工坊400平方米，培训学员60人
library 32 320 1150 88 316 services 公共文化 石桥村农家书屋与儿童之家 石桥村村委会
  改造用房260平方米，配置图书6000册、儿童活动设施
lamps 48 320 1150 88 316 infrastructure 人居环境 石桥村太阳能路灯 石桥村全村
  安装太阳能路灯160盏
warehouse 275 260 940 70 252 industry* 农产品加工 清溪镇粮食烘干仓储 石桥村六组
  日处理60吨烘干线1条，平房仓1500平方米
canal 198 176 640 53 190 infrastructure 农田水利 石桥村高标准农田渠系 石桥村七、八组
  整修灌渠7.4公里，提灌站2座
market 226 380 1360 90 322 industry* 商贸流通 清溪镇农贸市场改造 清溪镇老街
  改造交易大棚2400平方米，设冷藏柜台40个
garage 142 240 870 74 266 industry* 农机服务 村集体农机服务队 石桥村三组
  购置履带拖拉机、收割机等9台套，机库棚500平方米
mushroom2 84 58 209 21 76 industry* 林下经济 羊肚菌林下种植 石桥村六组
  林下栽培羊肚菌120亩，烘干房1座
herbs 112 72 260 29 103 industry* 林下经济 重楼林下种植示范 石桥村八组
  林下种植重楼200亩，围栏4公里
seedhall 90 0 0 0 0 other 其他 镇机关会议楼装修 清溪镇政府
  装修会议楼800平方米
pond 130 60 214 18 64 industry* 乡村旅游 荷塘观光栈道 石桥村九组
  栈道1.1公里，观景亭2座
"""


def _proposals() -> dict[str, Proposal]:
    lines = _TABLE.strip().splitlines()
    made = {}
    for first, what in zip(lines[::2], lines[1::2], strict=True):
        key, wan, households, people, poor, poor_people, sector, *words = first.split()
        category, name, where = words
        made[key] = Proposal(
            name,
            category,
            Sector(sector.rstrip("*")),
            what.strip(),
            where,
            int(wan),
            int(households),
            int(people),
            int(poor),
            int(poor_people),
            operating=sector.endswith("*"),
        )
    return made


PROPOSALS = _proposals()
"""By short name. In the table: 万元, households, people, poor households, poor people, sector (* run for
income), category, name and place; the line below says what is built."""
