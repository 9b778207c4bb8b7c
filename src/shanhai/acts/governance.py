"""Governance: dated parameters and signed releases, each proposed by one key and confirmed by another.

Source: design §3 (dated values, rules versions), §4 (the code that signs).
"""

from typing import Annotated, Any

import msgspec

from shanhai.acts.machine import (
    PARAMETERS,
    Act,
    Case,
    Choice,
    Dated,
    Facts,
    Grade,
    Never,
    Object,
    Setting,
    act,
    count,
    digest,
    guard,
    label,
    noun,
    region,
    rows,
    word,
)
from shanhai.acts.machine.fields import commitment, ref
from shanhai.acts.platform import platform
from shanhai.acts.roles import Role
from shanhai.kernel.periods import day_number
from shanhai.kernel.regions import stem
from shanhai.kernel.text import Text


class ProposalState(Choice):
    """Life of a proposal that needs a second key."""

    PROPOSED = "proposed", "待确认", "Awaiting the second key"
    CONFIRMED = "confirmed", "已确认", "Confirmed"
    REJECTED = "rejected", "未通过", "Rejected"


@noun
class ParameterChange(Object, frozen=True, kw_only=True):
    """A proposed value of a parameter in a region, from a date, on a basis."""

    noun, prefix, text, title = (
        "parameter_change",
        "pch",
        Text("参数变更", "Parameter change"),
        "parameter",
    )
    parameter: Annotated[str, word("参数", "Parameter", max_length=40)]
    region: Annotated[str, region()]
    dated: Annotated[tuple[Dated, ...], rows("新取值", "New value", least=1, most=1)]
    state: Annotated[ProposalState, label("状态", "State")] = ProposalState.PROPOSED


class Rejection(Act, frozen=True, kw_only=True):
    """What rejecting a proposal says and does, whatever was proposed."""

    reason: Annotated[str, commitment("理由", "Reason")]

    def effects(self, case: Case[Any]) -> list[Object]:
        """Reject it."""
        return [case.subject.but(state=ProposalState.REJECTED)]


@act(
    "parameter.propose/1",
    "提出参数变更",
    "Propose a parameter value",
    on=ParameterChange,
    by=(Role.RULEMAKER,),
    grade=Grade.GOVERN,
)
class ProposeParameter(Act, frozen=True, kw_only=True):
    """Propose a dated value; it applies only in the region its basis covers."""

    parameter: Annotated[str, word("参数", "Parameter", max_length=40)]
    region: Annotated[str, region()]
    dated: Annotated[tuple[Dated, ...], rows("新取值", "New value", least=1, most=1)]

    @guard(
        "parameter.unknown",
        "没有名为 {parameter} 的参数，请从清单选择",
        "There is no parameter {parameter}; choose one from the list",
    )
    def known(self, _case: Case[None]) -> Facts | None:
        """Only registered parameters have values."""
        return None if self.parameter in PARAMETERS else {"parameter": self.parameter}

    @guard(
        "parameter.retroactive",
        "生效日期不能早于今天；已作出的决定不因新规则改变",
        "A value cannot begin before today; decisions already taken keep their rules",
        "design §3",
    )
    def not_retroactive(self, case: Case[None]) -> Facts | None:
        """No value begins in the past."""
        return {} if day_number(self.dated[0].since_ms) < day_number(case.now) else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the proposal."""
        return [
            ParameterChange(
                id=case.id, parameter=self.parameter, region=self.region, dated=self.dated
            )
        ]


@act(
    "parameter.confirm/1",
    "确认参数变更",
    "Confirm a parameter value",
    on=ParameterChange,
    by=(Role.RULEKEEPER,),
    grade=Grade.GOVERN,
    when=(ProposalState.PROPOSED,),
    not_by=(Never("parameter.propose"),),
)
class ConfirmParameter(Act, frozen=True, kw_only=True):
    """Put the proposed value in force, newest first."""

    @guard(
        "parameter.late",
        "生效日期已过，请重新提出",
        "The effective date has passed; propose it anew",
    )
    def still_ahead(self, case: Case[ParameterChange]) -> Facts | None:
        """A value that would begin in the past is proposed anew."""
        return {} if day_number(case.subject.dated[0].since_ms) < day_number(case.now) else None

    def effects(self, case: Case[ParameterChange]) -> list[Object]:
        """Add the value to the setting of its region."""
        change = case.subject
        key = f"{change.parameter}/{stem(change.region)}"
        before = case.find(Setting, key)
        dated = sorted(change.dated + (before.dated if before else ()), key=lambda d: -d.since_ms)
        setting = Setting(
            id=key, parameter=change.parameter, region=change.region, dated=tuple(dated)
        )
        return [setting, change.but(state=ProposalState.CONFIRMED)]


@act(
    "parameter.reject/1",
    "退回参数变更",
    "Reject a parameter value",
    on=ParameterChange,
    by=(Role.RULEKEEPER,),
    grade=Grade.GOVERN,
    when=(ProposalState.PROPOSED,),
    not_by=(Never("parameter.propose"),),
)
class RejectParameter(Rejection, frozen=True, kw_only=True):
    """Close a proposal without effect."""


class ReleasedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of the signing bundle."""

    name: Annotated[str, word("文件", "File", max_length=80)]
    sha256: Annotated[str, digest("SHA-256", "SHA-256")]


