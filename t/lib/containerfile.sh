# containerfile.sh - the steps of a Containerfile, where there is nothing that builds images.
#
# Sourced by scripts that run in a bare root, with the project as their folder.

# Of the file $1, one instruction a line.
instructions() { sed -e '/^#/d' -e ':more' -e '/\\$/{N;s/\\\n *//;b more' -e '}' "$1"; }

# COPY and RUN, in their order. False: a step has failed.
run_containerfile() {
    instructions "$1" > /tmp/instructions
    while read -r word rest; do
        case $word in
            RUN)  echo "${0##*/}: RUN"; sh -c "$rest" </dev/null >/tmp/run.log 2>&1 || { tail /tmp/run.log; return 1; } ;;
            COPY) copy_step $rest || return 1 ;;
        esac
    done < /tmp/instructions
}

copy_step() {
    case $1 in
        .) mkdir -p "$2" && cp -a . "$2" ;;
        *) cp "$1" "$2" ;;
    esac
}

# What stands behind the word $2 in the file $1; lists of JSON as words of sh.
instruction() { instructions "$1" | sed -n "s/^$2 //p" | sed '/^\[/{s/^\[//;s/\]$//;s/", "/" "/g;}'; }
