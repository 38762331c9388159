// A page's data again, from nothing but the events behind it: what a proposal, a partnership, a visit and the places of
// a proposal show. Pure, and without a line of the server's, so that a mistake there is not a mistake here. The page's
// own verification uses it, too.
//
// An event is {position, id, type, stream, time, revision, actor, data}; `data` is null when its key is destroyed.

const sections = { objective: 2_000, needs: 6_000, target_groups: 3_000, partnership: 3_000, activities: 10_000, results: 4_000, risks: 4_000, sustainability: 4_000 };
const changes_letters = new Set(["text.edited", "text.suggestion_accepted", "text.restored"]);
const begins_anew = new Set(["text.erased", "text.redacted"]);

// Every type of event that a bundle may hold, and that these pages are made of.
export const known_types = new Set([
  "municipality.registered", "municipality.updated", "municipality.corrected",
  "partnership.proposed", "partnership.accepted", "partnership.declined", "partnership.withdrawn", "partnership.ended", "partnership.corrected",
  "visit.planned", "visit.confirmed", "visit.postponed", "visit.cancelled", "visit.held", "visit.reported", "visit.corrected",
  "proposal.drafted", "proposal.edited", "proposal.partner_added", "proposal.partner_removed", "proposal.budget_line_set", "proposal.budget_line_removed",
  "proposal.funding_source_set", "proposal.funding_source_removed", "proposal.indicator_set", "proposal.indicator_removed", "proposal.approval_asked",
  "proposal.approved", "proposal.returned", "proposal.approval_withdrawn", "proposal.submitted", "proposal.answered", "proposal.corrected",
  "site.recorded", "site.described", "site.shared", "site.withdrawn", "site.removed", "site.erased",
  "text.edited", "text.commented", "text.replied", "text.thread_resolved", "text.thread_reopened", "text.advice_answered", "text.suggested",
  "text.suggestion_accepted", "text.suggestion_declined", "text.version_named", "text.restored", "text.erased", "text.redacted",
]);

// The view that these events, in the order of the log, make of a stream; undefined when it has none, or is of a kind
// that is not folded here. `events`: of a proposal also those of its texts, and of the register's rows of its partners,
// which tell the bank that each is on. Without such a row `sideOf` says it, or undefined for what is not known.
export function viewOf(stream, events, sideOf = () => "eu") {
  const fold = folds[stream.split("/")[0]];
  return fold && events.some((event) => event.stream === stream) ? fold(stream, events, sideOf) : undefined;
}

const folds = {
  proposal: proposalView,
  partnership: (stream, events) => factual(stream, events, partnershipStanding),
  visit: (stream, events) => factual(stream, events, visitStanding),
  sites: sitesView,
};

// --- what all entities share ---

// Id, revision, and who made it and changed it last.
class Head {
  constructor(stream) {
    this.id = stream.slice(stream.indexOf("/") + 1);
  }

  take({ position, time, actor, revision }) {
    this.changed = { at: time, actor, position };
    this.created ??= this.changed;
    this.revision = revision;
  }

  get members() {
    const { id, revision, created, changed } = this;
    return { id, revision, created, changed };
  }
}

// The facts that a correction may name, each with its data as corrected so far.
class Facts {
  #facts = new Map();

  record({ id, position, type, time, actor, data }) {
    this.#facts.set(id, { order: position, type, at: time, actor, data: normalData(type, data) });
  }

  correct({ time, actor, data: { corrects, reason, retracted, fact_reason, ...fields } }) {
    const fact = this.#facts.get(corrects);
    if (!fact) return;
    const data = { ...fact.data, ...fields, ...(fact_reason === undefined ? {} : { reason: fact_reason }) };
    this.#facts.set(corrects, { ...fact, data, ...(retracted ? { retracted: true } : {}), corrected: { at: time, actor, reason } });
  }

