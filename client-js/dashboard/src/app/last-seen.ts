// How far a person has read the feed, on this device.

export const seenKey = (actor: string) => `mosty.seen.${actor}`;

// Nothing when the person was never here.
export function lastSeen(actor: string): number | undefined {
  try {
    const text = localStorage.getItem(seenKey(actor));
    const position = text === null ? Number.NaN : Number(text);
    return Number.isSafeInteger(position) ? position : undefined;
  } catch {
    return undefined;
  }
}

export function rememberSeen(actor: string, position: number): void {
  try {
    localStorage.setItem(seenKey(actor), String(position));
  } catch {
    // Without storage everything counts as news the next time.
  }
}
