#!/usr/bin/env bash
# Installs what the tests need of the system: Chromium, fonts for every script that titles are
# written in, npm, what Python needs to make virtual environments where Debian has left it out,
# and a Docker engine. Does nothing when all of it is there; with CI=true the engine is started too. SUDO is put before apt-get, PYTHON is the one in use.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t packages < <(grep -v '^#' tools/apt-packages.txt)
missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
"${PYTHON:-python3}" -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
# The registry of the rehearsal of a release. As a service it would be open to all, so it is only
# for machines that are thrown away.
if [ "${CI:-}" = true ]; then
    command -v docker-registry >/dev/null || missing+=(docker-registry)
fi
# Spectral lints openapi.json; any Node.js will do, wherever it is from.
command -v npm >/dev/null || missing+=(npm)
# An engine from elsewhere would be put out by Debian's.
command -v dockerd >/dev/null || [ -x /usr/sbin/dockerd ] || missing+=(docker.io iptables)

if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "No apt-get here: install Chromium yourself; the browser tests look for it in PATH." >&2
        exit 1
    fi
    echo "Installing ${missing[*]} …"
    ${SUDO:-} apt-get update -qq
    ${SUDO:-} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
# The tests of the image skip themselves without an engine, but not in a pipeline.
[ "${CI:-}" != true ] || ${SUDO:-} "${PYTHON:-python3}" tools/engine.py start
