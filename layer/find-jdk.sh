#!/bin/sh
# Prints the home of a JDK 25: JAVA_HOME if it is one, else the java on the path, else the usual folders.
# Without one it prints a sentence that says how to get one on stderr and leaves with 1.

is_jdk_25() {
    [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null
}

on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path") || on_path=/nowhere/bin/java
for home in "$JAVA_HOME" "${on_path%/bin/java}" \
    /usr/lib/jvm/*25* /opt/java* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25*; do
    if [ -n "$home" ] && is_jdk_25 "$home"; then
        echo "$home"
        exit 0
    fi
done
echo "Dogsled needs a JDK 25 and found none: install one (for example Eclipse Temurin 25 from https://adoptium.net, or 'sdk install java 25-tem') or set JAVA_HOME to it." >&2
exit 1
