"""Let atheris look for bytes that break a target: TARGET, then what libFuzzer takes."""

import sys
import zoneinfo

import atheris

zoneinfo.reset_tzpath(to=())  # the pinned tzdata, not the machine's own
with atheris.instrument_imports(include=["pkgredeem"]):
    from tests.proofs.fuzz.targets import TARGETS

BOUNDS = ("-timeout=20", "-rss_limit_mb=4096", "-print_final_stats=1")
atheris.Setup([sys.argv[0], *BOUNDS, *sys.argv[2:]], TARGETS[sys.argv[1]])
atheris.Fuzz()
