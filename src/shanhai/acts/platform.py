"""The platform's own rules, numbered, so that guards cite them as they cite a law.

They are Shanhai's, not an authority's: where no law says how, somebody had to. Each says where it comes from;
a law named as related has not been checked against its text and carries 待核.
"""

from typing import NamedTuple

from shanhai.kernel.text import Text

OWN = "平台自定 Shanhai's own"


class PlatformRule(NamedTuple):
    """One rule: its number, what it asks, and where it comes from."""

    number: str
    text: Text
    source: str


def _rule(number: str, zh: str, en: str, source: str = OWN) -> PlatformRule:
    return PlatformRule(number, Text(zh, en), source)


PLATFORM_RULES = {
    rule.number: rule
    for rule in (
        _rule(
            "R01",
            "批复的经办、审核、签发是三个人，由签发人签名",
            "Drafter, reviewer and signer of an approval are three people; the signer signs",
            f"{OWN}；内部控制中不相容岗位相分离的原则，条款待核",
        ),
        _rule(
            "R02",
            "申报、审核、论证过一个项目的人，不再经办或审核它的批复",
            "Whoever declared, reviewed or appraised a project neither drafts nor reviews its approval",
            f"{OWN}；内部控制中不相容岗位相分离的原则，条款待核",
        ),
        _rule(
            "R03",
            "联合论证须有规定数目的部门对现版本表示同意",
            "A set number of departments is in favour of the present version",
        ),
        _rule(
            "R04",
            "项目库逐年更新，未更新的不列入计划",
            "The pool is refreshed every year; what is not refreshed enters no plan",
        ),
        _rule(
            "R05",
            "由谁代表东部确认、会签，由结对关系的参数定，定下即冻结在该事项上",
            "Who confirms and countersigns for the east is a parameter of the pair, frozen into each matter",
            f"{OWN}；各地做法不一",
        ),
        _rule(
            "R06",
            "资金投向不得调整；投向不符的终止后另行申报",
            "The nature of the money never changes; the project is terminated and another declared",
        ),
        _rule(
            "R07",
            "公示内容变了才重新公示；重大调整须在申请后重新公示",
            "A notice restarts only when its content changes; a material change is publicised after it was requested",
        ),
        _rule(
            "R08",
            "累计支付不超过本阶段的可支付上限：预付、进度、结算、质保各有算法",
            "What is paid so far stays within the cap of its stage: advance, progress, settlement, release",
            f"{OWN}；D41；工程价款结算办法的比例由参数 P15 给出，待核",
        ),
        _rule(
            "R09",
            "每笔支付按预算逐项拆分，同一年度，不按比例推算",
            "Each payment is split by named budgets of one year, never pro rata",
            f"{OWN}；D06",
        ),
        _rule(
            "R10",
            "资金在已开账、未结账的年度内动用；跨年先结转，在途支付办完才结账",
            "Money moves in an open year; carried over first, and a year closes when nothing is under way",
            f"{OWN}；《预算法》第十八条，待核",
        ),
        _rule(
            "R11",
            "已上报的月份冻结，只能登记月报调整",
            "A reported month is frozen; only an adjustment of it is entered",
        ),
        _rule(
            "R12",
            "审计通知暂停拨付的，解除前不付",
            "Nothing is paid while an audit notice suspends it",
            f"{OWN}；《审计法》第三十八条，待核",
        ),
        _rule(
            "R13",
            "验收前全部完成、工程量复核、缺陷整改；少做的先办变更",
            "Finished, measured again and mended before acceptance; less work needs a variation first",
        ),
        _rule(
            "R14",
            "项目业主的人员不进验收组",
            "Nobody of the owner sits on the panel that accepts",
        ),
        _rule(
            "R15",
            "标段、请款、支付、审计问题都办结，项目才评价和归档",
            "A project is evaluated and closed when lots, claims, payments and findings are",
        ),
        _rule(
            "R16",
            "密钥由上一级登记员确认，审批和支付的密钥过等待期才生效",
            "A registrar one level up confirms a key; approver and payer keys act after a delay",
        ),
        _rule(
            "R17",
            "登记人员前先比对人员库，由登记员声明没有重复",
            "A registrar looks a person up first and attests that no duplicate exists",
        ),
        _rule(
            "R18",
            "代理不得再委托",
            "A delegation never chains",
        ),
        _rule(
            "R19",
            "规则版本逐一递增，从以后的条目起生效",
            "Versions of the rules rise one by one and start at an entry still to come",
        ),
        _rule(
            "R20",
            "依据资金调整变更合同的，方向与调整一致，累计不超过调整的差额",
            "Contracts varied on a change of the approved amount go its way, together within its difference",
            f"{OWN}；D40",
        ),
    )
}


def platform(number: str) -> str:
    """Return how a guard cites a rule.

    Raises:
        KeyError: If there is no such rule.
    """
    return f"平台规则 {PLATFORM_RULES[number].number} Shanhai rule"
