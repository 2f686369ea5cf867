"""On which line something stands in a scenario file, and which policy a run of them asks."""

import pytest

from pkgredeem import InvalidValueError
from pkgredeem.documents import policy_by_name
from pkgredeem.testing.scenarios._line_numbers import GIVEN as GIVEN_BLOCK
from pkgredeem.testing.scenarios._line_numbers import Places

ODD = "tests.helpers.odd_rules"


def test_a_key_that_is_not_found_is_told_at_its_block() -> None:
    """A key that the scan can't see, such as one in a longer text, has the line of its scenario."""
    places = Places('[given]\nx = 1\n[[scenario]]\nname = "a"\n[[scenario]]\n"b" = 2\nc.d = [1]\n')

    assert 3 == places.in_block(0, ["b"])
    assert 6 == places.in_block(1, ["b"])
    assert 7 == places.in_block(1, ["c", "d", 3])
    assert 7 == places.in_block(1, ["d"], "no such word")
    assert 2 == places.in_block(GIVEN_BLOCK, ["x"])
    assert 1 == places.in_block(5, ["x"])
    assert 1 == Places("").in_block(GIVEN_BLOCK, ["x"])


def test_a_key_is_not_found_in_a_longer_one() -> None:
    """Neither `client_id` nor `own-id` is `id`, and no header of other draws is one of these."""
    keys = Places("[given]\nclient_id = 1\nown-id = 2\nid = 3\n")
    headers = Places("[[scenario]]\n[[scenario.old_draws]]\n[[scenario.draws]]\n")

    assert 4 == keys.in_block(GIVEN_BLOCK, ["id"])
    assert 3 == headers.in_block(0, ["draws", 0])


def test_a_word_is_looked_for_from_its_key_on() -> None:
    """The same word under another key before it is not the one that is wrong."""
    places = Places('[[scenario]]\na = ["x"]\nb = [\n"y",\n"x"]\n')

    assert 5 == places.in_block(0, ["b"], "x")


CHOICES = [
    ("in-store", "a:b", "policy must be left out beside a rulebook, not 'a:b'"),
    ("instore", "", "rulebook must be in-store, not 'instore'"),
    (None, "odd_rules", "policy must be a dotted name such as salon.rules:policy, not 'odd_rules'"),
    (None, f"{ODD}:gone", "policy must be the name of a RedemptionPolicy or a Rule"),
    (None, f"{ODD}:not_a_policy", "policy must be the name of a Redemption"),
]


@pytest.mark.parametrize(("rulebook", "policy", "told"), CHOICES)
def test_a_wrong_choice_of_the_policy_is_told(
    rulebook: str | None, policy: str | None, told: str
) -> None:
    """A name that is not known, or stands for something else, is an error in words."""
    with pytest.raises(InvalidValueError) as caught:
        policy_by_name(rulebook=rulebook, policy=policy)

    assert str(caught.value).startswith(told)


def test_a_policy_is_chosen_by_name() -> None:
    """The default, a rulebook of the library, and a policy or a rulebook of one's own."""
    assert "timely-2026-03" == policy_by_name().rulebook.name
    assert "in-store" == policy_by_name(rulebook="in-store", policy="").rulebook.name
    own = "timely-2026-03 +booked_on_saturday"
    assert own == policy_by_name(policy="tests.helpers.odd_rules:policy").rulebook.name
    assert own == policy_by_name(policy="tests.helpers.odd_rules:no_saturdays").rulebook.name
