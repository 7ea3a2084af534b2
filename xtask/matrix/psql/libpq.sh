# Puts a libpq that knows TLS, and what it needs for that, where programs look for theirs. Arguments: from, to.
set -eu
from=$(dirname "$1")
to=$(dirname "$2")
mkdir -p "$to"
cp -f "$from/libssl.so.1.1" "$from/libcrypto.so.1.1" "$to"
cp -f "$1" "$2"
