// Over a network that delays, throttles, cuts, resets and falls silent, to a server that is killed with -9 at
// any moment, nothing that was acknowledged is lost and nothing is there twice.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { Network } from "./support/chaos.js";
import { Ledger } from "./support/ledger.js";
import { random } from "./support/random.js";
import { randomEdit } from "./support/random_edits.js";
import { noHurry, run, Server } from "./support/server.js";
import { twoTowns } from "./support/towns.js";
import { Writer } from "./support/writer.js";

const rounds = process.env.MOSTY_LONG ? 200 : 20;

const name = `eight writers on two texts through ${rounds} storms with a kill in each end equal to each other and to the log`;
it(name, { timeout: 20_000 + rounds * 15_000 }, async (test) => {
  const dice = random("chaos");
  const server = await Server.start(test, { limits: noHurry });
  const towns = await twoTowns(server);
  const { officer, friend, mayor, friendMayor } = towns.cookies;
  const proposal = await towns.draft();
  const ledgers = ["objective", "needs"].map((section) => new Ledger(`text/${proposal}/${section}`));
  const network = await Network.start(test, server);
  const writers = await Promise.all(ledgers.flatMap(({ topic }) =>
    [officer, friend, mayor, friendMayor].map((cookie) => Writer.open(server, cookie, topic, { through: network, patience: 500 }))));
  test.after(() => writers.forEach((writer) => writer.close()));
  const writersOf = ({ topic }) => writers.filter((writer) => writer.topic === topic);

  const writes = async (writer) => {
    for (let edits = 4 + dice.below(16); edits > 0; --edits) {
      writer.write(randomEdit(dice, writer.view));
      await pause(dice.below(60));
    }
  };
  const dies = async () => {
    await pause(dice.below(700));
    await server.kill();
    await pause(dice.below(100));
    await server.restart();
  };

  let longest = 0;
  for (let round = 0; round < rounds; ++round) {
    const began = Date.now();
    const checked = new Map(writers.map((writer) => [writer, writer.sequence]));
    network.storm(dice);
    await Promise.all([dies(), ...writers.map(writes)]);
    network.heal();
    await Promise.all(writers.map((writer) => writer.settled()));
    for (const ledger of ledgers) {
      await ledger.read(server, officer);
      const { revision, content } = await towns.read(ledger.topic);
      assert.equal(ledger.copy.revision, revision);
      assert.deepEqual(ledger.copy.content.ops, content);
      for (const writer of writersOf(ledger)) {
        await writer.settled(revision);
        assert.deepEqual(writer.view.ops, content);
        ledger.check(writer, checked.get(writer));
      }
    }
    longest = Math.max(longest, Date.now() - began);
  }

  // Once more from the folder alone: all of it, from the beginning, by a server that has seen none of it.
  assert.equal((await server.stop()).code, 0);
  assert.equal((await run("verify", "--data", server.data)).code, 0);
  await rm(join(server.data, "views"), { recursive: true });
  await server.restart();
  for (const { topic, copy } of ledgers) {
    const again = new Ledger(topic);
    await again.read(server, officer);
    assert.deepEqual(again.copy, copy);
    for (const writer of writersOf(again)) assert.equal(again.edits.get(writer.client).length, writer.sequence);
  }

  const sum = (count) => writers.reduce((all, writer) => all + count(writer), 0);
  const [cuts, resent] = [sum((writer) => writer.cuts), sum((writer) => writer.resent)];
  console.log(`${sum(({ sequence }) => sequence)} edits, ${sum(({ journal }) => journal.size)} acknowledged, ` +
    `${ledgers.reduce((all, { repairs }) => all + repairs, 0)} repairs; ${rounds} kills, ${cuts} cuts, ${resent} sent again; ` +
    `${JSON.stringify(network.counts)}; the longest round ${longest} ms`);
  assert.ok(cuts >= rounds && resent > 0);
});
