"""What rules of acts find: asked with the redemption and what somebody wants to do with it."""

from collections.abc import Iterable

from pkgredeem._model.finding import Finding
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.rule import Rule


def act_findings(
    rules: Iterable[Rule],
    redemption: Redemption,
    request: Request,
    package: Package | None = None,
) -> tuple[Finding, ...]:
    """Return what these rules find about an act, about a package where one is given."""
    subject, name = ("", "") if package is None else (package.id, package.name)
    answers = ((rule, rule.condition(redemption, request)) for rule in rules)
    return tuple(
        [rule.finding_for(answer, subject, name) for rule, answer in answers if answer is not False]
    )
