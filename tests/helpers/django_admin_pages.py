"""What the admin of the Django store shows, and refuses; `test_django` runs it on its own."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pkgredeem import (
    UNLIMITED,
    Actor,
    Entitlement,
    Package,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from pkgredeem.stores.django import DjangoStore, models
from tests.helpers.desk_support import ACCOUNT, exchange, redeem
from tests.helpers.django_contract import store_of
from tests.helpers.support import ANA, HOUR, NOW, START, booking

ADMIN = "/admin/pkgredeem"
LIVELY = "<script>alert('p')</script>"
SOLD = Package(
    id="p1",
    client_id=f"ana {LIVELY}",
    name=f"Facials {LIVELY}",
    entitlements=[
        Entitlement(services=["facial"], remaining=5),
        Entitlement(services=["sauna"], remaining=UNLIMITED, id="sauna"),
    ],
    shared_with=["ana", "beth"],
    sold_at=NOW,
    valid_from=NOW,
    valid_until=NOW + timedelta(days=90),
)

DOCUMENT = json.dumps(replace(SOLD, entitlements=SOLD.entitlements[:1]).to_document())


@pytest.fixture(autouse=True, scope="module")
def _connections() -> Iterator[None]:
    yield
    connections.close_all()


@pytest.fixture
def store() -> DjangoStore:
    """Return a store with a package, a booking of each kind, and their history."""
    store = store_of(SOLD, Package(id="bare", client_id="carl", entitlements=SOLD.entitlements[:1]))
    desk = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), store)
    redeem(desk, booking("facial", "sauna", id="b1"), note=f"by telephone {LIVELY}")
    desk.cancel("b1", by=Actor.CLIENT, now=START - HOUR, lines=[0], note="overslept")
    desk.forgive("b1", now=START, note="a burst pipe (Mia)", lines=[0])
    redeem(desk, booking(id="b2"))
    exchange(desk, "b2", booking(id="b3"), by=Actor.BUSINESS)
    return store


@pytest.fixture
def viewer(store: DjangoStore) -> Client:
    """Return the browser of staff who may view everything of the app, which holds that store."""
    del store
    User.objects.all().delete()
    user = User.objects.create_user("mia", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="pkgredeem"))
    browser = Client()
    browser.force_login(user)
    return browser


def cells(page: str) -> list[str]:
    """Return what the cells of all tables say, without their links."""
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page.partition('id="content"')[2], re.DOTALL)
    return [unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in found]


def shown(browser: Client, address: str) -> str:
    """Return a page that has to be there."""
    answer = browser.get(f"{ADMIN}/{address}")
    assert 200 == answer.status_code
    return answer.content.decode()


def test_packages_are_listed(viewer: Client) -> None:
    """The list tells whose each is, its name, what is left, its status, and until when."""
    assert [
        *("bare", "carl", "-", "5 of 5", "active", "always"),
        *("p1", f"ana {LIVELY}", f"Facials {LIVELY}", "main: 4 of 5, sauna: unlimited", "active"),
        "from May 1, 2026, 8 a.m. until July 30, 2026, 8 a.m.",
    ] == cells(shown(viewer, "package/"))[6:]


@pytest.mark.parametrize(("term", "found"), [("beth", 1), ("p1", 1), ("ANA", 1), ("dora", 0)])
def test_packages_are_found(viewer: Client, term: str, found: int) -> None:
    """By their id, their owner, and by whoever they are shared with; each once."""
    assert found == shown(viewer, f"package/?q={term}").count('class="field-client_id"')


def test_a_text_is_found_whatever_its_characters(viewer: Client) -> None:
    """A backslash is kept in another form, and looked for in that form."""
    store_of(replace(SOLD, id="a\\b"))

    assert 1 == shown(viewer, "package/?q=" + quote("a\\b")).count('class="field-client_id"')
    assert "a\\b" in shown(viewer, "package/a_5Cb/change/")


def test_a_package_is_shown_with_its_balances_and_history(viewer: Client) -> None:
    """Where every credit is, who moved it when and why, and what was booked with it."""
    found = cells(shown(viewer, "package/p1/change/"))
    balances = [
        *("Entitlement", "Available", "Reserved", "Redeemed", "Forfeited", "Sold"),
        *("main", "4", "1", "0", "0", "5"),
        *("sauna", "unlimited", "1", "0", "0", "unlimited"),
    ]
    assert balances == found[: len(balances)]
    forgiven = found.index("forgive")
    assert [
        "May 5, 2026, 10 a.m.",
        "forgive",
        "business",
        "1 of main: forfeited to available",
        "b1",
        "a burst pipe (Mia)",
    ] == found[forgiven - 1 : forgiven + 5]
    assert "facial (returned), sauna (reserved)" in found
    assert f"by telephone {LIVELY}" in found


def test_what_has_no_history_says_so(viewer: Client) -> None:
    """A package with which nothing was booked has neither redemptions nor movements."""
    assert 2 == shown(viewer, "package/bare/change/").count("None yet.")


def test_a_redemption_is_shown_line_by_line(viewer: Client) -> None:
    """What each line drew, every act that ended it, and what that moved."""
    found = cells(shown(viewer, "redemption/b1/change/"))

    assert ["0", "facial", "p1", "main", "1", "returned"] == found[6:12]
    late = found.index("overslept")
    assert ["cancel", "0", "client", "yes", "overslept"] == found[late - 4 : late + 1]
    assert "b2" in shown(viewer, "redemption/b3/change/")
    assert {"b1", "b2", "b3"} <= set(cells(shown(viewer, "redemption/")))
    assert 1 == shown(viewer, "redemption/?q=b1").count('class="field-client"')


def test_a_move_is_shown(store: DjangoStore, viewer: Client) -> None:
    """A rescheduling moves no credit, and is an act like all others."""
    desk = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), store)
    desk.reschedule(
        "b3",
        account=ACCOUNT,
        client=ANA,
        starts_at=START + HOUR,
        by=Actor.BUSINESS,
        now=NOW,
        note="Mia is ill",
    )
    found = cells(shown(viewer, "redemption/b3/change/"))

    moved = found.index("Mia is ill")
    assert ["reschedule", "all", "business", "no", "Mia is ill"] == found[moved - 4 : moved + 1]


def test_all_movements_are_listed(viewer: Client) -> None:
    """The history of everything, or of one package, the last first."""
    found = cells(shown(viewer, "movement/?package=p1"))

    assert "1 of main: available to reserved" in found
    assert found.index("a burst pipe (Mia)") < found.index("overslept")
    assert "1 of main" not in shown(viewer, "movement/?package=bare")
    assert "?package=p1" in shown(viewer, "package/p1/change/")


@pytest.mark.parametrize("page", ["package/p1", "redemption/b1"])
def test_texts_are_escaped(viewer: Client, page: str) -> None:
    """No text of anybody's is taken for a part of the page."""
    assert LIVELY not in shown(viewer, f"{page}/change/")
    assert "&lt;script&gt;alert(" in shown(viewer, f"{page}/change/")


