"""The German catalogue is complete, follows the English texts, and speaks where English speaks."""

import gettext
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pkgredeem import (
    AccountSettings,
    Actor,
    Audience,
    Booking,
    CancellationTerms,
    Client,
    ClientLogin,
    CreditOutcome,
    Decision,
    Entitlement,
    Package,
    RedemptionPolicy,
    Service,
)
from translations import catalogue

GERMAN = Path(catalogue.__file__).with_name("de.po")
NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def fields(text: str) -> list[str]:
    """Return the facts that a text asks for."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


class English:
    """A catalogue in which nothing is translated."""

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - the protocol's
        """Return the message itself."""
        return message


def decide(client: Client, **account: object) -> Decision:
    """Return a decision about a facial that Ana has three of."""
    return RedemptionPolicy().decide(
        account=AccountSettings(client_login=ClientLogin.OPTIONAL, **account),  # type: ignore[arg-type]
        client=client,
        packages=[
            Package(
                id="p1",
                client_id="ana",
                entitlements=(Entitlement(services=frozenset({"facial"}), remaining=3),),
            )
        ],
        booking=Booking.of(Service(id="facial"), id="b1", starts_at=NOW + timedelta(days=3)),
        now=NOW,
    )


ANA = Client(id="ana", logged_in=True)
TERMS = CancellationTerms(window=timedelta(hours=24), late=CreditOutcome.FORFEIT)


def test_no_text_is_missing_and_none_is_left_over() -> None:
    """Every code has its German texts, made for the English ones of today, and no more."""
    assert set(catalogue.english().items()) == set(catalogue.PoFile(GERMAN))


def test_translations_ask_for_the_same_facts() -> None:
    """A translation varies by exactly the facts by which the English text varies."""
    german = catalogue.PoFile(GERMAN)
    for context, text in catalogue.english().items():
        assert fields(text) == fields(german.pgettext(context, text)), context


def test_translations_for_clients_hold_no_digit() -> None:
    """What clients are told holds no digit and no fact in German either."""
    german = catalogue.PoFile(GERMAN)
    for context, text in catalogue.english().items():
        if context.endswith("client_text"):
            told = german.pgettext(context, text)
            assert not any(sign.isdigit() or sign in "{}" for sign in told), context


def test_gettext_reads_the_same_catalogue() -> None:
    """Compiled by other people's tools, the file gives the same texts through gettext."""
    with GERMAN.open("rb") as file:
        read = read_po(file, locale="de")
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    by_gettext = gettext.GNUTranslations(compiled)
    german = catalogue.PoFile(GERMAN)
    for context, text in catalogue.english().items():
        assert german.pgettext(context, text) == by_gettext.pgettext(context, text), context


def test_the_template_lists_the_same_texts() -> None:
    """The template for translators holds every text once, with nothing translated."""
    read = read_po(io.BytesIO(catalogue.template().encode()))

    assert dict(catalogue.english()) == {each.context: each.id for each in read if each.id}
    assert {""} == {each.string for each in read if each.id}


@pytest.mark.parametrize(
    "decision",
    [
        decide(ANA, online_redemption=True),
        decide(Client.guest(), online_redemption=True),
        decide(ANA),
        decide(Client(id="ben", logged_in=True), online_redemption=True),
    ],
)
def test_without_a_translation_the_client_reads_what_the_library_says(decision: Decision) -> None:
    """The catalogue chooses the same sentence for a client as the library does."""
    assert decision.explain(Audience.CLIENT) == catalogue.for_client(decision, English())


@pytest.mark.parametrize("hours", [1, 48, 71.5, 72, 73])
def test_without_a_translation_a_settlement_reads_the_same(hours: float) -> None:
    """The same is true of cancelling in time, late, and after the start."""
    redemption = decide(ANA, online_redemption=True, cancellation=TERMS).redemption
    assert redemption is not None
    settlement = RedemptionPolicy().cancel(
        redemption, by=Actor.CLIENT, now=NOW + timedelta(hours=hours)
    )

    assert settlement.explain(Audience.CLIENT) == catalogue.for_client(settlement, English())


def test_staff_are_told_every_finding_in_german() -> None:
    """A guest's refusal has both of its reasons, with clauses, and the money."""
    told = catalogue.for_staff(
        decide(Client.guest(), online_redemption=True, deposit_required=True),
        catalogue.PoFile(GERMAN),
        datetime.isoformat,
    )

    assert [
        "der Kunde ist nicht angemeldet. um Anmeldung bitten und dann buchen. [T07 D03]",
        (
            "Paket p1 wurde einem anderen Kunden verkauft. "
            "die Pakete dessen nachschlagen, der bucht. [T12 D03 D04]"
        ),
        "der Kunde besitzt kein Paket. im Salon ein Paket verkaufen. [T12 D03]",
        "die Anzahlung einziehen",
        "es wird keine Karte verlangt",
    ] == told
