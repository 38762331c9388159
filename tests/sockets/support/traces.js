// Recorded editing (josephg/editing-traces): who typed what, and knew what.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

import Delta from "quill-delta";

const data = process.env.MOSTY_SHARED_DATA ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const fileOf = (name) => resolve(data, "editing-traces", `${name}.json.gz`);

export const hasTrace = (name) => existsSync(fileOf(name));
export const readTrace = (name) => JSON.parse(gunzipSync(readFileSync(fileOf(name))));

const changeOfPatch = ([place, deleted, inserted]) => new Delta().retain(place).insert(inserted).delete(deleted);
export const changeOf = ({ patches }) => patches.reduce((all, patch) => all.compose(changeOfPatch(patch)), new Delta());

// What each agent does, in order: {patches, seen, after}. `seen`: how many steps of each agent the writer had
// seen. `after`: how many of each must be committed before this one may be, so that what an agent has seen of the
// others is always a beginning of the server's order. Every order that keeps to `after` will do.
export function stepsOf({ numAgents, txns }) {
  const agents = Array.from({ length: numAgents }, (_, agent) => agent);
  const steps = agents.map(() => []);
  const all = [];
  for (const { agent, parents, patches } of txns) {
    const seen = agents.map(() => 0);
    for (const parent of parents.map((at) => all[at]))
      for (const one of agents) seen[one] = Math.max(seen[one], parent.seen[one], one === parent.agent ? parent.number + 1 : 0);
    const step = { agent, number: steps[agent].length, patches, seen, after: agents.map(() => 0) };
    if (seen[agent] !== step.number) throw new Error("an agent that has not seen what it wrote itself");
    steps[agent].push(step);
    all.push(step);
  }
  for (const { agent, seen } of all)
    for (const one of agents)
      for (const other of agents) {
        const unseen = steps[other][seen[other]];
        if (one === agent || other === agent || one === other || !unseen) continue;
        unseen.after[one] = Math.max(unseen.after[one], seen[one]);
      }
  return steps;
}
