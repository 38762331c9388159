// What an evidence bundle of Mosty claims, checked with nothing but Node. It shares no code with the server or with the
// dashboard, so that a mistake there is not a mistake here. Formats: RFC 6962 §2.1, c2sp.org/signed-note and
// c2sp.org/tlog-checkpoint; the bundle is `mosty.evidence.v1`.

import { createDecipheriv, createHash, createPublicKey, verify } from "node:crypto";
import { known_types, viewOf } from "./fold.mjs";

// A claim does not hold. What is wrong stands in the message; a bundle that is no bundle is `Unreadable`.
export class Untrue extends Error {}
export class Unreadable extends Error {}

const text_types = new Set(["text.edited", "text.suggestion_accepted", "text.restored"]); // these change the letters

// Checks all claims in order; answers what was found, or throws at the first claim that does not hold.
// `pinned`: the verification key that the reader trusts. Without it the bundle's own key is taken.
export function verifyBundle(text, pinned) {
  const bundle = readBundle(text);
  const own = readKey(bundle.key, Untrue);
  const key = pinned === undefined ? own : readKey(pinned, Unreadable);
  if (own.text !== key.text) throw new Untrue(`the bundle names the key ${bundle.key}, not the one that you trust`);
  const checkpoint = checkCheckpoint(bundle, key);
  checkTree(bundle, checkpoint);
  const events = readEvents(bundle);
  const isLogNamed = checkLog(bundle, events);
  const streams = checkStreams(bundle, events);
  if (bundle.at > bundle.size) throw new Untrue(`the content is as of ${bundle.at}, past the log's ${bundle.size} events`);
  const texts = checkTexts(bundle, streams);
  const figures = checkProposal(bundle, events);
  return { bundle, key: key.text, isPinned: pinned !== undefined, isLogNamed, checkpoint, streams, texts, figures };
}

// --- the bundle ---

function readBundle(text) {
  const bundle = parse(text, "the file", Unreadable, asWritten);
  const must = (holds, what) => { if (!holds) throw new Unreadable(what); };
  must(isObject(bundle), "the file is no JSON object");
  // Two readers of one file must not see two things in it.
  const twice = repeatedName(text);
  must(twice === undefined, `${JSON.stringify(twice)} stands twice in one object`);
  must(bundle.format === "mosty.evidence.v1", `the format is ${JSON.stringify(bundle.format)}, not "mosty.evidence.v1"`);
  for (const name of ["origin", "log", "key", "stream", "checkpoint"]) must(typeof bundle[name] === "string", `"${name}" is no text`);
  must(isCount(bundle.size), '"size" is no size');
  must(Array.isArray(bundle.events) && bundle.events.every((event) => isObject(event) && isCount(event.position) && typeof event.entry === "string"), '"events" are no events');
  must(Array.isArray(bundle.nodes) && bundle.nodes.every((node) => typeof node === "string"), '"nodes" are no hashes');
  must(isObject(bundle.content) && isObject(bundle.content.proposal) && isObject(bundle.content.texts), '"content" is missing');
  const only = (object, names, what) => { for (const name of Object.keys(object)) must(names.includes(name), `nobody knows what ${JSON.stringify(name)} means in ${what}`); };
  only(bundle, ["format", "origin", "log", "key", "stream", "size", "at", "checkpoint", "events", "keys", "nodes", "content"], "a bundle");
  for (const event of bundle.events) only(event, ["position", "entry"], "an event of a bundle");
  only(bundle.content, ["proposal", "texts"], "the content");
  for (const section of Object.values(bundle.content.texts)) {
    must(isObject(section) && isCount(section.revision) && Array.isArray(section.content), "a text of the content is none");
    only(section, ["revision", "content"], "a text");
  }
  const { at = bundle.size, keys = {} } = bundle; // the content is as of this size; a key is null that was destroyed
  must(isCount(at), '"at" is no size');
  must(isObject(keys) && Object.values(keys).every((key) => key === null || typeof key === "string"), '"keys" are no keys');
  const opened = Object.entries(keys).map(([name, key]) => [name, key === null ? null : fromBase64(key, 32, "a key")]);
  return { ...bundle, at, keys: new Map(opened), nodes: bundle.nodes.map((node) => fromBase64(node, 32, "a node")) };
}

// --- who signed what ---

