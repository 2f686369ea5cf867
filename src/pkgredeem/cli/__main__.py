"""`python -m pkgredeem.cli`, the same as the command `pkgredeem`."""

import sys

from pkgredeem.cli import main

sys.exit(main())
