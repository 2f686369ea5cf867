"""Which rules of a rulebook are the library's, and which are the caller's own."""

from typing import Final

from pkgredeem import Rule, Rulebook, rules

_SHIPPED: Final = rules.TIMELY_2026_03


def own_rules(rulebook: Rulebook) -> tuple[Rule, ...]:
    """Return the rules that are not the library's: added ones, and replaced ones."""
    return tuple(each for each in rulebook.rules if each not in _SHIPPED.rules)


def shipped_part(rulebook: Rulebook) -> Rulebook:
    """Return the rulebook without the caller's own rules.

    Where such a rule replaced one that can't be lifted, that one is there again.
    """
    kept = [each for each in rulebook.rules if each in _SHIPPED.rules]
    codes = {each.code for each in kept}
    kept += [each for each in _SHIPPED.rules if each.code not in codes and not each.can_be_lifted]
    return Rulebook(
        name=rulebook.name,
        starts_enabled_after=rulebook.starts_enabled_after,
        rules=tuple(kept),
    )
