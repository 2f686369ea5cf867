"""What a document says by leaving it out: each default, read with care and quickly."""

from datetime import UTC, datetime

import pytest

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    Case,
    Client,
    ClientLogin,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Service,
)
from pkgredeem.documents import _reader, read_case
from pkgredeem.documents._kinds import Reading
from pkgredeem.documents._problems import Problems
from pkgredeem.documents._shapes import CASE

LEAST = {
    "format": "pkgredeem/1",
    "now": "2026-05-01T09:00:00Z",
    "account": {},
    "client": {"id": "ana"},
    "packages": [
        {
            "id": "p1",
            "client_id": "ana",
            "entitlements": [{"services": ["facial"], "remaining": 5}],
        }
    ],
    "booking": {
        "id": "b1",
        "starts_at": "2026-05-05T10:00:00Z",
        "lines": [{"service": {"id": "facial"}}],
    },
}

WHOLE = Case(
    account=AccountSettings(
        activated_on=None,
        online_redemption=None,
        client_login=ClientLogin.DISABLED,
        package_kind=PackageKind.NEW,
        deposit_required=False,
        card_capture=False,
        cancellation=None,
        time_zone=None,
        week_starts=1,
    ),
    client=Client(id="ana", logged_in=False, has_saved_card=False, traits=()),
    packages=[
        Package(
            id="p1",
            client_id="ana",
            entitlements=[
                Entitlement(
                    id="main",
                    services={"facial"},
                    remaining=5,
                    valid_from=None,
                    valid_until=None,
                    restrictions=None,
                    unit="credit",
                    quotas=(),
                )
            ],
            kind=PackageKind.NEW,
            status=PackageStatus.ACTIVE,
            sold_at=None,
            valid_from=None,
            valid_until=None,
            priority=0,
            name="",
            shared_with=(),
            book_until=None,
            pauses=(),
            restrictions=None,
            cancellation=None,
            traits=(),
            lasts=None,
            quotas=(),
            uses=(),
            version=None,
        )
    ],
    booking=Booking(
        id="b1",
        starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC),
        lines=[
            BookingLine(
                service=Service(id="facial", name="", deposit_required=None, costs=()),
                picked_from=PickedFrom.MENU,
                payable=True,
                traits=(),
            )
        ],
        traits=(),
    ),
    now=datetime(2026, 5, 1, 9, tzinfo=UTC),
    existing=None,
    by=Actor.CLIENT,
    note="",
    only=None,
)


def test_what_is_left_out_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least that a document may say is a client's own question, with nothing set up."""
    monkeypatch.setattr(_reader, "read_quickly", lambda *_, **_options: None)

    assert WHOLE == read_case(LEAST)
    assert WHOLE == CASE.quick().value(LEAST, Reading(Problems()))
