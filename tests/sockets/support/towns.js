// Two towns of the demo that write a proposal together, and the people around them.
import assert from "node:assert/strict";

import { Client } from "./client.js";

const partnership = "byshiv-bacsalmas", ua = "UA32140010000049369", eu = "HU_10719";

// Everybody's cookie by name, and a fresh proposal for each `draft`.
export async function twoTowns(server) {
  const cookies = {};
  const actors = {};
  for (const [name, role, organisation] of [
    ["officer", "officer", ua], ["mayor", "mayor", ua], ["friend", "officer", eu], ["friendMayor", "mayor", eu],
    ["expert", "expert"], ["auditor", "auditor"], ["secretariat", "secretariat"], ["stranger", "officer", "LV_0800800"],
  ]) {
    const person = await server.person(role, organisation);
    actors[name] = person.actor;
    cookies[name] = await server.signIn(person);
  }

  const towns = {
    cookies, actors, ua, eu,

    // Does what must succeed.
    async does(who, stream, name, data = {}) {
      const { status, json, text } = await towns.asks(who, stream, name, data);
      assert.equal(status, 200, `${name}: ${text}`);
      return json;
    },

    asks: (who, stream, name, data = {}, id = Client.newId()) =>
      server.fetch("/v1/commands", { method: "POST", cookie: cookies[who], body: JSON.stringify({ id, stream, name, data }) }),

    // The code with which something is refused.
    async refused(who, stream, name, data = {}) {
      const { status, json, text } = await towns.asks(who, stream, name, data);
      assert.ok(status >= 400, `${name} was not refused: ${text}`);
      return json.code;
    },

    // A proposal that lacks nothing that approval needs; its sections are `<stream>/objective` and so on.
    async draft() {
      const proposal = `proposal/${partnership}_${Client.newId()}`;
      await towns.does("officer", proposal, "draft_proposal",
        { partnership, title: "Water for all", summary: "Clean water on both banks", sectors: ["water_supply"] });
      await towns.does("officer", proposal, "set_budget_line",
        { line: "l-1", category: "equipment", partner: ua, description: "Pumps", amount: 1_000_00, currency: "EUR" });
      return proposal;
    },

    // A text as a page would fetch it.
    read: (topic, { who = "officer", rest = "" } = {}) => server.read(`/v1/${topic.replace("text", "texts")}${rest}`, cookies[who]),

    async text(section = "objective") {
      return `text/${await towns.draft()}/${section}`;
    },
  };
  return towns;
}
