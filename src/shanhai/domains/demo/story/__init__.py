"""The demonstration's story, one module a chapter; every act in it passes the judge as anybody's would."""

from collections.abc import Callable
from typing import NamedTuple

from shanhai.domains.demo.story import (
    beginning,
    changes,
    funding,
    oversight,
    published,
    side_exits,
    sites_2024,
    sites_2025,
    this_week,
    years,
)
from shanhai.domains.demo.story.whole import Story


class Chapter(NamedTuple):
    """A part of the story: what it is called, and what plays it."""

    title: str
    play: Callable[[Story], None]


CHAPTERS = (
    Chapter("登记单位、人员、岗位和密钥 Officers and their keys", beginning.enrol),
    Chapter("结对 The pair", beginning.pair),
    Chapter("2024 年协议和资金 Agreement and money of 2024", funding.of_2024),
    Chapter("2024 年项目 Projects of 2024", years.of_2024),
    Chapter("2024 年第二笔资金 More money of 2024", funding.more_of_2024),
    Chapter("2024 年实施、支付、验收 Built, paid and accepted in 2024", sites_2024.build),
    Chapter("2024 年结转和决算 Year's end of 2024", funding.end_of_2024),
    Chapter("2025 年协议和资金 Agreement and money of 2025", funding.of_2025),
    Chapter("2025 年项目 Projects of 2025", years.of_2025),
    Chapter("2025 年实施和支付 Built and paid in 2025", sites_2025.build),
    Chapter("中止、终止、退款 Halted, ended, refunded", sites_2025.halt),
    Chapter("2026 年项目库 Pool of 2026", years.pool_2026),
    Chapter("质保金 Retentions", sites_2024.retentions),
    Chapter("2025 年结转和决算 Year's end of 2025", funding.end_of_2025),
    Chapter("2026 年协议和资金 Agreement and money of 2026", funding.of_2026),
    Chapter("归档 Archived", sites_2024.archive),
    Chapter("2026 年计划 Plan of 2026", years.plan_2026),
    Chapter("结算移交 Settled and handed over", sites_2025.finish_solar),
    Chapter("期初项目 Running projects brought in", side_exits.opening),
    Chapter("退回、不予通过、撤回、出库 Side exits", side_exits.before_plan),
    Chapter("春季采购 Tenders of the spring", sites_2025.buy_more),
    Chapter("项目调整 Changes", changes.settle),
    Chapter("审计 Findings", oversight.audit),
    Chapter("2026 年春季申报 Declared in spring", years.spring_2026),
    Chapter("本月资金 Money of the month", funding.this_month),
    Chapter("本周工地 Sites of the week", this_week.build),
    Chapter("各环节待办 Work to do at each stage", years.under_way),
    Chapter("本周请款和支付 Claims and payments of the week", this_week.claim),
    Chapter("更正和代理 A correction, an officer on leave", changes.correct),
    Chapter("月报和规则 A month reported, a rule proposed", changes.report),
    Chapter("暂停拨付 Holds", oversight.hold),
    Chapter("正在公示和异议 Notices running, an objection", years.notices),
    Chapter("已公布的结对关系 Published pairs", published.record_pairs),
    Chapter(
        "已公布的项目（经表格导入） Published projects, through the import",
        published.record_projects,
    ),
)
