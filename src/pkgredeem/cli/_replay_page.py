"""A replay as one HTML page with charts: nothing is fetched, nothing runs, it prints well."""

from datetime import date
from html import escape
from typing import Final

from pkgredeem import rules
from pkgredeem.cli._replay_rows import acts_of, impossible_in_words, in_words
from pkgredeem.documents.replay import Replay, Tally

_STYLE: Final = """\
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5b6675; --paper: #fbfaf8; --card: #fff;
  --line: #e3e0da; --first: #2f6f5e; --second: #b5642c; --track: #eeebe5 }
@media (prefers-color-scheme: dark) { :root { --ink: #e9edf2; --dim: #9aa6b5; --paper: #14181d;
  --card: #1c2229; --line: #2c343e; --first: #63b89f; --second: #e39a63; --track: #262d36 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem }
p { margin: .25rem 0; color: var(--dim) }
.tiles { display: grid; gap: .75rem; margin-top: 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)) }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: .9rem 1rem }
.tile b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums }
.tile span { color: var(--dim); font-size: .85rem }
.tile .other { color: var(--second); font-size: .95rem; display: block }
.warning { background: var(--card); border: 1px solid var(--second); border-left-width: .35rem;
  border-radius: .6rem; color: var(--ink); margin: 1.25rem 0 0; padding: .75rem 1rem;
  overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .35rem .5rem .35rem 0; vertical-align: middle }
th { color: var(--dim); font-weight: 600; font-size: .85rem }
td { border-top: 1px solid var(--line) }
th.count, td.count { text-align: right; font-variant-numeric: tabular-nums; width: 7.5rem;
  overflow-wrap: anywhere }
td code, li { overflow-wrap: anywhere }
td.first, td.second { color: var(--first) }
td.second { color: var(--second) }
thead th { vertical-align: bottom }
ul { color: var(--dim); font-size: .9rem; margin: .75rem 0 0; padding-left: 1.25rem }
td.bars { width: 42% }
.meaning { color: var(--dim); font-size: .85rem; display: block }
.bar { height: .7rem; border-radius: .35rem; background: var(--track); overflow: hidden;
  margin: .15rem 0 }
.bar i { display: block; height: 100%; border-radius: .35rem; background: var(--first) }
.bar.second i, .key .second { background: repeating-linear-gradient(45deg, var(--second) 0 .3rem,
  var(--card) .3rem .4rem) }
.scale { color: var(--dim); display: flex; font-size: .75rem; font-variant-numeric: tabular-nums;
  justify-content: space-between }
.key i { display: inline-block; width: .75rem; height: .75rem; border-radius: .2rem;
  background: var(--first); margin-right: .35rem }
.key .second { margin-left: 1rem }
@media (max-width: 34rem) { body { padding-top: 1.25rem } td.bars, th.bars { display: none }
  th.count, td.count { width: 5.5rem } }
@media print { .tile, .warning { break-inside: avoid } tr { break-inside: avoid } }
"""

#: The class of what is told of the first rulebook, and of the second.
_PLACES: Final = ("first", "second")
_MEANINGS: Final = {
    rule.code: rule.states for rule in (*rules.TIMELY_2026_03.rules, *rules.acts.EVERY_RULE)
}


def page(result: Replay, name: str, made_on: date) -> str:
    """Return the page of a replay of the file with that name, made on that day."""
    first, second = result.first, result.second
    tallies = result.tallies
    rulebooks = escape(" and under ".join(tally.rulebook for tally in tallies))
    bookings = in_words(first.decided, "booking")
    about = f"{bookings} from {escape(name)}, decided again under {rulebooks}"
    if result.carried:
        about += ", in order of booking, each with what the ones before it left"
    key = difference = ""
    if second is not None:
        key = (
            f'<p class="key"><i></i>{escape(first.rulebook)}'
            f'<i class="second"></i>{escape(second.rulebook)}</p>'
        )
        gain = in_words(result.only_second, "booking")
        difference = (
            f"<p>{gain} {_verb(result.only_second, 'gain')} a package under "
            f"{escape(second.rulebook)}, {result.only_first:,} "
            f"{_verb(result.only_first, 'lose')} it.</p>"
        )
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<title>What would have happened</title>",
        f"<style>{_STYLE}</style></head><body>",
        "<h1>What would have happened</h1>",
        f"<p>{about}. Made on {made_on.day} {made_on:%B %Y}.</p>",
        key,
        *map(_warning, filter(_is_impossible, tallies)),
        '<div class="tiles">',
        _tile("paid with a package", tallies, "eligible"),
        _tile("refused", tallies, "refused"),
        _tile("deposits not collected", tallies, "deposits_waived"),
        _tile("cards not captured", tallies, "cards_bypassed"),
        _tile("credits drawn", tallies, "credits"),
        _tile("credits returned", tallies, "credits_returned") if result.carried else "",
        "</div>",
        "<h2>How many could have paid with a package</h2>",
        *map(_share, tallies, _PLACES),
        _scale("0%", "100% of the bookings"),
        difference,
        "<h2>Why bookings were refused</h2>",
        _reasons(tallies),
        _acts(tallies) if result.carried else "",
        _recorded(tallies),
        _left_out(result),
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb


