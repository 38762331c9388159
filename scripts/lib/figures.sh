# Sourced by scripts/bench: what was measured, and what is said of it. $work holds the figures, $seconds and
# $rounds say how they came to be.

# Runs one measurement; its lines "name value" go to the figures under a prefix.
measure() {
    local prefix=$1 figures
    shift
    figures=$("$@" --seconds "$seconds") || die "$prefix failed"
    sed "s/^/$prefix./" <<<"$figures" >>"$work/figures"
}

# The median over the rounds of one figure.
figure() {
    awk -v name="$1" '$1 == name { print $2 }' "$work/figures" | sort -g |
        awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

rounded() { printf "%.$1f" "$(figure "$2")"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
at_least() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a >= b) }'; }

# One figure divided by another.
quotient() { ratio "$(figure "$1")" "$(figure "$2")"; }

row() { printf '%-48s %12s  %s\n' "$@"; }

missed=0
judge() {
    local name=$1 value=$2 goal=$3
    if at_least "$value" "$goal"; then row "$name" "$value" "goal $goal: reached"; else
        row "$name" "$value" "goal $goal: MISSED"
        missed=1
    fi
}

# The same of a value that must not be above its goal.
judge_most() {
    local name=$1 value=$2 goal=$3
    if at_least "$goal" "$value"; then row "$name" "$value" "goal at most $goal: reached"; else
        row "$name" "$value" "goal at most $goal: MISSED"
        missed=1
    fi
}

# The medians as JSON, with what they were measured on.
write_json() {
    local name machine
    machine="$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(nproc) cores"
    printf '{\n  "commit": "%s",\n  "machine": "%s",\n' "$(git rev-parse --short HEAD)" "$machine"
    printf '  "rounds": %s,\n  "seconds": %s,\n  "figures": {\n' "$rounds" "$seconds"
    cut -d' ' -f1 "$work/figures" | sort -u | while read -r name; do
        printf '    "%s": %s\n' "$name" "$(figure "$name")"
    done | sed '$!s/$/,/'
    printf '  }\n}\n'
}
