#!/usr/bin/env bash
# Every check and every test, as `make test` and CI run them; `checks.sh lint` stops after the checks.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${BIN:-$PWD/.venv/bin}
export PATH="$bin:$PATH" npm_config_cache="$PWD/.run/npm" npm_config_update_notifier=false
# Settings of the person who runs this are none of the tests' business.
for name in ${!DUIKOU_*}; do unset "$name"; done

step() {
  local title=$1 started=$SECONDS
  shift
  printf '== %s\n' "$title"
  "$@" || { printf 'FAILED: %s (%s)\n' "$title" "$*" >&2; exit 1; }
  printf '   %s s\n' $((SECONDS - started))
}

# What tests need of the system: Debian package, and what shows that it is there.
needs() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK-*' >/dev/null || missing+=(fonts-noto-cjk)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  command -v dcmdump >/dev/null || missing+=(dcmtk)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  command -v turnserver >/dev/null || missing+=(coturn)
  # For the Node that Playwright brings along.
  compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || missing+=(libatomic1)
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "The tests need these Debian packages, which only root can install: apt-get install ${missing[*]}" >&2
    return 1
  fi
  command -v apt-get >/dev/null || { echo "The tests need: ${missing[*]}" >&2; return 1; }
  echo "   installing ${missing[*]}"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >.run/apt.log 2>&1 || { tail -n 20 .run/apt.log; return 1; }
}

web() { (cd web && npm run --silent "$@"); }

# The web client's types are those of the API as it is now.
api_types() {
  duikou openapi --out build/openapi.json
  cp web/src/api/schema.d.ts build/schema.before.d.ts
  web api
  cmp -s web/src/api/schema.d.ts build/schema.before.d.ts && return 0
  echo "web/src/api/schema.d.ts was out of date; it has been made anew: commit it." >&2
  return 1
}

mkdir -p .run build
step 'API types of the web client' api_types
# What concerns the web client alone goes on beside what concerns Python alone; its words come after.
{
  step 'web: lint' web lint
  step 'web: types' web typecheck
  if [ "${1:-}" != lint ]; then
    step 'web: tests' web test
    step 'web: build' make --no-print-directory build
  fi
} >.run/web.log 2>&1 &
web_client=$!
trap 'kill "$web_client" 2>/dev/null || true' EXIT
step 'format (ruff)' ruff format --check --quiet .
step 'lint (ruff)' ruff check --quiet .
step 'types (mypy)' mypy
step 'import contracts' lint-imports
[ "${1:-}" = lint ] || step 'system packages' needs
wait "$web_client" || { cat .run/web.log >&2; exit 1; }
trap - EXIT
cat .run/web.log
[ "${1:-}" = lint ] && exit 0

rm -rf tests/artifacts/routes
printf '== tests\n'
# Unit and API tests side by side first; what measures media or drives browsers has the machine to itself.
ROUTE_COVERAGE=1 pytest -q -n 2 --dist loadfile tests --ignore=tests/media --ignore=tests/contract --ignore=tests/netsim --ignore=tests/e2e
exec pytest -q tests/media tests/contract tests/netsim tests/e2e
