"""The JSON Schemas of cases, decisions, settlements and stored redemptions, against documents."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from pkgredeem import (
    UNLIMITED,
    Act,
    Actor,
    Audience,
    Booking,
    CancellationTerms,
    Case,
    CreditOutcome,
    Decision,
    DrawState,
    Ending,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from pkgredeem.documents import (
    act_schema,
    case_schema,
    decision_document,
    decision_schema,
    load_case,
    read_case,
    redemption_schema,
    settlement_document,
    settlement_schema,
)
from tests.helpers.broken_plans import BROKEN_PLANS
from tests.helpers.documents_support import BROKEN, changed, document

EVERY_BROKEN = BROKEN | BROKEN_PLANS

EXAMPLES = sorted(
    (Path(__file__).parents[2] / "docs" / "examples" / "cases").glob("*.json"),
)

# What only a reader can know: calendars, zones, what belongs together, and Python's own types.
ONLY_THE_READER = {
    "a term from a day that is null",
    "a service named twice",
    "a term beyond the calendar",
    "a term from an instant without a time zone",
    "a term from nowhere",
    "a term of more than 100 years",
    "a term that ends on the calendar's last day",
    "a guest who is logged in",
    "activated_on 31 April",
    "a local day beside a broken time zone",
    "a local day without a time zone",
    "now after the last instant",
    "now before the calendar",
    "now on 30 February",
    "now with a line end",
    "one package twice",
    "priority is a fraction",
    "remaining is a fraction",
    "remaining is far too long",
    "1,001 entitlements in two packages",
    "1,001 entitlements in one package",
    "several local days without a time zone",
    "sold on the calendar's first day",
    "time_zone is a path",
    "time_zone is an abbreviation nobody knows",
    "time_zone is none at all",
    "time_zone is whatever the machine has",
    "two entitlements without ids",
    "two entitlements with one id",
    "valid through the calendar's last day",
    "validity ends as it begins",
    "window of 367 days",
    # of plans
    "a milder tier of the account",
    "a quota in more days than a year has",
    "a quota in one day in a row",
    "a pause from the calendar's first day",
    "a pause of days in the wrong order",
    "a pause of days without a time zone",
    "a pause that ends as it starts",
    "a tier of nothing",
    "a tier of the first window",
    "a weekday twice",
    "an allowed text twice",
    "an entitlement that ends as it begins",
    "an entitlement valid through the calendar's last day",
    "an entitlement's day without a time zone",
    "book through a day without a time zone",
    "changes close more than a year before",
    "closes as it opens",
    "lasts for ever",
    "not on 31 November",
    "not on a day twice",
    "notice of more than ten years",
    "notice that no booking gives",
    "only one twice",
    "open over midnight",
    "shared with one client twice",
    "tiers that rise and grow milder",
}


# What no JSON text can say, so that no schema is asked about it.
NO_JSON = {
    "a date",
    "a datetime",
    "a key that is a number",
    "a set of services",
    "a trait is not a number",
    "bytes",
    "existing holds what is no JSON",
    "existing is broken, and another key is no JSON",
    "half a surrogate pair",
    "infinity",
    "remaining is not a number",
}


#: Each schema by the name of its function.
SCHEMAS = {
    schema.__name__: schema
    for schema in (
        act_schema,
        case_schema,
        decision_schema,
        settlement_schema,
        redemption_schema,
    )
}


def fits(found: object, schema: Callable[[], dict[str, object]] = case_schema) -> bool:
    """Tell whether a document fits the schema."""
    return jsonschema.Draft202012Validator(schema()).is_valid(found)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_one(name: str) -> None:
    """It is itself sound by the rules of draft 2020-12, says which, and is ready for JSON."""
    schema = SCHEMAS[name]()

    jsonschema.Draft202012Validator.check_schema(schema)
    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]
    assert schema == json.loads(json.dumps(schema))


def test_each_schema_says_what_it_is_of() -> None:
    """Its title names the format, and those for both audiences have the client's first."""
    schemas = {name: schema() for name, schema in SCHEMAS.items()}
    for_both = {
        name: [(each["title"], len(each["required"])) for each in cast("Any", schema["anyOf"])]
        for name, schema in schemas.items()
        if "anyOf" in schema
    }

    assert {
        "act_schema": "an act, pkgredeem-act/1",
        "case_schema": "a case document, pkgredeem/1",
        "decision_schema": "a decision, pkgredeem-decision/1",
        "settlement_schema": "a settlement, pkgredeem-settlement/1",
        "redemption_schema": "a stored redemption, pkgredeem-redemption/1",
    } == {name: schema["title"] for name, schema in schemas.items()}
    assert {
        "decision_schema": [("for a client", 8), ("for staff", 20)],
        "settlement_schema": [("for a client", 6), ("for staff", 12)],
    } == for_both


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_a_new_one_each_time(name: str) -> None:
    """A caller who changes it, however deep, changes nothing else."""
    schema = SCHEMAS[name]()
    kept = json.loads(json.dumps(schema))
    for _, part in list(parts_of(schema)):
        part["title"] = "changed"

    assert kept == SCHEMAS[name]()


