"""The page of a replay, part by part: what is on it, whose it is, and what is only text."""

from dataclasses import replace
from datetime import date

from pkgredeem.cli._replay_page import page
from pkgredeem.documents.replay import Replay, Reproduction, Tally

DAY = date(2026, 3, 9)

#: Every text from outside holds what would be markup, and every count is past a thousand.
FIRST = Tally(
    rulebook="<a>",
    eligible=1_500,
    refused=2_500,
    reasons=(("client_not_logged_in", 1_001), ("house<rule>", 2_000), ("package_used_up", 1_001)),
    deposits_waived=1_003,
    cards_bypassed=1_004,
    credits=1_005,
    impossible=1_006,
    acts=(("cancel", 1_007),),
    credits_returned=1_008,
    reproduction=Reproduction(
        compared=9_000,
        reproduced=8_000,
        differences=(("<key>", 1_009),),
        examples=((1_010, "was <old>"), (1_011, "was older")),
    ),
    watched={("<p>", "main"): (1_012, 2_018, 1), ("q", "main"): (1, 2, 1)},
)
SECOND = Tally(
    rulebook="<b>",
    eligible=3_000,
    refused=1_000,
    reasons=(("house<rule>", 1), ("late_change", 4_000)),
    deposits_waived=2_003,
    cards_bypassed=2_004,
    credits=2_005,
    impossible=1,
    acts=(("cancel", 2_007), ("move", 2_001)),
    acts_refused=2_010,
    credits_returned=2_008,
    reproduction=Reproduction(
        other_rulebook=2_011, differences=(("deposit", 2_012),), examples=((2_013, "is & was"),)
    ),
    watched={("r", "main"): (0, 1, 1)},
)
YEAR = Replay(
    first=FIRST,
    second=SECOND,
    only_first=1_013,
    only_second=1,
    lines=9_014,
    unreadable=1_015,
    carried=True,
)

