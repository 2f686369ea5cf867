"""The switch for online redemption, as it is in effect: visible, on, chosen (T01 to T03)."""

from datetime import date

import pytest

from pkgredeem import (
    AccountSettings,
    InvalidValueError,
    OnlineRedemptionSetting,
    PackageKind,
    RedemptionPolicy,
    Rulebook,
    rules,
)

MARCH, APRIL, DESK = rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE
LONG_AGO, APRIL_FIRST, MAY_FIRST = date(2020, 1, 1), date(2026, 4, 1), date(2026, 5, 1)


@pytest.mark.parametrize(
    ("kind", "chosen", "activated", "book", "expected"),
    [
        (PackageKind.NEW, None, None, MARCH, (True, False, False)),
        (PackageKind.NEW, None, LONG_AGO, MARCH, (True, False, False)),
        (PackageKind.NEW, None, APRIL_FIRST, MARCH, (True, True, False)),
        (PackageKind.NEW, None, APRIL_FIRST, APRIL, (True, False, False)),
        (PackageKind.NEW, None, MAY_FIRST, APRIL, (True, True, False)),
        (PackageKind.NEW, None, MAY_FIRST, DESK, (True, False, False)),
        (PackageKind.NEW, True, None, MARCH, (True, True, True)),
        (PackageKind.NEW, True, LONG_AGO, MARCH, (True, True, True)),
        (PackageKind.NEW, False, MAY_FIRST, MARCH, (True, False, True)),
        (PackageKind.LEGACY, None, MAY_FIRST, MARCH, (False, False, False)),
        (PackageKind.LEGACY, True, MAY_FIRST, MARCH, (False, False, True)),
    ],
)
def test_the_setting_in_effect(
    kind: PackageKind,
    chosen: bool | None,
    activated: date | None,
    book: Rulebook,
    expected: tuple[bool, bool, bool],
) -> None:
    """A choice wins over the automatic start, and a legacy account has no switch (T01 to T03)."""
    asked = AccountSettings(package_kind=kind, online_redemption=chosen, activated_on=activated)
    visible, enabled, was_chosen = expected

    assert OnlineRedemptionSetting(
        visible=visible, enabled=enabled, chosen=was_chosen
    ) == RedemptionPolicy(book).setting(asked)
    with pytest.raises(InvalidValueError, match="account must be an AccountSettings, not None"):
        RedemptionPolicy(book).setting(None)  # type: ignore[arg-type]  # that is the point
