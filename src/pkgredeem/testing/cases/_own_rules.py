"""Which rules of a policy are the caller's own, and what these need of a case."""

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import Case, InvalidValueError, RedemptionPolicy, Rule, Rulebook, rules
from pkgredeem.testing.cases._leaves import reads_the_calendar

_LIBRARY_RULES: Final = frozenset(rules.EVERY_RULE)
_UTC: Final = ZoneInfo("UTC")


def own_rules(rulebook: Rulebook) -> tuple[Rule, ...]:
    """Return the rules that are not the library's: added ones, and replacements."""
    return tuple(rule for rule in rulebook.rules if rule not in _LIBRARY_RULES)


def answerable(policy: RedemptionPolicy, case: Case) -> Case:
    """Return the case, in UTC when its account has no zone and a package or a rule asks for one.

    Such a rule says that the account lacks its zone (`Case.local`): this is no fault of the rule.
    """
    if case.account.time_zone is None and (
        reads_the_calendar(case) or _lacks_its_zone(policy, case)
    ):
        return replace(case, account=replace(case.account, time_zone=_UTC))
    return case


def _lacks_its_zone(policy: RedemptionPolicy, case: Case) -> bool:
    """Return whether one of the caller's own rules asks for local time."""
    if own_rules(policy.rulebook):
        try:
            policy.decide_case(case)
        except InvalidValueError as error:
            return error.field == "AccountSettings.time_zone"
        except Exception:  # noqa: BLE001, S110  (whoever asks next raises it again)
            pass
    return False
