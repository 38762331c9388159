"""Runs one case against one server, over python3-autobahn, and says what was wrong with the answers."""

import asyncio
import json
import struct

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol

from table import Answer, Anything, Await, Bytes, Close, Error, Frame, Pong

WAIT_SECONDS = 10
CLOSING = 8


class Client(WebSocketClientProtocol):
    """Keeps what the server sends. Sends what it is told to, right or wrong."""

    def __init__(self):
        super().__init__()
        self.opened = asyncio.get_running_loop().create_future()
        self.ended = asyncio.get_running_loop().create_future()
        self.changed = asyncio.Event()
        self.messages, self.pongs, self.closes = [], [], []
        self.extensions = None
        self.said_close = False

    def onConnect(self, response):
        self.extensions = response.headers.get("sec-websocket-extensions")

    def onOpen(self):
        self.opened.set_result(None)

    def onMessage(self, payload, isBinary):
        self.messages.append((payload, isBinary))
        self.changed.set()

    def onPing(self, payload):
        self.sendFrame(10, payload)

    def onPong(self, payload):
        self.pongs.append(payload)
        self.changed.set()

    def onCloseFrame(self, code, reasonRaw):
        self.closes.append(code)
        if not self.said_close:
            self.say_close(code)
        self.changed.set()
        return True

    def onClose(self, wasClean, code, reason):
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"no upgrade: {reason}"))
        if not self.ended.done():
            self.ended.set_result(None)
        self.changed.set()

    def say_close(self, code):
        self.said_close = True
        self.sendFrame(CLOSING, struct.pack("!H", code) if code else b"")

    async def until(self, is_there):
        """Waits until it is there, or the server has hung up, or WAIT_SECONDS have passed."""
        async def look():
            while not is_there() and not self.ended.done():
                self.changed.clear()
                await self.changed.wait()

        try:
            await asyncio.wait_for(look(), WAIT_SECONDS)
        except asyncio.TimeoutError:
            pass  # the verdict says what is missing


class Target:
    """A server under test: where it is, how to come in, and how its answers are read."""

    def __init__(self, name, port, headers=None, protocols=(), greeting=0):
        self.name, self.port, self.greeting = name, port, greeting
        self.headers, self.protocols = dict(headers or {}), list(protocols)

    async def connect(self, offers=()):
        factory = WebSocketClientFactory(f"ws://127.0.0.1:{self.port}/v1/live",
                                         headers=self.headers, protocols=self.protocols)
        factory.protocol = Client
        factory.setProtocolOptions(failByDrop=False, utf8validateIncoming=False, openHandshakeTimeout=WAIT_SECONDS, closeHandshakeTimeout=0,
                                   serverConnectionDropTimeout=0, perMessageCompressionOffers=list(offers))
        _, client = await asyncio.get_running_loop().create_connection(factory, "127.0.0.1", self.port)
        await asyncio.wait_for(client.opened, WAIT_SECONDS)
        await client.until(lambda: len(client.messages) >= self.greeting)
        del client.messages[:self.greeting]
        return client

    def heard(self, messages):
        return [Answer(payload, binary) for payload, binary in messages]

    def wanted(self, expectation):
        return [expectation]


class Mosty(Target):
    """Answers pings with pongs, and what it does not understand with errors, several in one message."""

    def heard(self, messages):
        frames = [frame for payload, _ in messages for frame in json.loads(payload)]
        return [Error(frame["problem"]["code"]) if frame["type"] == "error" else (frame["type"], frame.get("n"))
                for frame in frames]

    def wanted(self, expectation):
        if not isinstance(expectation, Answer):
            return [expectation]
        try:
            asked = json.loads(expectation.payload)
        except ValueError:
            return [Error("not_json")]
        return [("pong", asked["n"])]


def send(client, step, split):
    if isinstance(step, Bytes):
        client.sendData(step.bytes, chopsize=split)
    else:
        client.said_close |= step.opcode == CLOSING
        client.maskClientFrames = step.masked
        client.sendFrame(step.opcode, step.payload, fin=step.fin, rsv=step.rsv, chopsize=split or step.split)


async def faults_of(case, target, split=None):
    """Why the server fails the case, or nothing."""
    expects = case.expects_of(target.name)
    answers = [one for item in expects if isinstance(item, (Answer, Error)) for one in target.wanted(item)]
    pongs = [item.payload for item in expects if isinstance(item, Pong)]
    closes = [item for item in expects if isinstance(item, Close)]

    client = await target.connect(case.offers)
    faults = []
    if client.extensions:
        faults.append(f"the server takes the extension {client.extensions}")
    for step in case.sends:
        if isinstance(step, Await):
            await client.until(lambda: len(target.heard(client.messages)) >= step.answers)
        else:
            send(client, step, split)
    await client.until(lambda: len(target.heard(client.messages)) >= len(answers) and len(client.pongs) >= len(pongs))
    if not closes and not client.ended.done():
        closes = [Close(1000)]
        client.say_close(1000)
    await client.until(lambda: client.closes)
    await client.until(lambda: False)  # the server ends the connection

    heard = target.heard(client.messages)
    if heard != answers and Anything not in expects:
        faults.append(f"answered {shown(heard)} instead of {shown(answers)}")
    if client.pongs != pongs:
        faults.append(f"pongs {shown(client.pongs)} instead of {shown(pongs)}")
    if len(client.closes) != 1 or client.closes[0] not in closes[0].codes:
        faults.append(f"closed with {client.closes} instead of one of {closes[0].codes}")
    if client.failedByMe:
        faults.append("the server itself broke the protocol")
    if not client.ended.done():
        faults.append("left the connection open")
        client.transport.abort()
    return faults


def shown(things):
    text = repr(things)
    return text if len(text) < 300 else text[:300] + "…"
