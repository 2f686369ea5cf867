"""`python -m pkgredeem.cli`, the same as the command `pkgredeem`."""

import sys

from pkgredeem.cli import main

if __name__ == "__main__":
    sys.exit(main())
