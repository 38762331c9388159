import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const source = readFileSync(new URL("./sw.js", import.meta.url), "utf8")
  .replace('"__VERSION__"', '"2"').replace('["__SHELL__"]', '["/index.html", "/assets/a.js"]');

type Handler = (event: { request?: unknown; waitUntil?: (work: Promise<unknown>) => void; respondWith?: (answer: Promise<string | undefined>) => void }) => void;

// The worker in a world of its own: caches are maps from address to answer.
function world(network: (path: string) => Promise<{ status: number; ok: boolean; clone: () => unknown }>) {
  const handlers = new Map<string, Handler>();
  const stores = new Map<string, Map<string, unknown>>([["mosty-1", new Map()], ["other", new Map()]]);
  const pathOf = (request: { url: string } | string) => typeof request === "string" ? request : new URL(request.url).pathname;
  const open = async (name: string) => {
    const store = stores.get(name) ?? new Map<string, unknown>();
    stores.set(name, store);
    return {
      addAll: async (requests: { url: string }[]) => { for (const request of requests) store.set(pathOf(request), `kept ${pathOf(request)}`); },
      put: async (request: { url: string }, answer: unknown) => { store.set(pathOf(request), answer); },
    };
  };
  const caches = {
    open, keys: async () => [...stores.keys()], delete: async (name: string) => stores.delete(name),
    match: async (request: { url: string } | string) => [...stores.values()].map((store) => store.get(pathOf(request))).find(Boolean),
  };
  class FakeRequest { url: string; constructor(path: string) { this.url = `https://mosty.example${path}`; } }
  const self = { location: { origin: "https://mosty.example" }, clients: { claim: async () => {} }, addEventListener: (type: string, handler: Handler) => handlers.set(type, handler) };
  new Function("self", "caches", "fetch", "Request", "setTimeout", source)(self, caches, (request: { url: string }) => network(pathOf(request)), FakeRequest, () => 0);
  const wait = async (type: string) => { let work: Promise<unknown> = Promise.resolve(); handlers.get(type)!({ waitUntil: (given) => { work = given; } }); await work; };
  const ask = (path: string, more: object = {}) => {
    let answer: Promise<unknown> | undefined;
    handlers.get("fetch")!({ request: { url: `https://mosty.example${path}`, method: "GET", mode: "cors", ...more }, respondWith: (given) => { answer = given; } });
    return answer;
  };
  return { stores, wait, ask };
}

const gone = async (): Promise<never> => { throw new TypeError("no network"); };
const answered = (status: number) => { const answer = { status, ok: status < 400, clone: () => "copy" }; return async () => answer; };

describe("the service worker", () => {
  it("keeps the page and its files, and forgets older versions when it takes over", async () => {
    const { stores, wait } = world(gone);
    await wait("install");
    expect([...stores.get("mosty-2")!.keys()]).toEqual(["/index.html", "/assets/a.js"]);
    await wait("activate");
    expect([...stores.keys()]).toEqual(["other", "mosty-2"]);
  });

  it("shows the newest page, and the kept one where the network or the server is away", async () => {
    const navigate = { mode: "navigate" };
    for (const [network, shown] of [[gone, "kept /index.html"], [answered(502), "kept /index.html"]] as const) {
      const { wait, ask } = world(network);
      await wait("install");
      expect(await ask("/proposals/p-1", navigate)).toBe(shown);
    }
    const { ask } = world(answered(200));
    expect(await ask("/proposals/p-1", navigate)).toMatchObject({ status: 200 });
  });

  it("never stands between the app and the server's answers", () => {
    const { ask } = world(gone);
    expect(ask("/v1/me")).toBeUndefined();
    expect(ask("/v1/views/programme", { mode: "navigate" })).toBeUndefined();
    expect(ask("/assets/a.js", { method: "POST" })).toBeUndefined();
    expect(ask("/metrics")).toBeUndefined();
  });

  it("keeps a hashed file once it was used", async () => {
    const { stores, ask } = world(answered(200));
    await ask("/assets/editor.js");
    expect(stores.get("mosty-2")?.get("/assets/editor.js")).toBe("copy");
  });
});
