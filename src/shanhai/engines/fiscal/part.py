"""A rule of a transfer, compiled: applied, refused with its place, and traced."""

from typing import Any, NamedTuple

from shanhai.engines.fiscal.arguments import Given
from shanhai.engines.fiscal.formula import Env
from shanhai.engines.fiscal.scheme import Rule
from shanhai.engines.fiscal.stages import Method
from shanhai.engines.fiscal.trace import FEN, Line, inputs_of, labelled
from shanhai.engines.fiscal.words import refuse


class Part(NamedTuple):
    """A compiled rule of a transfer."""

    rule: Rule
    method: Method
    given: Given
    place: str

    def run(self, env: Env, *first: Any) -> Any:
        """Apply the method.

        Raises:
            InvalidInputError: If it cannot compute; says where and why.
        """
        try:
            return self.method.function(*first, **self.given.values(env))
        except ValueError as error:
            if not error.args or not isinstance(error.args[0], str):
                raise
            raise refuse(
                "rule", place=self.place, method=self.rule.method, detail=str(error)
            ) from error

    def line(self, env: Env, name: str, values: Any) -> Line:
        """Return its line in the trace."""
        inputs = inputs_of(self.given.formulas, env)
        text = labelled(self.given.formulas)
        rule = self.rule
        return Line(name, rule.stage, rule.article, rule.method, text, FEN, inputs, values)
