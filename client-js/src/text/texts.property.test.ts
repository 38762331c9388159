import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { Page, Profile, settle } from "../testing/device";
import { Letters, randomEdit } from "../testing/edits";
import { TextServer } from "../testing/text-server";
import { FakeClock, forEachSeedAsync, type SeededChance } from "../testing/world";
import { plainText, sameOperations } from "./delta";
import { Places } from "../places";
import { keepingByPerson } from "./person-keeping";
import type { Keeping } from "./keeping";
import { memoryKeeping } from "./memory-keeping";
import { inlineRebaser, type Rebaser } from "./rebase";

const topic = "text/proposal/p-1/objective";

interface World {
  readonly deletions: boolean;
  readonly rounds: number;
  disk(): Keeping;
  settle(): Promise<void>; // lets go on what can
}

// Several people write through every kind of mishap; afterwards the network is good, and all have the same text.
async function run(chance: SeededChance, { deletions, rounds, disk, settle }: World): Promise<void> {
  const clock = new FakeClock();
  const server = new TextServer();
  const letters = new Letters();
  const profiles = Array.from({ length: 2 + chance.below(4) }, (_, n) => new Profile(`u-${n}`, disk()));
  const jobs: (() => void)[] = []; // what workers are busy with
  const rebaser: Rebaser = (text, client) => {
    const job = inlineRebaser(text, client);
    return { ...job, end: (since) => new Promise((resolve) => { jobs.push(() => { void job.end(since).then(resolve); }); }) };
  };
  const work = () => { for (const job of jobs.splice(0)) job(); };
  const begin = (profile: Profile) => new Page(profile, server, topic, clock, chance, { slow: true, rebaser });
  const pages = profiles.map((profile) => ({ profile, page: begin(profile) }));
  const written = new Set<string>(); // letters that must not be lost: typed, and on a disk since

  for (let round = 0; round < rounds; round += 1) {
    const at = chance.below(pages.length);
    const one = pages[at];
    if (!one) continue;
    const { page, profile } = one;
    switch (chance.below(21)) {
      case 0: case 1: case 2: case 3: case 4:
        if (page.open) {
          const edit = randomEdit(chance, page.editor, letters, { deletions });
          page.type(edit);
        }
        break;
      case 5:
        page.cut();
        break;
      case 6:
        if (chance.below(3) === 0) page.offline(); else page.online();
        break;
      case 7: {
        const before = plainText(page.editor);
        if (page.writing === 0 && page.text.sync.current.state !== "saving-on-device") note(written, before);
        await page.kill(chance.below(2));
        one.page = begin(profile);
        break;
      }
      case 8:
        clock.advance(chance.below(20_000));
        break;
      case 9:
        if (chance.below(4) === 0) server.refusals.push(["overloaded", "unavailable", "sequence_gap"][chance.below(3)] ?? "overloaded");
        break;
      case 10:
        work();
        break;
      case 11: // somebody without mishaps writes a lot
        for (let i = chance.below(20) === 0 ? 120 : 0; i > 0; i -= 1) {
          server.edit(topic, "u-else", randomEdit(chance, server.content(topic), letters, { deletions }));
        }
        break;
      default:
        for (const connection of server.connections) {
          if (chance.below(4) > 0) connection.toServer();
          if (chance.below(4) > 0) connection.toClient(1 + chance.below(5));
        }
    }
    if (chance.below(3) > 0) for (const { page: writer } of pages) await writer.write();
    await settle();
    for (const { page: shown } of pages) {
      if (shown.open) expect(sameOperations(shown.editor, shown.text.content.ops)).toBe(true);
    }
  }

  server.refusals.length = 0;
  for (const { page } of pages) page.online();
  await calm(server, clock, pages.map(({ page }) => page), async () => { work(); await settle(); });

  const truth = server.content(topic);
  const text = [...plainText(truth)].filter((letter) => letter !== "\n");
  expect(new Set(text).size).toBe(text.length);
  for (const { page } of pages) {
    expect(page.text.sync.current.state).toBe("saved-for-everyone");
    expect(page.editor).toEqual(truth);
    expect(page.text.content.ops).toEqual(truth);
    expect(page.text.parked.current).toEqual([]);
  }
  if (!deletions) for (const letter of written) expect(text).toContain(letter);
}

function note(written: Set<string>, text: string): void {
  for (const letter of text) if (letter !== "\n") written.add(letter);
}

// Moves everything on until nothing moves any more.
async function calm(server: TextServer, clock: FakeClock, pages: readonly Page[], settle: () => Promise<void>): Promise<void> {
  for (let quiet = 0, turns = 0; quiet < 4; turns += 1) {
    if (turns > 3_000) throw new Error("It never becomes calm.");
    clock.advance(500);
    for (const page of pages) while (page.writing > 0) { await page.write(); await settle(); }
    let busy = false;
    for (const connection of server.connections) {
      busy ||= connection.busy;
      connection.toServer();
      connection.toClient();
    }
    await settle();
    busy ||= pages.some(({ client, text }) => client.link.current.state !== "live" || text.sync.current.state !== "saved-for-everyone");
    quiet = busy ? 0 : quiet + 1;
  }
}

// Of a disk that answers later than promises do.
async function settleDisk(): Promise<void> {
  for (let i = 0; i < 6; i += 1) await new Promise((resolve) => { setImmediate(resolve); });
}

describe("writers of one text", () => {
  it.each([[false], [true]])("end with the same text, each letter once (deletions: %s)", async (deletions) => {
    await forEachSeedAsync((chance) => run(chance, { deletions, rounds: 250, disk: memoryKeeping, settle }), 25);
  });

  it("do so with IndexedDB too", async () => {
    const disk = () => keepingByPerson(new Places({ databases: new IDBFactory() }), Promise.resolve(undefined));
    await forEachSeedAsync((chance) => run(chance, { deletions: true, rounds: 60, disk, settle: settleDisk }), 5);
  });
});
