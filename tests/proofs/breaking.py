"""Ways to break a function: negated, dropped, and its boundaries moved by one.

A function is broken where it stands, by another code object, so that every rulebook and every test
that holds it holds a broken one. This is for a process that ends afterwards.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType

from pkgredeem import (
    CancellationTerms,
    Entitlement,
    Hours,
    Package,
    Pause,
    Redemption,
    Rule,
    rules,
)
from pkgredeem._model import counting

_OTHER_SIDE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_FACTS = (
    Package.is_active,
    Package.is_over_by,
    Package.has_started_by,
    Package.is_closed_for_booking,
    Package._can_be_used,
    Entitlement.has_started_by,
    Entitlement.is_over_by,
    Entitlement.has,
    Pause.includes,
    Hours.includes,
    CancellationTerms.tier_at,
    Redemption.tier_at,
    Redemption.open_until,
    Redemption.was_booked_late,
    Redemption.has_started_by,
    counting.uses_counted,
    counting.full_quota,
    counting._most_in_a_row,
)
#: A quota is capacity: the engine counts its places, and tells of the rule without asking it (D56).
NEVER_ASKED = rules.quota_reached
#: Breaks that change no answer: whatever they let in is there already, or says the same.
_HARMLESS = frozenset(
    {
        "`day < first` made `day <= first`",
        "`first <= day` made `first < day`",
    }
)


@dataclass(frozen=True)
class Break:
    """One way to break one function: which one, how, and the code that it gets."""

    function: FunctionType
    name: str
    how: str
    code: CodeType

    def do(self) -> None:
        """Break it, in this process."""
        whole = FunctionType(self.function.__code__, self.function.__globals__)
        self.function.__globals__[_whole_name(self.function)] = whole
        self.function.__code__ = self.code


def every_break() -> list[Break]:
    """Return every break of every rule, and of the facts that hold a rule's boundary."""
    broken: list[Break] = []
    for module in (rules.article, rules.plans, rules.acts):
        for found in vars(module).values():
            if isinstance(found, Rule) and found.condition.__module__ == module.__name__:
                if found is NEVER_ASKED:
                    continue
                condition = _function(found.condition)
                broken += [*_answers(condition), *_boundaries(condition)]
    for fact in _FACTS:
        broken += _boundaries(_function(fact))
    return broken


def _function(found: object) -> FunctionType:
    assert isinstance(found, FunctionType)
    return found


def _name(function: FunctionType) -> str:
    module = function.__module__.removeprefix("pkgredeem.")
    return f"{module}.{function.__qualname__}"


def _whole_name(function: FunctionType) -> str:
    return f"_whole_{function.__name__}"


def _answers(function: FunctionType) -> Iterator[Break]:
    """Yield the function with its answer turned round, and without any."""
    names = ", ".join(inspect.signature(function).parameters)
    whole = f"{_whole_name(function)}({names})"
    for how, answer in (("negated", f"not {whole}"), ("dropped", "False")):
        source = f"def {function.__name__}({names}): return {answer}"
        yield Break(function, _name(function), how, _compiled(ast.parse(source)))


def _boundaries(function: FunctionType) -> Iterator[Break]:
    """Yield the function with one comparison made strict or lax, or one count moved by one."""
    source = textwrap.dedent(inspect.getsource(function))
    for place, node in enumerate(ast.walk(ast.parse(source))):
        for index in range(len(node.ops) if isinstance(node, ast.Compare) else 0):
            tree = ast.parse(source)
            compared = list(ast.walk(tree))[place]
            assert isinstance(compared, ast.Compare)
            how = _moved(compared, index)
            if how and how not in _HARMLESS:
                function_def = tree.body[0]
                assert isinstance(function_def, ast.FunctionDef)
                function_def.decorator_list = []
                yield Break(function, _name(function), how, _compiled(tree))


def _moved(node: ast.Compare, index: int) -> str:
    """Move one boundary of this comparison, if it is one; tell how."""
    before, limit = ast.unparse(node), node.comparators[index]
    if type(node.ops[index]) in _OTHER_SIDE:
        node.ops[index] = _OTHER_SIDE[type(node.ops[index])]()
    elif isinstance(limit, ast.Constant) and type(limit.value) is int:
        node.comparators[index] = ast.Constant(limit.value + 1)
    else:
        return ""
    return f"`{before}` made `{ast.unparse(node)}`"


def _compiled(tree: ast.Module) -> CodeType:
    made = compile(ast.fix_missing_locations(tree), "<broken>", "exec")
    return next(each for each in made.co_consts if isinstance(each, CodeType))
