"""The machine that every noun shares: declare it once, judge it anywhere."""

from shanhai.acts.machine.authority import Custody, Key, KeyState, Person, Post, PostState
from shanhai.acts.machine.fields import (
    Field,
    amount,
    commitment,
    count,
    digest,
    fields_of,
    flag,
    label,
    moment,
    permille,
    ref,
    refs,
    region,
    rows,
    word,
)
from shanhai.acts.machine.judge import Case, Verdict, judge, on_digest
from shanhai.acts.machine.objects import NOUNS, Did, Object, Sum, noun
from shanhai.acts.machine.registry import ACTS, Act, Grade, Guard, Never, Row, act, guard
from shanhai.acts.machine.values import PARAMETERS, Dated, Parameter, Setting, Standing
from shanhai.acts.machine.view import Store, View
from shanhai.kernel.errors import Refused
from shanhai.kernel.text import Choice, Facts, Text

__all__ = [
    "ACTS",
    "NOUNS",
    "PARAMETERS",
    "Act",
    "Case",
    "Choice",
    "Custody",
    "Dated",
    "Did",
    "Facts",
    "Field",
    "Grade",
    "Guard",
    "Key",
    "KeyState",
    "Never",
    "Object",
    "Parameter",
    "Person",
    "Post",
    "PostState",
    "Refused",
    "Row",
    "Setting",
    "Standing",
    "Store",
    "Sum",
    "Text",
    "Verdict",
    "View",
    "act",
    "amount",
    "commitment",
    "count",
    "digest",
    "fields_of",
    "flag",
    "guard",
    "judge",
    "label",
    "moment",
    "noun",
    "on_digest",
    "permille",
    "ref",
    "refs",
    "region",
    "rows",
    "word",
]
