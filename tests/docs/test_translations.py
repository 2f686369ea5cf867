"""The German catalogue is complete, follows the English texts, and speaks where English speaks."""

import gettext
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from house_rules import on_a_saturday
from pkgredeem import (
    AccountSettings,
    Actor,
    Audience,
    Booking,
    CancellationTerms,
    Case,
    Clause,
    Client,
    ClientLogin,
    Cover,
    CreditOutcome,
    Decision,
    Entitlement,
    Package,
    PackageStatus,
    RedemptionPolicy,
    Scope,
    Service,
    Settlement,
    rule,
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


CRAMPED = """\
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
#. the first entry
msgctxt "a.a.message"
msgid "one"
msgstr "un"
msgctxt "a.a.advice"
msgid ""
"two "
"\\"lines\\""
msgstr ""
"deux "
"\\"lignes\\""
#: some/file.py:7
#, python-brace-format, fuzzy
#| msgid "before"
msgctxt "a.b.message"
msgid "three"
msgstr "trois, peut-être"
#, python-brace-format
msgctxt "a.b.advice"
msgid "four"
msgstr "quatre"

#,fuzzy
msgctxt "a.c.message"
msgid "five"
msgstr "cinq, peut-être"


msgctxt "a.c.advice"
msgid "six"
msgstr "six"
#, fuzzy
#~ msgctxt "a.d.message"
#~ msgid "gone"
#~ msgstr "parti"
msgctxt "a.d.advice"
msgid "seven"
msgstr "sept"
msgctxt "a.e.message"
msgid "eight"
msgstr ""
msgid "without a context"
msgid_plural "without contexts"
msgstr[0] "sans contexte"
msgstr[1] "sans contextes"
msgctxt "a.f.message"
msgid "nine"
msgstr "neuf"
"""


def test_entries_need_no_blank_line_and_fuzzy_ones_are_skipped(tmp_path: Path) -> None:
    """A file as other tools write it is read as gettext reads it: fuzzy is not translated."""
    path = tmp_path / "fr.po"
    path.write_text("\ufeff" + CRAMPED, encoding="utf-8")
    french = catalogue.PoFile(path)
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(CRAMPED.encode()), locale="fr"))
    compiled.seek(0)
    by_gettext = gettext.GNUTranslations(compiled)
    texts = {
        ("a.a.message", "one"): "un",
        ("a.a.advice", 'two "lines"'): 'deux "lignes"',
        ("a.b.message", "three"): "three",
        ("a.b.advice", "four"): "quatre",
        ("a.c.message", "five"): "five",
        ("a.c.advice", "six"): "six",
        ("a.d.advice", "seven"): "sept",
        ("a.d.message", "gone"): "gone",
        ("a.e.message", "eight"): "eight",
        ("a.f.message", "nine"): "neuf",
    }

    assert texts == {each: by_gettext.pgettext(*each) for each in texts}
    assert texts == {each: french.pgettext(*each) for each in texts}
    assert {each for each, text in texts.items() if text != each[1] or text == "six"} == set(french)


@rule(
    Scope.BOOKING,
    clauses=[Clause(id="HOUSE-2", heading="house rules", says='No "late" bookings.')],
    message='the booking is "late",\tor nearly',
    advice="book {count} hours earlier \\ call",
)
def booked_late(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - every booking rule gets both
    """The booking is late."""
    return False


def test_rules_of_your_own_reach_the_template(capsys: pytest.CaptureFixture[str]) -> None:
    """The command takes rules of your own by module and name, and lists their texts as well."""
    ended = catalogue.main([f"{__name__}:booked_late", "house_rules:on_a_saturday"])
    read = read_po(io.BytesIO(capsys.readouterr().out.encode()))
    own = catalogue.english(more=(booked_late, on_a_saturday))

    assert 0 == ended
    assert 5 == len(own) - len(catalogue.english())
    assert dict(own) == {each.context: each.id for each in read if each.id}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no_such_module:mine", "no_such_module:mine can't be found: No module named"),
        ("house_rules:missing", "house_rules:missing can't be found: module 'house_rules' has"),
        ("house_rules", "house_rules is no rule: give MODULE:NAME of one"),
        ("house_rules:POLICY", "house_rules:POLICY is no rule: give MODULE:NAME of one"),
        ("not a name", "not a name can't be found: invalid format"),
    ],
)
def test_what_is_no_rule_ends_the_command_with_two(
    name: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that leads to no rule is told on standard error, and no template is printed."""
    ended = catalogue.main([name])
    printed = capsys.readouterr()

    assert (2, "") == (ended, printed.out)
    assert printed.err.startswith(told)


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


@pytest.mark.parametrize("archived", [False, True])
def test_without_a_translation_a_known_use_of_the_credit_reads_the_same(archived: bool) -> None:
    """The client reads whether the credit can be used again where that is known."""
    settlement = settle(1, archived=archived)

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


def settle(hours: float, *, archived: bool = False) -> Settlement:
    """Return what cancelling Ana's facial does so many hours after it was booked."""
    decision = decide(ANA, online_redemption=True, cancellation=TERMS)
    assert decision.redemption is not None
    package = Package(
        id="p1",
        name="Drei Gesichtspflegen",
        client_id="ana",
        status=PackageStatus.ARCHIVED if archived else PackageStatus.ACTIVE,
        entitlements=(Entitlement(services=frozenset({"facial"}), remaining=3),),
    )
    return RedemptionPolicy().cancel(
        decision.redemption,
        by=Actor.CLIENT,
        now=NOW + timedelta(hours=hours),
        packages=[package],
    )


@pytest.mark.parametrize(
    ("settlement", "told"),
    [
        (settle(1), ["das Guthaben geht zurück"]),
        (
            settle(1, archived=True),
            [
                (
                    "ein Guthaben ging an Paket Drei Gesichtspflegen (p1) zurück, wo es nicht mehr "
                    "eingelöst werden kann. das Paket verlängern oder wiederherstellen oder dem "
                    "Kunden ein anderes geben. [D13]"
                ),
                "das Guthaben geht zurück",
            ],
        ),
        (
            settle(71),
            [
                (
                    "eine späte Stornierung: sie war frei bis 2026-05-06T10:00:00+00:00. früher "
                    "stornieren; der Salon kann ein verfallenes Guthaben erlassen. "
                    "[T23 D09 D29 D61]"
                ),
                "das Guthaben verfällt",
            ],
        ),
        (
            settle(72),
            [
                (
                    "ein Kunde konnte diese Buchung nur bis 2026-05-07T10:00:00+00:00 ändern. "
                    "den Salon die Buchung ändern lassen. [D09 D67 D71]"
                ),
                "es ändert sich nichts",
            ],
        ),
    ],
)
def test_staff_are_told_of_a_settlement_in_german(settlement: Settlement, told: list[str]) -> None:
    """Staff read every finding of a settlement, whether it changes anything, and the credits."""
    assert told == catalogue.for_staff(settlement, catalogue.PoFile(GERMAN), datetime.isoformat)


@pytest.mark.parametrize("settlement", [settle(1, archived=True), settle(72)])
def test_staff_texts_of_a_settlement_are_those_of_the_library(settlement: Settlement) -> None:
    """What is told of a settlement beside its findings stands in the library's own words."""
    told = catalogue.for_staff(settlement, English(), datetime.isoformat)

    assert told[-1] in settlement.explain(Audience.STAFF)
