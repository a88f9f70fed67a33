#!/bin/sh
# train.sh home work life…: writes home/dogsled.aot, the classes that the engine of the layer home used during a life, loaded
# and linked. The command life plays it with the layer in the folder work/layer, whose engine records.
#
# The JVM refuses a cache when options, jar or runtime differ from what it was trained on, so the training engine has the
# same ones, but for the options that name the cache.
set -eu

home=$1
work=$2
shift 2
rm -f "$home/dogsled.aot"
rm -rf "$work/layer" "$work/dogsled.aotconf" "$work/dogsled.aot"
mkdir -p "$work/layer/extensions" "$work/layer/dogsled"
cp "$home/../extensions/dogsled" "$work/layer/extensions"
ln -s "$home/jre" "$home/dogsled.jar" "$work/layer/dogsled"
{
    grep '^-' "$home/jvm.options" | grep -v -e '^-XX:AOTCache=' -e '^-Xlog:'
    echo "-XX:AOTMode=record"
    echo "-XX:AOTConfiguration=$work/dogsled.aotconf"
} >"$work/layer/dogsled/jvm.options"

failed() {
    cat "$work/log" >&2
    echo "layer: $1, there is no AOT cache" >&2
    exit 1
}

"$@" >"$work/log" 2>&1 || failed "the training run failed"
[ -s "$work/dogsled.aotconf" ] || failed "the engine of the training run wrote down nothing"

# Classes are not linked as a block: that loads all 2,700 of them before main, half as many again as the start needs.
# Then installed, not written in place: what one large write left in the page cache is mapped, and counted, as a whole.
cd "$home"
# One option a line and no quoting: the words of the list are the options.
# shellcheck disable=SC2046
jre/bin/java $(grep '^-' jvm.options | grep -v -e '^-XX:AOTCache=' -e '^-Xlog:') -XX:AOTMode=create \
    -XX:-AOTClassLinking -XX:AOTConfiguration="$work/dogsled.aotconf" -XX:AOTCache="$work/dogsled.aot" \
    -cp dogsled.jar >"$work/log" 2>&1 || failed "the JVM did not write it"
[ -s "$work/dogsled.aot" ] || failed "the JVM wrote nothing"
install -m 644 "$work/dogsled.aot" dogsled.aot
sha256sum dogsled.jar jre/lib/modules jre/lib/server/libjvm.so >"$work/trained-on"
