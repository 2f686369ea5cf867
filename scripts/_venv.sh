# shellcheck shell=sh
# Sourced by every script here: goes to the top of the checkout and provides
#
#   need GROUP...    .venv, first on the path, with the project, its cli extra and these
#                    dependency groups; installs nothing, and needs no network, when all is there
#   py ARG...        the Python of .venv
#   bin NAME ARG...  a command that is installed in .venv
#
# PYTHON names the interpreter to build .venv with, when python3 is not the one that you want.
# VENV names another folder for it, so that a script can be tried in an environment of its own.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd -- "$root" || exit 2
venv=${VENV:-$root/.venv}
constraints=scripts/constraints.txt

say() {
    printf '%s\n' "$*"
}

py() {
    "$venv/bin/python" "$@"
}

bin() {
    command_name=$1
    shift
    "$venv/bin/python" "$venv/bin/$command_name" "$@"
}

# The first Python that is new enough.
find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "this needs Python 3.11 or newer; set PYTHON to name one" >&2
    return 1
}

make_venv() {
    if [ -x "$venv/bin/python" ] && py -c '' 2>/dev/null; then
        return
    fi
    python=$(find_python)
    say "making .venv with $("$python" --version)"
    if ! "$python" -m venv --clear "$venv"; then
        say "cannot make .venv: is Python's venv module installed (Debian: python3-venv)?" >&2
        return 1
    fi
}

# What an installation depends on: the versions, the project file and where the checkout stands.
fingerprint() {
    { cat pyproject.toml "$constraints" && say "$root"; } | cksum
}

install() {
    py -m pip install --quiet --quiet --disable-pip-version-check --constraint "$constraints" "$@"
}

install_one() {
    stamp=$venv/.installed-$1
    now=$(fingerprint)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ]; then
        return
    fi
    say "installing: $1"
    case $1 in
        project)
            install pip
            install --build-constraint "$constraints" --editable '.[cli]'
            ;;
        *)
            install --group "$1"
            ;;
    esac
    say "$now" >"$stamp"
}

need() {
    make_venv
    for wanted in project "$@"; do
        install_one "$wanted"
    done
    export PATH="$venv/bin:$PATH"   # pyright asks the first python there where packages are
}
