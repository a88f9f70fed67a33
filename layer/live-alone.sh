#!/bin/sh
# live-alone.sh layer: the shortest life, an engine without a launcher whose frames have ended before it starts.
set -eu
cd "$1/dogsled"
# shellcheck disable=SC2046
exec jre/bin/java $(grep '^-' jvm.options) -cp dogsled.jar io.dogsled.ExtensionMain </dev/null 3</dev/null 4>/dev/null
