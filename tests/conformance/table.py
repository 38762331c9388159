"""What a case is made of: steps that the client takes, and what it must then hear."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Frame:
    """A frame, right or wrong. `split` sends it in pieces of so many bytes."""
    opcode: int
    payload: bytes = b""
    fin: bool = True
    rsv: int = 0
    masked: bool = True
    split: int = None


@dataclass(frozen=True)
class Bytes:
    """Bytes as they are."""
    bytes: bytes


@dataclass(frozen=True)
class Await:
    """Nothing is sent before so many answers have come."""
    answers: int


Anything = "whatever is answered to messages, this case does not look at it"


@dataclass(frozen=True)
class Answer:
    """The answer to this message: an echo says it back; Mosty answers as its contract says."""
    payload: bytes
    binary: bool = False


@dataclass(frozen=True)
class Error:
    """Mosty's error frame with this code."""
    code: str


@dataclass(frozen=True)
class Pong:
    payload: bytes = b""


class Close:
    """The server closes, with one of these codes; None: with an empty close frame."""
    def __init__(self, *codes):
        self.codes = codes


@dataclass(frozen=True)
class Case:
    """Without a Close among the expectations the client closes with 1000 once all of them have come, and
    must hear 1000 back. `mosty` and `echo` say where one of the two must do something else; None: the case
    says nothing about that server."""
    name: str
    title: str
    sends: tuple
    expects: tuple = ()
    mosty: tuple = field(default=(), compare=False)
    echo: tuple = field(default=(), compare=False)
    offers: tuple = ()

    def expects_of(self, target):
        own = {"mosty": self.mosty, "echo": self.echo}[target]
        return self.expects if own == () else own

    @property
    def byte_count(self):
        return sum(6 + len(step.payload) if isinstance(step, Frame) else len(getattr(step, "bytes", b""))
                   for step in self.sends)


TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10


def text(payload=b"", **rest):
    return Frame(TEXT, payload, **rest)


def binary(payload=b"", **rest):
    return Frame(BINARY, payload, **rest)


def more(payload=b"", **rest):
    return Frame(CONTINUATION, payload, **rest)


def ping(payload=b"", **rest):
    return Frame(PING, payload, **rest)


def pong(payload=b"", **rest):
    return Frame(PONG, payload, **rest)


def close(code=None, reason=b"", **rest):
    return Frame(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason, **rest)
