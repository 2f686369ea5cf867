"""Plans that real businesses sell, written with the model: those that count uses or units."""

from pkgredeem import (
    UNLIMITED,
    Client,
    Days,
    DrawState,
    Entitlement,
    Package,
    PackageStatus,
    Pause,
    Period,
    Quota,
    Restrictions,
    Term,
    rules,
)
from tests.helpers.shop import EARLY, Shop, on
from tests.helpers.support import (
    DAY,
    LONDON,
    account,
    case,
    codes,
    decide,
    draws,
    line,
    package,
    use,
)


def sold(*entitlements: Entitlement, **fields: object) -> Package:
    """Return Ana's package of these entitlements."""
    return package("plan", *entitlements, **fields)


def entitlement(*services: str, left: object = UNLIMITED, **fields: object) -> Entitlement:
    """Return an entitlement to these services, unlimited unless told, named for the first."""
    made = {"services": services, "remaining": left, "id": services[0], **fields}
    return Entitlement(**made)  # type: ignore[arg-type]  # the test gives what the field takes


def test_1_ten_hours_of_training() -> None:
    """Eight sessions of 75 minutes; a ninth, a longer one and one that tells no minutes are not."""
    hours = sold(Entitlement(id="hours", services=["pt"], unit="minute", remaining=600))
    shop, session = Shop(hours), line("pt", costs={"minute": 75})

    for day in range(1, 8):
        assert [] == shop.reasons(session, at=on(5, day))
    assert ["not_enough_credits"] == shop.reasons(line("pt", costs={"minute": 90}), at=on(5, 8))
    assert ["cost_unknown"] == shop.reasons("pt", at=on(5, 8))
    assert [] == shop.reasons(session, at=on(5, 8))
    assert ["package_used_up"] == shop.reasons(session, at=on(5, 9))
    assert ["no_package"] == codes(decide(case(session, packages=[])))


def test_1_what_is_left_is_told_in_minutes() -> None:
    """75 minutes are left, and 90 are wanted."""
    hours = sold(Entitlement(id="hours", services=["pt"], unit="minute", remaining=75))
    (reason,) = decide(case(line("pt", costs={"minute": 90}), packages=[hours])).reasons

    assert {"available": 75, "wanted": 90, "unit": "minute"} == dict(reason.facts)


def test_2_twenty_credits() -> None:
    """A beginners' class takes one and an advanced class two, which is one too many at the end."""
    shop = Shop(sold(entitlement("beginner", "advanced", left=20)))
    advanced = line("advanced", costs={"credit": 2})

    for day in range(1, 10):
        assert [] == shop.reasons(advanced, at=on(5, day))
    assert [] == shop.reasons("beginner", at=on(5, 10))
    assert ["not_enough_credits"] == shop.reasons(advanced, at=on(5, 11))
    assert [] == shop.reasons("beginner", at=on(5, 11))


def test_3_ten_classes_of_them_five_open_gym_once_a_week() -> None:
    """A second one this week is one too many, and so is the sixth open gym."""
    shop = Shop(
        sold(
            entitlement("gym", left=5),
            entitlement("core", left=10),
            quotas=[Quota(10, Period.EVER), Quota(1, Period.WEEK)],
        )
    )

    for week in range(5):
        assert [] == shop.reasons("gym", at=on(5, 4) + 7 * week * DAY)
        assert ["quota_reached"] == shop.reasons("core", at=on(5, 10) + 7 * week * DAY)
    assert ["not_enough_credits"] == shop.reasons("gym", at=on(6, 8))
    for week in range(5):
        assert [] == shop.reasons("core", at=on(6, 8) + 7 * week * DAY)
    assert ["quota_reached"] == shop.reasons("core", at=on(7, 13))


def eight_a_month() -> Package:
    """Return a plan of eight classes a month, three of them open gym."""
    return sold(
        entitlement("gym", quotas=[Quota(3, Period.MONTH)]),
        entitlement("core"),
        quotas=[Quota(8, Period.MONTH)],
    )


def test_4_eight_a_month_of_them_three_open_gym() -> None:
    """The fourth open gym and a ninth of anything wait for June."""
    shop = Shop(eight_a_month())

    for day in range(1, 4):
        assert [] == shop.reasons("gym", at=on(5, day))
    assert ["quota_reached"] == shop.reasons("gym", at=on(5, 4))
    for day in range(4, 8):
        assert [] == shop.reasons("core", at=on(5, day))
    last = shop.redeem("core", "core", at=on(5, 30))
    assert (True, (1,)) == (last.eligible, last.uncovered)
    assert ["quota_reached"] == shop.reasons("core", at=on(5, 31, 23, 59))
    assert [] == shop.reasons("gym", at=on(6, 1, 0))


