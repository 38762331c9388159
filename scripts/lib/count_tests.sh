# Sourced by scripts/test.

# Prints "passed failed" of the test cases that a log tells of: Catch2, Vitest and node:test.
count_tests() {
    sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
        # All tests passed (12 assertions in 3 test cases)
        match($0, /assertions? in [0-9]+ test case/) && /^All tests passed/ {
            split(substr($0, RSTART, RLENGTH), word, " ")
            passed += word[3]
        }
        # test cases: 3 | 2 passed | 1 failed         or         Tests  1 failed | 2 passed (3)
        /^test cases: / || /^ *Tests  / {
            count = split($0, part, /[|:]|Tests/)
            for (i = 1; i <= count; i++) {
                split(part[i], word, " ")
                if (word[2] == "passed") passed += word[1]
                if (word[2] == "failed") failed += word[1]
            }
        }
        # ℹ pass 3            or            # fail 1
        /^(ℹ|#) (pass|fail) [0-9]+$/ { if ($2 == "pass") passed += $3; else failed += $3 }
        END { print passed + 0, failed + 0 }'
}
