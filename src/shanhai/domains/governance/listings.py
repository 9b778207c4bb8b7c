"""Lists of organisations, officers, keys, parameters and releases."""

from shanhai.acts import epoch, governance, key, officer, state, validator, witness_policy
from shanhai.acts.machine import Key, Person, Post, Setting
from shanhai.domains.listings import listing

listing(
    officer.Organisation,
    ("name", "kind", "region", "code", "state"),
    filters=("region", "kind", "state"),
    search=("name", "code"),
)
listing(Person, ("id", "organisation", "region"), filters=("organisation", "region"))
listing(
    Post,
    ("id", "person", "role", "organisation", "region", "from_ms", "to_ms", "state"),
    filters=("person", "role", "organisation", "region", "state"),
)
listing(
    Key, ("id", "person", "alg", "custody", "confirmed_ms", "state"), filters=("person", "state")
)
listing(
    key.Invitation,
    ("id", "person", "organisation", "due_ms", "state"),
    filters=("person", "state"),
)
listing(
    Setting, ("parameter", "region"), filters=("region",), search=("parameter",), order="parameter"
)
listing(
    governance.ParameterChange,
    ("parameter", "region", "state"),
    filters=("region", "state"),
    search=("parameter",),
)
listing(governance.Release, ("version", "region", "state"), filters=("state",), search=("version",))
listing(
    validator.ValidatorChange,
    ("name", "organisation", "power", "since_height", "state"),
    filters=("organisation", "state"),
    search=("name",),
)
listing(state.StateRoot, ("id", "region", "size", "root", "recorded_ms"))
listing(epoch.Epoch, ("id", "region", "kept_size", "lost_size", "reason", "opened_ms"))
listing(
    witness_policy.WitnessPolicy,
    ("id", "log", "faults", "state"),
    filters=("state",),
)
