"""Lists of findings, holds and corrections."""

from shanhai.acts import correction, finding, hold
from shanhai.domains.listings import listing

listing(
    finding.Finding,
    ("number", "project", "kind", "auditee", "suspected_fen", "amount_fen", "due_ms", "state"),
    filters=("project", "region", "kind", "auditee", "state"),
    search=("number", "order"),
)
listing(
    hold.Hold,
    ("number", "region", "approved_ms", "executed_ms", "lifted_ms", "state"),
    filters=("region", "state"),
    search=("number",),
)
listing(
    hold.HoldTarget,
    ("target", "kind", "hold", "active"),
    filters=("hold", "region", "kind", "target"),
)
listing(
    correction.Correction,
    ("target_noun", "target", "kind", "wrong", "entry", "in_force_ms", "state"),
    filters=("region", "kind", "target", "state"),
    search=("wrong", "target"),
)
