// What npm's @sigstore/verify makes of a checkpoint and of the proofs under it.
import { createPublicKey } from "node:crypto";

import { verifyCheckpoint } from "@sigstore/verify/dist/tlog/checkpoint.js";
import { verifyMerkleInclusion } from "@sigstore/verify/dist/tlog/merkle.js";

const spkiOfEd25519 = Buffer.from("302a300506032b6570032100", "hex");

// The trusted log that a vkey stands for.
export function logOf(vkey) {
  const [name, id, key] = vkey.trim().split(/\+([0-9a-f]{8})\+/);
  const publicKey = Buffer.from(key, "base64").subarray(1);
  return {
    logID: Buffer.from(id, "hex"),
    baseURL: name,
    publicKey: createPublicKey({ key: Buffer.concat([spkiOfEd25519, publicKey]), format: "der", type: "spki" }),
  };
}

// The checkpoint that a note holds; throws unless the log signed it.
export const openCheckpoint = (note, log) => verifyCheckpoint({ inclusionProof: { checkpoint: { envelope: note } } }, [log]);

// Throws unless the entry stands at that position in the tree of the checkpoint.
export const checkInclusion = (entry, position, proof, checkpoint) =>
  verifyMerkleInclusion({ canonicalizedBody: entry, inclusionProof: { logIndex: String(position), hashes: proof } }, checkpoint);
