import type { Chance, Clock, SocketFactory } from "./world";

// The browser's own socket, clock and chance.

export const browserSocket: SocketFactory = (url, events) => {
  const socket = new WebSocket(url, "mosty.v1");
  socket.onopen = () => events.opened();
  socket.onmessage = ({ data }) => { if (typeof data === "string") events.message(data); };
  socket.onclose = ({ code }) => events.closed(code);
  return { send: (text) => socket.send(text), close: () => socket.close() };
};

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const browserChance: Chance = {
  fraction: () => Math.random(),
  id: () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  },
};

// Tries at once when the network returns or the page is looked at again.
export function wakeWith(client: { wake(): void }): () => void {
  const wake = () => client.wake();
  const seen = () => { if (document.visibilityState === "visible") client.wake(); };
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", seen);
  return () => {
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", seen);
  };
}
