"""How the rules of a rulebook are asked: one function a scope, with the loop over them written out.

A rule costs no more than the loop around it does, and the interpreter calls faster where one place
in the code always calls the same function. So the questions of a scope are written one below the
other, as `dataclasses` writes a constructor. Each is this much and no more:

    answer = condition_0(case, package)
    if answer is not False:
        found += (found_0(answer, package.id),)

No rule text: what is asked, and in what order, is the rulebook's.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, cast, final

from pkgredeem._finding import Finding
from pkgredeem._rule import Condition, Rule
from pkgredeem._words import CardCaptureOutcome, Scope

if TYPE_CHECKING:
    from pkgredeem._allocation import Cover
    from pkgredeem._case import Case
    from pkgredeem._packages import Package
    from pkgredeem._rulebook import Rulebook
    from pkgredeem._values import AccountSettings, Client

Findings: TypeAlias = tuple[Finding, ...]

_ASK = """\
def ask({takes}):
    found = ()
    {questions}return found
"""
_QUESTION = """\
answer = condition_{place}({looks_at})
    if answer is not False:
        found += ({found},)
    """


@final
class Asked:
    """The rules of a rulebook as they are asked: each function asks all of its scope.

    Attributes:
        who: asks the account rules and the client rules.
        package: asks the package rules about one package.
        credit: the credit rules that can be lifted, each condition with its rule.
        not_named: the rule that the entitlement does not name the service.
        names_not: its condition.
        lacking: the rule that a credit is lacking.
        lacks: its condition.
        booking: asks the booking rules.
        note: asks the note rules.
        one_only: whether T10 is in force.
    """

    __slots__ = (
        "booking",
        "credit",
        "lacking",
        "lacks",
        "names_not",
        "not_named",
        "note",
        "one_only",
        "package",
        "who",
    )

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        """Write out what asks these rules, in their order."""
        by_code = {each.code: each for each in rules}

        def of(scope: Scope) -> list[Rule]:
            return [each for each in rules if each.scope is scope]

        self.who: Callable[[AccountSettings, Client, Rulebook], Findings] = _written_out(
            "account, client, rulebook",
            (of(Scope.ACCOUNT), "account, rulebook"),
            (of(Scope.CLIENT), "client"),
        )
        self.package: Callable[[Case, Package], Findings] = _written_out(
            "case, package", (of(Scope.PACKAGE), "case, package"), about="package.id"
        )
        self.credit: tuple[tuple[Condition, Rule], ...] = tuple(
            (each.condition, each) for each in of(Scope.CREDIT) if each.can_be_lifted
        )
        self.not_named: Rule = by_code["service_not_in_package"]
        self.names_not: Condition = self.not_named.condition
        self.lacking: Rule = by_code["not_enough_credits"]
        self.lacks: Condition = self.lacking.condition
        self.booking: Callable[[Case, Cover], Findings] = _written_out(
            "case, cover", (of(Scope.BOOKING), "case, cover")
        )
        self.note: Callable[[Case, CardCaptureOutcome], Findings] = _written_out(
            "case, card_capture", (of(Scope.NOTE), "case, card_capture")
        )
        self.one_only: bool = "several_active_packages" in by_code


def _written_out(
    takes: str, *asked: tuple[Iterable[Rule], str], about: str = ""
) -> Callable[..., Findings]:
    """Return the function that asks all these rules and returns what they found.

    Args:
        takes: the names of what the function takes.
        asked: rules, and which of these names their conditions look at.
        about: what their findings are about; empty where they are about the case as a whole, so
            that a finding without facts is the same each time.
    """
    names: dict[str, Any] = {}
    questions: list[str] = []
    for rules, looks_at in asked:
        for rule in rules:
            place = len(questions)
            names[f"condition_{place}"] = rule.condition
            names[f"found_{place}"] = rule.found
            if about:
                found = f"found_{place}(answer, {about})"
            else:
                names[f"plain_{place}"] = rule.found(answer=True)
                found = f"plain_{place} if answer is True else found_{place}(answer)"
            questions.append(_QUESTION.format(place=place, looks_at=looks_at, found=found))
    exec(_ASK.format(takes=takes, questions="".join(questions)), names)  # noqa: S102 - see above
    return cast("Callable[..., Findings]", names["ask"])
