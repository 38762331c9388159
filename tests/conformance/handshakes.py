"""What must be answered to a handshake that is not one."""

import asyncio
import base64

KEY = base64.b64encode(b"sixteen bytes in").decode()
ACCEPT = "PH+XDDV5C5bCjtGNCEodnsR87ts="  # of KEY, by RFC 6455
WAIT_SECONDS = 15

# Each changes the good request: header values that replace, None takes the header away.
HANDSHAKES = [
    ("0.1 a good handshake", {}, 101),
    ("0.2 header names and tokens in other cases", {"connection": "keep-alive, UPGRADE", "upgrade": "WebSocket"}, 101),
    ("0.3 without a key", {"sec-websocket-key": None}, 400),
    ("0.4 without a version", {"sec-websocket-version": None}, 400),
    ("0.5 of version 8", {"sec-websocket-version": "8"}, 426),
    ("0.6 without a host", {"host": None}, 400),
    ("0.7 of a key that is too long", {"sec-websocket-key": "x" * 40}, 400),
]
OURS = [
    ("0.8 of a key that is too short", {"sec-websocket-key": "c2hvcnQ="}, 400),
    ("0.9 of a key that is not base 64", {"sec-websocket-key": "!" * 22 + "=="}, 400),
    ("0.10 with bytes after it", {"": "\r\nhasty"}, 400),
]


async def answer(target, changes):
    headers = {"host": f"127.0.0.1:{target.port}", "connection": "Upgrade", "upgrade": "websocket",
               "sec-websocket-key": KEY, "sec-websocket-version": "13",
               **{name.lower(): value for name, value in target.headers.items()}}
    if target.protocols:
        headers["sec-websocket-protocol"] = ", ".join(target.protocols)
    rest = changes.get("", "\r\n")
    headers.update(changes)
    lines = [f"{name}: {value}" for name, value in headers.items() if name and value is not None]
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    writer.write(("GET /v1/live HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n" + rest).encode())
    try:
        return (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT_SECONDS)).decode()
    except (asyncio.TimeoutError, asyncio.IncompleteReadError) as error:
        return f"nothing: {error}"
    finally:
        writer.close()


async def run(target):
    results = []
    for name, changes, status in HANDSHAKES + (OURS if target.name == "mosty" else []):
        head = await answer(target, changes)
        faults = []
        if not head.startswith(f"HTTP/1.1 {status} "):
            faults.append(f"answered {head[:60]!r} instead of {status}")
        elif status == 101 and ACCEPT not in head:
            faults.append("the key was not accepted as RFC 6455 says")
        elif status == 426 and "sec-websocket-version: 13" not in head.lower():
            faults.append("the version wanted is not named")
        results.append((name, faults))
    return results
