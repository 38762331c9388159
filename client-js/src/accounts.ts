import { meFrom, post, type Fetched, type Http, type Me } from "./http";
import { isCount, isObject, isText, type Json, type JsonObject } from "./json";

// Signing in, one's own account, invitations.

// After the password: in, or a code is wanted as well.
export type SignedIn =
  | { readonly kind: "in"; readonly me: Me }
  | { readonly kind: "code"; readonly ticket: string };

// An organisation's own provider of sign-ins.
export interface Provider {
  readonly id: string;
  readonly name: { readonly uk: string; readonly en: string };
}

export interface OwnProvider extends Provider {
  readonly linked: boolean; // with one's account
}

export interface OwnAccount {
  readonly email: string | undefined;
  readonly password: boolean; // whether there is one
  readonly secondFactor: boolean;
  readonly recoveryCodes: number; // left
  readonly providers: readonly OwnProvider[]; // of one's organisation, and those that are linked
}

export interface OwnSession {
  readonly id: string;
  readonly made: string;
  readonly seen: string;
  readonly agent: string;
  readonly current: boolean;
}

export const scopes = ["read", "write", "events"] as const;
export type Scope = (typeof scopes)[number];

export interface OwnToken {
  readonly id: string;
  readonly name: string;
  readonly scope: readonly Scope[];
  readonly until: string;
}

export interface Invited {
  readonly person: string;
  readonly name: string;
  readonly organisation: string;
  readonly role: string;
  readonly language: string;
  readonly until: string;
  readonly providers: readonly Provider[]; // by which they may join
  readonly town?: InvitedTown; // when the organisation is a municipality, told by its link alone
}

export interface InvitedTown {
  readonly name: string;
  readonly name_local?: string;
  readonly country: string;
}

export interface OpenInvitation extends Invited {
  readonly id: string;
}

export interface Profile {
  readonly name: string;
  readonly organisation: string;
  readonly role: string;
  readonly language: string;
}

export class Accounts {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  signIn(email: string, password: string): Promise<Fetched<SignedIn>> {
    return this.#http.ask("/v1/sign-in", signedInFrom, post({ email, password }));
  }

  secondFactor(ticket: string, code: string): Promise<Fetched<Me>> {
    return this.#http.ask("/v1/sign-in/second-factor", meFrom, post({ ticket, code }));
  }

  // `tokens`: those for scripts are revoked as well; else they go on working.
  signOutEverywhere(tokens: boolean): Promise<Fetched<true>> {
    return this.#do("/v1/sign-out-everywhere", { tokens });
  }

  own(): Promise<Fetched<OwnAccount>> {
    return this.#http.ask("/v1/me/account", accountFrom);
  }

  setPassword(current: string, password: string, email?: string): Promise<Fetched<true>> {
    return this.#do("/v1/me/password", { current, password, ...(email ? { email } : {}) });
  }

  // `code`: of the second factor that there is, or a recovery code.
  beginSecondFactor(current: string, code?: string): Promise<Fetched<{ secret: string; uri: string }>> {
    return this.#http.ask("/v1/me/second-factor", (value) => {
      if (!isObject(value)) return undefined;
      const { secret, uri } = value;
      return isText(secret) && isText(uri) ? { secret, uri } : undefined;
    }, post({ current, ...(code ? { code } : {}) }));
  }

  // The recovery codes, told this once.
  confirmSecondFactor(code: string): Promise<Fetched<readonly string[]>> {
    return this.#http.ask("/v1/me/second-factor/confirm",
      (value) => isObject(value) && Array.isArray(value["recovery_codes"]) ? value["recovery_codes"].filter(isText) : undefined, post({ code }));
  }

  removeSecondFactor(current: string, code: string): Promise<Fetched<true>> {
    return this.#do("/v1/me/second-factor/remove", { current, code });
  }

  sessions(): Promise<Fetched<readonly OwnSession[]>> {
    return this.#http.ask("/v1/me/sessions", listFrom("sessions", sessionFrom));
  }

  endSession(id: string): Promise<Fetched<true>> {
    return this.#delete(`/v1/me/sessions/${id}`);
  }

  tokens(): Promise<Fetched<readonly OwnToken[]>> {
    return this.#http.ask("/v1/me/tokens", listFrom("tokens", tokenFrom));
  }

  // The token itself, told this once. `current`: one's password, of those who have one.
  makeToken(current: string, name: string, scope: readonly Scope[], until: string): Promise<Fetched<string>> {
    return this.#http.ask("/v1/me/tokens", (value) => isObject(value) && isText(value["secret"]) ? value["secret"] : undefined,
      post({ current, name, scope: [...scope], until }));
  }

  revokeToken(id: string): Promise<Fetched<true>> {
    return this.#delete(`/v1/me/tokens/${id}`);
  }

  // All that the server has of the person, its pages put together.
  async everything(): Promise<Fetched<JsonObject>> {
    const events: Json[] = [];
    for (let from = 0; ;) {
      const answer = await this.#http.ask(`/v1/me/export?from=${from}`, (value) => isObject(value) && Array.isArray(value["events"]) ? value : undefined);
      if (!answer.ok) return answer;
      const { next, events: page, ...about } = answer.value;
      events.push(...page as readonly Json[]);
      if (!isCount(next) || next <= from) return { ok: true, value: { ...about, events } };
      from = next;
    }
  }

  invitations(): Promise<Fetched<readonly OpenInvitation[]>> {
    return this.#http.ask("/v1/invitations", listFrom("invitations", invitationFrom));
  }

  // The secret of the link, told this once. `who`: somebody new, or an actor.
  invite(who: Profile | string): Promise<Fetched<string>> {
    return this.#http.ask("/v1/invitations", (value) => isObject(value) && isText(value["secret"]) ? value["secret"] : undefined,
      post(typeof who === "string" ? { person: who } : { ...who }));
  }

  withdrawInvitation(id: string): Promise<Fetched<true>> {
    return this.#delete(`/v1/invitations/${id}`);
  }

  lookAtInvitation(token: string): Promise<Fetched<Invited>> {
    return this.#http.ask("/v1/join/look", invitedFrom, post({ token }));
  }

  join(token: string, email: string, password: string): Promise<Fetched<Me>> {
    return this.#http.ask("/v1/join", meFrom, post({ token, email, password }));
  }

  providers(): Promise<Fetched<readonly Provider[]>> {
    return this.#http.ask("/v1/openid", listFrom("providers", providerFrom));
  }

  // The address at the provider to which the browser goes; `token`: to take this invitation up.
  depart(provider: string, token?: string): Promise<Fetched<string>> {
    return this.#http.ask(`/v1/openid/${provider}/start`, locationFrom, post(token === undefined ? {} : { token }));
  }

  // The same, to link it with one's account. `current`: one's password, of those who have one.
  departToLink(provider: string, current: string): Promise<Fetched<string>> {
    return this.#http.ask(`/v1/me/openid/${provider}/link`, locationFrom, post({ current }));
  }

  unlink(provider: string, current: string): Promise<Fetched<true>> {
    return this.#do(`/v1/me/openid/${provider}/unlink`, { current });
  }

  #do(url: string, body: JsonObject = {}): Promise<Fetched<true>> {
    return this.#http.ask(url, () => true as const, post(body));
  }

  #delete(url: string): Promise<Fetched<true>> {
    return this.#http.ask(url, () => true as const, { method: "DELETE" });
  }
}

