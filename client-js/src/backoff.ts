export const pause_min_ms = 250;
export const pause_max_ms = 15_000;

// The pause before attempt `attempt` (0, 1, 2 …): anywhere from 0.25 s up to a ceiling that doubles,
// at most 15 s, so that clients cut off together do not come back together. `fraction` is in [0, 1).
export function pauseBefore(attempt: number, fraction: number): number {
  const ceiling = Math.min(pause_max_ms, pause_min_ms * 2 ** Math.min(attempt + 1, 16));
  return Math.round(pause_min_ms + fraction * (ceiling - pause_min_ms));
}
