import { describe, expect, it } from "vitest";
import { Http } from "../http";
import type { Json } from "../json";

const topic = "text/proposal/p-1/objective";
const at = "2026-11-25T10:00:00.000Z";

function answering(body: Json, status = 200): { http: Http; asked: string[] } {
  const asked: string[] = [];
  const http = new Http(async (url, init) => {
    asked.push(`${init?.method ?? "GET"} ${url} ${String(init?.body ?? "")}`.trim());
    return new Response(JSON.stringify(body), { status });
  });
  return { http, asked };
}

describe("a text's past", () => {
  it("is fetched by revision, size or time", async () => {
    const thread = { kind: "comment", from: 0, to: 2, quote: "Wa", body: "?", actor: "u-1", at, revision: 3, replies: [] };
    const { http, asked } = answering({
      topic, revision: 3, revisions: 9, size: 40, time: at, actor: "u-1", content: [{ insert: "Water\n" }],
      threads: { "t-1": thread }, suggestions: {}, versions: [{ version: "v-1", name: "Draft", revision: 2, actor: "u-1", at }],
    });
    const answer = await http.textAt(topic, { revision: 3 });
    if (!answer.ok) throw new Error(answer.problem.code);
    expect(answer.value.content.ops).toEqual([{ insert: "Water\n" }]);
    expect(answer.value.threads.get("t-1")).toEqual({ id: "t-1", ...thread, orphaned: false });
    expect(answer.value).toMatchObject({ revision: 3, revisions: 9, size: 40, versions: [{ name: "Draft" }] });
    await http.textAt(topic, { time: "2026-11-24" });
    expect(asked).toEqual(["GET /v1/texts/proposal/p-1/objective?revision=3", "GET /v1/texts/proposal/p-1/objective?time=2026-11-24"]);
  });

  it("tells who wrote what and when", async () => {
    const authors = answering({ topic, revision: 3, runs: [{ length: 6, revision: 1, actor: "u-1", at }] });
    expect(await authors.http.textAuthors(topic)).toEqual({ ok: true, value: { revision: 3, runs: [{ length: 6, revision: 1, actor: "u-1", at }] } });
    const burst = { from: 1, to: 3, position: 9, actor: "u-1", at, until: at };
    const bursts = answering({ topic, revision: 3, bursts: [burst], versions: [] });
    expect(await bursts.http.textBursts(topic, { limit: 5 })).toEqual({ ok: true, value: { revision: 3, bursts: [burst], versions: [] } });
    expect([...authors.asked, ...bursts.asked]).toEqual([
      "GET /v1/texts/proposal/p-1/objective/authors?", "GET /v1/texts/proposal/p-1/objective/bursts?limit=5",
    ]);
  });

  it("gives a new writer a name", async () => {
    const { http, asked } = answering({ client: "k-7" });
    expect(await http.newTextClient(topic)).toEqual({ ok: true, value: "k-7" });
    expect(asked).toEqual([`POST /v1/clients {"stream":"${topic}"}`]);
  });

  it("that is not understood is said to be so", async () => {
    const { http } = answering({ topic, revision: 3, content: [{ insert: 5 }] });
    expect(await http.textAt(topic, { revision: 3 })).toMatchObject({ ok: false, problem: { code: "unexpected" } });
  });
});
