#!/bin/sh
# What derivatives cost in `cargo check`: the corpus of 300 functions with its annotations and without, in turns.
# Prints one line of JSON. The minimum of each counts; a machine that is busy only makes times longer.
#
#   benches/compile_time.sh [ROUNDS]     (default 7)
set -eu

rounds=${1:-7}
case $rounds in
    ''|*[!0-9]*|0) echo "error: ROUNDS: found '$rounds', expected a positive whole number" >&2; exit 2 ;;
esac
corpus=$(cd "$(dirname "$0")/../crates/cotangent-bench/corpus" && pwd)
functions=$(cat "$corpus"/src/part*.rs | grep -c '^pub fn')
target=${CARGO_TARGET_DIR:-$corpus/target}

check() { # $1: a name for the target folder; the rest: arguments
    folder=$target/$1
    shift
    CARGO_TARGET_DIR=$folder cargo check --quiet --manifest-path "$corpus/Cargo.toml" "$@"
}

# Milliseconds of one check after a touch.
timed() {
    touch "$corpus/src/lib.rs"
    start=$(date +%s%N)
    check "$@"
    end=$(date +%s%N)
    echo $(( (end - start) / 1000000 ))
}

smaller() { if [ "$1" -lt "$2" ]; then echo "$1"; else echo "$2"; fi; }

# Dependencies first, so that they are not in the times.
check plain
check annotated --features annotated
plain=1000000000
annotated=1000000000
i=0
while [ "$i" -lt "$rounds" ]; do
    plain=$(smaller "$plain" "$(timed plain)")
    annotated=$(smaller "$annotated" "$(timed annotated --features annotated)")
    i=$((i + 1))
done
awk -v f="$functions" -v p="$plain" -v a="$annotated" 'BEGIN {
    printf "{\"functions\": %d, \"plain_ms\": %d, \"annotated_ms\": %d, \"ms_per_function\": %.2f}\n", f, p, a, (a - p) / f
}'
