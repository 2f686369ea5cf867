"""For every refusing rule a case in which it alone refuses, and one beside it that is eligible."""

from dataclasses import dataclass, field
from datetime import date, time

from pkgredeem import (
    Case,
    Client,
    ClientLogin,
    Finding,
    Hours,
    PackageKind,
    PackageStatus,
    Pause,
    Period,
    Quota,
    Restrictions,
    Term,
)
from tests.helpers.support import (
    BETH,
    DAY,
    INSTANT,
    LONDON,
    NOW,
    START,
    account,
    case,
    credit,
    line,
    package,
    restricted,
    use,
)

Found = tuple[str, str, dict[str, object]]


@dataclass(frozen=True, kw_only=True)
class Example:
    """A case in which a rule finds its fact, and one beside it in which it does not."""

    found: Case
    silent: Case
    subject: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    beside: tuple[Found, ...] = ()
    after: tuple[Found, ...] = ()


USED_UP = package("p1", credit("facial", left=0))
TWO = [package("p1"), package("p2")]

#: The rules of the article.
OF_THE_ARTICLE = {
    "account_on_legacy_packages": Example(
        found=case(account=account(package_kind=PackageKind.LEGACY)),
        silent=case(account=account(package_kind=PackageKind.NEW)),
    ),
    "online_redemption_off": Example(
        found=case(account=account(online_redemption=False)),
        silent=case(account=account(online_redemption=True)),
    ),
    "client_login_disabled": Example(
        found=case(account=account(client_login=ClientLogin.DISABLED)),
        silent=case(account=account(client_login=ClientLogin.MANDATORY)),
    ),
    "client_not_logged_in": Example(
        found=case(client=Client(id="ana")),
        silent=case(client=Client(id="ana", logged_in=True)),
    ),
    # Nobody else's package is the client's, so that it is said beside `no_package`.
    "package_of_another_client": Example(
        found=case(client=BETH),
        silent=case(client=BETH, packages=[package(client_id="beth")]),
        subject="p1",
        after=(("no_package", "", {}),),
    ),
    "package_not_sold_yet": Example(
        found=case(packages=[package(sold_at=NOW + INSTANT)]),
        silent=case(packages=[package(sold_at=NOW)]),
        subject="p1",
        facts={"sold_at": NOW + INSTANT},
    ),
    "legacy_package": Example(
        found=case(packages=[package(kind=PackageKind.LEGACY)]),
        silent=case(packages=[package(kind=PackageKind.NEW)]),
        subject="p1",
    ),
    "package_archived": Example(
        found=case(packages=[package(status=PackageStatus.ARCHIVED)]),
        silent=case(packages=[package(status=PackageStatus.ACTIVE)]),
        subject="p1",
    ),
    "package_not_started": Example(
        found=case(packages=[package(valid_from=START + INSTANT)]),
        silent=case(packages=[package(valid_from=START)]),
        subject="p1",
        facts={"starts_at": START, "valid_from": START + INSTANT},
    ),
    "package_over": Example(
        found=case(packages=[package(valid_until=NOW)]),
        silent=case(packages=[package(valid_until=START + INSTANT)]),
        subject="p1",
        facts={"valid_until": NOW},
    ),
    "package_over_by_then": Example(
        found=case(packages=[package(valid_until=START)]),
        silent=case(packages=[package(valid_until=START + INSTANT)]),
        subject="p1",
        facts={"starts_at": START, "valid_until": START},
    ),
    "package_used_up": Example(
        found=case(packages=[USED_UP]),
        silent=case(packages=[package("p1", credit("facial", left=1))]),
        subject="p1",
    ),
    "service_not_in_package": Example(
        found=case("massage"),
        silent=case("facial"),
        subject="massage",
    ),
    "not_enough_credits": Example(
        found=case(packages=[package("p1", credit("facial", left=0), credit("massage"))]),
        silent=case(packages=[package("p1", credit("facial", left=1), credit("massage"))]),
        subject="facial",
        facts={"available": 0, "wanted": 1},
    ),
    "appointment_started": Example(
        found=case(starts_at=NOW),
        silent=case(starts_at=NOW + INSTANT),
    ),
    "nothing_to_pay": Example(
        found=case(line(payable=False)),
        silent=case(line(payable=False), line(payable=True)),
    ),
    "no_package": Example(
        found=case(packages=[]),
        silent=case(packages=[package()]),
    ),
    "several_active_packages": Example(
        found=case(packages=TWO),
        silent=case(packages=[package("p1"), package("p2", credit("facial", left=0))]),
        facts={"count": 2},
    ),
    "mixed_booking": Example(
        found=case("facial", "massage"),
        silent=case("facial", line("massage", payable=False)),
        beside=(("service_not_in_package", "massage", {}),),
    ),
}


