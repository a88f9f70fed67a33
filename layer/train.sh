#!/bin/sh
# train.sh home work: runs the engine of the layer home once, with its own options, and leaves home/dogsled.aot: the
# classes that run used, loaded and linked. The JVM refuses a cache when options, jar or runtime differ from what it was
# trained on, so no flag is added or left out but those that name the cache.
set -eu

home=$1
work=$2
rm -rf "$work" "$home/dogsled.aot"
mkdir -p "$work"
cd "$home"

# One option a line and no quoting: the words of the list are the options.
options=$(sed -e '/^#/d' -e '/^-XX:AOTCache=/d' -e '/^-Xlog:disable$/d' jvm.options)

failed() {
    cat "$work/log" >&2
    echo "layer: $1, there is no AOT cache" >&2
    exit 1
}

# shellcheck disable=SC2086
jre/bin/java $options -XX:AOTMode=record -XX:AOTConfiguration="$work/dogsled.aotconf" \
    -cp dogsled.jar io.dogsled.ExtensionMain </dev/null 3</dev/null 4>"$work/frames" >"$work/log" 2>&1 \
    || failed "the training run failed"
# shellcheck disable=SC2086
jre/bin/java $options -XX:AOTMode=create -XX:AOTConfiguration="$work/dogsled.aotconf" -XX:AOTCache=dogsled.aot \
    -cp dogsled.jar >"$work/log" 2>&1 || failed "the JVM did not write it"
[ -s dogsled.aot ] || failed "the JVM wrote nothing"
