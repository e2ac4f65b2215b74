# For the clients that are shell scripts.
# shellcheck shell=sh disable=SC2034
name="$NTLM_DOMAIN\\$NTLM_USER"
account="$name:$NTLM_PASS"
here=$(dirname "$0")

# need COMMAND|FILE PACKAGE: skips where it is missing.
need() {
    command -v "$1" >/dev/null || [ -e "$1" ] || { echo "$2 is not installed"; exit 77; }
}

# curl without the user's settings; prints the body and the status.
ntlm_curl() {
    need curl curl
    curl -q -s --max-time 60 --ntlm -w '\nHTTP %{http_code} connections=%{num_connects}\n' "$@"
}

# newer SOURCE RESULT: whether SOURCE has to be compiled (again).
newer() {
    mkdir -p "$NTLM_BUILD"
    [ ! -e "$2" ] || [ "$1" -nt "$2" ]
}

# java_program CLASS [JAR...]: compiles programs/CLASS.java if it has changed, and runs it.
# The jars are those of Debian; where they come from: need, before.
java_program() {
    need javac default-jdk-headless
    class=$1
    path=$NTLM_BUILD
    shift
    for jar; do
        path=$path:/usr/share/java/$jar.jar
    done
    if newer "$here/../programs/$class.java" "$NTLM_BUILD/$class.class"; then
        javac -cp "$path" -d "$NTLM_BUILD" "$here/../programs/$class.java" || exit 1
    fi
    java -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$path" "$class"
}
