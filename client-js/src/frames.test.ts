import { describe, expect, it } from "vitest";
import { framesFrom } from "./frames";
import { Http } from "./http";
import { pack } from "./messages";
import { pauseBefore } from "./backoff";
import { forEachSeed } from "./testing/world";

describe("a message", () => {
  it.each([
    ["[", "not JSON"],
    ["{}", "not an array"],
    ["[5]", "not a frame"],
    ["[{\"type\":\"patch\",\"topic\":\"t\",\"size\":-1,\"patch\":{}}]", "a size below 0"],
    ["[{\"type\":\"patch\",\"topic\":\"t\",\"size\":1,\"patch\":[]}]", "a patch that is no object"],
    ["[{\"type\":\"rows\",\"topic\":\"t\",\"size\":1,\"total\":1,\"upsert\":[{\"id\":\"a\"}]}]", "a row without order"],
    ["[{\"type\":\"done\",\"id\":\"c\",\"count\":1,\"size\":1.5,\"revision\":1}]", "half an event"],
    ["[{\"type\":\"refused\",\"id\":\"c\",\"problem\":{}}]", "a problem without code"],
    ["[{\"type\":\"text\",\"topic\":\"t\",\"revision\":1,\"part\":1,\"parts\":1,\"content\":[]}]", "a part too many"],
    ["[{\"type\":\"text\",\"topic\":\"t\",\"revision\":1,\"part\":0,\"parts\":1,\"content\":[{\"retain\":0}]}]", "no text"],
    ["[{\"type\":\"events\",\"topic\":\"t\",\"revision\":1,\"events\":[{\"revision\":1,\"type\":\"text.edited\",\"actor\":\"u\",\"at\":\"\",\"data\":{}}]}]", "an edit without its change"],
    ["[{\"type\":\"presence\",\"topic\":\"t\",\"present\":[{\"who\":\"1\"}]}]", "somebody who is nowhere"],
  ])("%s is not understood: %s", (text) => {
    expect(framesFrom(text)).toBeUndefined();
  });

  it("may hold frames of a later protocol, which are skipped", () => {
    expect(framesFrom("[{\"type\":\"of_a_later_time\"},{\"type\":\"pong\",\"n\":1,\"size\":2}]"))
      .toEqual([{ type: "pong", n: 1, size: 2 }]);
  });

  it("is packed within the server's bounds, in order and whole", () => {
    forEachSeed((chance) => {
      const parts = Array.from({ length: chance.below(200) }, (_, i) => JSON.stringify({ i, text: "ї".repeat(chance.below(4_000)) }));
      const packed = pack(parts);
      expect(packed.every((text) => new TextEncoder().encode(text).length <= 65_536)).toBe(true);
      const opened = packed.flatMap((text) => { const value = JSON.parse(text) as unknown; return Array.isArray(value) ? value : [value]; });
      expect(packed.every((text) => !text.startsWith("[") || (JSON.parse(text) as unknown[]).length <= 64)).toBe(true);
      expect(opened.map((item) => JSON.stringify(item))).toEqual(parts);
    }, 30);
  });
});

it("pauses between 0.25 s and 15 s, whatever the attempt", () => {
  for (let attempt = 0; attempt < 2_000; attempt += 37) {
    expect(pauseBefore(attempt, 0)).toBe(250);
    expect(pauseBefore(attempt, 0.999999)).toBeLessThanOrEqual(15_000);
  }
  expect(pauseBefore(0, 0.999999)).toBe(500);
});

describe("http", () => {
  const answering = (status: number, body: string) => new Http(async () => new Response(body, { status }));

  it("tells a problem as the server told it", async () => {
    const answer = await answering(403, "{\"code\":\"may_not_read\",\"title\":\"No\",\"status\":403,\"detail\":\"Why.\"}").me();
    expect(answer).toMatchObject({ ok: false, problem: { code: "may_not_read", detail: "Why." } });
  });

  it("tells an unreachable server and an answer that makes no sense apart", async () => {
    const unreachable = await new Http(async () => { throw new Error("down"); }).me();
    expect(unreachable).toMatchObject({ ok: false, problem: { code: "unreachable" } });
    expect(await answering(200, "{}").me()).toMatchObject({ ok: false, problem: { code: "unexpected" } });
  });

  it("reads events with their positions", async () => {
    const event = { id: "e-1", type: "visit.planned", subject: "visit/v-1", time: "2026-11-22T10:00:00.000Z", revision: 1, actor: "u-1", data: {} };
    const answer = await answering(200, JSON.stringify({ size: 9, events: [{ position: 5, event }] })).events({ stream: "visit/v-1" });
    expect(answer).toMatchObject({ ok: true, value: { size: 9, events: [{ position: 5, stream: "visit/v-1" }] } });
  });
});
