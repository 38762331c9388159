// People with accounts: a browser with its cookies, an authenticator, and the first invitation of a server.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { check, openapi } from "./description.js";
import { run } from "./server.js";

export const password = "міст через річку";

const operations = Object.entries(openapi.paths).flatMap(([path, methods]) => Object.entries(methods)
  .filter(([, { tags }]) => tags?.includes("accounts"))
  .map(([method, operation]) => ({ path, method, ...operation, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`) })));

// Which answers of which operations were seen, as "sign_in 200".
export const seen = new Set();
const answersOf = (of) => operations.filter(({ tags }) => tags.includes("openid") === of).flatMap(({ operationId, responses }) =>
  Object.keys(responses).map((status) => `${operationId} ${status}`));
export const described = answersOf(false);
export const describedOfProviders = answersOf(true);

// Holds an answer against the description.
function checkAnswer(asked, path, answer) {
  const operation = operations.find(({ method, pattern }) => method === asked.toLowerCase() && pattern.test(path));
  if (!operation) return;
  const response = operation.responses[answer.status];
  assert.ok(response, `${asked} ${path} was answered with ${answer.status}, which is not described: ${answer.text}`);
  seen.add(`${operation.operationId} ${answer.status}`);
  if (response.$ref) return check("schemas.yaml#/problem", answer.json, path);
  for (const [name, { schema }] of Object.entries(response.headers ?? {})) assert.match(answer.headers.get(name), new RegExp(schema.pattern));
  if (!response.content) return assert.equal(answer.text, "");
  const place = `#/paths/${operation.path.replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D")}/${operation.method}/responses/${answer.status}/content/application~1json/schema`;
  check(`openapi.yaml${place}`, answer.json, path);
}

// Keeps the cookies that it is given, as browsers do.
export class Browser {
  #jar = new Map();

  constructor(server, { agent = "Test/1" } = {}) {
    this.server = server;
    this.agent = agent;
  }

  get cookie() {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  get session() {
    return this.#jar.get("mosty");
  }

  // The cookie of the session alone, as a thief has it.
  get sessionCookie() {
    return `mosty=${this.session}`;
  }

  forgetDevice() {
    this.#jar.delete("mosty-device");
  }

  async ask(method, path, body, { cookie = this.cookie, headers } = {}) {
    const answer = await this.server.fetch(path, {
      method,
      cookie,
      redirect: "manual",
      headers: { "user-agent": this.agent, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    checkAnswer(method, path.split("?")[0], answer);
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) this.#jar.set(name, value);
      else this.#jar.delete(name);
    }
    return answer;
  }

  get(path) {
    return this.ask("GET", path);
  }

  post(path, body = {}) {
    return this.ask("POST", path, body);
  }

  // Opens an address that another site led to: browsers send only the cookies that are SameSite=Lax.
  comeFromElsewhere(path) {
    const lax = this.#jar.get("mosty-elsewhere");
    return this.ask("GET", path, undefined, { cookie: lax ? `mosty-elsewhere=${lax}` : "", headers: { "sec-fetch-site": "cross-site" } });
  }

  // Another browser's cookie of that kind, planted here.
  plantElsewhere(other) {
    this.#jar.set("mosty-elsewhere", other.#jar.get("mosty-elsewhere"));
  }

  delete(path) {
    return this.ask("DELETE", path);
  }

  signIn(email, word = password) {
    return this.post("/v1/sign-in", { email, password: word });
  }

  // Takes an invitation up.
  async join(secret, email, word = password) {
    const answer = await this.post("/v1/join", { token: secret, email, password: word });
    if (answer.status !== 200) throw new Error(`join: ${answer.text}`);
    this.actor = answer.json.actor;
    return this;
  }

  async command(stream, name, data) {
    const id = `c-${process.pid}-${Math.random().toString(36).slice(2)}`;
    return this.post("/v1/commands", { id, stream, name, data });
  }
}

// What `mosty invite` prints: the secret of a link.
export async function inviteByTool(data, ...args) {
  const { code, stdout, stderr } = await run("invite", data, ...args);
  const link = /(http\S+)\/join#(\S+)\n/.exec(stdout);
  if (code !== 0 || !link) throw new Error(`mosty invite left with ${code}: ${stderr}`);
  return { origin: link[1], secret: link[2] };
}

export async function secretariatOf(server, email = "olena@cemr.eu") {
  const { secret } = await inviteByTool(server.data, "--name", "Олена", "--organisation", "cemr", "--role", "secretariat");
  return new Browser(server).join(secret, email);
}

// Somebody new, invited by `host` over HTTP and joined.
export async function joined(host, profile, email) {
  const { json, status, text } = await host.post("/v1/invitations", { language: "uk", ...profile });
  if (status !== 200) throw new Error(`invite: ${text}`);
  return new Browser(host.server).join(json.secret, email);
}

function bytesOfBase32(text) {
  let bits = "";
  for (const letter of text) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// The code of an authenticator, `steps` of 30 seconds from now.
export function codeOf(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", bytesOfBase32(secret)).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