HEADS = (
    '<th class="count">{0}, &lt;a&gt;</th><th class="count">{0}, &lt;b&gt;</th></tr></thead><tbody>'
)
CARRY = "A replay with --carry goes on from what was drawn."
OF_BOTH = [
    "</style></head><body>",
    "<h1>What would have happened</h1>",
    (
        "<p>4,000 bookings from &lt;c&gt;.jsonl, decided again under &lt;a&gt; and "
        "under &lt;b&gt;, in "
        "order of booking, each with what the ones before it left. Made on 9 March 2026.</p>"
    ),
    '<p class="key"><i></i>&lt;a&gt;<i class="second"></i>&lt;b&gt;</p>',
    (
        '<p class="warning">&lt;a&gt;: 1,006 of 1,500 eligible bookings can&#x27;t '
        "be true: package "
        f"&lt;p&gt; holds 1,012 and pays for 2,018, and 1 more is like it. {CARRY}</p>"
    ),
    (
        '<p class="warning">&lt;b&gt;: 1 of 3,000 eligible bookings can&#x27;t be '
        "true: package r holds "
        f"0 and pays for 1. {CARRY}</p>"
    ),
    '<div class="tiles">',
    *(
        f'<div class="tile"><b>{one}</b><span class="other">{other} under &lt;b&gt;</span>'
        f"<span>{label}</span></div>"
        for label, one, other in (
            ("paid with a package", "1,500", "3,000"),
            ("refused", "2,500", "1,000"),
            ("deposits not collected", "1,003", "2,003"),
            ("cards not captured", "1,004", "2,004"),
            ("credits drawn", "1,005", "2,005"),
            ("credits returned", "1,008", "2,008"),
        )
    ),
    "</div>",
    "<h2>How many could have paid with a package</h2>",
    '<p>&lt;a&gt;: 37.5%</p><div class="bar first"><i style="width:37.5%"></i></div>',
    '<p>&lt;b&gt;: 75.0%</p><div class="bar second"><i style="width:75.0%"></i></div>',
    '<div class="scale"><span>0%</span><span>100% of the bookings</span></div>',
    "<p>1 booking gains a package under &lt;b&gt;, 1,013 lose it.</p>",
    "<h2>Why bookings were refused</h2>",
    '<table><thead><tr><th>reason</th><th class="bars"><div class="scale"><span>0</span>'
    f"<span>4,000</span></div></th>{HEADS.format('bookings')}"
    + "".join(
        f'<tr><td><code>{code}</code><span class="meaning">{meaning}</span></td>'
        f'<td class="bars"><div class="bar first"><i style="width:{wide}%"></i></div>'
        f'<div class="bar second"><i style="width:{wider}%"></i></div></td>'
        f'<td class="count first">{one}</td><td class="count second">{other}</td></tr>'
        for code, meaning, one, wide, other, wider in (
            (
                "late_<wbr>change",
                "A client moves or exchanges a booking with less than the window of a line left.",
                "0",
                "0.0",
                "4,000",
                "100.0",
            ),
            ("house&lt;rule&gt;", "", "2,000", "50.0", "1", "0.0"),
            (
                "client_<wbr>not_<wbr>logged_<wbr>in",
                "The client books as a guest, or has not logged in.",
                "1,001",
                "25.0",
                "0",
                "0.0",
            ),
            (
                "package_<wbr>used_<wbr>up",
                "No credit is left in the package.",
                "1,001",
                "25.0",
                "0",
                "0.0",
            ),
        )
    )
    + "</tbody></table><p>A booking with several reasons counts for each.</p>",
    (
        f"<h2>What became of bookings</h2><table><thead><tr><th>act</th>{HEADS.format('lines')}"
        '<tr><td>cancel</td><td class="count first">1,007</td><td class="count '
        'second">2,007</td></tr>'
        '<tr><td>move</td><td class="count first">0</td><td class="count second">2,001</td></tr>'
        '<tr><td>refused</td><td class="count first">0</td><td class="count second">2,010</td></tr>'
        "</tbody></table>"
    ),
    (
        "<h2>What was decided at the time</h2><table><thead><tr><th>recorded decision</th>"
        f"{HEADS.format('lines')}"
        '<tr><td>reproduced</td><td class="count first">8,000</td><td class="count '
        'second">0</td></tr>'
        '<tr><td>of another rulebook</td><td class="count first">0</td>'
        '<td class="count second">2,011</td></tr>'
        '<tr><td>differs in &lt;key&gt;</td><td class="count first">1,009</td>'
        '<td class="count second">0</td></tr>'
        '<tr><td>differs in deposit</td><td class="count first">0</td>'
        '<td class="count second">2,012</td></tr></tbody></table>'
        "<ul><li>&lt;a&gt;, line 1,010: was &lt;old&gt;</li><li>&lt;a&gt;, line "
        "1,011: was older</li>"
        "<li>&lt;b&gt;, line 2,013: is &amp; was</li></ul>"
    ),
    "<p>1,015 lines left out: no case or act, or one that can't be decided.</p>",
    "</body></html>",
]
OF_ONE = [
    "</style></head><body>",
    "<h1>What would have happened</h1>",
    "<p>1 booking from a.jsonl, decided again under mine. Made on 9 March 2026.</p>",
    '<div class="tiles">',
    *(
        f'<div class="tile"><b>{count}</b><span>{label}</span></div>'
        for label, count in (
            ("paid with a package", "1"),
            ("refused", "0"),
            ("deposits not collected", "0"),
            ("cards not captured", "0"),
            ("credits drawn", "1"),
        )
    ),
    "</div>",
    "<h2>How many could have paid with a package</h2>",
    '<p>mine: 100.0%</p><div class="bar first"><i style="width:100.0%"></i></div>',
    '<div class="scale"><span>0%</span><span>100% of the bookings</span></div>',
    "<h2>Why bookings were refused</h2>",
    "<p>None was.</p>",
    "</body></html>",
]


def body(result: Replay, name: str) -> list[str]:
    """Return the lines of a page from its body on."""
    head, end, text = page(result, name, DAY).partition("</style>")
    assert head.startswith(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>What would have happened</title>\n<style>:root {"
    )
    assert text.endswith("</html>\n")
    return (end + text).splitlines()


def test_a_page_of_two_rulebooks_holds_each_figure_once_and_in_its_place() -> None:
    """Under the right name, parted in thousands, and with no markup of a name or a key in it."""
    assert OF_BOTH == body(YEAR, "<c>.jsonl")


def test_a_page_of_one_booking_holds_no_more_than_it_has() -> None:
    """No table without a count, no second rulebook, nothing of carry or of what was recorded."""
    one = Replay(first=Tally(rulebook="mine", eligible=1, credits=1), lines=1)

    assert OF_ONE == body(one, "a.jsonl")


def test_what_only_the_second_rulebook_was_compared_with_has_its_table() -> None:
    """A decision of another rulebook than the first is worth a row, and a row of noughts is not."""
    second = replace(SECOND, reproduction=Reproduction(other_rulebook=2_011))
    text = page(replace(YEAR, first=Tally(rulebook="<a>"), second=second), "c", DAY)

    assert (
        f"<th>recorded decision</th>{HEADS.format('lines')}"
        '<tr><td>of another rulebook</td><td class="count first">0</td>'
        '<td class="count second">2,011</td></tr></tbody></table>\n'
    ) in text
