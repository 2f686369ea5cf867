"""How the site is built: Sphinx, MyST and furo, offline, and every warning is an error."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import django  # noqa: E402 - beside the others
from django.conf import settings  # noqa: E402 - beside the others
from docs import _explorer_site, _generate, _reference, _signatures, _tables  # noqa: E402 - the checkout comes first on the path
from sphinx.application import Sphinx  # noqa: E402 - the checkout comes first on the path

import pkgredeem  # noqa: E402 - beside the others

# The reference imports the Django store, which has models.
if not settings.configured:
    settings.configure(INSTALLED_APPS=["pkgredeem.stores.django"], USE_TZ=True)
    django.setup()

project = "pkgredeem"
author = "The pkgredeem authors"
project_copyright = "the pkgredeem authors, MIT licence"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
]
exclude_patterns = ["_build", "examples/*_salon", "examples/**/.*"]
# A type that leads nowhere is a warning, and so an error.
nitpicky = True
# Types of other projects, and two that a caller never names.
_OTHERS = r"(_pytest|hypothesis|sqlalchemy)\..*|MetaData|.*\._(shadow\.Answering|reader\.Readable)"
nitpick_ignore_regex = [("py:class", _OTHERS)]
# Names of Python lead to its documentation; the list of them lies here, so nothing is fetched.
intersphinx_mapping = {"python": ("https://docs.python.org/3", str(HERE / "python.inv"))}
# What is copied is what one types, without prompts and without what is printed.
copybutton_exclude = ".linenos, .gp, .go, .gt"
default_role = "code"

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
# The pages that show what the library refuses show it as a traceback, which is text.
suppress_warnings = ["myst.header"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 72
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
pygments_dark_style = "github-dark"
version = release = pkgredeem.__version__
html_title = f"pkgredeem {version}"
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b6e4f", "color-brand-content": "#0b6e4f"},
    "dark_css_variables": {"color-brand-primary": "#6fd3ab", "color-brand-content": "#6fd3ab"},
}


def setup(app: Sphinx) -> None:
    """Connect what the library itself writes: reference tables, pictures and the explorer."""
    _signatures.join_overloads()
    app.connect("autodoc-process-signature", _signatures.constructor)
    _signatures.say_fields()
    app.connect("doctree-read", _reference.publish)
    app.connect("doctree-resolved", _tables.label)
    app.connect("env-get-outdated", _generate.outdated)
    app.connect("source-read", _generate.fill_in)
    app.connect("build-finished", _generate.write_schemas)
    app.connect("build-finished", _explorer_site.write)
