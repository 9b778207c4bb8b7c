"""Pairs: which eastern place helps which western one, since when, and on whose word.

Source: 中办发〔2016〕69号 and the 2021 adjustment of provincial pairs (text 待核); levels after the mechanism of
province, county, township, village, school, hospital and firm pairs.
"""

from typing import Annotated

from shanhai.acts.machine import (
    Choice,
    Object,
    Standing,
    count,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.roles import Role
from shanhai.kernel.text import Text


class Level(Choice):
    """What kind of bodies are paired."""

    PROVINCE = "province", "省际", "Provinces"
    CITY = "city", "市际", "Cities"
    CITY_COUNTY = "city_county", "市县", "City and county"
    COUNTY = "county", "县际", "Counties"
    GROUP = "group", "多方", "Groups"
    TOWNSHIP = "township", "乡镇", "Townships"
    VILLAGE = "village", "村际", "Villages"
    SCHOOL = "school", "学校", "Schools"
    HOSPITAL = "hospital", "医院", "Hospitals"
    FIRM = "firm", "企业与村", "Firm and village"
    SOCIAL = "social", "社会组织与村", "Social organisation and village"


class Countersigner(Choice):
    """Who holds the eastern key to a payment: a dated value of the pair, frozen into each order."""

    NONE = "none", "不会签", "Nobody"
    CADRE = "cadre", "东部挂职干部", "Posted eastern cadre"
    LIAISON = "liaison", "东部前方工作组", "Eastern liaison group"
    OFFICE = "office", "东部协作部门", "Eastern collaboration office"

    @property
    def role(self) -> Role | None:
        """Return the role that must sign, None where nobody does."""
        return ROLES.get(self)


ROLES = {
    Countersigner.CADRE: Role.EAST_CADRE,
    Countersigner.LIAISON: Role.EAST_LIAISON,
    Countersigner.OFFICE: Role.EAST_OFFICE,
}


class PairingState(Choice):
    """Life of a pair; RECORDED ones are facts published elsewhere."""

    PROPOSED = "proposed", "待西部确认", "Awaiting the west"
    ACTIVE = "active", "结对中", "Active"
    RECORDED = "recorded", "已公布", "Recorded as published"
    ENDED = "ended", "已结束", "Ended"


@noun
class Pairing(Object, frozen=True, kw_only=True):
    """A donor and a recipient, from a date, under a named scheme."""

    noun, prefix, text, title = "pairing", "par", Text("结对关系", "Pair"), "scheme"
    region: Annotated[str, region("受援地区", "Recipient")]
    east_region: Annotated[str, region("支援地区", "Donor")]
    level: Annotated[Level, label("层级", "Level")]
    scheme: Annotated[str, word("协作名称", "Scheme", max_length=60)]
    donor: Annotated[str, word("支援方名称", "Donor's name")] = ""
    recipient: Annotated[str, word("受援方名称", "Recipient's name")] = ""
    from_ms: Annotated[int, moment("开始日期", "From")] = 0
    to_ms: Annotated[int, moment("结束日期", "Until (not included)")] = 0
    source: Annotated[str, word("来源", "Source", max_length=400)]
    standing: Annotated[Standing, label("核实", "Standing")] = Standing.CONFIRMED
    state: Annotated[PairingState, label("状态", "State")] = PairingState.PROPOSED

    @property
    def unique(self) -> tuple[str, ...]:
        """A pair stands once per scheme and beginning."""
        if self.state is PairingState.ENDED:
            return ()
        who = f"{self.east_region}/{self.donor}/{self.region}/{self.recipient}"
        return (f"pairing:{who}/{self.level.value}/{self.scheme}/{self.from_ms}",)


PairingId = Annotated[str, ref(Pairing, "结对关系", "Pair")]
Year = Annotated[int, count("年度", "Year", ge=1996, le=2100)]
