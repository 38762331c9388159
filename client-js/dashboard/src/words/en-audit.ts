import { counted } from "./plural";

const letters = (count: number) => counted("en", count, { one: "character", other: "characters" });
const events = (count: number) => counted("en", count, { one: "event", other: "events" });

// What an auditor reads: the histories, the comparison of two moments, one event, and its verification.
export const audit = {
  of: (name: string) => `History of ${name}`, programme: "the programme", openPage: "Open the page", link: "History",
  intro: "Every change, the newest first. Nothing is ever rewritten; what was corrected is there too.",
  filters: "Filter", organisation: "Organisation", everywhere: "Everywhere", moreHelp: "All of it is in the address: copy it to share what you see.",
  onlyAbout: (what: string) => `Only what concerns ${what}`, everything: "Show everything",
  lines: (shown: number, of: number) => `${counted("en", shown, { one: "line", other: "lines" })} of ${events(of)} in the log`,
  fetching: "Fetching…", all: "This is the whole history.",
  nothing: "Nothing is recorded here.", nothingHelp: "Under this address nothing was ever recorded. Check it, or look for the page in the lists.",
  older: "Older events", newer: "Newer events", newest: "To the newest", window: (before: number) => `before position ${before}`,
  burst: (what: string, edits: string, written: number, removed: number) =>
    `${what}: ${edits}, ${[written > 0 || removed === 0 ? `${letters(written)} written` : "", removed > 0 ? `${letters(removed)} removed` : ""].filter(Boolean).join(", ")}`,
  positions: (from: number, to: number) => `Positions ${from} to ${to}`, unfold: "Each edit", inOne: (count: number) => counted("en", count, { one: "edit in one go", other: "edits in one go" }),
  until: (from: string, to: string) => `${from} to ${to}`, whatChanged: "What changed here", openEvent: "Open the event",
  activity: "How much happened when", activityBar: (from: string, count: number) => `${from}: ${events(count)}`, activityTold: (from: string, to: string, count: number, most: string) => `${events(count)} between ${from} and ${to}, most of them around ${most}.`,
  past: "You see the past.", pastHelp: "The page and its texts as they were. Nothing can be changed here.",
  wrote: (section: string, edits: string) => `Text “${section}”: ${edits}`,
  then: {
    title: "The programme as it was", slider: "Day", on: (day: string) => `At the end of ${day}`, size: (count: number) => `${events(count)} had been recorded.`, nothing: "Nothing had been recorded yet.",
    townTitle: "The municipality as it was", some: (shown: number, total: number) => `${shown} of ${total}`,
  },
  compare: {
    title: "Compare two moments", open: "Compare two moments", close: "Close the comparison", earlier: "Earlier moment", later: "Later moment",
    before: "Before the first change", at: (when: string, position: number) => `${when}, just after position ${position}`, about: (when: string) => `${when}, the last change by then`,
    coarse: (when: string) => `The history is long: before ${when} the sliders go from one stretch of time to the next. “What changed here” on a line below leads to any single change.`,
    same: "Between these two moments nothing changed on the page.", changed: "What changed", fields: "Fields", added: "added", removed: "removed", edited: "changed",
    was: "Before", is: "After", empty: "empty", insertion: " [inserted: ", deletion: " [deleted: ", end: "] ", texts: "Texts", whole: "The whole text", excerpt: "Only the changed lines",
    tables: { partners: "Partners", budget: "Budget", sources: "Funding", indicators: "Indicators", accepted: "Acceptance", confirmed: "Confirmation" },
    who: "Who changed it", legend: "new", gone: "gone", wrongOrder: "The earlier moment lies after the later one.",
  },
  event: {
    title: (position: string) => `Event ${position}`, what: "What happened", who: "Who", when: "When", stream: "Stream", revision: "Revision in the stream", position: "Position in the log", id: "Event id", type: "Type and version",
    leaf: "Leaf hash", why: "Why", command: "Command", correlation: "Correlation",
    began: {
      person: "No other event led to it: a person gave the command.",
      import: "It came with the import of a register: a program read it there. No person gave the command.",
      demo: "It came with the invented demo: a program wrote it. No person gave the command.",
      invitation: "Somebody at the server’s own machine ran the program that invites people.",
      program: "A program at the server’s own machine gave the command, no person.",
      unrecorded: "Events of this kind answer an earlier one. Which one was not recorded at that time.",
    },
    followed: "What followed from it", more: (count: number) => `And ${events(count)} more.`,
    together: "The same command made", alone: "The command made this one event.", causedBy: "It follows from:", unknownCause: "It follows from an event that is too far back in this stream to be found here:",
    stored: "The stored bytes", storedHelp: "These bytes are what was hashed and signed. Here they are indented for reading; the saved file is exact.", save: "Save the exact bytes", earlier: "Earlier event of this stream", later: "Later event of this stream",
    missing: "There is no such event, or it is not shared with you.", history: "The history it belongs to", time: (time: string) => `${time} (UTC)`,
  },
  verify: {
    title: "Verification", button: "Verify", again: "Verify again", stop: "Stop", one: "Verify this event",
    what: "Checks here in the browser that each event shown stands in the log that the server signed, and that this log grew out of the one that this device saw last.",
    limits: "This finds tampering in storage and on the way to you. It does not find a server that lies to everyone in the same way, or to you from your first visit: the program that checks came from the same server. Against that only these help: the evidence bundle with a verifier from elsewhere, an outside verifier with a pinned key, and witnesses.",
    fetching: (count: number) => `Fetching the history: ${events(count)} so far…`, head: "Checking the signed checkpoint…", checking: (done: number, total: number) => `Checking: ${done} of ${total}`, waiting: "Waiting for the next checkpoint…",
    good: (checked: number, total: number) => `Verified: ${checked} of ${total}`, goodOne: "Verified: this event stands in the signed log",
    at: (size: number, time: string) => `Checkpoint of ${events(size)}, checked ${time}.`, failed: "Verification failed", stopped: (checked: number, total: number) => `Stopped: ${checked} of ${total} checked so far, all of them in order.`,
    blocked: "It could not be checked", partly: (count: number) => `${events(count)} could not be checked`,
    first: "First check on this device: the key is trusted because it came. From now on only this key counts.", grown: (from: number, to: number) => `The log grew from ${from} to ${to} events, and nothing before was changed.`, unmoved: "The log has not grown since the last check.",
    notKept: "This device keeps nothing, so the next check will begin anew.", whole: "No event is missing between the first and the last of each stream.", windowed: "The history is longer than what was checked here: an evidence bundle and mosty verify check all of it.", filtered: "With a filter it cannot be told whether events are missing.",
    differs: (part: string) => `The page shows “${part}” otherwise than its events make it.`, follows: "The figures and texts of the page are what these events make of them.",
    gap: (stream: string, revision: number) => `${stream}: revision ${revision} is missing.`, key: "Key", since: (when: string) => `trusted since ${when}`, checkpoint: "Signed checkpoint", details: "Key and checkpoint",
    states: {
      included: "in the signed log", newer: "recorded after the checkpoint; verify again in a second", other_bytes: "the signed log holds other bytes here: this event was changed",
      bad_proof: "the server’s proof does not lead to the signed root", no_proof: "the server gave no proof",
    },
    verdict: (position: number, what: string) => `Position ${position}: ${what}.`,
    obstacles: {
      no_crypto: "This page was not opened over a secure connection, so the browser offers no cryptography. Open it over HTTPS, or on this computer as 127.0.0.1.",
      unreachable: (what: string) => `The server did not answer: ${what}`,
    },
    alarms: {
      key_changed: (pinned: string, offered: string) => `The log is signed with another key than the one this device trusts. Trusted: ${pinned}. Now offered: ${offered}.`,
      bad_key: (offered: string) => `The server’s key cannot be read: ${offered}`, bad_checkpoint: "The checkpoint is not a signed note.",
      unsigned: (pinned: string) => `The checkpoint is not signed by the trusted key ${pinned}.`, forged: (pinned: string) => `The signature under the checkpoint is false. Key: ${pinned}.`,
      other_log: (pinned: string, offered: string) => `The checkpoint is of the log ${offered}, not of ${pinned}.`,
      shrunk: (from: number, to: number) => `The log has become shorter: this device has seen ${from} events, now there are ${to}.`,
      rewritten: (from: number, to: number) => `History was rewritten: the log of ${to} events does not begin with the ${from} events that this device has seen.`,
    },
    alarmHelp: "Do not rely on what this page shows. Keep this page open, write down the time, and tell the programme’s auditors.",
    trust: "The key was changed on purpose", trustHelp: "Only if the people who run this server told you so by another way than this page, and the new key is the one that they named.", trustButton: "Trust the new key from now on",
  },
  evidence: {
    title: "Evidence", download: "Download the evidence bundle", help: "One file with this proposal’s events, its content, the proofs, the signed checkpoint and the key. It can be verified without this server:",
    command: "node verify-bundle.mjs bundle.json --key …", keyHelp: "Take the key from somewhere else than this page.",
  },
};
