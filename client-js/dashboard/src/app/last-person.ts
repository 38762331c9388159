import type { Me } from "../../../src/index";
import { openDrawer } from "./drawer";

// Who was signed in here last, for a page that is opened without a connection: an id, which says nothing of anybody.
// Who that is lies in the person's own place.

const key = "mosty.last";
const old_key = "mosty.me";

export function lastActor(): string | undefined {
  try {
    return localStorage.getItem(key) ?? oldPerson()?.actor;
  } catch {
    return undefined;
  }
}

export async function lastPerson(): Promise<Me | undefined> {
  const actor = lastActor();
  if (actor === undefined) return undefined;
  const drawer = await openDrawer(actor);
  const me = drawer.get("me") as Me | undefined ?? oldPerson();
  drawer.close();
  return me;
}

export function rememberActor(actor: string): void {
  try {
    localStorage.setItem(key, actor);
    localStorage.removeItem(old_key);
  } catch {
    // Then a page opened without a connection cannot tell who is here.
  }
}

export function forgetLastPerson(): void {
  try {
    for (const one of [key, old_key]) localStorage.removeItem(one);
  } catch {
    // Nothing was kept where storage is closed.
  }
}

// As an earlier version kept it.
function oldPerson(): Me | undefined {
  const text = localStorage.getItem(old_key);
  return text === null ? undefined : JSON.parse(text) as Me;
}
