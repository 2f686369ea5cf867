"""A case that a package pays for, with everything to waive, and the redemption that is proposed."""

from datetime import UTC, datetime

from pkgredeem import Case, Redemption, RedemptionPolicy
from pkgredeem.documents import read_case
from tests.helpers.documents_support import changed

START = datetime(2026, 5, 4, 22, tzinfo=UTC)


def eligible_case() -> Case:
    """Return a case that is eligible, with everything to waive, and terms of 24 hours."""
    return read_case(
        changed(
            {
                "account.online_redemption": True,
                "account.client_login": "optional",
                "account.deposit_required": True,
                "account.card_capture": True,
                "packages": [
                    {
                        "id": "p1",
                        "client_id": "ana",
                        "name": "Five facials",
                        "entitlements": [{"services": ["facial"], "remaining": 5}],
                    }
                ],
            }
        )
    )


def proposal() -> Redemption:
    """Return the redemption that the eligible case proposes."""
    redemption = RedemptionPolicy().decide_case(eligible_case()).redemption
    assert redemption is not None
    return redemption
