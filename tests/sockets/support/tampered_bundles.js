// What somebody may do to a bundle of evidence, and what both verifiers must say of it: their exit code, 1 when
// something in it is not so, 2 when it is no bundle, and the sentence of each. `ours` is mosty verify-bundle, `others`
// the verifier in JavaScript. `of`: a draft, or a proposal that both sides have approved.

const first = (table) => Object.keys(table)[0];
const part = (name) => ({ code: 1, ours: `wrong: "${name}" of the proposal as shown is not what its events say`, others: `"${name}" of the proposal is not what its events say` });
const proven = { code: 1, ours: /give another root|do not fit one another/, others: /signed root|a hash is missing|hashes are left over|out of order|beyond the checkpoint/ };
const signature = { code: 1, ours: /^wrong: the (checkpoint|bundle)/m, others: /the checkpoint|the verification key|no verification key|the bundle names the key/ };
const none = (ours, others) => ({ code: 2, ours, others });

// [what is done, how, what is said of it]; a change answers the text of a file where it is not an object's.
export const tampered = [
  // The page's content.
  ["a title", ({ content }) => void (content.proposal.title += "!"), part("title")],
  ["who set a budget line", ({ content }) => void (content.proposal.budget[first(content.proposal.budget)].actor = "u-mallory"), (bundle) => part(`budget/${first(bundle.content.proposal.budget)}`)],
  ["when a budget line was set", ({ content }) => void (content.proposal.budget[first(content.proposal.budget)].at = "2026-01-01T00:00:00.000Z"), (bundle) => part(`budget/${first(bundle.content.proposal.budget)}`)],
  ["the order of a budget line", ({ content }) => void (content.proposal.budget[first(content.proposal.budget)].order += 1), (bundle) => part(`budget/${first(bundle.content.proposal.budget)}`)],
  ["an amount", ({ content }) => void (content.proposal.budget[first(content.proposal.budget)].amount += 1), (bundle) => part(`budget/${first(bundle.content.proposal.budget)}`)],
  ["a budget line taken out", ({ content }) => void delete content.proposal.budget[first(content.proposal.budget)], (bundle) => part(`budget/${first(bundle.content.proposal.budget)}`)],
  ["a total", ({ content }) => void (content.proposal.totals[first(content.proposal.totals)].gap += 1), (bundle) => part(`totals/${first(bundle.content.proposal.totals)}`)],
  ["the totals taken out", ({ content }) => void delete content.proposal.totals, part("totals")],
  ["a status", ({ content }) => void (content.proposal.status = "granted"), part("status")],
  ["a lock", ({ content }) => void (content.proposal.locked = !content.proposal.locked), part("locked")],
  ["an approval that nobody asked for", ({ content }) => void (content.proposal.approval = { version: 1, asked_by: "u-mallory", asked_side: "ua", at: "2026-01-01T00:00:00.000Z", content_hash: "00", approved: {} }), part("approval")],
  ["an approval by somebody else", ({ content }) => void (content.proposal.approval.approved.ua.actor = "u-mallory"), { ...part("approval/approved"), of: "approved" }],
  ["an approval taken out", ({ content }) => void delete content.proposal.approval.approved.eu, { ...part("approval/approved"), of: "approved" }],
  ["what was approved", ({ content }) => void (content.proposal.approval.content_hash = "00"), { ...part("approval/content_hash"), of: "approved" }],
  ["an answer of a funder", ({ content }) => void (content.proposal.answer = { answer: "granted", on: "2026-01-01", at: "2026-01-01T00:00:00.000Z", actor: "u-mallory" }), part("answer")],
  ["who began it", ({ content }) => void (content.proposal.created.actor = "u-mallory"), part("created/actor")],
  ["a fact", ({ content }) => void (content.proposal.facts[first(content.proposal.facts)].actor = "u-mallory"), (bundle) => part(`facts/${first(bundle.content.proposal.facts)}`)],
  ["a partner's bank", ({ content }) => void (content.proposal.partners[content.proposal.eu].side = "ua"), (bundle) => part(`partners/${bundle.content.proposal.eu}`)],
  ["what is missing", ({ content }) => void (content.proposal.missing = ["title"]), part("missing")],
  ["something that no page shows", ({ content }) => void (content.proposal.blessed = true), part("blessed")],
  ["all of the page", ({ content }) => void (content.proposal = {}), { code: 1, ours: /of the proposal as shown is not what its events say/, others: /of the proposal is not what its events say/ }],
  // The texts.
  ["a letter of a text", ({ content }) => void (content.texts.needs.content[0].insert = `Х${content.texts.needs.content[0].insert}`), { code: 1, ours: "wrong: the text needs as shown is not what its events say", others: 'the section "needs" does not read as its events make it' }],
  ["a text in two pieces for one", ({ content }) => void content.texts.needs.content.push({ insert: "" }), { code: 1, ours: "the text needs as shown is not", others: 'the section "needs" does not read' }],
  ["a text's revision", ({ content }) => void (content.texts.needs.revision += 1), { code: 1, ours: /the text needs is shown as of revision \d+, its events end with \d+/, others: /the section "needs" is shown at revision \d+, its events reach \d+/ }],
  ["a text taken out", ({ content }) => void delete content.texts.needs, { code: 1, ours: "the text needs has events but is not shown", others: 'the section "needs" has events, but is not shown' }],
  ["a text that nobody wrote", ({ content }) => void (content.texts.weather = { revision: 0, content: [{ insert: "\n" }] }), { code: 1, ours: "the text weather is shown but has no events", others: 'the section "weather" is shown, but has no events' }],
  // What is proven of the events.
  ["a byte of an event", ({ events }) => void (events[1].entry = events[1].entry.replace(/.$/, " ")), proven],
  ["an event left out", ({ events }) => void events.splice(1, 1), proven],
  ["two events in each other's place", ({ events }) => void ([events[0].entry, events[1].entry] = [events[1].entry, events[0].entry]), proven],
  ["a position", ({ events }) => void (events[1].position += 1), proven],
  ["a node for another", ({ nodes }) => void (nodes[0] = nodes.at(-1)), proven],
  ["a node less", ({ nodes }) => void nodes.pop(), proven],
  ["a node more", ({ nodes }) => void nodes.push(nodes[0]), proven],
  ["no events at all", (bundle) => void (bundle.events = []), proven],
  // Keys.
  ["a key left out", ({ keys }) => void delete keys[first(keys)], { code: 1, ours: /is sealed under k-\w+, a key that is not here/, others: /is sealed under k-\w+, a key that the bundle does not bring along/ }],
  ["a key for another", ({ keys }) => void (keys[first(keys)] = Buffer.alloc(32, 7).toString("base64")), { code: 1, ours: /does not open under k-\w+/, others: /does not open under k-\w+/ }],
  ["a key called destroyed", ({ keys }) => { for (const name of Object.keys(keys)) keys[name] = null; }, { code: 1, ours: /as shown is not what its events say/, others: /does not read as its events make it|is not what its events say/ }],
  // The head.
  ["a size that is lower", (bundle) => void (bundle.size -= 1), signature],
  ["a size that is higher", (bundle) => void (bundle.size += 1), signature],
  ["a size in the checkpoint", (bundle) => void (bundle.checkpoint = bundle.checkpoint.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) - 1}\n`)), signature],
  ["a signature", (bundle) => void (bundle.checkpoint = bundle.checkpoint.replace(/(.)(.)\n$/, (_, one, other) => `${other}${one === other ? "A" : one}\n`)), signature],
  ["a line under the signatures", (bundle) => void (bundle.checkpoint += "signed, somebody\n"), signature],
  ["no checkpoint", (bundle) => void (bundle.checkpoint = ""), signature],
  ["the origin", (bundle) => void (bundle.origin = "mosty.invalid/other"), signature],
  ["the log's id", (bundle) => void (bundle.log = "0".repeat(32)), { code: 1, ours: /^wrong: the bundle is of the log 0{32}, the checkpoint's origin is /m, others: /the bundle is of the log 0{32}, the checkpoint's origin is / }],
  ["the key's name", (bundle) => void (bundle.key = bundle.key.replace(/^[^+]+/, "other.example")), signature],
  ["a key that is none", (bundle) => void (bundle.key = "x"), signature],
  ["another proposal's name", (bundle) => void (bundle.stream = "proposal/other"), { code: 1, ours: /which has no place in evidence of proposal\/other|there is no event of proposal\/other/, others: "there is no event of proposal/other" }],
  ["a moment past the log", (bundle) => void (bundle.at = bundle.size + 1), { code: 1, ours: /the content is as of \d+, past the log's \d+ entries/, others: /the content is as of \d+, past the log's \d+ events/ }],
  ["an earlier moment", (bundle) => void (bundle.at = 1), { code: 1, ours: /^wrong: /m, others: /NOT VERIFIED/ }],
  ["an amount that is no whole number", (bundle) => JSON.stringify(bundle).replace(/("content":.*?"amount":\d+)/, "$1.0"), (bundle) => part(`budget/${first(bundle.content.proposal.budget)}`)],
  // What is no bundle.
  ["a size that is no whole number", (bundle) => JSON.stringify(bundle).replace(/("size":\d+)/, "$1.0"), none("is no whole number", '"size" is no size')],
  ["half a surrogate pair", (bundle) => JSON.stringify(bundle).replace('"log":"', '"log":"\\ud800'), none("is no bundle: it is no JSON", "is no JSON")],
  ["a byte order mark", (bundle) => `\ufeff${JSON.stringify(bundle)}`, none("is no bundle: it is no JSON", "is no JSON")],
  ["half a file", (bundle) => JSON.stringify(bundle).slice(0, -1), none("is no bundle: it is no JSON", "is no JSON")],
  ["an empty file", () => "", none("is no bundle: it is no JSON", "is no JSON")],
  ["bytes that are no text", (bundle) => Buffer.concat([Buffer.from(JSON.stringify(bundle).slice(0, -2)), Buffer.from([0x20, 0xff, 0x7d, 0x7d])]), none("is no bundle: it is no JSON", "is no UTF-8")],
  ["another format", (bundle) => void (bundle.format = "mosty.evidence.v9"), none('its format is "mosty.evidence.v9"', 'the format is "mosty.evidence.v9"')],
  ["a member that nobody knows", (bundle) => void (bundle.note = "all is well"), none('has a member "note" that nobody knows', 'nobody knows what "note" means')],
  ["a member of an event that nobody knows", ({ events }) => void (events[0].type = "x"), none('has a member "type" that nobody knows', 'nobody knows what "type" means')],
  ["a member of a text that nobody knows", ({ content }) => void (content.texts.needs.author = "u"), none('has a member "author" that nobody knows', 'nobody knows what "author" means')],
  ["a member twice", (bundle) => JSON.stringify(bundle).replace('"stream":', '"stream":"proposal/other","stream":'), none('names "stream" twice', '"stream" stands twice')],
  ["a member twice, deep within", (bundle) => JSON.stringify(bundle).replace('"status":', '"status":"granted","st\\u0061tus":'), none('names "status" twice', '"status" stands twice')],
  ["no content", (bundle) => void delete bundle.content, none("it lacks a member", '"content" is missing')],
  ["a size that is none", (bundle) => void (bundle.size = -1), none("is no whole number", '"size" is no size')],
  ["a moment that is none", (bundle) => void (bundle.at = "now"), none("is no whole number", '"at" is no size')],
  ["a node that is none", ({ nodes }) => void (nodes[0] = "AAAA"), none("is no hash in base 64", "is not 32 bytes of base64")],
  ["a key that is too short", ({ keys }) => void (keys[first(keys)] = "AAAA"), none("is no key in base 64", "is not 32 bytes of base64")],
  ["a text that is none", ({ content }) => void (content.texts.needs = "x"), none("a text is no object", "a text of the content is none")],
];
