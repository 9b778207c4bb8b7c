"""What the charts are told: plain numbers and words; the script draws, the table beside says the same."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shanhai.data.facts import FigureKind
from shanhai.domains.portal.figures import AID_YEARS, AidRow, Spine
from shanhai.web.middleware import language

FIRST_YEAR, LAST_YEAR = 1996, 2025


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def ends(period: str) -> tuple[int, int]:
    """Return the first and last year of a period: `2019`, `1996-2007`, `2017-2020-06`."""
    years = [int(part) for part in period.split("-") if len(part) == 4]  # noqa: PLR2004 - a year
    return years[0], years[-1]


def spine_chart(rows: list[Spine]) -> dict[str, Any]:
    """Return the national figures in lanes that never mix: single years above, periods below.

    A whole year and a part of a year stand side by side in different patterns; a year without a source
    is a gap; figures over several years are bars over their years, their length is time and not money.
    """
    singles = [row for row in rows if row.kind is not FigureKind.CUMULATIVE]
    periods = sorted(
        (row for row in rows if row.kind is FigureKind.CUMULATIVE), key=lambda r: ends(r.period)
    )
    return {
        "years": list(range(FIRST_YEAR, LAST_YEAR + 1)),
        "singles": [
            {
                "year": ends(row.period)[0],
                "value": _number(row.value),
                "kind": row.kind.value,
                "label": row.kind.text.say(language()),
                "note": f"{row.as_of} · {row.publisher.say(language())}" if row.as_of else "",
            }
            for row in singles
        ],
        "periods": [
            {
                "from": ends(row.period)[0],
                "to": ends(row.period)[1],
                "period": row.period,
                "value": str(row.value),
                "social": row.social,
                "publisher": row.publisher.say(language()),
            }
            for row in periods
        ],
        "words": spine_words(),
    }


def spine_words() -> dict[str, str]:
    """Return the words of the national chart."""
    return {
        "unit": _("亿元"),
        "year": _("全年"),
        "part": _("年内截至"),
        "unknown": _("无来源"),
        "none": _("2018 年以前没有单年的全国数字，只有多年累计（见下）"),
        "few": _("没有单年数字"),
        "fiscal": _("财政援助，多年累计"),
        "social": _("财政与社会合计，多年累计"),
        "title": _("1996 年以来全国东西部协作财政援助"),
        "source": _("来源"),
    }


def aid_chart(rows: list[AidRow]) -> dict[str, Any]:
    """Return provincial aid by year, the national row left out; unknown stays null."""
    own = [row for row in rows if row.code != "000000"]
    return {
        "years": list(AID_YEARS),
        "rows": [
            {
                "name": row.name.say(language()),
                "values": [_number(aid.value) for aid in row.years],
            }
            for row in own
        ],
        "words": {
            "unit": _("亿元"),
            "title": _("各省援助其他地区支出"),
            "unknown": _("无来源"),
        },
    }
