"""Policies by name: what a setting, an option or an environment variable may say."""

import pytest

from pkgredeem import InvalidValueError, RedemptionPolicy, rules
from pkgredeem.documents import policy_by_name
from tests.helpers import odd_rules


@pytest.mark.parametrize(
    ("names", "policy"),
    [
        ({}, RedemptionPolicy()),
        ({"rulebook": "", "policy": ""}, RedemptionPolicy()),
        ({"rulebook": None, "policy": None}, RedemptionPolicy()),
        ({"rulebook": "online"}, RedemptionPolicy(rules.ONLINE)),
        ({"rulebook": "in-store", "policy": ""}, RedemptionPolicy(rules.IN_STORE)),
        ({"policy": "pkgredeem.rules:IN_STORE", "rulebook": ""}, RedemptionPolicy(rules.IN_STORE)),
        ({"policy": "tests.helpers.odd_rules:policy"}, odd_rules.policy),
    ],
)
def test_a_name_stands_for_one_policy(
    names: dict[str, str | None], policy: RedemptionPolicy
) -> None:
    """A rulebook of the library, or what a module of one's own holds; nothing for the default."""
    assert policy == policy_by_name(**names)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (
            {"rulebook": "online", "policy": "pkgredeem.rules:ONLINE"},
            "policy must be left out beside a rulebook, not 'pkgredeem.rules:ONLINE'",
        ),
        ({"rulebook": "in-stor"}, "rulebook must be in-store, not 'in-stor'"),
        (
            {"rulebook": "x"},
            "rulebook must be one of timely-2026-03, timely-2026-04, online, in-store, not 'x'",
        ),
        *(
            (
                {"policy": dotted},
                f"policy must be a dotted name such as salon.rules:policy, not {dotted!r}",
            )
            for dotted in ("pkgredeem.rules", "pkgredeem.rules:", ":policy", ":")
        ),
        *(
            (
                {"policy": dotted},
                f"policy must be the name of a RedemptionPolicy or a Rulebook, not {dotted!r}",
            )
            for dotted in ("pkgredeem.rules:nothing", "pkgredeem.rules:acts", "os:sep")
        ),
    ],
)
def test_any_other_name_is_refused(names: dict[str, str], told: str) -> None:
    """With what it should be."""
    with pytest.raises(InvalidValueError) as refused:
        policy_by_name(**names)

    assert told == str(refused.value)


def test_a_module_that_is_not_there_is_an_import_error() -> None:
    """As for whoever imports it himself."""
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        policy_by_name(policy="no_such_module:policy")
