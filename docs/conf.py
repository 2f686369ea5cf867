"""How the site is built: Sphinx, MyST and furo, offline, and every warning is an error."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import django  # noqa: E402 - beside the others
from django.conf import settings  # noqa: E402 - beside the others
from docs import _explorer_site, _generate  # noqa: E402 - the checkout comes first on the path
from sphinx.application import Sphinx  # noqa: E402 - the checkout comes first on the path

# The reference imports the Django store, which has models.
if not settings.configured:
    settings.configure(INSTALLED_APPS=["pkgredeem.stores.django"], USE_TZ=True)
    django.setup()

project = "pkgredeem"
author = "The pkgredeem authors"
project_copyright = "the pkgredeem authors, MIT licence"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "examples/*_salon", "examples/**/.*"]
nitpicky = False
default_role = "code"

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
# The pages that show what the library refuses show it as a traceback, which is text.
suppress_warnings = ["myst.header"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
pygments_dark_style = "github-dark"
html_title = "pkgredeem"
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b6e4f", "color-brand-content": "#0b6e4f"},
    "dark_css_variables": {"color-brand-primary": "#6fd3ab", "color-brand-content": "#6fd3ab"},
}


def shorten(*given: object) -> tuple[str, str] | None:
    """Name the default rulebook in a signature instead of spelling all of it out."""
    signature, returns = given[-2:]
    if not isinstance(signature, str) or "Rulebook(name=" not in signature:
        return None
    return "(rulebook=rules.TIMELY_2026_03)", str(returns or "")


def setup(app: Sphinx) -> None:
    """Connect what the library itself writes: reference tables, pictures and the explorer."""
    app.connect("autodoc-process-signature", shorten)
    app.connect("env-get-outdated", _generate.outdated)
    app.connect("source-read", _generate.fill_in)
    app.connect("build-finished", _generate.write_schemas)
    app.connect("build-finished", _explorer_site.write)
