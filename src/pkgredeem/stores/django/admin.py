"""The admin: what was sold, what is left of it, and who moved which credit when and why.

It shows and changes nothing: whatever is changed goes through a store, which keeps the books.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, final

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from pkgredeem.stores._texts import text_to_store
from pkgredeem.stores.django import models
from pkgredeem.stores.django._shown import (
    UNLIMITED,
    indented,
    instant,
    left,
    package_of,
    redemption_of,
    services_of,
    validity,
    word,
)

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin

_MOST_ROWS = 50  # on the page of one package; the list of movements shows the rest


class _ReadOnly(_Admin):
    """Lists and shows to whoever has the permission to view; changes nothing."""

    actions = None
    show_full_result_count = False

    class Media:
        """How a page fits on a narrow screen."""

        css: ClassVar = {"all": ["pkgredeem/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's
        """Nobody adds what a store has to."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002 - Django's
        """Nobody changes a record."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002 - Django's
        """Nobody deletes one."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Look for a text in the form that the columns keep it in."""
        return super().get_search_results(request, queryset, text_to_store(search_term))


class _WithPages(_ReadOnly):
    """Shows each row on a page of its own."""

    change_form_template = "pkgredeem/record.html"

    def render_change_form(  # noqa: PLR0917 - Django's
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002 - Django's
        change: bool = False,  # noqa: FBT001, FBT002 - Django's
        form_url: str = "",
        obj: Any = None,  # noqa: ANN401 - a row of the model that is shown
    ) -> HttpResponse:
        """Show one, where Django would have it changed."""
        shown = {"document": indented(obj.document), **self.shown(obj)}
        return super().render_change_form(request, context | shown, add, change, form_url, obj)

    @abstractmethod
    def shown(self, row: Any) -> dict[str, object]:  # noqa: ANN401 - a row of the model
        """Return what the page of one tells."""


