# Sourced by every script: stands in the repository's root and puts the right Node on the PATH.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

# Real data for tests and demos. They live outside the repository.
MOSTY_SHARED_DATA=$(realpath -m "${MOSTY_SHARED_DATA:-../shared/data}")
export MOSTY_SHARED_DATA

jobs=${MOSTY_JOBS:-$(nproc)}

# Node as scripts/install fetched it; absent when the machine's own is new enough.
node_home=$root/build/node
if [ -x "$node_home/node_modules/.bin/node" ]; then
    PATH=$node_home/node_modules/.bin:$PATH
fi

# Prints why, and ends.
die() {
    printf '%s\n' "$@" >&2
    exit 1
}

# One hash over the names and contents of everything the client is built from.
client_hash() {
    find client-js -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}
