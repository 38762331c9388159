// server/api as the tests read it: the documents, and what holds a value against a schema in them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import Ajv from "ajv/dist/2020.js";
import { parse } from "yaml";

export const root = new URL("../../../", import.meta.url);
const load = async (name) => parse(await readFile(new URL(`server/api/${name}`, root), "utf8"));
export const [asyncapi, openapi, shared] = await Promise.all(["asyncapi.yaml", "openapi.yaml", "schemas.yaml"].map(load));

export const ajv = new Ajv({ strict: false, allErrors: true });
// Under one address each, so that a reference from one file leads into another.
for (const [name, document] of Object.entries({ asyncapi, openapi, schemas: shared }))
  ajv.addSchema({ ...document, $id: `https://api.test/${name}.yaml` });

export function check(reference, value, what) {
  const validate = ajv.getSchema(`https://api.test/${reference}`) ?? ajv.compile({ $ref: `https://api.test/${reference}` });
  if (!validate(value))
    assert.fail(`${what} is not as ${reference} says:\n${ajv.errorsText(validate.errors, { separator: "\n" })}\n${JSON.stringify(value).slice(0, 2_000)}`);
}

export const messages = asyncapi.components.messages;
export const payloadOf = (name) => {
  const { $ref } = messages[name].payload;
  return $ref.startsWith("#") ? `asyncapi.yaml${$ref}` : $ref.slice(2);
};
const fromClient = ["follow", "unfollow", "present", "ping", "command"];
export const fromServer = Object.keys(messages).filter((name) => !fromClient.includes(name));
// Both sides send a message of the type presence.
export const sentAs = (type) => fromClient.find((name) => (messages[name].name ?? name) === type);

// A topic's kind decides which schema holds its value or rows.
const kindOf = (topic) => (/^sites\/[^/]+\//.test(topic) ? "described_sites" : topic.split("/")[0]);
export function checkView(topic, value, what) {
  if (Object.keys(value).length) check(`schemas.yaml#/views/${kindOf(topic)}`, value, what);
}
export const checkRow = (topic, row, what) => check(`schemas.yaml#/rows/${kindOf(topic)}`, row, what);

export function checkFrame(frame) {
  assert.ok(fromServer.includes(frame.type), `a frame of an unknown type: ${frame.type}`);
  check(payloadOf(frame.type), frame, `a ${frame.type} frame`);
  if (frame.type === "snapshot" && frame.value) checkView(frame.topic, frame.value, `the snapshot of ${frame.topic}`);
  for (const row of frame.rows ?? frame.upsert ?? []) checkRow(frame.topic, row, `a row of ${frame.topic}`);
}
