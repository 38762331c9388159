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

function report({ bundle, key, isPinned, isLogNamed, checkpoint, streams, texts, figures }) {
  const last = (events) => events.at(-1);
  return [
    `VERIFIED  ${bundle.stream}, as of ${bundle.at} events of the log ${checkpoint.origin}, signed at ${checkpoint.size}`,
    "",
    "Proven:",
    `  the checkpoint is signed by ${key}`,
    `  ${bundle.events.length} events stand in that log, byte for byte, at the positions given`,
    ...[...streams].map(([stream, events]) => `    ${stream}: revisions 1 to ${events.length}, the last at position ${last(events).position}, ${last(events).time}`),
    `  the texts read as these events make them: ${texts.map(({ section, units }) => `${section} (${units} units)`).join(", ") || "none is written"}`,
    `  the page is what they make it: ${figures.budget} budget lines, ${figures.sources} sources of money and ${figures.indicators} indicators, each with who set it and when, their totals, status (${bundle.content.proposal.status ?? "none yet"}), approvals (${figures.approved.join(", ") || "none"}), answers and all facts`,
    "",
    "Not proven:",
    ...texts.filter(({ forgotten }) => forgotten > 0).map(({ section, forgotten }) => `  what ${forgotten} events of ${section} said: their key is destroyed, or the bundle says so`),
    ...isPinned ? [] : ["  whose key this is: it came with the bundle. Get the key by another way and name it with --key"],
    ...isLogNamed ? [] : [`  that the log's id is ${bundle.log}: neither its origin nor one of these events names it`],
    "  that the streams had no later revision before the checkpoint: the holder of a bundle can leave off their ends",
    "  that everybody is shown the same log: ask its witnesses for their checkpoint",
    "  when and by whom an event was really made: times and actors are as the server recorded them",
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
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    throw new Unreadable(error instanceof TypeError ? `${file} is no UTF-8` : error.message);
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
