"""Organisations and persons: who there is; posts and keys have modules of their own.

Source: frozen decision 12. Structs of person, post and key stand in `machine.authority`, because the
machine itself reads them.
"""

from typing import Annotated

from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Object,
    Person,
    act,
    commitment,
    digest,
    flag,
    guard,
    label,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.platform import platform
from shanhai.acts.roles import Role
from shanhai.kernel.text import Text


class OrganisationKind(Choice):
    """What an organisation is; a payee's kind matters to payments."""

    GOVERNMENT = "government", "党政机关", "Government body"
    INSTITUTION = "institution", "事业单位", "Public institution"
    VILLAGE = "village", "村集体", "Village collective"
    COOPERATIVE = "cooperative", "农民专业合作社", "Farmers' co-operative"
    COMPANY = "company", "企业", "Company"
    SOCIAL = "social", "社会组织", "Social organisation"
    AUDIT = "audit", "审计机关", "Audit office"
    BANK = "bank", "银行", "Bank"


class OrganisationState(Choice):
    """Whether an organisation may take part."""

    ACTIVE = "active", "正常", "Active"
    CLOSED = "closed", "已注销", "Closed"


@noun
class Organisation(Object, frozen=True, kw_only=True):
    """A body that acts through its officers or is paid."""

    noun, prefix, text, title = "organisation", "org", Text("单位", "Organisation"), "name"
    name: Annotated[str, word("单位名称", "Name")]
    kind: Annotated[OrganisationKind, label("性质", "Kind")]
    region: Annotated[str, region()]
    code: Annotated[str, word("统一社会信用代码", "Unified social credit code", max_length=18)] = ""
    state: Annotated[OrganisationState, label("状态", "State")] = OrganisationState.ACTIVE

    @property
    def unique(self) -> tuple[str, ...]:
        """A credit code names one organisation."""
        return (f"credit_code:{self.code}",) if self.code else ()


OrganisationId = Annotated[str, ref(Organisation, "单位", "Organisation")]
PersonId = Annotated[str, ref(Person, "人员", "Person")]


@act(
    "organisation.register/1",
    "登记单位",
    "Register an organisation",
    on=Organisation,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
)
class RegisterOrganisation(Act, frozen=True, kw_only=True):
    """Enter an organisation."""

    name: Annotated[str, word("单位名称", "Name")]
    kind: Annotated[OrganisationKind, label("性质", "Kind")]
    region: Annotated[str, region()]
    code: Annotated[str, word("统一社会信用代码", "Unified social credit code", max_length=18)] = ""

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the organisation."""
        return [
            Organisation(
                id=case.id, name=self.name, kind=self.kind, region=self.region, code=self.code
            )
        ]


@act(
    "organisation.close/1",
    "注销单位",
    "Close an organisation",
    on=Organisation,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
    when=(OrganisationState.ACTIVE,),
)
class CloseOrganisation(Act, frozen=True, kw_only=True):
    """End an organisation; its posts end one by one."""

    basis: Annotated[
        str, digest("注销文件", "Document", hint=Text("上传注销文件", "Upload the document"))
    ]

    def effects(self, case: Case[Organisation]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=OrganisationState.CLOSED)]


@act(
    "person.register/1",
    "登记人员",
    "Register a person",
    on=Person,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
)
class RegisterPerson(Act, frozen=True, kw_only=True):
    """Enter a natural person by a committed name; the registrar attests that this is nobody known already."""

    organisation: OrganisationId
    name: Annotated[str, commitment("姓名", "Name")]
    unique: Annotated[bool, flag("已核对无重复登记", "Checked: not registered before")] = False

    @guard(
        "person.unattested",
        "请先在人员库中比对，确认没有重复登记后勾选",
        "Look the person up first, then tick that no duplicate exists",
        platform("R17"),
    )
    def attested(self, _case: Case[None]) -> Facts | None:
        """The registrar has to attest uniqueness."""
        return None if self.unique else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the person in the organisation's region."""
        where = case.get(Organisation, self.organisation).region
        return [Person(id=case.id, organisation=self.organisation, region=where, name=self.name)]


@act(
    "person.same_as/1",
    "合并重复人员",
    "Merge a duplicate person",
    on=Person,
    by=(Role.REGISTRAR,),
    grade=Grade.GOVERN,
    creates=False,
)
class SameAs(Act, frozen=True, kw_only=True):
    """State that two registered persons are one human: separations then treat them as one."""

    other: PersonId
    basis: Annotated[str, digest("核实材料", "Evidence")]

    @guard(
        "person.itself",
        "不能与本人合并，请选择另一条登记",
        "A person cannot be merged with itself; choose the other entry",
    )
    def different(self, case: Case[Person]) -> Facts | None:
        """Two entries are needed."""
        return {} if self.other == case.id else None

    def effects(self, case: Case[Person]) -> list[Object]:
        """Point each at the other."""
        other = case.get(Person, self.other)
        return [case.subject.but(same_as=other.id), other.but(same_as=case.subject.id)]
