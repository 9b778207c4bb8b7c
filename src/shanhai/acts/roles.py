"""Roles and their side. A right follows from role × organisation × region × stage; there is no ACL.

Source: roles and separations after the supervision practice described in 财政部扶贫资金动态监控 plans and
姚安县 2025 (two-key payment); bound to organisation, region and dates by `Post`.
"""

from shanhai.kernel.text import Choice


class Side(Choice):
    """Which region of an object a role is measured against."""

    WEST = "west", "西部", "West"
    EAST = "east", "东部", "East"


class Role(Choice):
    """Who acts. The operator of the machines has no role here."""

    VILLAGE = "village", "村两委或驻村工作队", "Village committee or work team"
    TOWNSHIP = "township", "乡镇政府", "Township government"
    COUNTY_DEPARTMENT = "county_department", "县行业主管部门", "County line department"
    COUNTY_OFFICE = "county_office", "县协作主管部门", "County collaboration office"
    COUNTY_LEADERS = "county_leaders", "县领导小组", "County leading group"
    COUNTY_FINANCE = "county_finance", "县财政局", "County finance bureau"
    COUNTY_TREASURY = "county_treasury", "国库支付机构", "Treasury payment office"
    COUNTY_RECONCILER = "county_reconciler", "对账会计", "Reconciling accountant"
    OWNER = "owner", "项目业主", "Project owner"
    OWNER_FINANCE = "owner_finance", "业主财务", "Owner's accountant"
    CONTRACTOR = "contractor", "施工或供应单位", "Contractor or supplier"
    SUPERVISOR = "supervisor", "监理单位", "Site supervisor"
    SETTLER = "settler", "结算审核机构", "Settlement reviewer"
    PANEL = "panel", "验收组", "Acceptance panel"
    PREFECTURE_OFFICE = "prefecture_office", "市级协作部门", "Prefecture office"
    PROVINCE_OFFICE = "province_office", "西部省级协作部门", "Western provincial office"
    PROVINCE_FINANCE = "province_finance", "西部省级财政", "Western provincial finance"
    AUDITOR = "auditor", "审计人员", "Auditor"
    AUDIT_HEAD = "audit_head", "审计机关负责人", "Head of the audit office"
    DISCIPLINE = "discipline", "纪检监察", "Discipline inspection"
    EAST_CADRE = "east_cadre", "东部挂职干部", "Posted eastern cadre"
    EAST_LIAISON = "east_liaison", "东部前方工作组", "Eastern liaison group"
    EAST_FINANCE = "east_finance", "东部财政", "Eastern finance"
    EAST_OFFICE = "east_office", "东部协作部门", "Eastern collaboration office"
    EAST_AUDITOR = "east_auditor", "东部审计人员", "Eastern auditor"
    ADMIN = "admin", "单位管理员", "Organisation administrator"
    REGISTRAR = "registrar", "登记员", "Registrar"
    RULEMAKER = "rulemaker", "规则提出人", "Rule proposer"
    RULEKEEPER = "rulekeeper", "规则确认人", "Rule confirmer"
    DATA_DESK = "data_desk", "数据专员", "Data desk"
    NODE = "node", "节点", "Node"

    @property
    def side(self) -> Side:
        """Return the side whose region bounds the role."""
        return Side.EAST if self.eastern else Side.WEST

    @property
    def eastern(self) -> bool:
        """Return whether the role is measured against the donor's region."""
        return str(self._value_).startswith("east_")


ADMINISTRATIVE = frozenset({Role.ADMIN, Role.REGISTRAR, Role.RULEMAKER, Role.RULEKEEPER, Role.NODE})
"""Roles that never go with a business post of the same person."""
