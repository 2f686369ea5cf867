"""Which policy is asked: a rulebook of the library by name, or the caller's own by its module."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType
from typing import Final

from pkgredeem import InvalidValueError, RedemptionPolicy, Rulebook, rules

#: The rulebooks that have a name.
RULEBOOKS: Final[Mapping[str, Rulebook]] = MappingProxyType(
    {each.name: each for each in (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)}
)


def nearest(word: object, known: Iterable[str]) -> str:
    """Return what to give in place of a word that is not known: the nearest one, or all of them."""
    listed = list(known)
    guesses = get_close_matches(word, listed, n=1) if isinstance(word, str) else []
    return guesses[0] if guesses else f"one of {', '.join(listed)}"


def checked_policy(field: str, policy: object) -> RedemptionPolicy:
    """Return the policy.

    Raises:
        InvalidValueError: it is no `RedemptionPolicy`.
    """
    if not isinstance(policy, RedemptionPolicy):
        raise InvalidValueError(field, policy, "a RedemptionPolicy")
    return policy


def policy_of(*, rulebook: str | None = None, policy: str | None = None) -> RedemptionPolicy:
    """Return the policy that is chosen by the name of a rulebook or by a dotted name.

    Args:
        rulebook: the name of a rulebook of the library; None or empty for the default.
        policy: `package.module:name` of a `RedemptionPolicy` or a `Rulebook`; None or empty for
            none.

    Raises:
        InvalidValueError: both are chosen, a name is not known, or it stands for something else.
        ImportError: the module can't be imported; whatever else it raises reaches the caller.
    """
    if rulebook and policy:
        raise InvalidValueError("policy", policy, "left out beside a rulebook")
    if policy:
        return _imported(policy)
    if not rulebook:
        return RedemptionPolicy()
    if rulebook not in RULEBOOKS:
        raise InvalidValueError("rulebook", rulebook, nearest(rulebook, RULEBOOKS))
    return RedemptionPolicy(RULEBOOKS[rulebook])


def _imported(dotted: str) -> RedemptionPolicy:
    module_name, colon, name = dotted.partition(":")
    if not (module_name and colon and name):
        raise InvalidValueError("policy", dotted, "a dotted name such as salon.rules:policy")
    module = import_module(module_name)
    found = getattr(module, name, None)
    if isinstance(found, Rulebook):
        return RedemptionPolicy(found)
    if not isinstance(found, RedemptionPolicy):
        raise InvalidValueError("policy", dotted, "the name of a RedemptionPolicy or a Rulebook")
    return found
