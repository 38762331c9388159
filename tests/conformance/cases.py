"""The cases, in the sections of the Autobahn test suite. What they hold comes from RFC 6455; the sizes and
the bytes are those of the suite where it has them."""

import json

from table import (BINARY, CONTINUATION, PING, PONG, TEXT, Answer, Anything, Await, Bytes, Case, Close, Error, Frame, Pong, binary,
                   close, more, ping, pong, text)

MESSAGE_MAX = 64 * 1024  # Mosty's; the echo takes 16 MiB
FRAGMENTS_MAX = 64       # Mosty's; the echo counts none

NOT_TEXT = (Error("not_text"), Close(1003))
TOO_BIG = (Error("too_big"), Close(1009))
TOO_MANY = (Error("too_many_fragments"), Close(1008))
PROTOCOL_ERROR = (Close(1002),)
NOT_UTF8 = (Close(1007),)


def said(size=None, n=1):
    """A message that both servers answer: JSON for Mosty, padded to the size."""
    asked = json.dumps({"type": "ping", "n": n}).encode()
    return asked if size is None else asked.ljust(size)


def parts(payload, count=None, size=None, opcode=TEXT):
    """The message in so many frames, or in frames of that size."""
    size = size or -(-len(payload) // count) or 1
    pieces = [payload[at:at + size] for at in range(0, len(payload), size)] or [b""]
    return tuple(Frame(opcode if i == 0 else CONTINUATION, piece, fin=i == len(pieces) - 1)
                 for i, piece in enumerate(pieces))


def framing():
    for i, size in enumerate((0, 125, 126, 127, 128, 65535, 65536)):
        payload = said(size) if size else b""
        yield Case(f"1.1.{i + 1}", f"a text of {size} bytes", (text(payload),), (Answer(payload),))
    yield Case("1.1.8", "a text of 65536 bytes in pieces of 997", (text(said(65536), split=997),),
               (Answer(said(65536)),))
    for i, size in enumerate((0, 125, 126, 127, 128, 65535, 65536)):
        payload = b"\xfe" * size
        yield Case(f"1.2.{i + 1}", f"bytes, {size} of them", (binary(payload),), (Answer(payload, True),), mosty=NOT_TEXT)
    payload = b"\xfe" * 65536
    yield Case("1.2.8", "bytes in pieces of 997", (binary(payload, split=997),), (Answer(payload, True),), mosty=NOT_TEXT)
    yield Case("1.3.1", "a frame that is not masked", (text(said(), masked=False),), PROTOCOL_ERROR)
    yield Case("1.3.2", "a ping that is not masked", (ping(masked=False),), PROTOCOL_ERROR)
    # A length must take the fewest bytes it can.
    for i, header in enumerate((b"\x81\xfe\x00\x15", b"\x81\xff" + (21).to_bytes(8, "big"),
                                b"\x81\xff" + (65535).to_bytes(8, "big"))):
        yield Case(f"1.3.{i + 3}", f"a length in more bytes than it needs, {i + 1}",
                   (Bytes(header + b"\0\0\0\0" + said()),), PROTOCOL_ERROR)
    yield Case("1.3.6", "a length with its highest bit set", (Bytes(b"\x81\xff" + b"\xff" * 8 + b"\0\0\0\0"),),
               mosty=(Close(1002, 1009),), echo=(Close(1002, 1009),))


def pings():
    yield Case("2.1", "a ping without payload", (ping(),), (Pong(),))
    yield Case("2.2", "a ping with text", (ping(b"Hello, world!"),), (Pong(b"Hello, world!"),))
    odd = bytes((0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff))
    yield Case("2.3", "a ping with bytes that are not UTF-8", (ping(odd),), (Pong(odd),))
    yield Case("2.4", "a ping of 125 bytes", (ping(b"\xfe" * 125),), (Pong(b"\xfe" * 125),))
    yield Case("2.5", "a ping of 126 bytes", (ping(b"\xfe" * 126),), PROTOCOL_ERROR)
    yield Case("2.6", "a ping of 125 bytes, one by one", (ping(b"\xfe" * 125, split=1),), (Pong(b"\xfe" * 125),))
    yield Case("2.7", "a pong that nobody asked for", (pong(),))
    yield Case("2.8", "a pong with payload that nobody asked for", (pong(b"unasked"),))
    yield Case("2.9", "a pong that nobody asked for, then a ping", (pong(b"unasked"), ping(b"asked")), (Pong(b"asked"),))
    ten = [b"payload-%d" % i for i in range(10)]
    yield Case("2.10", "ten pings at once", tuple(map(ping, ten)), tuple(map(Pong, ten)))
    yield Case("2.11", "ten pings at once, byte by byte", tuple(ping(one, split=1) for one in ten), tuple(map(Pong, ten)))
    yield Case("2.12", "a pong of 126 bytes", (pong(b"\xfe" * 126),), PROTOCOL_ERROR)
    yield Case("2.13", "a ping that announces 64 KiB", (Bytes(b"\x89\xfe\xff\xff\0\0\0\0"),), PROTOCOL_ERROR)


def reserved_bits():
    names = {TEXT: "text", BINARY: "bytes", PING: "ping", PONG: "pong", 8: "close"}
    for rsv in range(1, 8):
        yield Case(f"3.{rsv}", f"reserved bits {rsv} on the second of two messages",
                   (text(said()), Await(1), text(said(n=2), rsv=rsv)), (Answer(said()), Close(1002)))
    for i, (opcode, name) in enumerate(names.items()):
        payload = b"\x03\xe8" if opcode == 8 else said()
        for rsv in (1, 2, 4):
            yield Case(f"3.8.{3 * i + rsv.bit_length()}", f"reserved bits {rsv} on a {name}",
                       (Frame(opcode, payload, rsv=rsv),), PROTOCOL_ERROR)
    yield Case("3.9.1", "a reserved bit on a continuation", (text(b'{"type":', fin=False), more(b'"ping"}', rsv=2)),
               PROTOCOL_ERROR)


def opcodes():
    for group, first in ((1, 3), (2, 11)):
        for i in range(5):
            opcode = first + i
            payload = said() if i % 2 else b""
            yield Case(f"4.{group}.{i + 1}", f"the opcode {opcode}, which is none",
                       (text(said(7)), Await(1), Frame(opcode, payload), ping()), (Answer(said(7)), Close(1002)))
    for i, opcode in enumerate((3, 7, 11, 15)):
        yield Case(f"4.3.{i + 1}", f"the opcode {opcode} within a message",
                   (text(b"[", fin=False), Frame(opcode)), PROTOCOL_ERROR)


def fragmentation():
    whole = said(64)
    halves = parts(whole, count=2)
    p = b"ping payload"
    yield Case("5.1", "a ping in two frames", (ping(b"one", fin=False), more(b"two")), PROTOCOL_ERROR)
    yield Case("5.2", "a pong in two frames", (pong(b"one", fin=False), more(b"two")), PROTOCOL_ERROR)
    yield Case("5.3", "a text in two frames", halves, (Answer(whole),))
    yield Case("5.4", "a text in two frames, in pieces", tuple(Frame(f.opcode, f.payload, f.fin, split=3) for f in halves),
               (Answer(whole),))
    yield Case("5.5", "a text in two frames, byte by byte",
               tuple(Frame(f.opcode, f.payload, f.fin, split=1) for f in halves), (Answer(whole),))
    yield Case("5.6", "a ping between two frames of a text", (halves[0], ping(p), halves[1]), (Pong(p), Answer(whole)))
    yield Case("5.7", "the same in pieces", tuple(Frame(f.opcode, f.payload, f.fin, split=5) for f in
                                                  (halves[0], ping(p), halves[1])), (Pong(p), Answer(whole)))
    yield Case("5.8", "the same byte by byte", tuple(Frame(f.opcode, f.payload, f.fin, split=1) for f in
                                                     (halves[0], ping(p), halves[1])), (Pong(p), Answer(whole)))
    stray = 9
    for fin in (True, False):
        for split in (None, 3, 1):
            yield Case(f"5.{stray}", f"a continuation of nothing, {'last' if fin else 'with more to come'}",
                       (more(b"stray", fin=fin, split=split), text(said())), PROTOCOL_ERROR)
            stray += 1
    yield Case("5.15", "a text, then a continuation of nothing", (*halves, Await(1), more(b"stray", fin=False), text(said())),
               (Answer(whole), Close(1002)))
    for i, fin in enumerate((False, True)):
        yield Case(f"5.{16 + i}", "continuations of nothing around a text in two frames",
                   (more(b"stray", fin=fin), text(b"a", fin=False), more(b"b")) * 2, PROTOCOL_ERROR)
    yield Case("5.18", "a second text within the first", (text(b"[", fin=False), text(b"]")), PROTOCOL_ERROR)
    five = parts(said(100), count=5)
    pinged = [item for i, part in enumerate(five) for item in ((part, ping(b"%d" % i)) if i < 4 else (part,))]
    pongs = tuple(Pong(b"%d" % i) for i in range(4))
    yield Case("5.19", "a text in five frames with pings between", tuple(pinged), (*pongs, Answer(said(100))))
    yield Case("5.20", "the same byte by byte", tuple(Frame(f.opcode, f.payload, f.fin, split=1) for f in pinged),
               (*pongs, Answer(said(100))))
    empties = (text(fin=False), more(fin=False), more(said()))
    yield Case("5.21", "a text whose first frames are empty", empties, (Answer(said()),))
    yield Case("5.22", "a text whose last frame is empty", (text(said(), fin=False), more()), (Answer(said()),))
    yield Case("5.23", "a text of three empty frames", (text(fin=False), more(fin=False), more()), (Answer(b""),))
    yield Case("5.24", "bytes in two frames", parts(b"\xfe" * 10, count=2, opcode=BINARY), (Answer(b"\xfe" * 10, True),),
               mosty=NOT_TEXT)
    yield Case("5.25", "bytes continued as a text", (binary(b"a", fin=False), text(b"b")), PROTOCOL_ERROR,
               mosty=NOT_TEXT)
    yield Case("5.26", "a pong between two frames of a text", (halves[0], pong(p), halves[1]), (Answer(whole),))
    yield Case("5.27", "a close between two frames of a text", (halves[0], close(1000), halves[1]), (Close(1000),))
    yield Case("5.28", "two texts in frames, one after the other", (*halves, *parts(said(64, n=2), count=3)),
               (Answer(whole), Answer(said(64, n=2))))


WORD = "κόσμε".encode()
VALID = {
    "nothing": b"", "letters": b"Hello World", "other letters": "Hello-µ@ßöäüàá-UTF-8!!".encode(), "a Greek word": WORD,
    "the first of two bytes": b"\xc2\x80", "the first of three": b"\xe0\xa0\x80", "the first of four": b"\xf0\x90\x80\x80",
    "U+0000": b"\x00", "the last of one byte": b"\x7f", "the last of two": b"\xdf\xbf", "the last of three": b"\xef\xbf\xbf",
    "the last of all, U+10FFFF": b"\xf4\x8f\xbf\xbf", "before the surrogates": b"\xed\x9f\xbf",
    "after the surrogates": b"\xee\x80\x80", "U+FFFD": b"\xef\xbf\xbd", "U+FFFE, no character": b"\xef\xbf\xbe",
    "U+1FFFE": b"\xf0\x9f\xbf\xbe", "U+FDD0": b"\xef\xb7\x90", "an astral letter": "𝄞".encode(), "Ukrainian": "Її Ґанок".encode(),
}
INVALID = {
    "one more than the last of all": b"\xf4\x90\x80\x80", "five bytes": b"\xf8\x88\x80\x80\x80", "six bytes": b"\xfc\x84\x80\x80\x80\x80",
    "the last of four by form": b"\xf7\xbf\xbf\xbf", "the last of five": b"\xfb\xbf\xbf\xbf\xbf", "the last of six": b"\xfd\xbf\xbf\xbf\xbf\xbf",
    "a lonely continuation 80": b"\x80", "a lonely continuation BF": b"\xbf", "two continuations": b"\x80\xbf",
    "seven continuations": b"\x80\xbf\x80\xbf\x80\xbf\x80", "all continuations": bytes(range(0x80, 0xc0)),
    "beginnings of two, spaces between": b"".join(bytes((b, 0x20)) for b in range(0xc0, 0xe0)),
    "beginnings of three": b"".join(bytes((b, 0x20)) for b in range(0xe0, 0xf0)),
    "beginnings of four": b"".join(bytes((b, 0x20)) for b in range(0xf0, 0xf8)),
    "beginnings of five": b"".join(bytes((b, 0x20)) for b in range(0xf8, 0xfc)), "beginnings of six": b"\xfc \xfd ",
    "two without its last": b"\xc3", "three without its last": b"\xe0\xa0", "four without its last": b"\xf0\x90\x80",
    "four of one": b"\xf0", "cut in the middle": b"\xce\xba\xe1\xbd", "FE": b"\xfe", "FF": b"\xff", "FE FE FF FF": b"\xfe\xfe\xff\xff",
    "a slash in two bytes": b"\xc0\xaf", "a slash in three": b"\xe0\x80\xaf", "a slash in four": b"\xf0\x80\x80\xaf",
    "a slash in five": b"\xf8\x80\x80\x80\xaf", "a slash in six": b"\xfc\x80\x80\x80\x80\xaf",
    "the longest 7F": b"\xc1\xbf", "the longest 7FF": b"\xe0\x9f\xbf", "the longest FFFF": b"\xf0\x8f\xbf\xbf",
    "zero in two bytes": b"\xc0\x80", "zero in three": b"\xe0\x80\x80", "zero in four": b"\xf0\x80\x80\x80",
    "the surrogate D800": b"\xed\xa0\x80", "the surrogate DB7F": b"\xed\xad\xbf", "the surrogate DBFF": b"\xed\xaf\xbf",
    "the surrogate DC00": b"\xed\xb0\x80", "the surrogate DFFF": b"\xed\xbf\xbf", "a pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80",
    "a word, then a surrogate, then letters": WORD + b"\xed\xa0\x80edited",
}


def utf8():
    for i, (name, payload) in enumerate(VALID.items()):
        yield Case(f"6.1.{i + 1}", f"good: {name}", (text(payload),), (Answer(payload),))
        if len(payload) > 1:
            yield Case(f"6.2.{i + 1}", f"good, a frame a byte: {name}", parts(payload, size=1), (Answer(payload),))
    for i, (name, payload) in enumerate(INVALID.items()):
        yield Case(f"6.3.{i + 1}", f"bad: {name}", (text(payload),), NOT_UTF8)
        yield Case(f"6.4.{i + 1}", f"bad after good: {name}", (text(said(20) + payload),), NOT_UTF8)
        if 1 < len(payload) <= 8:
            yield Case(f"6.5.{i + 1}", f"bad, a frame a byte: {name}", parts(payload, size=1), NOT_UTF8)
    # Told before the message is whole: the rest never comes.
    bad = WORD + b"\xf4\x90\x80\x80"
    yield Case("6.6.1", "bad in a frame with more to come", (text(WORD, fin=False), more(bad, fin=False)), NOT_UTF8)
    yield Case("6.6.2", "bad in a frame that is not whole", (Bytes(b"\x81\xfe\x01\x00\0\0\0\0" + bad),), NOT_UTF8)
    yield Case("6.6.3", "a letter over two frames", (text(WORD[:3], fin=False), more(WORD[3:])), (Answer(WORD),))
    yield Case("6.6.4", "a letter over three frames, an empty one and a ping between",
               (text(WORD[:3], fin=False), ping(), more(fin=False), more(WORD[3:])), (Pong(), Answer(WORD)))
    # The control does not look at what an empty last frame ends.
    yield Case("6.6.5", "a letter that never ends", (text(WORD[:3], fin=False), more()), NOT_UTF8, echo=(Answer(WORD[:3]),))
    yield Case("6.6.6", "bytes need not be UTF-8", (binary(b"\xff\xfe"),), (Answer(b"\xff\xfe", True),), mosty=NOT_TEXT)


def closing():
    whole = said()
    yield Case("7.1.1", "a text, then a close", (text(whole),), (Answer(whole),))
    yield Case("7.1.2", "two closes", (close(1000), close(1000)), (Close(1000),))
    yield Case("7.1.3", "a ping after the close", (close(1000), ping()), (Close(1000),))
    yield Case("7.1.4", "a text after the close", (close(1000), text(whole)), (Close(1000),))
    yield Case("7.1.5", "a close within a message", (text(b"[", fin=False), close(1000), more(b"]")), (Close(1000),))
    yield Case("7.1.6", "64 KiB, a close and a ping at once", (text(said(MESSAGE_MAX)), close(1000), ping()),
               mosty=(Anything, Close(1000)), echo=(Answer(said(MESSAGE_MAX)), Close(1000)))
    yield Case("7.3.1", "an empty close", (close(),), (Close(1000, None),))
    yield Case("7.3.2", "a close of one byte", (Frame(8, b"a"),), PROTOCOL_ERROR)
    yield Case("7.3.3", "a close with a code", (close(1000),), (Close(1000),))
    yield Case("7.3.4", "a close with a code and a reason", (close(1000, b"Hello World!"),), (Close(1000),))
    yield Case("7.3.5", "a reason of 123 bytes", (close(1000, b"*" * 123),), (Close(1000),))
    yield Case("7.3.6", "a reason of 124 bytes", (close(1000, b"*" * 124),), PROTOCOL_ERROR)
    yield Case("7.3.7", "a close in two frames", (close(1000, fin=False), more(b"why")), PROTOCOL_ERROR)
    # The control fails the connection with 1002, which the RFC allows as well.
    yield Case("7.5.1", "a reason that is not UTF-8", (close(1000, WORD + b"\xed\xa0\x80"),), NOT_UTF8, echo=(Close(1002),))
    yield Case("7.5.2", "a reason that ends within a letter", (close(1000, WORD[:-1]),), NOT_UTF8, echo=(Close(1002),))
    good = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999)
    for i, code in enumerate(good):
        yield Case(f"7.7.{i + 1}", f"a close with the code {code}", (close(code),), (Close(code),))
    # 1014 was given away after the control was written.
    yield Case(f"7.7.{len(good) + 1}", "a close with the code 1014", (close(1014),), (Close(1014),), echo=PROTOCOL_ERROR)
    for i, code in enumerate((0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999)):
        yield Case(f"7.9.{i + 1}", f"a close with the code {code}, which none may send", (close(code),), PROTOCOL_ERROR)
    # The control answers codes that the RFC does not define.
    for i, code in enumerate((5000, 65535)):
        yield Case(f"7.13.{i + 1}", f"a close with the code {code}, beyond all", (close(code),), PROTOCOL_ERROR,
                   echo=(Close(code),))


