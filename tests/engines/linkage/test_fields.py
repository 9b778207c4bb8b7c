"""Dates in four styles, phones, regions, addresses, names: what is read, and what is not guessed."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.engines.linkage import fields, names

TODAY = date(2026, 11, 25)


def one_date(text: str, order: str = "ymd") -> str | None:
    found: str | None = fields.dates(pa.array([text]), TODAY, order).values[0].as_py()
    return found


@pytest.mark.parametrize(
    "text",
    [
        "19990102",
        "1999-01-02",
        "1999/1/2",
        "1999年1月2日",
        "1999.1.2",
        "１９９９－０１－０２",
        "1999-1-2 08:00:00",
    ],
)
def test_every_style_of_a_date_is_the_date(text: str) -> None:
    assert one_date(text) == "19990102"


@pytest.mark.parametrize(
    "text", ["1999-02-30", "2026-11-26", "1799-12-31", "2/1/1999", "36526", "昨天"]
)
def test_what_is_no_date_or_could_be_two_is_not_read(text: str) -> None:
    assert one_date(text) is None
    assert fields.dates(pa.array([text]), TODAY).bad.tolist() == [True]


def test_dates_with_the_year_last_follow_the_spec_or_the_calendar() -> None:
    assert one_date("2/1/1999", "dmy") == "19990102"
    assert one_date("2/1/1999", "mdy") == "19990201"
    assert one_date("1/13/1999") == one_date("13/1/1999") == "19990113"


@given(st.dates(date(1800, 1, 1), TODAY))
def test_every_day_is_read_back(day: date) -> None:
    assert (
        one_date(day.isoformat())
        == one_date(f"{day:%Y}年{day.month}月{day.day}日")
        == f"{day:%Y%m%d}"
    )


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("138 0013 8001", "13800138001"),
        ("+86-13800138001", "13800138001"),
        ("13800138001/13900139001", "13800138001"),
        ("0816-1234567转12", "08161234567"),
        ("00000000000", None),
        ("12345", None),
    ],
)
def test_phones_are_digits(text: str, phone: str | None) -> None:
    assert fields.phones(pa.array([text])).values.to_pylist() == [phone]


def test_sexes_and_regions_are_codes() -> None:
    sexes = fields.sexes(pa.array(["男", "f", "1", "9", "x", None]))
    assert sexes.values.to_pylist() == ["M", "F", "M", None, None, None]
    assert sexes.bad.tolist() == [False, False, False, False, True, False]
    found = fields.region_codes(pa.array(["510722", "510722100", "510722100201", "51", "990000"]))
    assert found.values.to_pylist() == ["510722000000", "510722100000", "510722100201", None, None]


def test_addresses_are_compared_without_their_dress() -> None:
    written = pa.array(
        ["中国四川省三台县 潼川镇，一村二十五组3号", "三台村村委会十社", "城关社区十二号", "-"]
    )
    assert fields.addresses(written).to_pylist() == [
        "四川省三台县潼川镇一村25组3号",
        "三台村10组",
        "城关社区12号",
        None,
    ]


def test_names_have_forms_that_survive_other_writings() -> None:
    found = names.forms(
        pa.array(["張偉", "欧阳修", "单雄信", "买买提•阿不都", "John Smith", "不详", None])
    )
    assert found.name.to_pylist() == [
        "张伟",
        "欧阳修",
        "单雄信",
        "买买提阿不都",
        "JOHNSMITH",
        None,
        None,
    ]
    assert found.surname.to_pylist()[:4] == ["张", "欧阳", "单", "买"]
    assert found.sound.to_pylist()[2] == "shan xiong xin"
    assert (found.frame[3].as_py(), found.turned[3].as_py()) == ("mmtabd", "abdmmt")


@given(
    st.lists(
        st.text(st.sampled_from("张伟阿不都·单欧阳修X 國"), max_size=6), min_size=1, max_size=5
    )
)
def test_columns_of_names_are_done_as_names_are_one_by_one(texts: list[str]) -> None:
    columns = names.forms(pa.array(texts))
    for at, clean in enumerate(names.clean(pa.array(texts)).to_pylist()):
        slow = names.one_by_one(clean) if clean else (None,) * 5
        assert tuple(column[at].as_py() for column in columns) == slow
