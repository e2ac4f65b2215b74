# For the clients that are shell scripts.
# shellcheck shell=sh disable=SC2034
name="$NTLM_DOMAIN\\$NTLM_USER"
account="$name:$NTLM_PASS"
here=$(dirname "$0")

# need COMMAND|FILE PACKAGE: skips where it is missing.
need() {
    command -v "$1" >/dev/null || [ -e "$1" ] || { echo "$2 is not installed"; exit 77; }
}

# curl without the user's settings, by the scheme that its options name; prints the body and the
# status.
curl_by() {
    need curl curl
    curl -q -s --max-time 60 -w '\nHTTP %{http_code} connections=%{num_connects}\n' "$@"
}
ntlm_curl() { curl_by --ntlm "$@"; }

# What gss-ntlmssp logs in as, when a program asks GSSAPI for whoever is logged in.
gss_account() {
    need "$(ls /usr/lib/*/gssntlmssp/gssntlmssp.so 2>/dev/null || echo gssntlmssp)" gss-ntlmssp
    export NTLM_USER_FILE="$NTLM_TMP/account"
    echo "$NTLM_DOMAIN:$NTLM_USER:$NTLM_PASS" > "$NTLM_USER_FILE"
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
    # Java has a format of its own for whom it trusts.
    [ -z "$NTLM_CA" ] || keytool -importcert -noprompt -file "$NTLM_CA" -keystore trust -storepass changeit > report 2>&1 ||
        cat report
    java ${NTLM_CA:+-Djavax.net.ssl.trustStore=trust -Djavax.net.ssl.trustStorePassword=changeit} -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$path" "$class"
}
