// Randomness that a seed repeats: MOSTY_SEED=… runs a failure again.
export function random(name) {
  const seed = Number(process.env.MOSTY_SEED ?? Math.floor(Math.random() * 2 ** 32)) >>> 0;
  console.log(`${name}: MOSTY_SEED=${seed}`);
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    any: (choices) => choices[Math.floor(next() * choices.length)],
  };
}
