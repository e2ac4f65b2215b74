# For the clients that are shell scripts.
# shellcheck shell=sh disable=SC2034
account="$NTLM_DOMAIN\\$NTLM_USER:$NTLM_PASS"

# need COMMAND PACKAGE: skips where the command is missing.
need() {
    command -v "$1" >/dev/null || { echo "$2 is not installed"; exit 77; }
}

# curl without the user's settings; prints the body and the status.
ntlm_curl() {
    need curl curl
    curl -q -s --max-time 60 --ntlm -w '\nHTTP %{http_code} connections=%{num_connects}\n' "$@"
}
