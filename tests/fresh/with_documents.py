"""`pkgredeem[documents]`: a case document in, a decision document out."""

from pathlib import Path

from pkgredeem import Audience, RedemptionPolicy
from pkgredeem.documents import decision_document, load_case

case = load_case(Path("five-facials.json"))
document = decision_document(RedemptionPolicy().decide_case(case), Audience.STAFF)
print("eligible:", document["eligible"])
assert document["eligible"] is True