@pytest.mark.parametrize("model", ["package", "redemption", "movement"])
def test_nothing_can_be_changed(viewer: Client, model: str) -> None:
    """Not by staff who may view, and not by a superuser: nothing is added, edited or deleted."""
    keys = {"package": "p1", "redemption": "b1"}
    before = [*models.Package.objects.values(), *models.Movement.objects.values()]
    root = Client()
    root.force_login(User.objects.create_superuser("root"))
    key = keys.get(model, str(models.Movement.objects.values_list("pk", flat=True)[0]))
    for browser in (viewer, root):
        for address in ("add/", f"{key}/change/", f"{key}/delete/"):
            assert 403 == browser.post(f"{ADMIN}/{model}/{address}", {"version": 9}).status_code
        assert 403 == browser.get(f"{ADMIN}/{model}/add/").status_code
        deleting = {"action": "delete_selected", "_selected_action": key}
        browser.post(f"{ADMIN}/{model}/", deleting)
        assert 'name="action"' not in shown(browser, f"{model}/")

    assert before == [*models.Package.objects.values(), *models.Movement.objects.values()]


@pytest.mark.usefixtures("store")
def test_nobody_sees_more_than_is_allowed() -> None:
    """Staff without the permission to view see nothing of the app; movements have no page."""
    browser = Client()
    User.objects.all().delete()
    browser.force_login(User.objects.create_user("new", is_staff=True))
    for model in ("package", "redemption", "movement"):
        assert 403 == browser.get(f"{ADMIN}/{model}/").status_code
    assert {"view_package", "view_redemption", "view_movement"} == set(
        Permission.objects.filter(content_type__app_label="pkgredeem").values_list(
            "codename", flat=True
        )
    )


def test_a_long_list_takes_seven_queries(viewer: Client) -> None:
    """With 10,000 packages a page asks for the user, the packages and their credits, and no row.

    Session, user, two kinds of permission, how many there are, one page of them, what is left.
    """
    store_of()
    rows = [
        models.Package(id=f"p{n:05}", client_id=f"c{n % 99}", document=DOCUMENT)
        for n in range(10_000)
    ]
    models.Package.objects.bulk_create(rows)
    models.Holder.objects.bulk_create(
        models.Holder(package=row, client_id=row.client_id) for row in rows
    )
    models.Entitlement.objects.bulk_create(
        models.Entitlement(package=row, name="main", sold=5, available=n % 6, reserved=5 - n % 6)
        for n, row in enumerate(rows)
    )
    viewer.get(f"{ADMIN}/package/")
    with CaptureQueriesContext(connection) as first:
        page = shown(viewer, "package/?p=100")
    with CaptureQueriesContext(connection) as searched:
        found = shown(viewer, "package/?q=c7")
    store_of()

    assert 100 == page.count('class="field-left"')
    assert 100 == found.count('class="field-left"')
    assert (7, 7) == (len(first), len(searched))
