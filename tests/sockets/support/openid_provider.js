// An OpenID provider of the tests' own: discovery, authorization, tokens with PKCE, keys that rotate, the three
// algorithms; and it lies and fails as a test tells it to.
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";

const base64url = (value) => Buffer.from(typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString("base64url");

const kinds = {
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
};

// One key with which it signs.
export class SigningKey {
  constructor(algorithm, id = randomBytes(6).toString("hex")) {
    this.algorithm = algorithm;
    this.id = id;
    Object.assign(this, kinds[algorithm]());
  }

  get jwk() {
    return { ...this.publicKey.export({ format: "jwk" }), kid: this.id, use: "sig", alg: this.algorithm };
  }

  signature(text) {
    if (this.algorithm === "EdDSA") return sign(null, Buffer.from(text), this.privateKey);
    return sign("sha256", Buffer.from(text), { key: this.privateKey, dsaEncoding: "ieee-p1363" });
  }

  token(claims, header = {}) {
    const text = `${base64url({ alg: this.algorithm, typ: "JWT", kid: this.id, ...header })}.${base64url(claims)}`;
    return `${text}.${base64url(this.signature(text))}`;
  }
}

export class OpenIdProvider {
  #server;
  #codes = new Map();
  #hanging = new Set();

  // `tls`: {certificate, key} as PEM text. `secret`: of the client, when it is no public one. `asks`: shows a page with
  // a button before it sends the browser back.
  static async start(test, { algorithm = "RS256", clientId = "mosty", secret, tls, asks = false, namesItself = false } = {}) {
    const provider = new OpenIdProvider();
    Object.assign(provider, { clientId, secret, asks, namesItself, redirectUris: new Set(), asked: [] });
    provider.keys = [new SigningKey(algorithm)];
    provider.subject = "248289761001"; // who is signed in there; undefined: nobody, and nobody wants to
    provider.claims = {}; // said otherwise than they should be; undefined takes one away
    provider.answer = {}; // by path: a function (request, response) that answers instead
    provider.tokenOf = undefined; // makes the ID token instead
    const handle = (request, response) => provider.#handle(request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
    provider.#server = tls ? createTlsServer({ cert: tls.certificate, key: tls.key }, handle) : createServer(handle);
    await new Promise((resolve) => provider.#server.listen(0, "127.0.0.1", resolve));
    provider.issuer = `${tls ? "https" : "http"}://localhost:${provider.#server.address().port}`;
    test.after(() => provider.stop());
    return provider;
  }

  stop() {
    for (const response of this.#hanging) response.destroy();
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  // A table of mosty.toml.
  settings({ id = "kyiv", organisations, more = "" }) {
    return `[[openid]]\nid = "${id}"\nname = { uk = "Київ Цифровий", en = "Kyiv Digital" }\nissuer = "${this.issuer}"\nclient_id = "${this.clientId}"\n` +
      `organisations = [${organisations.map((one) => `"${one}"`).join(", ")}]\n${more}`;
  }

  // How often a path was asked for.
  count(path) {
    return this.asked.filter((one) => one.path === path).length;
  }

  // Signs by another key from now on; `published`: whether its keys show it, `keeps`: and the old ones still.
  rotate(algorithm = this.keys[0].algorithm, { keeps = true } = {}) {
    this.keys = [new SigningKey(algorithm), ...(keeps ? this.keys : [])];
  }

  // Never answers.
  hang = (_request, response) => { this.#hanging.add(response); };

  async #handle(request, response) {
    const url = new URL(request.url, this.issuer);
    const parts = [];
    for await (const part of request) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    this.asked.push({ method: request.method, path: url.pathname, query: url.searchParams, form, headers: request.headers });
    const json = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const other = this.answer[url.pathname];
    if (other) return other(request, response, json);
    switch (`${request.method} ${url.pathname}`) {
      case "GET /.well-known/openid-configuration": return json(200, this.metadata);
      case "GET /keys": return json(200, { keys: this.keys.map(({ jwk }) => jwk) });
      case "GET /authorize": return this.#authorize(url.searchParams, response, false);
      case "POST /authorize": return this.#authorize(url.searchParams, response, true);
      case "POST /token": return this.#token(form, request.headers.authorization, json);
      default: return json(404, { error: "not_found" });
    }
  }

  get metadata() {
    return {
      issuer: this.issuer, authorization_endpoint: `${this.issuer}/authorize`, token_endpoint: `${this.issuer}/token`, jwks_uri: `${this.issuer}/keys`,
      response_types_supported: ["code"], subject_types_supported: ["public"], id_token_signing_alg_values_supported: Object.keys(kinds),
      token_endpoint_auth_methods_supported: [this.secret ? "client_secret_basic" : "none"], code_challenge_methods_supported: ["S256"],
      ...(this.namesItself ? { authorization_response_iss_parameter_supported: true } : {}),
    };
  }

  #authorize(query, response, agreed) {
    const wrong = query.get("client_id") !== this.clientId ? "client_id"
      : !this.redirectUris.has(query.get("redirect_uri")) ? "redirect_uri"
      : query.get("response_type") !== "code" ? "response_type"
      : !query.get("scope")?.split(" ").includes("openid") ? "scope"
      : query.get("code_challenge_method") !== "S256" || !/^[\w-]{43}$/.test(query.get("code_challenge") ?? "") ? "code_challenge"
      : !/^[\w-]{43}$/.test(query.get("state") ?? "") ? "state"
      : !/^[\w-]{43}$/.test(query.get("nonce") ?? "") ? "nonce" : undefined;
    if (wrong) return response.writeHead(400).end(`wrong ${wrong}`);
    if (this.asks && !agreed)
      return response.writeHead(200, { "content-type": "text/html; charset=utf-8" })
        .end(`<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1><form method="post"><button>Go on as ${this.subject}</button></form>`);
    const back = new URL(query.get("redirect_uri"));
    back.searchParams.set("state", query.get("state"));
    back.searchParams.set("session_state", "of-no-concern");
    if (this.namesItself) back.searchParams.set("iss", this.issuer);
    if (this.subject === undefined) {
      back.searchParams.set("error", "access_denied");
    } else {
      const code = randomBytes(24).toString("base64url");
      this.#codes.set(code, { subject: this.subject, nonce: query.get("nonce"), challenge: query.get("code_challenge"), redirectUri: query.get("redirect_uri") });
      back.searchParams.set("code", code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  #token(form, authorization, json) {
    if (this.secret) {
      const expected = `Basic ${Buffer.from(`${encodeURIComponent(this.clientId)}:${encodeURIComponent(this.secret)}`).toString("base64")}`;
      if (authorization !== expected) return json(401, { error: "invalid_client" });
    } else if (authorization || form.get("client_id") !== this.clientId) {
      return json(401, { error: "invalid_client" });
    }
    const granted = this.#codes.get(form.get("code"));
    this.#codes.delete(form.get("code"));
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    if (form.get("grant_type") !== "authorization_code" || !granted || granted.redirectUri !== form.get("redirect_uri") || granted.challenge !== challenge)
      return json(400, { error: "invalid_grant" });
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.issuer, sub: granted.subject, aud: this.clientId, exp: now + 300, iat: now, nonce: granted.nonce, ...this.claims };
    const token = this.tokenOf ? this.tokenOf(claims) : this.keys[0].token(claims);
    return json(200, { access_token: "of-no-concern", token_type: "Bearer", expires_in: 300, id_token: token });
  }
}

// Tokens that nobody should believe.
export const forged = {
  unsigned: (claims) => `${base64url({ alg: "none", typ: "JWT" })}.${base64url(claims)}.`,
  bySecret: (key) => (claims) => {
    const text = `${base64url({ alg: "HS256", typ: "JWT", kid: key.id })}.${base64url(claims)}`;
    const secret = key.publicKey.export({ type: "spki", format: "pem" });
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  },
  byAnother: (key) => (claims) => new SigningKey(key.algorithm, key.id).token(claims),
  bringingItsKey: (claims) => {
    const own = new SigningKey("ES256");
    return own.token(claims, { jwk: own.jwk });
  },
};