def test_the_sound_document_fits() -> None:
    """The document that the broken ones are made from fits."""
    assert fits(document())


@pytest.mark.parametrize("window", ["24 hours", "1 week", "PT86400S", "PT0S", "PT1.5S"])
def test_elapsed_time_in_words_or_in_seconds_fits(window: str) -> None:
    """Wherever it stands, and with more before or after it nowhere."""
    places = ["packages.0.restrictions", "account.cancellation"]
    for wrong in (f"{window} ", f"{window} or so", f"in {window}", f" {window}"):
        assert not fits(changed({places[0]: {"min_notice": wrong}}))
        assert not fits(changed({places[1]: {"window": wrong, "late": "return"}}))

    assert fits(changed({places[0]: {"min_notice": window}}))
    assert fits(changed({places[1]: {"window": window, "late": "return"}}))


@pytest.mark.parametrize("period", ["day", "week", "month", "14 days"])
def test_a_period_fits_and_nothing_that_only_holds_one(period: str) -> None:
    """With more before or after it, it is none."""
    for wrong in (f"{period} ", f"{period} or so", f"every {period}"):
        assert not fits(changed({"packages.0.quotas": [{"most": 1, "per": wrong}]}))

    assert fits(changed({"packages.0.quotas": [{"most": 1, "per": period}]}))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_fits_and_is_read(path: Path) -> None:
    """The example cases of the documentation fit the schema, and the reader reads them."""
    load_case(path)

    assert fits(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "name",
    [name for name in EVERY_BROKEN if name not in ONLY_THE_READER | NO_JSON],
)
def test_a_broken_document_does_not_fit(name: str) -> None:
    """What a schema can say it says."""
    assert not fits(changed(EVERY_BROKEN[name][0]))


@pytest.mark.parametrize("name", sorted(ONLY_THE_READER))
def test_what_only_the_reader_knows_fits(name: str) -> None:
    """The schema is never stricter than it can be right about."""
    assert fits(changed(EVERY_BROKEN[name][0]))


START = datetime(2026, 5, 4, 22, tzinfo=UTC)
POLICY = RedemptionPolicy(rules.ONLINE)


def decisions() -> Iterator[Decision]:
    """Yield decisions of every kind: those of the examples, an exchange, one asked again."""
    for path in EXAMPLES:
        case = load_case(path)
        yield RedemptionPolicy().decide_case(case)
        yield POLICY.decide_case(case)
    for case in (online_case(), plan_case()):
        existing = stored(case)
        yield POLICY.decide_case(replace(case, existing=existing))
        other = Booking(id="b2", lines=case.booking.lines, starts_at=case.booking.starts_at)
        yield POLICY.decide_case(replace(case, booking=other, existing=existing))


def online_case() -> Case:
    """Return a case of two lines that a package pays for, under terms of 24 hours."""
    return read_case(
        changed(
            {
                "account.online_redemption": True,
                "account.client_login": "optional",
                "packages.0.name": "Five facials",
                "booking.lines": [
                    {"service": {"id": "facial", "name": "Facial"}},
                    {"service": {"id": "massage"}, "picked_from": "add_on"},
                ],
            }
        )
    )


def plan_case() -> Case:
    """Return the same with places, and unlimited massages on tiers of 12 and 3 hours."""
    case = online_case()
    tiers = [(timedelta(hours=3), CreditOutcome.FORFEIT)]
    terms = CancellationTerms(
        window=timedelta(hours=12),
        late=CreditOutcome.RETURN,
        no_show=CreditOutcome.RETURN,
        tiers=tiers,
        changes_close=timedelta(minutes=30),
    )
    first, second = case.packages
    facial, massage = case.booking.lines
    booking = replace(
        case.booking,
        lines=(
            facial,
            replace(
                massage,
                service=replace(massage.service, costs=(("credit", 2),)),
                traits=(("staff", "dr-kim"),),
            ),
        ),
        traits=(("place", "north"),),
    )
    (massages,) = second.entitlements
    entitlements = (replace(massages, remaining=UNLIMITED),)
    packages = (first, replace(second, entitlements=entitlements, cancellation=terms))
    return replace(case, booking=booking, packages=packages)


def stored(case: Case | None = None) -> Redemption:
    """Return the redemption that is proposed for a case, the one without plans unless said."""
    redemption = POLICY.decide_case(case or online_case()).redemption
    assert redemption is not None
    return redemption


