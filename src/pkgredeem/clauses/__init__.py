"""The article clause by clause, and our decisions: what every rule cites.

T01 to T25 say what the founding article says, D01 and on what we answer where it is silent, and
why. Both are in our words, in the order of the text. The article has two editions, named by their
month: "2026-03" and "2026-04". What is known about a clause in an edition is one of three things:

- stated: the text of that edition says it.
- inferred: the edition has the heading, but an empty cell under it, which the other edition fills.
- assumed: what is known of that edition does not say it. Of the April edition only a part is known,
  so a clause that March alone states is assumed there; of archived packages March is silent.

Each rulebook of an edition holds all 25 clauses, stated, inferred or assumed alike; the two decide
alike but for the date in T02. A decision is in no edition. A clause that begins "limit:" is one
that the product itself calls "not yet": a rule that can be lifted.

Only clauses live here: words about the rules, never a rule, a date to compare with or a number to
count with, and never a sentence of the article.
"""

from pkgredeem.clauses.article import *  # noqa: F403 - every clause by its id
from pkgredeem.clauses.clause import Clause as Clause
from pkgredeem.clauses.decisions import *  # noqa: F403 - every decision by its id