def test_4_where_nothing_is_paid_beside_a_package() -> None:
    """Of two lines the second finds no place, and the limit of the article refuses both (T17)."""
    shop = Shop(eight_a_month(), book=rules.TIMELY_2026_04)
    for day in range(1, 8):
        assert [] == shop.reasons("core", at=on(5, day))

    assert ["quota_reached", "mixed_booking"] == shop.reasons("core", "core", at=on(5, 8))


def test_5_unlimited_with_a_pause() -> None:
    """Booked in the pause for after it, never for a day in it, and eleven upcoming at most."""
    july = Pause(on(7, 1, 0), on(8, 1, 0))
    quotas = [Quota(20, Period.WEEK), Quota(11, Period.UPCOMING)]
    shop = Shop(sold(entitlement("class"), quotas=quotas, pauses=[july]))

    assert [] == shop.reasons("class", at=on(8, 2), now=on(7, 10))
    assert ["package_paused"] == shop.reasons("class", at=on(7, 31), now=on(7, 10))
    for day in range(3, 13):
        assert [] == shop.reasons("class", at=on(8, day), now=on(7, 10))
    assert ["quota_reached"] == shop.reasons("class", at=on(8, 13), now=on(7, 10))
    assert [] == shop.reasons("class", at=on(8, 13), now=on(8, 2))


def test_5_twenty_a_week_and_nothing_while_it_is_suspended() -> None:
    """The twenty-first class of a week; anything at all while money is owed."""
    uses = [
        use(on(5, 4, 9), booking_id=f"u{number}", state=DrawState.REDEEMED) for number in range(20)
    ]
    full = sold(entitlement("class"), quotas=[Quota(20, Period.WEEK)], uses=uses)
    asked = case(
        "class",
        starts_at=on(5, 10, 23),
        now=on(5, 9),
        account=account(time_zone=LONDON),
        packages=[full],
    )

    assert ["quota_reached"] == codes(decide(asked))
    owed = sold(entitlement("class"), status=PackageStatus.SUSPENDED)
    assert ["package_suspended"] == Shop(owed).reasons("class", at=on(5, 9))


def test_6_ten_visits_three_a_month_in_two_places() -> None:
    """A fourth in May, another place, and a booking that tells no place are not paid for."""
    visits = sold(
        entitlement("visit", left=10),
        quotas=[Quota(3, Period.MONTH)],
        restrictions=Restrictions(traits={"place": ["north", "south"]}),
    )
    shop = Shop(visits, week_starts=7)
    north = {"place": "north"}

    assert ["trait_not_allowed"] == shop.reasons("visit", at=on(5, 1))
    assert ["trait_not_allowed"] == shop.reasons("visit", at=on(5, 1), traits={"place": "west"})
    for day in (1, 15, 31):
        assert [] == shop.reasons("visit", at=on(5, day), traits=north)
    assert ["quota_reached"] == shop.reasons("visit", at=on(5, 16), traits=north)
    assert [] == shop.reasons("visit", at=on(6, 1), traits={"place": "south"})


def two_weeks() -> Shop:
    """Return a shop that sold two weeks of classes from the first one, within three years."""
    return Shop(sold(entitlement("class"), lasts=Term(days=14), valid_until=on(4, 1, year=2029)))


def test_7_two_weeks_from_the_first_class() -> None:
    """10 May is the first of fifteen calendar days, and 8 May can still become it."""
    shop = two_weeks()

    assert [] == shop.reasons("class", at=on(5, 10))
    assert ["outside_first_use_term"] == shop.reasons("class", at=on(5, 25, 0))
    assert [] == shop.reasons("class", at=on(5, 8))
    assert ["outside_first_use_term"] == shop.reasons("class", at=on(5, 24))
    assert ["package_over_by_then", "outside_first_use_term"] == shop.reasons(
        "class", at=on(4, 1, year=2029)
    )


def test_7_nothing_that_is_booked_falls_out() -> None:
    """8 May is refused once 24 May is booked."""
    shop = two_weeks()

    assert [] == shop.reasons("class", at=on(5, 10))
    assert [] == shop.reasons("class", at=on(5, 24, 23, 59))
    assert ["outside_first_use_term"] == shop.reasons("class", at=on(5, 8))


