#!/usr/bin/python3
"""Holds Mosty and a plain Beast echo to the same table of WebSocket cases, and Mosty to a real client.

    tests/conformance/run.py [NAME…]    only cases whose names begin so

MOSTY_BINARY names the server; the echo and everything else is found from there. Needs Debian's
python3-autobahn and python3-websockets.
"""

import asyncio
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

import handshakes
import round_trip
from cases import CASES
from driver import Mosty, Target, faults_of

SPLIT_BYTES_MAX = 400      # cases of no more bytes are run again, in pieces of each of these sizes
SPLITS = (None, 1, 2, 3, 7)
START_SECONDS = 60


@contextlib.contextmanager
def running(command):
    """A server that says where it is; killed at the end. Gives its address."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if address := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield address[0]
                return
        raise RuntimeError(f"{command[0]} does not start")
    finally:
        process.kill()
        process.wait()


def asked(origin, path, body=None, cookie=None):
    """The answer's JSON and the cookie it sets."""
    headers = {"Origin": origin, **({"Cookie": cookie} if cookie else {})}
    request = urllib.request.Request(origin + path, headers=headers, data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
        return json.load(answer), (answer.headers["Set-Cookie"] or "").split(";")[0]


class Count:
    def __init__(self):
        self.passed = self.failed = 0

    def note(self, name, faults):
        if faults:
            self.failed += 1
            print(f"FAIL  {name}: {'; '.join(faults)}", flush=True)
        else:
            self.passed += 1


async def run_table(target, wanted, count):
    for case in CASES:
        if case.expects_of(target.name) is None or not case.name.startswith(wanted):
            continue
        for split in SPLITS if case.byte_count <= SPLIT_BYTES_MAX else (None,):
            faults = await faults_of(case, target, split)
            if faults:
                faults.append(f"sent in pieces of {split}" if split else "sent at once")
                break
        count.note(f"{target.name} {case.name} {case.title}", faults)


async def main(mosty_binary, wanted):
    echo_binary = mosty_binary.parent.parent / "tests/conformance/conformance_echo"
    count = Count()
    with tempfile.TemporaryDirectory(prefix="mosty-conformance-") as folder, \
            running([echo_binary]) as echo_at, \
            running([mosty_binary, "serve", "--demo", "--data", folder, "--listen", "127.0.0.1:0", "--log-level", "warn"]) as mosty_at:
        people, _ = asked(mosty_at, "/v1/demo/people")
        officer = next(one for one in people["people"] if one["role"] == "officer")
        _, cookie = asked(mosty_at, "/v1/sign-in", {"actor": officer["actor"]})
        way_in = {"Origin": mosty_at, "Cookie": cookie}
        targets = [
            Target("echo", int(echo_at.rpartition(":")[2])),
            Mosty("mosty", int(mosty_at.rpartition(":")[2]), way_in, ["mosty.v1"], greeting=1),
        ]
        for target in targets:
            await run_table(target, wanted, count)
            for name, faults in await handshakes.run(target):
                if name.startswith(wanted):
                    count.note(f"{target.name} {name}", faults)
        if "round trip".startswith(wanted):
            count.note("python3-websockets, a round trip", await round_trip.run(mosty_at, cookie, asked))
    print(f"# pass {count.passed}\n# fail {count.failed}")
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(pathlib.Path(os.environ["MOSTY_BINARY"]), tuple(sys.argv[1:]) or "")))
