const pause_ms = 40;

// Asks again and again until the answer is true; then gives it. Fails with `what` after `timeout_ms`.
export async function until(what, ask, timeout_ms = 20_000) {
  const end = Date.now() + timeout_ms;
  let last;
  do {
    last = await ask();
    if (last) return last;
    await new Promise((over) => setTimeout(over, pause_ms));
  } while (Date.now() < end);
  throw new Error(`waited ${timeout_ms / 1000} s in vain until ${what}; the last answer was ${JSON.stringify(last)}`);
}