function listFrom<T>(name: string, read: (value: Json) => T | undefined): (value: Json) => readonly T[] | undefined {
  return (value) => {
    const list = isObject(value) ? value[name] : undefined;
    return Array.isArray(list) ? list.flatMap((one: Json) => read(one) ?? []) : undefined;
  };
}

function signedInFrom(value: Json): SignedIn | undefined {
  if (isObject(value) && value["second_factor"] === true) {
    return isText(value["ticket"]) ? { kind: "code", ticket: value["ticket"] } : undefined;
  }
  const me = meFrom(value);
  return me && { kind: "in", me };
}

function accountFrom(value: Json): OwnAccount | undefined {
  if (!isObject(value)) return undefined;
  const { email, password, second_factor, recovery_codes, providers } = value;
  return {
    email: isText(email) ? email : undefined, password: password === true, secondFactor: second_factor === true,
    recoveryCodes: isCount(recovery_codes) ? recovery_codes : 0,
    providers: Array.isArray(providers) ? providers.flatMap((one: Json) => ownProviderFrom(one) ?? []) : [],
  };
}

function sessionFrom(value: Json): OwnSession | undefined {
  if (!isObject(value)) return undefined;
  const { session, made, seen, agent, current } = value;
  return isText(session) && isText(made) && isText(seen)
    ? { id: session, made, seen, agent: isText(agent) ? agent : "", current: current === true } : undefined;
}

function isScope(value: unknown): value is Scope {
  return scopes.some((one) => one === value);
}

function tokenFrom(value: Json): OwnToken | undefined {
  if (!isObject(value)) return undefined;
  const { token, name, scope, until } = value;
  return isText(token) && isText(name) && isText(until) && Array.isArray(scope)
    ? { id: token, name, scope: scope.filter(isScope), until } : undefined;
}

function invitedFrom(value: Json): Invited | undefined {
  if (!isObject(value)) return undefined;
  const { person, name, organisation, role, language, until, providers } = value;
  const town = townFrom(value["town"]);
  return isText(person) && isText(name) && isText(organisation) && isText(role) && isText(until)
    ? { person, name, organisation, role, language: isText(language) ? language : "uk", until, providers: Array.isArray(providers) ? providers.flatMap((one: Json) => providerFrom(one) ?? []) : [], ...(town ? { town } : {}) } : undefined;
}

function townFrom(value: Json | undefined): InvitedTown | undefined {
  if (!isObject(value)) return undefined;
  const { name, name_local, country } = value;
  return isText(name) && isText(country) ? { name, country, ...(isText(name_local) ? { name_local } : {}) } : undefined;
}

function invitationFrom(value: Json): OpenInvitation | undefined {
  const invited = invitedFrom(value);
  return invited && isObject(value) && isText(value["invitation"]) ? { ...invited, id: value["invitation"] } : undefined;
}

function providerFrom(value: Json): Provider | undefined {
  if (!isObject(value)) return undefined;
  const { id, name } = value;
  if (!isText(id) || !isObject(name)) return undefined;
  const { uk, en } = name;
  return isText(uk) && isText(en) ? { id, name: { uk, en } } : undefined;
}

function ownProviderFrom(value: Json): OwnProvider | undefined {
  const provider = providerFrom(value);
  return provider && isObject(value) ? { ...provider, linked: value["linked"] === true } : undefined;
}

// Where the server says that a browser goes: never to a script.
function locationFrom(value: Json): string | undefined {
  const location = isObject(value) ? value["location"] : undefined;
  return isText(location) && /^https?:\/\//.test(location) ? location : undefined;
}