def settlements() -> Iterator[Settlement]:
    """Yield settlements of every act, allowed, refused and repeated, without plans and with."""
    for case in (online_case(), plan_case()):
        yield from settlements_of(case)


def settlements_of(case: Case) -> Iterator[Settlement]:
    """Yield settlements of every act on what is proposed for a case."""
    redemption = stored(case)
    late, over = START - timedelta(hours=1), START + timedelta(days=2)
    by = Actor.CLIENT
    for now in (case.now, late, START):
        yield POLICY.cancel(redemption, by=by, now=now, packages=case.packages)
        yield POLICY.reschedule(
            redemption,
            account=case.account,
            client=case.client,
            starts_at=over,
            by=by,
            now=now,
            packages=case.packages,
        )
    missed = POLICY.no_show(redemption, now=START, lines=[1], outcome=CreditOutcome.FORFEIT)
    yield missed
    assert missed.change is not None
    for outcome in (POLICY.forgive, POLICY.complete):
        settlement = outcome(missed.change.after, now=over, note="was ill")
        yield settlement
        assert settlement.change is not None
        yield outcome(settlement.change.after, now=over, note="again")


def redemptions() -> Iterator[Redemption]:
    """Yield stored redemptions: as booked, and after each of these settlements."""
    yield from (stored(), stored(plan_case()))
    yield replace(stored(), terms=None, free_until=None, time_zone_key=None, replaces="b0")
    yield from (each.change.after for each in settlements() if each.change is not None)


@pytest.mark.parametrize("audience", Audience)
def test_every_answer_that_is_written_fits(audience: Audience) -> None:
    """Decisions and settlements of every kind fit their schema, for staff and for a client."""
    told = [decision_document(decision, audience) for decision in decisions()]
    done = [settlement_document(settlement, audience) for settlement in settlements()]

    assert [] == [each for each in told if not fits(each, decision_schema)]
    assert [] == [each for each in done if not fits(each, settlement_schema)]


def test_every_redemption_that_is_stored_fits() -> None:
    """Also one that was rescheduled, ended in part and forgiven, alone or in a case document."""
    written = [redemption.to_document() for redemption in redemptions()]

    assert [] == [each for each in written if not fits(each, redemption_schema)]
    assert [] == [each for each in written if not fits(changed({"existing": each}))]


def test_what_these_tests_write_knows_every_key_of_the_schemas() -> None:
    """No key of a schema is left untried, those inside others included."""
    staff = Audience.STAFF
    told = [decision_document(decision, staff) for decision in decisions()]
    done = [settlement_document(settlement, staff) for settlement in settlements()]
    written = [redemption.to_document() for redemption in redemptions()]

    for documents, schema in (
        (told, decision_schema),
        (done, settlement_schema),
        (written, redemption_schema),
    ):
        described = {name for _, part in parts_of(schema()) for name in properties_of(part)}
        found = {name for document in documents for _, part in parts_of(document) for name in part}
        assert set() == described - found


def properties_of(schema: dict[str, object]) -> list[str]:
    """Return the keys that a schema of an object describes."""
    properties = schema.get("properties")
    return [*properties] if isinstance(properties, dict) and "required" in schema else []