@final
@admin.register(models.Package)
class PackageAdmin(_WithPages):
    """Packages, what is left of them, and their history."""

    list_display = ("id", "client_id", "name", "left", "status", "valid")
    ordering = ("id",)
    search_fields = ("id", "holders__client_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Package]:
        """Return the packages with their credits, in two queries for a page of them."""
        return super().get_queryset(request).prefetch_related("entitlements")

    @admin.display
    def name(self, row: models.Package) -> str:
        """What people call it."""
        return package_of(row).name or "-"

    @admin.display
    def left(self, row: models.Package) -> str:
        """What can still be booked with it."""
        return left(row.entitlements.all())

    @admin.display
    def status(self, row: models.Package) -> str:
        """Whether the business lists it."""
        return word(package_of(row).status)

    @admin.display
    def valid(self, row: models.Package) -> str:
        """When it may be used."""
        return validity(package_of(row))

    def shown(self, row: models.Package) -> dict[str, object]:
        """Return the package, its balances, its redemptions and its history."""
        package = package_of(row)
        moved = row.movements.order_by("-id")
        redemptions = (
            models.Redemption.objects.using(moved.db)
            .filter(movements__package=row)
            .annotate(last=Max("movements__id"))
            .order_by("-last")
        )
        facts = {
            "Client": package.client_id,
            "Name": package.name or "-",
            "Status": word(package.status),
            "Kind": word(package.kind),
            "Sold": instant(package.sold_at) if package.sold_at else "-",
            "Valid": validity(package),
            "Shared with": ", ".join(package.shared_with) or "-",
            "Version": row.version,
        }
        return {
            "facts": facts.items(),
            "tables": [
                _table("Balances", map(_balance, row.entitlements.order_by("name"))),
                _table("Redemptions", map(_redemption, redemptions[:_MOST_ROWS])),
                _table("History", map(_of_package, moved[:_MOST_ROWS])),
            ],
            "movements": _movements_address(package=row.id),
        }


@final
@admin.register(models.Redemption)
class RedemptionAdmin(_WithPages):
    """Redemptions, line by line."""

    list_display = ("booking_id", "client", "start", "services")
    ordering = ("booking_id",)
    search_fields = ("booking_id", "movements__package__id")

    @admin.display
    def client(self, row: models.Redemption) -> str:
        """Who booked."""
        return redemption_of(row).client_id

    @admin.display
    def start(self, row: models.Redemption) -> str:
        """When it starts now."""
        return instant(redemption_of(row).starts_at)

    @admin.display
    def services(self, row: models.Redemption) -> str:
        """What was booked, and how each line stands."""
        return services_of(redemption_of(row))

    def shown(self, row: models.Redemption) -> dict[str, object]:
        """Return the redemption, its lines, what was done to them, and what that moved."""
        redemption = redemption_of(row)
        facts = {
            "Client": redemption.client_id,
            "Start": instant(redemption.starts_at),
            "Booked": instant(redemption.booked_at),
            "Free until": instant(redemption.free_until) if redemption.free_until else "-",
            "Deposit": word(redemption.deposit),
            "Card page": word(redemption.card_capture),
            "Rulebook": redemption.rulebook,
            "In place of": redemption.replaces or "-",
            "Version": redemption.version,
        }
        lines = [
            {
                "Line": draw.line,
                "Service": draw.service_id,
                "Package": _link("package", draw.package_id),
                "Entitlement": draw.entitlement_id,
                "Credits": draw.credits,
                "State": word(draw.state),
            }
            for draw in redemption.draws
        ]
        acts = [
            {
                "When": instant(ending.at),
                "Act": word(ending.act),
                "Line": "all" if line is None else line,
                "By": ending.by.value,
                "Late": "yes" if ending.late else "no",
                "Why": ending.note or "-",
            }
            for line, ending in [
                *((None, ending) for ending in redemption.reschedules),
                *((draw.line, ending) for draw in redemption.draws for ending in draw.endings),
            ]
        ]
        return {
            "facts": facts.items(),
            "tables": [
                _table("Lines", lines),
                _table("What was done", acts),
                _table("Movements of credits", map(_of_booking, row.movements.order_by("-id"))),
            ],
        }


@final
@admin.register(models.Movement)
class MovementAdmin(_ReadOnly):
    """The whole history of credits, the last first."""

    date_hierarchy = "at"
    list_display = ("when", "done", "by", "moved", "of_package", "of_booking", "note")
    list_display_links = None
    ordering = ("-id",)
    search_fields = ("package__id", "package__holders__client_id", "redemption__booking_id", "note")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A movement has no page of its own: the list says all of it."""
        return obj is None and super().has_view_permission(request)

    @admin.display(ordering="at")
    def when(self, row: models.Movement) -> str:
        """When it was."""
        return instant(row.at)

    @admin.display(description="act", ordering="act")
    def done(self, row: models.Movement) -> str:
        """What was done."""
        return word(row.act)

    @admin.display
    def moved(self, row: models.Movement) -> str:
        """What went where."""
        return str(row)

    @admin.display(description="package")
    def of_package(self, row: models.Movement) -> str:
        """The package, as a link."""
        return _link("package", row.package_id)

    @admin.display(description="booking")
    def of_booking(self, row: models.Movement) -> str:
        """The booking, as a link."""
        return _link("redemption", row.redemption_id)


def _table(title: str, rows: Iterable[Mapping[str, object]]) -> dict[str, object]:
    return {"title": title, "rows": [[*row.items()] for row in rows]}


def _balance(row: models.Entitlement) -> Mapping[str, object]:
    return {
        "Entitlement": row.name,
        "Available": UNLIMITED if row.available is None else row.available,
        "Reserved": row.reserved,
        "Redeemed": row.redeemed,
        "Forfeited": row.forfeited,
        "Sold": UNLIMITED if row.sold is None else row.sold,
    }


def _redemption(row: models.Redemption) -> Mapping[str, object]:
    redemption = redemption_of(row)
    return {
        "Booking": _link("redemption", row.booking_id),
        "Client": redemption.client_id,
        "Start": instant(redemption.starts_at),
        "Services": services_of(redemption),
    }


def _of_package(row: models.Movement) -> Mapping[str, object]:
    return _movement(row, {"Booking": _link("redemption", row.redemption_id)})


def _of_booking(row: models.Movement) -> Mapping[str, object]:
    return _movement(row, {"Package": _link("package", row.package_id)})


def _movement(row: models.Movement, elsewhere: Mapping[str, object]) -> Mapping[str, object]:
    return {
        "When": instant(row.at),
        "Act": word(row.act),
        "By": row.by,
        "Moved": str(row),
        **elsewhere,
        "Why": row.note or "-",
    }


def _link(kind: str, key: str) -> str:
    address = reverse(f"admin:pkgredeem_{kind}_change", args=[quote(key)])
    return format_html('<a href="{}">{}</a>', address, key)


def _movements_address(**of_what: str) -> str:
    return f"{reverse('admin:pkgredeem_movement_changelist')}?{urlencode(of_what)}"
