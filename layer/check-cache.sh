#!/bin/sh
# check-cache.sh home [work]: fails unless the engine of the layer home runs from its AOT cache: the files are, byte for byte,
# those that train.sh wrote down in work; the JVM takes the cache; and every class before ready comes from it.
#
# The JVM itself compares options, and of a jar its size and its time. All times in the layer are the same one, so a jar with
# other bytes and as many of them would be taken, and the old classes would run.
set -eu
home=$1

if [ $# -gt 1 ]; then
    work=$(cd "$2" && pwd)
    (cd "$home" && sha256sum --check --quiet "$work/trained-on") >&2 \
        || { echo "layer: the AOT cache was trained on other files; remove target/layer.stamps and build again" >&2; exit 1; }
fi

# The shortest life: an engine without a launcher, whose frames have ended before it starts.
cd "$home"
# One option a line and no quoting: the words of the list are the options.
# shellcheck disable=SC2046
said=$(DD_API_KEY=key jre/bin/java $(grep '^-' jvm.options) -XX:AOTMode=on -Xlog:class+load=info:stdout:none -cp dogsled.jar \
    io.dogsled.ExtensionMain --udp=8125 --held </dev/null 2>&1 3</dev/null 4>/dev/null 6</dev/null) \
    || { echo "$said" | grep -v ' source: ' >&2; echo "layer: the JVM refuses the AOT cache" >&2; exit 1; }
echo "$said" | awk '
    / source: / {
        if ($1 == "io.dogsled.config.ConnectionReader") { ready = 1; exit }
        loaded++
        if (!/source: shared objects file/) { print "layer: not from the AOT cache: " $0 > "/dev/stderr"; slow++ }
    }
    END {
        if (!ready) { print "layer: the engine did not become ready" > "/dev/stderr"; exit 1 }
        if (slow) exit 1
        print "layer: " loaded " classes before ready, all from the AOT cache"
    }'