def _is_impossible(tally: Tally) -> bool:
    return tally.impossible > 0


def _warning(tally: Tally) -> str:
    told = f"{tally.rulebook}: {impossible_in_words(tally)}. A replay with --carry goes on from"
    return f'<p class="warning">{escape(told)} what was drawn.</p>'


def _acts(tallies: list[Tally]) -> str:
    return _table(
        "What became of bookings", "act", _names(tallies), [acts_of(tally) for tally in tallies]
    )


def _recorded(tallies: list[Tally]) -> str:
    found = [tally.reproduction for tally in tallies]
    if not any(one.compared or one.other_rulebook for one in found):
        return ""
    counts = [
        {"reproduced": one.reproduced, "of another rulebook": one.other_rulebook}
        | {f"differs in {key}": count for key, count in one.differences}
        for one in found
    ]
    told = [
        f"<li>{escape(tally.rulebook)}, line {number:,}: {escape(text)}</li>"
        for tally in tallies
        for number, text in tally.reproduction.examples
    ]
    table = _table("What was decided at the time", "recorded decision", _names(tallies), counts)
    return table + (f"<ul>{''.join(told)}</ul>" if told else "")


def _names(tallies: list[Tally]) -> list[str]:
    return [tally.rulebook for tally in tallies]


def _left_out(result: Replay) -> str:
    """Return a sentence for each kind of line that is not counted."""
    told = (
        (result.unreadable, "no case or act, or one that can't be decided"),
        (result.unknown, "an act on a booking that no line before it holds"),
        (result.needs_carry, "an act, which only a replay with --carry counts"),
    )
    return "".join(
        f"<p>{in_words(number, 'line')} left out: {why}.</p>" for number, why in told if number
    )


def _numbers(numbers: list[int]) -> str:
    """Return a cell for each rulebook, in its colour where there are two."""
    places = _PLACES if len(numbers) > 1 else ("",)
    return "".join(
        f'<td class="count {place}">{number:,}</td>'
        for number, place in zip(numbers, places, strict=True)
    )


def _table(title: str, heading: str, names: list[str], counts: list[dict[str, int]]) -> str:
    """Return a table of counts, a column for each rulebook; nothing where nothing is counted."""
    keys = dict.fromkeys(key for count in counts for key in count)
    rows = "".join(
        f"<tr><td>{escape(key)}</td>{_numbers([count.get(key, 0) for count in counts])}</tr>"
        for key in keys
        if any(count.get(key) for count in counts)
    )
    if not rows:
        return ""
    return (
        f"<h2>{title}</h2><table><thead><tr><th>{heading}</th>{_heads(names, 'lines')}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _heads(names: list[str], what: str) -> str:
    """Return the head of each column of numbers: whose it is, where there are two."""
    heads = [f"{what}, {name}" for name in names] if len(names) > 1 else [what]
    return "".join(f'<th class="count">{escape(head)}</th>' for head in heads)


def _scale(least: str, most: str) -> str:
    """Return what the ends of a bar stand for."""
    return f'<div class="scale"><span>{least}</span><span>{most}</span></div>'


def _tile(label: str, tallies: list[Tally], field: str) -> str:
    count, *others = (f"{getattr(tally, field):,}" for tally in tallies)
    other = "".join(
        f'<span class="other">{number} under {escape(tally.rulebook)}</span>'
        for number, tally in zip(others, tallies[1:], strict=True)
    )
    return f'<div class="tile"><b>{count}</b>{other}<span>{label}</span></div>'


def _share(tally: Tally, place: str) -> str:
    share = tally.share_eligible
    return f"<p>{escape(tally.rulebook)}: {share:.1%}</p>{_bar(share, place)}"


def _bar(share: float, place: str) -> str:
    return f'<div class="bar {place}"><i style="width:{share:.1%}"></i></div>'


def _reasons(tallies: list[Tally]) -> str:
    counts = [dict(tally.reasons) for tally in tallies]
    codes = {code for count in counts for code in count}
    if not codes:
        return "<p>None was.</p>"
    most = max(number for count in counts for number in count.values())
    ordered = sorted(codes, key=lambda code: (-sum(count.get(code, 0) for count in counts), code))
    rows = [_reason(code, counts, most) for code in ordered]
    return (
        f'<table><thead><tr><th>reason</th><th class="bars">{_scale("0", f"{most:,}")}</th>'
        f"{_heads(_names(tallies), 'bookings')}</tr></thead><tbody>"
        + "".join(rows)
        + "</tbody></table><p>A booking with several reasons counts for each.</p>"
    )


def _reason(code: str, counts: list[dict[str, int]], most: int) -> str:
    numbers = [count.get(code, 0) for count in counts]
    bars = "".join(
        _bar(count / most, place) for count, place in zip(numbers, _PLACES, strict=False)
    )
    meaning = _MEANINGS.get(code, "")
    told = escape(code).replace("_", "_<wbr>")  # a narrow column breaks it between words
    return (
        f'<tr><td><code>{told}</code><span class="meaning">{escape(meaning)}</span></td>'
        f'<td class="bars">{bars}</td>{_numbers(numbers)}</tr>'
    )
