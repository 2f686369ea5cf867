"""Case documents in and out: other people's JSON made into values, and answers made into JSON.

An edge: it needs the extra `documents` (attrs). It turns text, local days and terms into typed
values, knows no rule, and never guesses: whatever a document gets wrong is a problem with its path,
and all problems of a document come back in one `DocumentError`.

>>> from pkgredeem.documents import DocumentError, read_case
>>> try:
...     read_case({"format": "pkgredeem/1", "account": {"card_capture": "yes"}})
... except DocumentError as error:
...     print(error.problems[1])
account.card_capture must be true or false, not "yes"
"""

from pkgredeem._model.extras import extra

with extra("documents"):
    from pkgredeem.documents._answers import decision_document, settlement_document
    from pkgredeem.documents._json import parse_json
    from pkgredeem.documents._policies import policy_by_name
    from pkgredeem.documents._problems import DocumentError, Problem
    from pkgredeem.documents._reader import load_case, read_case
    from pkgredeem.documents._schema import (
        act_schema,
        case_schema,
        decision_schema,
        redemption_schema,
        settlement_schema,
    )
    from pkgredeem.documents._times import read_instant
    from pkgredeem.documents._writer import case_document

__all__ = [
    "DocumentError",
    "Problem",
    "act_schema",
    "case_document",
    "case_schema",
    "decision_document",
    "decision_schema",
    "load_case",
    "parse_json",
    "policy_by_name",
    "read_case",
    "read_instant",
    "redemption_schema",
    "settlement_document",
    "settlement_schema",
]