// A bundle's own key that is none makes the bundle false; one that the reader gives, the question.
function readKey(text, Wrong) {
  const [, name, id, coded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  if (!name) throw new Wrong(`${JSON.stringify(text)} is no verification key`);
  const bytes = fromBase64(coded, 33, "the verification key", Wrong);
  if (bytes[0] !== 1) throw new Wrong("the verification key is not an Ed25519 key");
  if (sha256(`${name}\n`, bytes).subarray(0, 4).toString("hex") !== id) throw new Wrong("the verification key's id is not that of the key");
  const x = bytes.subarray(1).toString("base64url");
  return { text: text.trim(), name, id, key: createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }) };
}

function checkCheckpoint(bundle, key) {
  const end = bundle.checkpoint.lastIndexOf("\n\n");
  if (end < 1 || !bundle.checkpoint.endsWith("\n")) throw new Untrue("the checkpoint is no signed note");
  const signed = bundle.checkpoint.slice(0, end + 1);
  const signatures = bundle.checkpoint.slice(end + 2, -1).split("\n").map((line) => {
    const [, name, coded] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = Buffer.from(coded ?? "", "base64");
    if (!name || bytes.length < 5 || bytes.toString("base64") !== coded) throw new Untrue("the checkpoint is no signed note");
    return { name, id: bytes.subarray(0, 4).toString("hex"), bytes: bytes.subarray(4) };
  });
  const own = signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) throw new Untrue("the checkpoint is not signed by this key");
  for (const { bytes } of own) if (!verify(null, Buffer.from(signed), key.key, bytes)) throw new Untrue("the checkpoint's signature is false");
  const [origin, size, root] = signed.split("\n");
  if (origin !== bundle.origin || origin !== key.name) throw new Untrue(`the checkpoint is of the log ${origin}, the bundle of ${bundle.origin}, the key of ${key.name}`);
  if (size !== String(bundle.size)) throw new Untrue(`the checkpoint is of ${size} events, the bundle of ${bundle.size}`);
  return { origin, size: bundle.size, root: fromBase64(root, 32, "the checkpoint's root", Untrue), signatures: signatures.length };
}

// --- the tree ---

export const leafHash = (entry) => sha256(Buffer.of(0), entry);
export const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

// The root again, from the events and the hashes of all that lies between them.
function checkTree({ events, nodes, size }, { root }) {
  for (const [index, { position }] of events.entries()) {
    if (position >= size) throw new Untrue(`the event at position ${position} lies beyond the checkpoint`);
    if (index > 0 && position <= events[index - 1].position) throw new Untrue(`the event at position ${position} is out of order`);
  }
  let [event, node] = [0, 0];
  const rebuild = (from, count) => {
    if (event === events.length || events[event].position >= from + count) {
      if (node === nodes.length) throw new Untrue(`a hash is missing for the positions from ${from} on`);
      return nodes[node++];
    }
    if (count === 1) return leafHash(events[event++].entry);
    const left = splitOf(count);
    return nodeHash(rebuild(from, left), rebuild(from + left, count - left));
  };
  const found = size === 0 ? sha256() : rebuild(0, size);
  if (node !== nodes.length) throw new Untrue(`${nodes.length - node} hashes are left over`);
  if (!found.equals(root)) throw new Untrue("the events do not lead to the signed root: one of them, or a hash, is not what was signed");
}

