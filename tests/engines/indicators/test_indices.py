"""Published indices written as schemes: HDI with its inequality adjustment, GII, and the TAI with its own goalposts."""

import numpy as np
import pytest

from engines.indicators.schemes import HEAD, ran

HDI = (
    HEAD
    + """
[data]
unit = "country"
[[derive]]
column = "education"
formula = "mean(min(eys, 18) / 18, min(mys, 15) / 15)"
[[derive]]
column = "income"
formula = "(ln(clip(gni, 100, 75000)) - ln(100)) / (ln(75000) - ln(100))"
[[indicators]]
code = "health"
column = "le"
goalposts = [20, 85]
normalise = "goalposts"
[[indicators]]
code = "education"
[[indicators]]
code = "income"
[[steps]]
step = "normalise"
method = "none"
[aggregate]
method = "geometric"
"""
)


def test_the_hdi_comes_out() -> None:
    data = "country,le,eys,mys,gni\na,84.0,19.2,13.9,120000\nb,61.5,9.1,4.4,2100\n"
    found = ran(HDI, data).combined.scores
    for row, (le, eys, mys, gni) in enumerate(((84.0, 18, 13.9, 75000), (61.5, 9.1, 4.4, 2100))):
        parts = [(le - 20) / 65, (eys / 18 + mys / 15) / 2]
        parts.append((np.log(gni) - np.log(100)) / (np.log(75000) - np.log(100)))
        assert found[row] == pytest.approx(np.prod(parts) ** (1 / 3), abs=1e-12)


IHDI = (
    HDI.replace('column = "education"\nformula = "', 'column = "education0"\nformula = "')
    .replace(
        '[[indicators]]\ncode = "health"',
        """[[derive]]
column = "education"
formula = "education0 * (1 - a_education)"
[[derive]]
column = "health"
formula = "clip((le - 20) / 65, 0, 1) * (1 - a_health)"
[[indicators]]
code = "health\"""",
    )
    .replace('column = "le"\ngoalposts = [20, 85]\nnormalise = "goalposts"\n', "")
)


def test_the_inequality_adjusted_hdi_multiplies_each_dimension() -> None:
    data = "country,le,eys,mys,gni,a_health,a_education\na,72,14,9,15000,0.1,0.2\n"
    plain = ran(HDI, data).combined.scores[0]
    assert ran(IHDI, data).combined.scores[0] == pytest.approx(plain * (0.9 * 0.8) ** (1 / 3))


GII = (
    HEAD
    + """
[data]
unit = "country"
[[derive]]
column = "seats"
formula = "where(pr_f == 0, 0.001, pr_f)"
[[derive]]
column = "motherhood"
formula = "sqrt(10 / clip(mmr, 10, 1000) / abr)"
[[derive]]
column = "women"
formula = "(motherhood * sqrt(seats * se_f) * lf_f) ^ (1/3)"
[[derive]]
column = "men"
formula = "(sqrt((1 - seats) * se_m) * lf_m) ^ (1/3)"
[[derive]]
column = "health"
formula = "(motherhood + 1) / 2"
[[derive]]
column = "empowerment"
formula = "(sqrt(seats * se_f) + sqrt((1 - seats) * se_m)) / 2"
[[derive]]
column = "labour"
formula = "(lf_f + lf_m) / 2"
[[nodes]]
code = "gii"
aggregate = { method = "formula", formula = "1 - harm / even" }
[[nodes]]
code = "harm"
parent = "gii"
aggregate = "harmonic"
[[nodes]]
code = "even"
parent = "gii"
aggregate = "geometric"
"""
    + "".join(
        f'[[indicators]]\ncode = "{code}"\nparent = "{parent}"\n'
        for code, parent in (
            ("women", "harm"),
            ("men", "harm"),
            ("health", "even"),
            ("empowerment", "even"),
            ("labour", "even"),
        )
    )
)


def test_the_gii_comes_out() -> None:
    data = "country,mmr,abr,pr_f,se_f,se_m,lf_f,lf_m\na,2,4.2,0.45,0.92,0.93,0.61,0.68\nb,500,90,0,0.1,0.2,0.5,0.8\n"
    found = ran(GII, data).combined.values["gii"]
    for row, (mmr, abr, pr, sf, sm, lf, lm) in enumerate(
        ((10, 4.2, 0.45, 0.92, 0.93, 0.61, 0.68), (500, 90, 0.001, 0.1, 0.2, 0.5, 0.8))
    ):
        mother = np.sqrt(10 / mmr / abr)
        women, men = (
            (mother * np.sqrt(pr * sf) * lf) ** (1 / 3),
            (np.sqrt((1 - pr) * sm) * lm) ** (1 / 3),
        )
        harm = 2 / (1 / women + 1 / men)
        even = (
            (mother + 1) / 2 * (np.sqrt(pr * sf) + np.sqrt((1 - pr) * sm)) / 2 * (lf + lm) / 2
        ) ** (1 / 3)
        assert found[row] == pytest.approx(1 - harm / even, abs=1e-12)


POSTS: dict[str, tuple[float, ...]] = {
    "patents": (0, 994),
    "royalties": (0, 272.6),
    "internet": (0, 232.4),
    "exports": (0, 80.8),
    "schooling": (0.8, 12),
    "university": (0.1, 27.4),
}
LOGS = "".join(
    f'[[derive]]\ncolumn = "{name}"\nformula = "log10({column})"\n'
    for name, column in (("phones", "telephones"), ("power", "electricity"))
)
POSTS |= {"phones": (0, float(np.log10(901))), "power": tuple(np.log10([22, 6969]).tolist())}
TAI = HEAD + LOGS
TAI += "".join(
    f'[[indicators]]\ncode = "{code}"\ngoalposts = [{low}, {high}]\n'
    for code, (low, high) in POSTS.items()
)
TAI += '[[steps]]\nstep = "normalise"\nmethod = "goalposts"\n'
DATA = """unit,patents,royalties,internet,exports,telephones,electricity,schooling,university
fin,187,125.6,200.2,50.7,1203,14129,10.0,27.4
usa,289,130.0,179.1,66.2,993,11832,12.0,13.9
"""


def test_the_tai_takes_its_goalposts_from_the_scheme_not_from_the_data() -> None:
    both = ran(TAI, DATA).combined.scores
    alone = ran(TAI, "\n".join(DATA.splitlines()[:2])).combined.scores
    assert both[0] == alone[0]
    parts = [187 / 994, 125.6 / 272.6, 200.2 / 232.4, 50.7 / 80.8, (10 - 0.8) / 11.2, 1.0, 1.0, 1.0]
    assert both[0] == pytest.approx(np.mean(parts))
    assert both[0] == pytest.approx(0.744, abs=0.001)  # as the report of 2001 prints it
