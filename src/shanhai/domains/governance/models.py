"""Tables of organisations, officers, keys, parameters and releases, and of what the machine derives."""

from shanhai.acts import epoch, genesis, governance, key, officer, state, validator, witness_policy
from shanhai.acts.machine import authority, objects, values
from shanhai.domains.rows import Row


class Ledger(Row, of=genesis.Ledger):
    """The ledger's constants: one row."""


class Organisation(Row, of=officer.Organisation, by=("region",)):
    """Organisations."""


class Person(Row, of=authority.Person, by=("organisation",)):
    """Persons, by committed name."""


class Post(Row, of=authority.Post, by=("person", "region role")):
    """Posts."""


class Key(Row, of=authority.Key, by=("person",)):
    """Keys."""


class Invitation(Row, of=key.Invitation, by=("person",)):
    """Key invitations."""


class Setting(Row, of=values.Setting):
    """Dated parameter values."""


class ParameterChange(Row, of=governance.ParameterChange):
    """Proposed parameter values."""


class Release(Row, of=governance.Release):
    """Releases of the signing bundle."""


class Ruleset(Row, of=governance.Ruleset):
    """Rules versions."""


class Validators(Row, of=validator.Validators):
    """Whose nodes vote in a consortium: one row."""


class ValidatorChange(Row, of=validator.ValidatorChange):
    """Proposed changes of validators."""


class StateRoot(Row, of=state.StateRoot):
    """What every object was at a fixed size of the log."""


class Epoch(Row, of=epoch.Epoch):
    """Epochs: new beginnings on an older state."""


class WitnessPolicy(Row, of=witness_policy.WitnessPolicy):
    """Witness policies, proposed and confirmed."""


class WitnessSteps(Row, of=witness_policy.WitnessSteps):
    """Which witness policy counts from which size on."""


class Did(Row, of=objects.Did):
    """Who ever did which act on what."""


class Total(Row, of=objects.Total):
    """Running totals; derived."""


class Holder(Row, of=objects.Holder):
    """Who holds which unique value; derived."""
