"""Whether an entry was taken out of effect (作废) by a later one, which proof files state."""

from shanhai.acts.correction import Correction, CorrectionKind, CorrectionState
from shanhai.domains.book.models import Timeline
from shanhai.domains.rows import row_of
from shanhai.node.schema import TOUCHED_BITS


def voided_by(index: int) -> int:
    """Return the index of the entry that voided an entry, 0 for none (entry 0 voids nothing).

    A correction in force is never touched again, so the last entry that touched it is the one that
    put it in force.

    Args:
        index: The entry asked about.
    """
    corrections = row_of(Correction).objects.filter(
        entry=index, kind=CorrectionKind.VOID.value, state=CorrectionState.IN_FORCE.value
    )
    ids = list(corrections.values_list("pk", flat=True))
    if not ids:
        return 0
    touched = Timeline.objects.filter(object_id__in=ids, noun=Correction.noun)
    last = touched.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last >> TOUCHED_BITS
