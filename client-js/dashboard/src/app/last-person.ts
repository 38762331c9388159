import type { Me } from "../../../src/index";

// Who was signed in here last, for a page that is opened without a connection.

const key = "mosty.me";

export function lastPerson(): Me | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text) as Me;
  } catch {
    return undefined;
  }
}

export function rememberPerson(me: Me): void {
  try {
    localStorage.setItem(key, JSON.stringify(me));
  } catch {
    // Then a page opened without a connection cannot tell who is here.
  }
}

export function forgetLastPerson(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept where storage is closed.
  }
}
