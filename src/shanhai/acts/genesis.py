"""Genesis: entry 0, signed by the founding keys; the ledger's id is the hash of its body.

Source: frozen decision 1.
"""

from typing import Annotated

from shanhai.acts.governance import RULESET, Ruleset, RulesStep
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Grade,
    Key,
    Object,
    Person,
    Post,
    Setting,
    act,
    count,
    label,
    noun,
    rows,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.validator import VALIDATORS, Seat, Validators
from shanhai.acts.witness_policy import WITNESSES, WitnessPolicy, WitnessStep, WitnessSteps
from shanhai.kernel.regions import COUNTRY
from shanhai.kernel.text import Text

LEDGER = "ledger"


class Clock(Choice):
    """Where the ledger's time comes from."""

    REAL = "real", "真实时钟", "Real clock"
    SIMULATED = "simulated", "模拟时钟（模拟）", "Simulated clock (模拟)"


class Publication(Choice):
    """Who may fetch entry bundles."""

    OPEN = "open", "公开", "Open"
    MEMBERS = "members", "成员", "Members"


@noun
class Ledger(Object, frozen=True, kw_only=True):
    """The ledger's own constants."""

    noun, text, title = "ledger", Text("账本", "Ledger"), "name"
    name: Annotated[str, word("名称", "Name")]
    suite: Annotated[str, word("密码套件", "Suite", max_length=8)]
    origin: Annotated[str, word("来源标识", "Origin", max_length=120)]
    clock: Annotated[Clock, label("时钟", "Clock")]
    publication: Annotated[Publication, label("公开范围", "Publication")]
    rp_id: Annotated[str, word("通行密钥域名", "Passkey domain", max_length=120)]
    web_origins: Annotated[tuple[str, ...], label("网页来源", "Web origins")]

    @property
    def simulated(self) -> bool:
        """Return whether everything here is 模拟."""
        return self.clock is Clock.SIMULATED


@act("genesis/1", "创世", "Genesis", on=Ledger, by=(), grade=Grade.GOVERN, open_door=True)
class Genesis(Act, frozen=True, kw_only=True):
    """Found a ledger: its constants, founders, first parameters and rules version."""

    name: Annotated[str, word("名称", "Name")]
    suite: Annotated[str, word("密码套件", "Suite", max_length=8)]
    origin: Annotated[str, word("来源标识", "Origin", max_length=120)]
    clock: Annotated[Clock, label("时钟", "Clock")]
    publication: Annotated[Publication, label("公开范围", "Publication")]
    rp_id: Annotated[str, word("通行密钥域名", "Passkey domain", max_length=120)]
    web_origins: Annotated[tuple[str, ...], label("网页来源", "Web origins")]
    organisations: Annotated[tuple[Organisation, ...], rows("单位", "Organisations", least=1)]
    persons: Annotated[tuple[Person, ...], rows("人员", "Persons", least=1)]
    posts: Annotated[tuple[Post, ...], rows("岗位", "Posts", least=1)]
    keys: Annotated[tuple[Key, ...], rows("密钥", "Keys", least=1)]
    settings: Annotated[tuple[Setting, ...], rows("参数", "Parameters", most=120)]
    rules: Annotated[int, count("规则版本", "Rules version", ge=1)]
    validators: Annotated[tuple[Seat, ...], rows("记账节点", "Validators", most=100)] = ()
    witnesses: Annotated[tuple[WitnessPolicy, ...], rows("见证规则", "Witness policy", most=1)] = ()

    def effects(self, case: Case[None]) -> list[Object]:
        """Return every founding object."""
        return self.founded()

    def founded(self) -> list[Object]:
        """Return the founding objects; genesis is not judged, its keys are checked by the node."""
        ledger = Ledger(
            id=LEDGER,
            name=self.name,
            suite=self.suite,
            origin=self.origin,
            clock=self.clock,
            publication=self.publication,
            rp_id=self.rp_id,
            web_origins=self.web_origins,
        )
        first = RulesStep(since_index=0, version=self.rules)
        ruleset = Ruleset(id=RULESET, region=COUNTRY, steps=(first,))
        founders: tuple[Object, ...] = self.organisations + self.persons + self.posts + self.keys
        seats = self.validators
        voting = [Validators(id=VALIDATORS, region=COUNTRY, seats=seats)] if seats else []
        return [ledger, ruleset, *founders, *self.settings, *voting, *self._witnessed()]

    def _witnessed(self) -> list[Object]:
        """Return the first witness policy and that it counts from the first entry; nothing without one."""
        steps = tuple(WitnessStep(since=0, policy=one.id) for one in self.witnesses)
        if not steps:
            return []
        return [*self.witnesses, WitnessSteps(id=WITNESSES, region=COUNTRY, steps=steps)]