def parts_of(found: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every object in a document with its path, the outermost first."""
    if isinstance(found, dict):
        yield path, found
        for key, item in found.items():
            yield from parts_of(item, f"{path}.{key}")
    elif isinstance(found, list):
        for index, item in enumerate(found):
            yield from parts_of(item, f"{path}[{index}]")


def damage_that_fits(
    document: dict[str, object], schema: Callable[[], dict[str, object]]
) -> list[str]:
    """Return each key that can be left out, spoilt or added, and the document still fits."""
    assert fits(document, schema)
    fitting: list[str] = []
    for path, part in list(parts_of(document)):
        for key in [*part, "extra"]:
            kept = part.pop(key, None)
            if key != "extra" and fits(document, schema):
                fitting.append(f"{path}.{key} left out")
            part[key] = [{"odd": 1.5}]
            if fits(document, schema):
                fitting.append(f"{path}.{key} spoilt")
            part[key] = kept
            if key == "extra":
                del part[key]
    return fitting


def test_a_damaged_decision_does_not_fit() -> None:
    """One key too many, too few or of another type, at any depth; a fact may be missing."""
    case = read_case(changed({"packages.0.valid_until": "2026-05-02T00:00:00Z"}))
    refusal = RedemptionPolicy().decide_case(case)
    staff = decision_document(refusal, Audience.STAFF)
    facts = [
        f"{path}.{name} left out"
        for path, part in parts_of(staff)
        for name in part
        if path.endswith(".facts")
    ]

    assert [
        ".reasons[2].facts.count left out",
        ".notes[0].facts.starts_at left out",
        ".notes[0].facts.valid_until left out",
    ] == facts
    assert facts == damage_that_fits(staff, decision_schema)
    for audience in Audience:
        eligible = decision_document(POLICY.decide_case(online_case()), audience)
        assert [] == damage_that_fits(eligible, decision_schema)


def test_a_damaged_settlement_does_not_fit() -> None:
    """The same is true of settlements, with movements and findings."""
    settlement = POLICY.cancel(stored(), by=Actor.CLIENT, now=START - timedelta(hours=1))
    staff, client = (settlement_document(settlement, audience) for audience in Audience)

    assert [".findings[0].facts.free_until left out"] == damage_that_fits(staff, settlement_schema)
    assert [] == damage_that_fits(client, settlement_schema)


def test_a_damaged_redemption_does_not_fit() -> None:
    """Of a stored redemption only what was added since the first form may be missing (D65)."""
    ended = Ending(act=Act.NO_SHOW, at=START, by=Actor.BUSINESS, late=False, starts_at=START)
    forgiven = replace(ended, act=Act.FORGIVE, starts_at=None)
    first, second = stored().draws
    endings = (ended, forgiven)
    first = replace(first, state=DrawState.RETURNED, endings=endings, package_name="Five facials")
    redemption = replace(
        stored(),
        draws=(first, second),
        reschedules=(replace(forgiven, act=Act.RESCHEDULE),),
        replaces="b0",
    )

    assert [
        ".replaces left out",
        ".draws[0].package_name left out",
        ".draws[0].endings left out",
        ".draws[0].endings[0].starts_at left out",
    ] == damage_that_fits(redemption.to_document(), redemption_schema)


def test_a_damaged_plan_does_not_fit() -> None:
    """Nor traits, terms in tiers and windows that are spoilt, stored or told (D45, D60, D61)."""
    late = START - timedelta(hours=1)
    settlement = POLICY.cancel(stored(plan_case()), by=Actor.CLIENT, now=late)
    assert settlement.change is not None
    written = settlement.change.after.to_document()
    draw = cast("list[dict[str, Any]]", written["draws"])[1]
    decision = decision_document(POLICY.decide_case(plan_case()), Audience.STAFF)

    assert ("PT10800S", [["PT10800S", "forfeit"]]) == (
        draw["ending"]["window"],
        draw["terms"]["tiers"],
    )
    assert {
        ".booking.traits left out",
        ".booking.traits.place left out",
        ".booking.lines[1].traits left out",
        ".booking.lines[1].traits.staff left out",
        ".booking.lines[1].service.costs left out",
        ".booking.lines[1].service.costs.credit left out",
        ".draws[1].credits left out",
        ".draws[0].package_name left out",
        ".draws[1].terms left out",
        ".draws[1].terms.tiers left out",
        ".draws[1].terms.changes_close left out",
        ".draws[1].free_until left out",
        ".draws[1].ending.window left out",
    } == set(damage_that_fits(written, redemption_schema))
    assert [
        ".draws[1].terms.no_show left out",
        ".draws[1].terms.tiers left out",
        ".draws[1].terms.changes_close left out",
    ] == damage_that_fits(decision, decision_schema)


@pytest.mark.parametrize("number", [-1, 0.5, "0", True, None])
def test_what_is_counted_in_a_stored_redemption_is_not_below_zero(number: object) -> None:
    """Nor is it a fraction, a text, true or null: its version, lines and credits are numbers."""
    written = stored(plan_case()).to_document()
    draw = cast("list[dict[str, Any]]", written["draws"])[1]
    spoilt = [
        {**written, "version": number},
        {**written, "draws": [{**draw, "line": number}]},
        {**written, "draws": [{**draw, "credits": number}]},
    ]

    assert [False] * 3 == [fits(each, redemption_schema) for each in spoilt]
    assert fits({**written, "version": 0, "draws": [{**draw, "line": 0}]}, redemption_schema)


@pytest.mark.parametrize(
    ("tier", "is_right"),
    [
        (["PT10800S", "forfeit"], True),
        (["PT10800S"], False),
        (["PT10800S", "forfeit", "forfeit"], False),
        (["forfeit", "PT10800S"], False),
    ],
)
def test_a_tier_of_a_stored_redemption_is_a_pair(tier: list[str], *, is_right: bool) -> None:
    """A window and its outcome, no more and no less (D61)."""
    written = stored(plan_case()).to_document()
    draw = cast("list[dict[str, Any]]", written["draws"])[1]
    draw["terms"]["tiers"] = [tier]

    assert is_right is fits({**written, "draws": [draw]}, redemption_schema)


def test_a_damaged_redemption_in_a_case_does_not_fit() -> None:
    """The schema of a case holds that of the redemption in it."""
    damaged_redemption = {**stored().to_document(), "version": "1"}

    assert fits(changed({"existing": stored().to_document()}))
    assert not fits(changed({"existing": damaged_redemption}))
