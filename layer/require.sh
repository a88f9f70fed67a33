#!/bin/sh
# require.sh mvn gcc …: one sentence for each named program that is missing, and then exit status 1.

missing=0
for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 && continue
    case $program in
        mvn) how="install Maven 3.8 or newer (apt-get install maven, dnf install maven, https://maven.apache.org)" ;;
        gcc) how="install a C compiler (apt-get install gcc libc6-dev, dnf install gcc glibc-static)" ;;
        *) how="install it with the packages of your system" ;;
    esac
    echo "Dogsled needs $program and found none: $how." >&2
    missing=1
done
exit $missing
