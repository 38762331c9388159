// How much happened when: the bars of a small chart.

export interface Bucket {
  readonly from: number; // ms
  readonly until: number;
  readonly count: number;
}

const day_ms = 86_400_000;
const steps_ms = [60_000, 10 * 60_000, 3_600_000, 6 * 3_600_000, day_ms, 7 * day_ms, 28 * day_ms, 91 * day_ms, 365 * day_ms];

// Equal stretches of a length that people know, from the first time to the last.
export function stretchesOf(first: number, last: number, bars_max: number): { readonly begin: number; readonly step: number; readonly bars: number } {
  const step = steps_ms.find((ms) => (last - first) / ms < bars_max - 1) ?? Math.ceil((last - first + 1) / (bars_max - 1) / day_ms) * day_ms;
  const begin = Math.floor(first / step) * step;
  return { begin, step, bars: Math.floor((last - begin) / step) + 1 };
}

// At most `bars_max` equal stretches from the first time to the last. `times` in ms, in any order.
export function bucketsOf(times: readonly number[], bars_max = 48): readonly Bucket[] {
  if (times.length === 0) return [];
  const [first, last] = times.reduce(([low, high], time) => [Math.min(low, time), Math.max(high, time)], [Infinity, -Infinity]);
  const { begin, step, bars } = stretchesOf(first, last, bars_max);
  const counts = new Array<number>(bars).fill(0);
  for (const time of times) counts[Math.floor((time - begin) / step)]! += 1;
  return counts.map((count, index) => ({ from: begin + index * step, until: begin + (index + 1) * step, count }));
}