def limits():
    for i, size in enumerate((1 << 16, (1 << 16) + 1, 1 << 18, 1 << 20)):
        payload = said(size)
        over = TOO_BIG if size > MESSAGE_MAX else ()
        yield Case(f"9.1.{i + 1}", f"a text of {size} bytes", (text(payload),), (Answer(payload),), mosty=over)
        yield Case(f"9.2.{i + 1}", f"bytes, {size} of them", (binary(b"\xfe" * size),), (Answer(b"\xfe" * size, True),),
                   mosty=NOT_TEXT)
    for i, size in enumerate((256, 1024, 1025, 4096, 65536)):
        payload = said(1 << 18)
        yield Case(f"9.3.{i + 1}", f"256 KiB in frames of {size}", parts(payload, size=size), (Answer(payload),),
                   mosty=TOO_MANY if size * FRAGMENTS_MAX <= MESSAGE_MAX else TOO_BIG)
    for i, size in enumerate((64, 128, 256, 512, 1024, 2048)):
        yield Case(f"9.5.{i + 1}", f"64 KiB in pieces of {size}", (text(said(MESSAGE_MAX), split=size),),
                   (Answer(said(MESSAGE_MAX)),))
    count = FRAGMENTS_MAX
    yield Case("9.7.1", "a message in 64 frames", parts(said(count), size=1), (Answer(said(count)),))
    yield Case("9.7.2", "a message in 65 frames", parts(said(count + 1), size=1), (Answer(said(count + 1)),), mosty=TOO_MANY)
    empty = (text(said(), fin=False),) + (more(fin=False),) * (count - 2) + (more(),)
    yield Case("9.7.3", "62 empty frames within a message", empty, (Answer(said()),))
    # The control takes a million of them.
    yield Case("9.7.4", "10,000 empty frames and no end", (text(said(), fin=False),) + (more(fin=False),) * 10_000,
               mosty=TOO_MANY)
    yield Case("9.7.5", "pings between 64 frames do not count", tuple(
        step for part in parts(said(count), size=1) for step in (part, ping(b"x")))[:-1],
        (*(Pong(b"x"),) * (count - 1), Answer(said(count))))
    # A length is refused before its bytes come. The control reads on to its own limit.
    yield Case("9.8.1", "a frame that announces an exabyte", (Bytes(b"\x81\xff" + (1 << 60).to_bytes(8, "big") + b"\0\0\0\0"),),
               mosty=TOO_BIG, echo=(Close(1009),))
    yield Case("9.8.2", "a second frame that is too much", (text(said(), fin=False),
                                                            Bytes(b"\x80\xff" + (1 << 20).to_bytes(8, "big") + b"\0\0\0\0")),
               mosty=TOO_BIG, echo=None)


def others():
    yield Case("10.1.1", "64 KiB in frames of 1,300", parts(said(MESSAGE_MAX), size=1300), (Answer(said(MESSAGE_MAX)),))
    many = [said(n=i) for i in range(100)]
    yield Case("10.2.1", "a hundred texts at once", tuple(map(text, many)), tuple(map(Answer, many)))


def compression():
    from autobahn.websocket.compress import PerMessageDeflateOffer
    offers = (PerMessageDeflateOffer(),)
    yield Case("12.1.1", "compression is offered and not taken", (text(said()),), (Answer(said()),), offers=offers)
    yield Case("12.1.2", "a compressed message nevertheless", (Frame(TEXT, b"\xaa\x56\x2a", rsv=4),), PROTOCOL_ERROR, offers=offers)


CASES = [case for section in (framing, pings, reserved_bits, opcodes, fragmentation, utf8, closing, limits, others,
                              compression) for case in section()]
