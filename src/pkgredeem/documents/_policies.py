"""Policies by name: a rulebook of the library, or the caller's own in a module."""

from importlib import import_module

from pkgredeem import InvalidValueError, RedemptionPolicy, Rulebook
from pkgredeem._model.nearest import nearest
from pkgredeem.rules._by_name import RULEBOOKS


def policy_by_name(*, rulebook: str | None = None, policy: str | None = None) -> RedemptionPolicy:
    """Return the policy that is chosen by the name of a rulebook or by a dotted name.

    So that a setting, an option or an environment variable can choose the rules.

    Args:
        rulebook: the name of a rulebook of the library; None or empty for the default.
        policy: `package.module:name` of a `RedemptionPolicy` or a `Rulebook`, which is imported;
            None or empty for none.

    Raises:
        InvalidValueError: both are chosen, a name is not known, or it stands for something else.
        ImportError: the module can't be imported; whatever else it raises reaches the caller.

    Example:
        >>> policy_by_name(rulebook="in-store").rulebook.name
        'in-store'
        >>> policy_by_name(policy="pkgredeem.rules:TIMELY_2026_04").rulebook.name
        'timely-2026-04'
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
