import { describe, expect, it } from "vitest";
import { Accounts } from "./accounts";
import { Http } from "./http";

function accountsOf(answer: unknown, asked: { url: string; body: unknown }[] = []): Accounts {
  return new Accounts(new Http(async (url, init) => {
    asked.push({ url, body: init?.body === undefined ? undefined : JSON.parse(String(init.body)) });
    return new Response(JSON.stringify(answer), { status: 200, headers: { "content-type": "application/json" } });
  }));
}

const kyiv = { id: "kyiv", name: { uk: "Київ Цифровий", en: "Kyiv Digital" } };

describe("what opens an account", () => {
  it("is taken away with a code beside the password, and set up for the first time without", async () => {
    const asked: { url: string; body: unknown }[] = [];
    const accounts = accountsOf({ secret: "A", uri: "otpauth://totp/A" }, asked);
    await accounts.beginSecondFactor("word");
    await accounts.beginSecondFactor("word", "123456");
    await accounts.removeSecondFactor("word", "abcde-fghij");
    expect(asked.map(({ body }) => body)).toEqual([
      { current: "word" }, { current: "word", code: "123456" }, { current: "word", code: "abcde-fghij" },
    ]);
  });

  it("ends everywhere, with or without the tokens", async () => {
    const asked: { url: string; body: unknown }[] = [];
    const accounts = accountsOf({ tokens_revoked: 0, tokens_left: 2 }, asked);
    expect(await accounts.signOutEverywhere(false)).toEqual({ ok: true, value: true });
    await accounts.signOutEverywhere(true);
    expect(asked.map(({ body }) => body)).toEqual([{ tokens: false }, { tokens: true }]);
  });
});

describe("organisations' own sign-ins", () => {
  it("are listed by name, without what cannot be read", async () => {
    const accounts = accountsOf({ providers: [kyiv, { id: "lviv", name: "Lviv" }, 7] });
    expect(await accounts.providers()).toEqual({ ok: true, value: [kyiv] });
  });

  it("say where the browser goes, and that is never a script", async () => {
    const asked: { url: string; body: unknown }[] = [];
    expect(await accountsOf({ location: "https://id.kyiv.example/authorize" }, asked).depart("kyiv", "secret"))
      .toEqual({ ok: true, value: "https://id.kyiv.example/authorize" });
    expect(asked).toEqual([{ url: "/v1/openid/kyiv/start", body: { token: "secret" } }]);
    for (const location of ["javascript:alert(1)", "//evil.example", "data:text/html,x", 7, undefined]) {
      expect(await accountsOf({ location }).depart("kyiv")).toMatchObject({ ok: false });
      expect(await accountsOf({ location }).departToLink("kyiv", "")).toMatchObject({ ok: false });
    }
  });

  it("stand in one's account, linked or not", async () => {
    const answer = await accountsOf({ password: false, second_factor: false, providers: [{ ...kyiv, linked: true }] }).own();
    expect(answer).toMatchObject({ ok: true, value: { password: false, providers: [{ ...kyiv, linked: true }] } });
    expect(await accountsOf({ password: true, second_factor: false }).own()).toMatchObject({ ok: true, value: { providers: [] } });
  });
});