@noun
class Release(Object, frozen=True, kw_only=True):
    """A release of the signing and proof bundle, by the hashes of its files."""

    noun, prefix, text, title = "release", "rls", Text("签名程序发布", "Release"), "version"
    region: Annotated[str, region()]
    version: Annotated[str, word("版本", "Version", max_length=40)]
    files: Annotated[tuple[ReleasedFile, ...], rows("文件", "Files", least=1)]
    state: Annotated[ProposalState, label("状态", "State")] = ProposalState.PROPOSED


@act(
    "release.propose/1",
    "提出签名程序发布",
    "Propose a release",
    on=Release,
    by=(Role.RULEMAKER,),
    grade=Grade.GOVERN,
)
class ProposeRelease(Act, frozen=True, kw_only=True):
    """Name the files that officers' browsers may run to sign."""

    version: Annotated[str, word("版本", "Version", max_length=40)]
    files: Annotated[tuple[ReleasedFile, ...], rows("文件", "Files", least=1)]

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the release."""
        return [
            Release(id=case.id, region=case.post.region, version=self.version, files=self.files)
        ]


@act(
    "release.confirm/1",
    "确认签名程序发布",
    "Confirm a release",
    on=Release,
    by=(Role.RULEKEEPER,),
    grade=Grade.GOVERN,
    when=(ProposalState.PROPOSED,),
    not_by=(Never("release.propose"),),
)
class ConfirmRelease(Act, frozen=True, kw_only=True):
    """A second key confirms that these hashes were rebuilt from the source."""

    def effects(self, case: Case[Release]) -> list[Object]:
        """Confirm it."""
        return [case.subject.but(state=ProposalState.CONFIRMED)]


RULESET = "ruleset"
NEWEST = 1
"""The newest rules version that this software knows."""


class RulesStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rules version and the entry index it starts at."""

    since_index: Annotated[int, count("起始条目", "First entry")]
    version: Annotated[int, count("规则版本", "Rules version", ge=1)]


@noun
class Ruleset(Object, frozen=True, kw_only=True):
    """Which rules version applies from which entry on; one object, newest first."""

    noun, text = "ruleset", Text("规则版本", "Rules versions")
    region: Annotated[str, region()]
    steps: Annotated[tuple[RulesStep, ...], rows("版本", "Versions", least=1)]

    def at(self, index: int) -> int:
        """Return the version in force at an entry index."""
        return next(step.version for step in self.steps if step.since_index <= index)


@act(
    "rules.activate/1",
    "启用规则版本",
    "Activate a rules version",
    on=Ruleset,
    by=(Role.RULEKEEPER,),
    grade=Grade.GOVERN,
    creates=False,
    not_by=(Never("release.propose", via="release"),),
)
class ActivateRules(Act, frozen=True, kw_only=True):
    """Start the next rules version at a later entry, naming the release that carries it."""

    release: Annotated[str, ref(Release, "发布", "Release")]
    version: Annotated[int, count("规则版本", "Rules version", ge=2)]
    since_index: Annotated[int, count("起始条目", "First entry")]

    @guard(
        "rules.release",
        "所引发布尚未由第二把密钥确认",
        "The release named is not confirmed by a second key",
    )
    def confirmed(self, case: Case[Ruleset]) -> Facts | None:
        """The release carries two keys."""
        return None if case.get(Release, self.release).state is ProposalState.CONFIRMED else {}

    @guard(
        "rules.order",
        "规则版本须逐一递增，且从以后的条目起生效",
        "Versions rise one by one and start at an entry still to come",
        platform("R19"),
    )
    def ahead(self, case: Case[Ruleset]) -> Facts | None:
        """Versions rise by one, ahead of the log."""
        newest = case.subject.steps[0]
        good = self.version == newest.version + 1 and self.since_index > max(
            case.at.index, newest.since_index
        )
        return None if good else {}

    def effects(self, case: Case[Ruleset]) -> list[Object]:
        """Add the step, newest first."""
        step = RulesStep(since_index=self.since_index, version=self.version)
        return [case.subject.but(steps=(step, *case.subject.steps))]
