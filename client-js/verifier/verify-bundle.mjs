#!/usr/bin/env node
// Verifies an evidence bundle of Mosty, offline.
//
//   node verify-bundle.mjs bundle.json [--key <verification key>]
//
// Ends with 0 when everything holds, 1 when something does not, 2 when it could not be checked.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Unreadable, Untrue, verifyBundle } from "./bundle.mjs";

const usage = "usage: node verify-bundle.mjs bundle.json [--key <verification key>]";

function report({ bundle, key, isPinned, checkpoint, streams, texts, figures }) {
  const last = (events) => events.at(-1);
  return [
    `VERIFIED  ${bundle.stream}, as of ${bundle.at} events of the log ${checkpoint.origin}, signed at ${checkpoint.size}`,
    `NOT CHECKED  what the bundle says of its status (${JSON.stringify(bundle.content.proposal.status)}), approvals and answers: see below`,
    "",
    "Proven:",
    `  the checkpoint is signed by ${key}`,
    `  ${bundle.events.length} events stand in that log, byte for byte, at the positions given`,
    ...[...streams].map(([stream, events]) => `    ${stream}: revisions 1 to ${events.length}, the last at position ${last(events).position}, ${last(events).time}`),
    `  the texts read as these events make them: ${texts.map(({ section, units }) => `${section} (${units} units)`).join(", ") || "none is written"}`,
    `  title, summary, sectors and partners follow from them, and ${figures.budget} budget lines, ${figures.sources} sources of money, ${figures.indicators} indicators and their totals`,
    "",
    "Not proven:",
    ...texts.filter(({ forgotten }) => forgotten > 0).map(({ section, forgotten }) => `  what ${forgotten} events of ${section} said: their key is destroyed, or the bundle says so`),
    ...isPinned ? [] : ["  whose key this is: it came with the bundle. Get the key by another way and name it with --key"],
    "  that the streams had no later revision before the checkpoint: the holder of a bundle can leave off their ends",
    "  that everybody is shown the same log: ask its witnesses for their checkpoint",
    "  when and by whom an event was really made: times and actors are as the server recorded them",
    "  status, approvals and the funder's answer: they stand in the events, and are not computed again here; mosty verify-bundle does",
  ].join("\n");
}

function main() {
  let options;
  try {
    options = parseArgs({ allowPositionals: true, options: { key: { type: "string" } } });
  } catch (error) {
    throw new Unreadable(`${error.message}\n${usage}`);
  }
  const { positionals: [file, ...more], values: { key } } = options;
  if (file === undefined || more.length > 0) throw new Unreadable(usage);
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Unreadable(error.message);
  }
  console.log(report(verifyBundle(text, key)));
}

try {
  main();
} catch (error) {
  if (error instanceof Untrue) {
    console.error(`NOT VERIFIED  ${error.message}`);
    process.exitCode = 1;
  } else {
    console.error(error instanceof Unreadable ? `COULD NOT BE CHECKED  ${error.message}` : error);
    process.exitCode = 2;
  }
}