  // Those that still hold, in the order in which they happened.
  get standing() {
    return [...this.#facts.values()].filter(({ retracted }) => !retracted);
  }

  get members() {
    return this.#facts.size === 0 ? {} : { facts: Object.fromEntries(this.#facts) };
  }
}

// As the newest version of its type has them.
function normalData(type, data) {
  return type === "proposal.approval_asked" ? { ...data, texts: data.texts ?? {} } : data;
}

const pick = (from, ...names) => Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]));
const stamp = ({ at, actor }) => ({ at, actor });
const signed = (fact, ...names) => ({ ...pick(fact.data, ...names), ...stamp(fact) });

// An entity that is made of facts alone.
function factual(stream, events, standingOf) {
  const head = new Head(stream), facts = new Facts();
  for (const event of events) {
    if (event.stream !== stream) continue;
    head.take(event);
    if (event.type.endsWith(".corrected")) facts.correct(event);
    else facts.record(event);
  }
  return { ...head.members, ...facts.members, ...standingOf(facts.standing) };
}

// --- partnerships and visits ---

function partnershipStanding(facts) {
  const accepted = {};
  let standing = {};
  for (const fact of facts) {
    const { type, data } = fact;
    switch (type) {
      case "partnership.proposed":
        standing = { ...standing, ...pick(data, "ua", "eu", "by", "sectors", "note", "strand", "phase", "source", "confidence"), status: "proposed" };
        if (data.by !== "programme") accepted[data.by] = stamp(fact);
        break;
      case "partnership.accepted":
        accepted[data.side] = signed(fact, "on");
        if (Object.keys(accepted).length === 2) standing.status = "active";
        break;
      case "partnership.declined": standing = { ...standing, status: "declined", declined: signed(fact, "side", "reason") }; break;
      case "partnership.withdrawn": standing = { ...standing, status: "withdrawn", withdrawn: signed(fact, "reason") }; break;
      case "partnership.ended": standing = { ...standing, status: "ended", ended: signed(fact, "on", "reason") }; break;
    }
  }
  return { ...standing, accepted };
}

function visitStanding(facts) {
  let standing = {}, confirmed = {};
  const dated = (data) => { const { from: _from, to: _to, ...rest } = standing; return { ...rest, ...pick(data, "from", "to") }; };
  for (const fact of facts) {
    const { type, data } = fact;
    switch (type) {
      case "visit.planned":
        standing = { ...standing, ...pick(data, "partnership", "ua", "eu", "title", "host", "kind", "from", "to", "place", "purpose", "by", "source"), status: "planned" };
        if (data.by !== "programme") confirmed[data.by] = stamp(fact);
        break;
      case "visit.confirmed":
        confirmed[data.side] = stamp(fact);
        if (Object.keys(confirmed).length < 2) break;
        standing.status = "confirmed";
        delete standing.postponed;
        break;
      case "visit.postponed": // both have to confirm the new dates
        confirmed = {};
        standing = { ...dated(data), status: "postponed", postponed: signed(fact, "reason") };
        break;
      case "visit.cancelled": standing = { ...standing, status: "cancelled", cancelled: signed(fact, "reason") }; break;
      case "visit.held": standing = { ...dated(data), status: "held", held: signed(fact, "from", "to", "participants_ua", "participants_eu") }; break;
      case "visit.reported": standing = { ...standing, status: "reported", report: signed(fact, "summary", "lessons") }; break;
    }
  }
  return { ...standing, confirmed };
}

// --- proposals ---

const proposal_facts = new Set(["drafted", "approval_asked", "approved", "returned", "approval_withdrawn", "submitted", "answered"].map((name) => `proposal.${name}`));
const lines = { budget: "line", sources: "source", indicators: "indicator" };
const line_events = {
  "proposal.budget_line": "budget", "proposal.funding_source": "sources", "proposal.indicator": "indicators",
};

function proposalView(stream, events, sideOf) {
  const fold = new Proposal(stream, sideOf);
  for (const event of events) fold.take(event);
  return fold.view;
}

class Proposal {
  #head;
  #facts = new Facts();
  #fields = {};
  #partners = new Map();
  #tables = { budget: new Map(), sources: new Map(), indicators: new Map() };
  #texts; // section → how it stands in the form, once one was written
  #lengths = new Map(); // with the newline that each ends with
  #lists = {}; // `missing` and `too_long`
  #countries = new Map();

