import { sameBytes } from "./bytes";
import { emptyRoot, hash_bytes, nodeHash, type Hash } from "./hash";

// The two proofs of a Merkle log, verified as RFC 9162 §2.1.3.2 and §2.1.4.2 tell. Numbers are whole and up to 2^53,
// so they are halved by arithmetic: the bit operators see 32 bits only. Whatever a proof holds, the answer is yes or no.

const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);
const isSize = (n: number) => Number.isSafeInteger(n) && n >= 0;
const areHashes = (hashes: readonly Hash[]) => hashes.every(({ length }) => length === hash_bytes);

// Whether `leaf` is the one at `index` of the tree of `size` leaves whose root is `root`.
export async function verifyInclusion(index: number, size: number, leaf: Hash, proof: readonly Hash[], root: Hash): Promise<boolean> {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const beside of proof) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      hash = await nodeHash(beside, hash);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = await nodeHash(hash, beside);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

// Whether the tree of `to` leaves begins with all the leaves of the tree of `from`, in their order.
export async function verifyConsistency(from: number, to: number, fromRoot: Hash, toRoot: Hash, proof: readonly Hash[]): Promise<boolean> {
  if (!isSize(from) || !isSize(to) || from > to || !areHashes([fromRoot, toRoot, ...proof])) return false;
  if (from === to) return proof.length === 0 && sameBytes(fromRoot, toRoot);
  if (from === 0) return proof.length === 0 && sameBytes(fromRoot, await emptyRoot());

  let [at, last] = [from - 1, to - 1];
  while (isOdd(at)) [at, last] = [half(at), half(last)];
  const [first, ...rest] = at === 0 ? [fromRoot, ...proof] : proof; // a whole subtree proves itself
  if (first === undefined) return false;
  let [old, grown] = [first, first];
  for (const beside of rest) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      old = await nodeHash(beside, old);
      grown = await nodeHash(beside, grown);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      grown = await nodeHash(grown, beside);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(old, fromRoot) && sameBytes(grown, toRoot);
}
