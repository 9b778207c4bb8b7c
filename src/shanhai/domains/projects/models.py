"""Tables of the project life cycle."""

from shanhai.acts import (
    asset,
    change,
    lot,
    notice,
    opening,
    procurement,
    project,
    project_review,
    settlement,
)
from shanhai.domains.rows import Row


class Project(Row, of=project.Project, by=("region", "state", "owner")):
    """Projects."""


class Appraisal(Row, of=project_review.Appraisal, by=("project",)):
    """Departments' appraisals."""


class Notice(Row, of=notice.Notice, by=("project", "state")):
    """Public notices."""


class Objection(Row, of=notice.Objection, by=("notice", "project")):
    """Objections to notices."""


class Lot(Row, of=lot.Lot, by=("project", "state region")):
    """Lots."""


class Award(Row, of=procurement.Award, by=("lot",)):
    """Tenders and awards."""


class Settlement(Row, of=settlement.Settlement, by=("project",)):
    """Settlements."""


class Asset(Row, of=asset.Asset, by=("project",)):
    """Assets."""


class Change(Row, of=change.Change, by=("project",)):
    """Project changes."""


class Opening(Row, of=opening.Opening, by=("project",)):
    """Opening balances."""
