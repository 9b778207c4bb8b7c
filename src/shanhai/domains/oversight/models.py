"""Tables of holds, findings and corrections."""

from shanhai.acts import correction, finding, hold
from shanhai.domains.rows import Row


class Hold(Row, of=hold.Hold):
    """Holds on payment."""


class HoldTarget(Row, of=hold.HoldTarget, by=("hold",)):
    """What a hold stops."""


class Finding(Row, of=finding.Finding, by=("project",)):
    """Audit findings."""


class Correction(Row, of=correction.Correction):
    """Corrections."""