// The largest power of two below the count, by arithmetic: sizes may go beyond 32 bits.
function splitOf(count) {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

// --- the events ---

// What the entries say, their data opened.
function readEvents({ events, keys }) {
  let before = "";
  return events.map(({ position, entry }) => {
    const where = `the event at position ${position}`;
    const event = parse(entry, where, Untrue);
    if (!isObject(event)) throw new Untrue(`${where} is no event of Mosty`);
    const { id, source, type, subject, time, revision, actor } = event;
    const data = dataOf(event, entry, keys, position);
    if (![id, source, type, subject, time, actor].every((member) => typeof member === "string") || !isCount(revision) || !(isObject(data) || data === null)) {
      throw new Untrue(`${where} is no event of Mosty`);
    }
    if (!known_types.has(type)) throw new Untrue(`${where} is of a type that nobody knows: ${type}`);
    if (time < before) throw new Untrue(`${where} is older than the one before it`);
    before = time;
    return { position, id, source, type, stream: subject, time, revision, actor, data };
  });
}

// The log's id stands in an origin that was not chosen, and in the events recorded under it. Whether one of them names
// it: a log that was restored from a copy has an id of its own, which its older events do not have.
function checkLog({ log, origin }, events) {
  const [, own] = /^mosty\.invalid\/(.+)$/.exec(origin) ?? [];
  if (own !== undefined && own !== log) throw new Untrue(`the bundle is of the log ${log}, the checkpoint's origin is ${origin}`);
  return own === log || events.some(({ source }) => source === `urn:mosty:${log}`);
}

// The events by stream, each stream counted 1, 2, 3 … without a gap; none that has no place here.
function checkStreams({ stream: named }, events) {
  const own = events.filter(({ stream }) => stream === named).map(({ data }) => data);
  if (own.length === 0) throw new Untrue(`there is no event of ${named}`);
  const towns = own.flatMap(({ partners = [], municipality = [] }) => [...partners, ...[municipality].flat()]);
  const related = new Set([named, ...own.flatMap(({ partnership }) => partnership === undefined ? [] : [`partnership/${partnership}`]), ...towns.map((town) => `municipality/${town}`)]);
  const streams = new Map();
  for (const { stream, ...event } of events) {
    const { position, revision } = event;
    if (!related.has(stream) && !stream.startsWith(`text/${named}/`)) throw new Untrue(`the event at position ${position} is of ${stream}, which has no place in evidence of ${named}`);
    if (!streams.has(stream)) streams.set(stream, []);
    const wanted = streams.get(stream).length + 1;
    if (revision !== wanted) throw new Untrue(`revision ${wanted} of ${stream} is missing: position ${position} holds revision ${revision}`);
    streams.get(stream).push(event);
  }
  return streams;
}

// An event's data, opened when they are sealed; null when their key is destroyed. AES-256-GCM over
// {"commandhash":…,"data":…}, bound to every byte of the entry before the sealed ones: 12 bytes of nonce, then the
// ciphertext, then 16 of tag.
export function dataOf({ datacontenttype, data }, entry, keys, position) {
  if (datacontenttype === "application/json") return data;
  const where = `the event at position ${position}`;
  if (datacontenttype !== "application/vnd.mosty.sealed+json" || !isObject(data) || typeof data.key !== "string" || typeof data.sealed !== "string") {
    throw new Untrue(`${where} holds data that nobody knows`);
  }
  if (!keys.has(data.key)) throw new Untrue(`${where} is sealed under ${data.key}, a key that the bundle does not bring along`);
  const key = keys.get(data.key);
  if (key === null) return null;
  const bound = entry.slice(0, entry.length - data.sealed.length - '"}}'.length);
  const sealed = Buffer.from(data.sealed, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(bound));
    decipher.setAuthTag(sealed.subarray(-16));
    return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString()).data;
  } catch {
    throw new Untrue(`${where} does not open under ${data.key}`);
  }
}

// --- the texts ---

// Each text as its events make it, held against the content that the bundle shows.
function checkTexts({ stream, at, content }, streams) {
  const prefix = `text/${stream}/`;
  const written = new Map([...streams].filter(([name]) => name.startsWith(prefix)).map(([name, events]) => [name.slice(prefix.length), events.filter(({ position }) => position < at)]));
  const texts = [];
  for (const section of new Set([...written.keys(), ...Object.keys(content.texts)])) {
    const events = written.get(section) ?? [];
    const shown = Object.hasOwn(content.texts, section) ? content.texts[section] : undefined;
    if (!shown && events.length === 0) continue;
    if (!shown) throw new Untrue(`the section "${section}" has events, but is not shown`);
    if (events.length === 0) throw new Untrue(`the section "${section}" is shown, but has no events`);
    let text = [{ insert: "\n" }];
    let forgotten = 0;
    for (const { position, type, data } of events) {
      if (data === null) forgotten += 1;
      // What came before is forgotten for ever, and the text begins anew.
      if (data === null || type === "text.erased" || type === "text.redacted") text = [{ insert: "\n" }];
      if (data === null || !text_types.has(type)) continue;
      for (const change of [data.change, data.repair ?? []]) text = apply(text, change, `position ${position}`);
    }
    if (shown.revision !== events.length) throw new Untrue(`the section "${section}" is shown at revision ${shown.revision}, its events reach ${events.length}`);
    if (!same(shown.content, text)) throw new Untrue(`the section "${section}" does not read as its events make it`);
    texts.push({ section, revision: events.length, ...(forgotten > 0 ? { forgotten } : {}), units: text.reduce((sum, { insert }) => sum + insert.length, 0) - 1 });
  }
  return texts;
}

