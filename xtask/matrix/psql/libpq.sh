# Puts libpq and what it needs into ./lib. Arguments: where a package has it, its major version.
# npm's packages hold no links, so the library is given the name here that programs look for.
set -eu
mkdir -p lib
cp -f "$1"/libpq.so.5."$2" "$1"/libssl.so.1.1 "$1"/libcrypto.so.1.1 lib/
ln -sf libpq.so.5."$2" lib/libpq.so.5