LOCAL = account(time_zone=LONDON)  # 5 May is a Tuesday, and 10:00 UTC is 11:00 there
ELEVEN_ON_TUESDAYS = Hours(days=[2], opens=time(11), closes=time(12))
ELEVEN_ON_MONDAYS = Hours(days=[1], opens=time(11), closes=time(12))

#: The rules beyond the article.
BEYOND = {
    "package_void": Example(
        found=case(packages=[package(status=PackageStatus.VOID)]),
        silent=case(packages=[package(status=PackageStatus.ACTIVE)]),
        subject="p1",
    ),
    "package_suspended": Example(
        found=case(packages=[package(status=PackageStatus.SUSPENDED)]),
        silent=case(packages=[package(status=PackageStatus.ACTIVE)]),
        subject="p1",
    ),
    "package_booking_over": Example(
        found=case(packages=[package(book_until=NOW)]),
        silent=case(packages=[package(book_until=NOW + INSTANT)]),
        subject="p1",
        facts={"book_until": NOW},
    ),
    "package_paused": Example(
        found=case(packages=[package(pauses=[Pause(START, START + DAY)])]),
        silent=case(packages=[package(pauses=[Pause(START + INSTANT, START + DAY)])]),
        subject="p1",
        facts={"paused_from": START, "paused_until": START + DAY, "starts_at": START},
    ),
    "outside_first_use_term": Example(
        found=case(
            account=LOCAL, packages=[package(lasts=Term(days=1), uses=[use(START - 2 * DAY)])]
        ),
        silent=case(account=LOCAL, packages=[package(lasts=Term(days=1), uses=[use(START - DAY)])]),
        subject="p1",
        facts={"first_day": "2026-05-03", "last_day": "2026-05-04"},
    ),
    "package_not_chosen": Example(
        found=case(only=["p2"]),
        silent=case(only=["p1", "p2"]),
        subject="p1",
    ),
    "cost_unknown": Example(
        found=case(packages=[package("p1", restricted(unit="minute", remaining=60))]),
        silent=case(
            line(costs={"minute": 60}),
            packages=[package("p1", restricted(unit="minute", remaining=60))],
        ),
        subject="facial",
        facts={"unit": "minute"},
    ),
    "credit_not_started": Example(
        found=case(packages=[package("p1", restricted(valid_from=START + INSTANT))]),
        silent=case(packages=[package("p1", restricted(valid_from=START))]),
        subject="facial",
        facts={"valid_from": START + INSTANT},
    ),
    "credit_over": Example(
        found=case(packages=[package("p1", restricted(valid_until=START))]),
        silent=case(packages=[package("p1", restricted(valid_until=START + INSTANT))]),
        subject="facial",
        facts={"valid_until": START},
    ),
    "trait_not_allowed": Example(
        found=case(packages=[package(restrictions=Restrictions(traits={"place": ["north"]}))]),
        silent=case(
            packages=[package(restrictions=Restrictions(traits={"place": ["north"]}))],
            client=Client(id="ana", logged_in=True, traits={"place": "north"}),
        ),
        subject="facial",
        facts={"trait": "place", "allowed": "north", "found": "nothing"},
    ),
    "outside_hours": Example(
        found=case(
            account=LOCAL,
            packages=[package(restrictions=Restrictions(hours=[ELEVEN_ON_MONDAYS]))],
        ),
        silent=case(
            account=LOCAL,
            packages=[package(restrictions=Restrictions(hours=[ELEVEN_ON_TUESDAYS]))],
        ),
        subject="facial",
    ),
    "blacked_out": Example(
        found=case(
            account=LOCAL,
            packages=[package(restrictions=Restrictions(not_on=[date(2026, 5, 5)]))],
        ),
        silent=case(
            account=LOCAL,
            packages=[package(restrictions=Restrictions(not_on=[date(2026, 5, 4)]))],
        ),
        subject="facial",
    ),
    "booked_too_late": Example(
        found=case(packages=[package(restrictions=Restrictions(min_notice=START - NOW + INSTANT))]),
        silent=case(packages=[package(restrictions=Restrictions(min_notice=START - NOW))]),
        subject="facial",
    ),
    "booked_too_early": Example(
        found=case(packages=[package(restrictions=Restrictions(max_notice=START - NOW - INSTANT))]),
        silent=case(packages=[package(restrictions=Restrictions(max_notice=START - NOW))]),
        subject="facial",
    ),
    "quota_reached": Example(
        found=case(packages=[package(quotas=[Quota(1, Period.EVER)], uses=[use(START)])]),
        silent=case(packages=[package(quotas=[Quota(2, Period.EVER)], uses=[use(START)])]),
        subject="facial",
        facts={"used": 1, "most": 1, "per": "ever", "name": "", "quota": "1 in all"},
    ),
}
EXAMPLES = OF_THE_ARTICLE | BEYOND


def told(findings: tuple[Finding, ...]) -> list[Found]:
    """Return code, subject and facts of each finding."""
    return [(each.code, each.subject, dict(each.facts)) for each in findings]