  constructor(stream, sideOf) {
    this.stream = stream;
    this.sideOf = sideOf;
    this.#head = new Head(stream);
  }

  take(event) {
    if (event.stream.startsWith("municipality/")) this.#takeRow(event);
    else if (event.stream.startsWith(`text/${this.stream}/`)) this.#takeText(event);
    else if (event.stream === this.stream) this.#takeOwn(event);
  }

  get view() {
    const tables = Object.fromEntries(Object.entries(this.#tables).map(([name, table]) => [name, Object.fromEntries(table)]));
    return {
      ...this.#head.members, ...this.#facts.members, ...this.#fields, ...this.#lists, ...proposalStanding(this.#facts.standing),
      partners: Object.fromEntries(this.#partners), ...tables, totals: totalsOf(this.#tables), ...(this.#texts ? { texts: Object.fromEntries(this.#texts) } : {}),
    };
  }

  #takeRow({ stream, type, data }) {
    const town = stream.slice(stream.indexOf("/") + 1);
    if (type === "municipality.registered" || (type === "municipality.updated" && this.#countries.has(town))) this.#countries.set(town, data.country);
  }

  #takeText({ stream, type, data }) {
    const section = stream.slice(stream.lastIndexOf("/") + 1);
    const before = this.#lengths.get(section) ?? 1;
    const after = (data === null || begins_anew.has(type) ? 1 : before) + (data === null ? 0 : growthOf(type, data));
    this.#lengths.set(section, after);
    if (standsIn(section, before) === standsIn(section, after)) return;
    this.#texts ??= new Map();
    if (after <= 1) this.#texts.delete(section);
    else this.#texts.set(section, standsIn(section, after));
    this.#tellMissing();
  }

  #takeOwn(event) {
    const { type, data } = event;
    this.#head.take(event);
    if (type === "proposal.corrected") this.#facts.correct(event);
    else if (proposal_facts.has(type)) this.#facts.record(event);
    const [, kind, act] = /^(proposal\.\w+)_(set|removed)$/.exec(type) ?? [];
    if (line_events[kind]) return this.#takeLine(line_events[kind], act, event);
    switch (type) {
      case "proposal.drafted": this.#begin(data); break;
      case "proposal.edited": this.#edit(data); break;
      case "proposal.partner_added":
        if (!this.#partners.has(data.municipality)) this.#partners.set(data.municipality, { order: event.position, side: this.#sideOf(data.municipality) });
        break;
      case "proposal.partner_removed": this.#partners.delete(data.municipality); break;
    }
  }

  #begin({ partners, ...data }) {
    if (partners.length >= 2) [this.#fields.ua, this.#fields.eu] = partners;
    Object.assign(this.#fields, pick(data, "title", "summary", "sectors"));
    for (const [order, town] of partners.entries()) this.#partners.set(town, { order, side: order === 0 ? "ua" : order === 1 ? "eu" : this.#sideOf(town) });
    this.#tellMissing();
  }

  #edit({ cleared = [], ...data }) {
    const had = Object.hasOwn(this.#fields, "summary");
    Object.assign(this.#fields, pick(data, "title", "summary", "sectors"));
    for (const name of cleared) if (data.summary === undefined || name !== "summary") delete this.#fields[name];
    if ((data.summary !== undefined && !had) || data.sectors || cleared.length > 0) this.#tellMissing();
  }

  #takeLine(name, act, { position, time, actor, data: { [lines[name]]: id, ...line } }) {
    const table = this.#tables[name];
    if (act === "removed" && !table.delete(id)) return;
    if (act === "set") table.set(id, { order: table.get(id)?.order ?? position, ...line, at: time, actor });
    if (name === "budget") this.#tellMissing();
  }

  #sideOf(town) {
    const country = this.#countries.get(town);
    return country === undefined ? this.sideOf(town) : country === "UA" ? "ua" : "eu";
  }

  // What asking for approval still needs. A list is told once it was not empty, and then also when it is again.
  #tellMissing() {
    const isEmpty = { title: !this.#fields.title, summary: !this.#fields.summary, sectors: !this.#fields.sectors?.length, budget: this.#tables.budget.size === 0 };
    const names = Object.keys(sections);
    const told = {
      missing: [...Object.keys(isEmpty).filter((name) => isEmpty[name]), ...names.filter((name) => !this.#texts?.has(name))],
      too_long: names.filter((name) => this.#texts?.get(name) === "too_long"),
    };
    for (const [name, list] of Object.entries(told)) if (list.length > 0 || this.#lists[name]) this.#lists[name] = list;
  }
}

function growthOf(type, { change = [], repair = [] }) {
  if (!changes_letters.has(type)) return 0;
  return [...change, ...repair].reduce((sum, { insert = "", delete: removed = 0 }) => sum + insert.length - removed, 0);
}

function standsIn(section, length) {
  return length <= 1 ? "empty" : length - 1 > sections[section] ? "too_long" : "written";
}

// By currency, as far as a line of budget or funding names it.
function totalsOf({ budget, sources }) {
  const totals = {};
  const add = (currency, name, amount) => {
    totals[currency] ??= { budget: 0, funding: 0, confirmed: 0, gap: 0 };
    totals[currency][name] += amount;
  };
  for (const { currency, amount } of budget.values()) add(currency, "budget", amount);
  for (const { currency, amount, status } of sources.values()) {
    add(currency, "funding", amount);
    if (status === "confirmed") add(currency, "confirmed", amount);
  }
  for (const total of Object.values(totals)) total.gap = Math.max(0, total.budget - total.confirmed);
  return totals;
}

function proposalStanding(facts) {
  let standing = {};
  const reopened = () => { const { approval: _approval, ...rest } = standing; return { ...rest, status: "draft" }; };
  for (const fact of facts) {
    const { type, data, at, actor } = fact;
    switch (type) {
      case "proposal.drafted": standing = { ...standing, ...pick(data, "partnership", "lead", "source"), status: "draft" }; break;
      case "proposal.approval_asked": {
        const { returned: _returned, ...rest } = standing;
        const approval = { ...pick(data, "version", "content_hash"), asked_by: actor, asked_side: data.by, at, approved: {} };
        standing = { ...rest, status: "in_approval", approval };
        break;
      }
      case "proposal.approved": {
        if (!standing.approval) break;
        const approved = { ...standing.approval.approved, [data.side]: stamp(fact) };
        standing = { ...standing, approval: { ...standing.approval, approved }, ...(Object.keys(approved).length === 2 ? { status: "approved" } : {}) };
        break;
      }
      case "proposal.returned": standing = { ...reopened(), returned: signed(fact, "version", "side", "reason") }; break;
      case "proposal.approval_withdrawn": standing = reopened(); break;
      case "proposal.submitted": standing = { ...standing, status: "submitted", submission: signed(fact, "version", "funder", "on", "reference") }; break;
      case "proposal.answered": {
        const status = data.answer === "more_information" ? "submitted" : data.answer;
        standing = { ...standing, status, answer: signed(fact, "answer", "on", "amount", "currency", "note") };
        break;
      }
    }
  }
  return { ...standing, locked: standing.status !== "draft" };
}

// --- places ---

// How many there are, of whom, and who sees what they are: the same whether a description can be read or not.
function sitesView(stream, events) {
  const head = new Head(stream);
  let sites;
  for (const event of events) {
    if (event.stream !== stream) continue;
    const { type, data, time, actor, position } = event;
    head.take(event);
    const seenBy = (audience) => { if (sites?.has(data.site)) sites.set(data.site, { ...sites.get(data.site), audience }); };
    switch (type) {
      case "site.recorded": (sites ??= new Map()).set(data.site, { at: time, actor, order: orderOf(position), side: data.side, audience: data.audience }); break;
      case "site.shared": seenBy("partners"); break;
      case "site.withdrawn": seenBy("town"); break;
      case "site.removed":
      case "site.erased": sites?.delete(data.site); break;
    }
  }
  return { ...head.members, ...(sites ? { sites: Object.fromEntries(sites) } : {}) };
}

// A position as rows are sorted by it.
export function orderOf(position) {
  return String(position).padStart(16, "0");
}