// A text (a list of inserts) after a change of inserts, retains and deletes. Lengths are UTF-16 units, as JavaScript's.
export function apply(text, change, where = "the change") {
  if (!Array.isArray(change)) throw new Untrue(`${where} holds no change of a text`);
  const made = [];
  let [op, at] = [0, 0];
  const take = (count, use) => {
    for (let left = count; left > 0;) {
      if (op === text.length) throw new Untrue(`${where} reaches past the end of the text`);
      const { insert, attributes } = text[op];
      const part = insert.slice(at, at + left);
      use(part, attributes);
      left -= part.length;
      at += part.length;
      if (at === insert.length) [op, at] = [op + 1, 0];
    }
  };
  for (const { insert, retain, delete: removed, attributes } of change) {
    if (typeof insert === "string") made.push({ insert, attributes });
    else if (isCount(retain)) take(retain, (part, own) => made.push({ insert: part, attributes: { ...own, ...attributes } }));
    else if (isCount(removed)) take(removed, () => {});
    else throw new Untrue(`${where} holds an operation that is none`);
  }
  if (op < text.length) made.push({ ...text[op], insert: text[op].insert.slice(at) }, ...text.slice(op + 1));
  return joined(made);
}

// The shortest form: neighbours with equal attributes are one, an attribute that was taken away is none.
function joined(text) {
  if (!Array.isArray(text) || !text.every((part) => isObject(part) && typeof part.insert === "string")) throw new Untrue("a text is no list of inserts");
  const parts = [];
  for (const { insert, attributes = {} } of text) {
    const kept = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
    const last = parts.at(-1);
    if (insert === "") continue;
    if (last && same(last.attributes ?? {}, kept)) last.insert += insert;
    else parts.push(Object.keys(kept).length > 0 ? { insert, attributes: kept } : { insert });
  }
  return parts;
}

// --- the page ---

// All that the page shows: fields, figures with who set them and when, totals, approvals, status, facts.
function checkProposal({ stream, at, content: { proposal: shown } }, events) {
  const made = viewOf(stream, events.filter(({ position }) => position < at)) ?? {};
  for (const name of new Set([...Object.keys(shown), ...Object.keys(made)])) {
    const [is, was] = [shown[name], made[name]];
    if (same(is, was)) continue;
    const member = isObject(is) && isObject(was) ? Object.keys({ ...is, ...was }).find((key) => !same(is[key], was[key])) : undefined;
    throw new Untrue(`"${member === undefined ? name : `${name}/${member}`}" of the proposal is not what its events say`);
  }
  const count = (name) => Object.keys(made[name] ?? {}).length;
  return { budget: count("budget"), sources: count("sources"), indicators: count("indicators"), approved: Object.keys(made.approval?.approved ?? {}) };
}

// --- small things ---

function parse(text, what, Wrong = Unreadable, read = undefined) {
  try {
    return JSON.parse(text, read);
  } catch {
    throw new Wrong(`${what} is no JSON`);
  }
}

// Whole numbers alone are numbers here, and text is Unicode: 12.0 is not 12, and half a surrogate pair is nothing.
function asWritten(name, value, written) {
  if (!name.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) throw new Error("half a surrogate pair");
  return typeof value === "number" && written && !/^-?\d+$/.test(written.source) ? { not_whole: written.source } : value;
}

// A name that stands twice in one object of a JSON text; JSON.parse takes the last and says nothing.
function repeatedName(text) {
  const open = [];
  let last;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const name = JSON.parse(last);
      if (open.at(-1).has(name)) return name;
      open.at(-1).add(name);
    } else last = token;
  }
  return undefined;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

// By value; the order of members does not matter.
function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function fromBase64(text, length, what, Wrong = Unreadable) {
  const bytes = Buffer.from(text ?? "", "base64");
  if (bytes.length !== length || bytes.toString("base64") !== text) throw new Wrong(`${what} is not ${length} bytes of base64`);
  return bytes;
}
