// CloudEvents' own JSON schema, tests/vectors/cloudevents.
import { readFileSync } from "node:fs";

import Ajv from "ajv";
import addFormats from "ajv-formats";

const schema = JSON.parse(readFileSync(new URL("../../vectors/cloudevents/cloudevents.json", import.meta.url)));
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
const validate = ajv.compile(schema);

// What is wrong with an event; undefined when it is one.
export function faultOf(event) {
  return validate(event) ? undefined : ajv.errorsText(validate.errors);
}
