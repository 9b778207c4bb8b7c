"""Admitting an act: `judge` without words, for the many acts against which nothing speaks.

Append and replay ask here first and ask `judge` only where the answer is None: so every refusal, its code and
its order come from one place, and what is admitted here `judge` accepts with the same changes (tested on
every scenario of `tests/acts`). The function that admits an act is written from its declaration (`admits`).
"""

from shanhai.acts.machine.admits import admits
from shanhai.acts.machine.judge import HALTING
from shanhai.acts.machine.live import Live
from shanhai.acts.machine.objects import Object
from shanhai.acts.machine.registry import Act
from shanhai.acts.machine.view import Changed, Rows, State, Store, View
from shanhai.kernel.clock import Moment
from shanhai.kernel.suite import Suite
from shanhai.ledger.body import Body


class Admission:
    """Admits the acts of one block, one after another; what is admitted stands in the block's state."""

    def __init__(self, state: State, suite: Suite) -> None:
        self._view = Live(state, suite)
        self._rules, self._made = 0, admits(0)

    def admit(self, body: Body, payload: Act, at: Moment) -> Changed | None:
        """Return what an act changed, or None where `judge` has to say why not; then nothing changed.

        Args:
            body: What was signed.
            payload: The decoded act.
            at: Index, ledger time and rules version of the entry to be.
        """
        view = self._view
        if at.rules != self._rules:
            self._rules, self._made = at.rules, admits(at.rules)
        view.begin(at.rules)
        accepted = False
        try:
            accepted = self._made[type(payload)](view, body, payload, at)
        except HALTING:
            raise
        except Exception:  # noqa: BLE001 - frozen decision 27: `judge` meets it again and says so
            return None
        finally:
            if not accepted:
                view.take_back()
        return view.changed if accepted else None

    def lay(self, changed: Changed) -> Changed:
        """Put into the state what `judge` accepted."""
        self._view.begin(self._rules)
        for new in changed.values():
            self._view.note(new)
        return changed

    @property
    def before(self) -> list[tuple[Rows, str, Object | None]]:
        """Return what stood in the state before the last act: rows, id, object."""
        return self._view.before

    def take_back(self) -> None:
        """Take the last act's changes out of the state: it cannot be entered after all."""
        self._view.take_back()


def admitted(
    store: Store | View, suite: Suite, body: Body, payload: Act, at: Moment
) -> Changed | None:
    """Return what one act changes, or None where `judge` has to say why not; writes nothing.

    Args:
        store: State before the act.
        suite: The ledger's hash.
        body: What was signed.
        payload: The decoded act.
        at: Index, ledger time and rules version of the entry to be.
    """
    return Admission(State(store), suite).admit(body, payload, at)
