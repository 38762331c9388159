import { expect } from "vitest";
import { Delta, plainText, type Operations } from "../text/delta";
import { Page, Profile, settle, type PageOptions } from "./device";
import { TextServer } from "./text-server";
import { FakeClock, SeededChance } from "./world";

// One text, one server, Oksana's browser; others as a test likes.

export const topic = "text/proposal/p-1/objective";

export let clock: FakeClock;
export let server: TextServer;
export let chance: SeededChance;
export let ours: Profile;

// A new world, for the next test.
export function fresh(): void {
  clock = new FakeClock();
  server = new TextServer();
  chance = new SeededChance(1);
  ours = new Profile("u-oksana");
}

export async function begin(profile = ours, options: PageOptions = {}): Promise<Page> {
  const page = new Page(profile, server, options.topic ?? topic, clock, chance, options);
  await settle();
  return page;
}

export async function opened(profile = ours, options: PageOptions = {}): Promise<Page> {
  const page = await begin(profile, options);
  await flow();
  return page;
}

// Everything under way arrives, and what follows from it.
export async function flow(): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    let busy = false;
    for (const connection of server.connections) {
      busy ||= connection.busy;
      connection.toServer();
      connection.toClient();
    }
    await settle();
    quiet = busy ? 0 : quiet + 1;
  }
}

export async function wait(ms: number): Promise<void> {
  for (let past = 0; past < ms; past += 500) {
    clock.advance(500);
    await flow();
  }
}

// To the server, but not back.
export async function flowUp(): Promise<void> {
  for (const connection of server.connections) while (connection.busyToServer) connection.toServer();
  await settle();
}

export function insert(at: number, text: string): Operations {
  return new Delta().retain(at).insert(text).ops;
}

export function shown(page: Page): string {
  expect(plainText(page.editor)).toBe(plainText(page.text.content.ops));
  return plainText(page.editor);
}

export function committed(): string {
  return plainText(server.content(topic));
}

export function edits(page: Page) {
  return page.frames.map((frame) => JSON.parse(frame) as { id: string; data: { base: number; sequence: number; change: Operations } });
}
