"""What the published figures are called, in both languages; the key is the fact table's `metric`."""

from shanhai.kernel.text import Text

_SCOPES = """
全国 Nationwide
苏陕 Jiangsu–Shaanxi
浙川 Zhejiang–Sichuan
粤桂 Guangdong–Guangxi
津甘 Tianjin–Gansu
京蒙 Beijing–Inner Mongolia
沪滇 Shanghai–Yunnan
闽宁 Fujian–Ningxia
粤黔 Guangdong–Guizhou
南海-丹寨 Nanhai–Danzhai
苏青 Jiangsu–Qinghai
青岛-定西 Qingdao–Dingxi
津青福厦→甘 Tianjin, Qingdao, Fuzhou, Xiamen → Gansu
粤桂+粤黔 Guangdong–Guangxi and Guizhou
佛山-黔东南 Foshan–Qiandongnan
普陀-昆明 Putuo–Kunming
普陀-禄劝 Putuo–Luquan
"""
_METRICS = """
agreement_cadres_to_east 协议：西部选派挂职干部 Agreed: cadres posted east
agreement_cadres_to_west 协议：东部选派挂职干部 Agreed: cadres posted west
agreement_consumption 协议：消费帮扶 Agreed: consumption
agreement_counties 协议：受援县 Agreed: counties helped
agreement_donor_counties 协议：支援县（市、区） Agreed: donor counties
agreement_enterprises 协议：引导企业 Agreed: firms brought
agreement_fiscal_aid 协议：财政援助资金 Agreed: fiscal aid
agreement_industry_projects 协议：产业项目 Agreed: industry projects
agreement_investment 协议：到位投资 Agreed: investment in place
agreement_technicians_to_east 协议：西部选派专业技术人才 Agreed: specialists posted east
agreement_technicians_to_west 协议：东部选派专业技术人才 Agreed: specialists posted west
agri_parks 农业产业园 Farm industry parks
cadres_exchanged 互派干部 Cadres exchanged
cadres_posted_west 东部挂职干部 Cadres posted west
cadres_sent 选派干部 Cadres sent
cadres_to_east 西部到东部挂职干部 Cadres posted east
city_county_aid 市县财政援助 Aid of cities and counties
city_fiscal_aid 市级财政援助 City fiscal aid
co_built_parks 共建产业园区 Parks built together
consumption 消费帮扶 Consumption
consumption_vs_agreement 消费帮扶完成协议 Consumption against agreement
contract_projects 签约项目 Projects signed
contract_value 签约金额 Value signed
contracts 签约数 Contracts
counties 受援县 Counties helped
county_pairs 县际结对 County pairs
demo_villages 乡村振兴示范村 Demonstration villages
district_aid 区级财政援助 District fiscal aid
district_level_aid 区级财政援助 District fiscal aid
district_spend_progress 区级资金支出进度 District spending progress
doctors_sent 选派医生 Doctors sent
donor_counties 支援县（市、区） Donor counties
enterprise_investment 企业到位投资 Investment by firms
enterprise_jobs 企业吸纳就业 Jobs at firms
enterprise_projects 企业投资项目 Projects of firms
enterprise_village_pairs 企村结对 Firm and village pairs
enterprises 引导企业 Firms brought
enterprises_landed 落地企业 Firms settled
enterprises_new 新增引导企业 New firms
fiscal_aid 财政援助资金 Fiscal aid
fiscal_aid_industry 用于产业的财政援助 Fiscal aid for industry
fiscal_aid_per_county 县均财政援助 Fiscal aid a county
fiscal_aid_to_industry 用于产业的财政援助 Fiscal aid for industry
fiscal_and_social_grant 财政援助和社会帮扶合计 Fiscal aid and donations
fund_spend_progress 资金支出进度 Spending progress
fund_use_rate_min 资金使用率（不低于） Use of funds, at least
hospital_pairs 医院结对 Hospital pairs
industry_share 产业资金占比 Share for industry
labour_exported 劳务输出 Labour sent out
labour_income 劳务收入 Labour income
labour_to_donor_province 到支援省就业 Workers in the donor province
labour_to_east 到东部就业 Workers in the east
labour_trained 劳务培训 Workers trained
paired_enterprises 参与结对企业 Firms in pairs
paired_social_orgs 参与结对社会组织 Social organisations in pairs
paired_villages 结对村 Villages in pairs
park_enterprises 园区入驻企业 Firms in parks
park_investment 园区到位投资 Investment in parks
park_jobs 园区吸纳就业 Jobs in parks
people_lifted 带动脱贫人口 People lifted from poverty
povertyfree_labour_employed 脱贫劳动力就业 Formerly poor workers employed
povertyfree_labour_new 新增脱贫劳动力就业 Formerly poor workers newly employed
povertyfree_people_lifted 带动脱贫人口增收 Formerly poor people helped
projects 实施项目 Projects
provincial_fiscal_aid 省级财政援助 Provincial fiscal aid
rural_labour_employed 农村劳动力就业 Rural workers employed
rural_labour_moved 农村劳动力转移 Rural workers moved
school_pairs 学校结对 School pairs
social_donation 社会帮扶 Donations
social_donation_cash 其中捐款 Donations in cash
social_donation_total 社会帮扶合计 Donations, total
social_org_pairs 社会组织结对 Social organisation pairs
talents_sent 选派人才 Talent sent
talents_trained 培训人才 Talent trained
teachers_sent 选派教师 Teachers sent
technicians_exchanged 互派专业技术人才 Specialists exchanged
technicians_posted_west 东部专业技术人才 Specialists posted west
technicians_sent 选派专业技术人才 Specialists sent
technicians_to_east 西部到东部专业技术人才 Specialists posted east
total_aid 帮扶资金合计 Aid, total
town_pairs 乡镇结对 Township pairs
training_courses 培训班 Courses
village_pairs 村际结对 Village pairs
workshop_jobs 帮扶车间就业 Jobs in workshops
workshop_povertyfree_jobs 帮扶车间脱贫人口就业 Jobs in workshops, formerly poor
workshops 帮扶车间 Workshops
携手奔小康_donor_counties 携手奔小康支援县 Donor counties, county scheme of 2016
携手奔小康_recipient_counties 携手奔小康受援县 Counties helped, county scheme of 2016
"""


def _scopes() -> dict[str, Text]:
    lines = (line.split(" ", 1) for line in _SCOPES.strip().splitlines())
    return {zh: Text(zh, en) for zh, en in lines}


def _metrics() -> dict[str, Text]:
    lines = (line.split(" ", 2) for line in _METRICS.strip().splitlines())
    return {key: Text(zh, en) for key, zh, en in lines}


SCOPES, METRICS = _scopes(), _metrics()
"""The scopes in the order shown: the whole country, then by number of figures."""
UNITS = {
    "亿元": "100 million yuan",
    "万元": "10,000 yuan",
    "万元/年": "10,000 yuan a year",
    "万人": "10,000 people",
    "万人次": "10,000 people, counted each time",
    "万名": "10,000 people",
    "人": "people",
    "人次": "people, counted each time",
    "名": "people",
    "个": "",
    "家": "",
    "所": "",
    "期": "",
    "%": "%",
    "项": "",
}


def metric(key: str) -> Text:
    """Return what a metric is called, its key where nobody named it."""
    return METRICS.get(key, Text(key, key))


def scope(name: str) -> Text:
    """Return what a scope is called."""
    return SCOPES.get(name, Text(name, name))


def unit(name: str) -> Text:
    """Return a unit in both languages."""
    return Text(name, UNITS.get(name, name))