def test_12_two_visits_a_week_from_sunday_to_saturday() -> None:
    """Saturday and the next day are two weeks; a third is too many, though a month ends in it."""
    shop = Shop(
        sold(
            entitlement("visit", id="may", valid_from=on(5, 1, 0), valid_until=on(6, 1, 0)),
            entitlement("visit", id="june", valid_from=on(6, 1, 0), valid_until=on(7, 1, 0)),
            quotas=[Quota(2, Period.WEEK)],
        ),
        week_starts=7,
    )

    assert [] == shop.reasons("visit", at=on(5, 26))  # a Tuesday
    assert [] == shop.reasons("visit", at=on(5, 30))  # the Saturday
    assert ["quota_reached"] == shop.reasons("visit", at=on(5, 29))
    assert [] == shop.reasons("visit", at=on(5, 31))  # the Sunday
    assert [(0, "plan", "june")] == draws(shop.redeem("visit", at=on(6, 1)))
    assert ["quota_reached"] == shop.reasons("visit", at=on(6, 6))
    assert [] == shop.reasons("visit", at=on(6, 7))


def test_14_members_and_one_guest_a_visit() -> None:
    """A member and a guest are paid for together, and two guests are not."""

    def visit_of(attendee: str) -> Entitlement:
        guests = [Quota(1, Period.BOOKING)] if attendee == "guest" else []
        only = Restrictions(traits={"attendee": [attendee]})
        return entitlement("visit", id=attendee, left=5, restrictions=only, quotas=guests)

    shop = Shop(sold(visit_of("member"), visit_of("guest")), book=rules.TIMELY_2026_04)
    member, guest = (line("visit", traits={"attendee": who}) for who in ("member", "guest"))

    assert [(0, "plan", "member"), (1, "plan", "guest")] == draws(
        shop.redeem(member, guest, at=on(5, 4))
    )
    assert ["quota_reached", "mixed_booking"] == shop.reasons(guest, guest, at=on(5, 5))
    assert [] == shop.reasons(guest, at=on(5, 5))
    assert ["trait_not_allowed"] == shop.reasons("visit", at=on(5, 6))


def test_15_usable_up_to_what_is_paid() -> None:
    """Five of ten are paid for; the sixth is refused, and staff read why."""
    shop = Shop(
        sold(entitlement("visit", left=10), quotas=[Quota(5, Period.EVER, name="paid for")])
    )

    for day in range(1, 6):
        assert [] == shop.reasons("visit", at=on(5, day))
    (reason,) = shop.redeem("visit", at=on(5, 6)).reasons
    assert "quota_reached" == reason.code
    assert "paid for" in reason.text()


def test_16_laser_28_days_apart() -> None:
    """28 days later at an earlier hour, not 27 days later, and by one practitioner."""
    kim, lee = ({"staff": staff} for staff in ("dr-kim", "dr-lee"))
    shop = Shop(
        sold(
            entitlement("laser", left=6),
            quotas=[Quota(1, Days(28))],
            restrictions=Restrictions(traits={"staff": ["dr-kim"]}),
        )
    )

    assert [] == shop.reasons("laser", at=on(5, 4, 15), traits=kim)
    assert ["quota_reached"] == shop.reasons("laser", at=on(5, 31, 23), traits=kim)
    assert ["trait_not_allowed"] == shop.reasons("laser", at=on(6, 1, 9), traits=lee)
    assert [] == shop.reasons("laser", at=on(6, 1, 9), traits=kim)


def test_13_a_package_of_a_family() -> None:
    """Ben books with Ana's package, from one balance; Dan does not hold it."""
    ben, dan = (Client(id=name, logged_in=True) for name in ("ben", "dan"))
    family = sold(entitlement("class", left=2), shared_with=["ben", "cleo"])
    shop = Shop(family)

    assert [] == shop.reasons("class", at=on(5, 4), client=ben)
    assert [] == shop.reasons("class", at=on(5, 5))
    assert ["package_used_up"] == shop.reasons("class", at=on(5, 6), client=ben)
    assert ["no_package"] == shop.reasons("class", at=on(5, 6), client=dan)
    asked = case("class", starts_at=on(5, 6), now=EARLY, client=dan, packages=[family])
    assert ["package_of_another_client", "no_package"] == codes(decide(asked))
