// The time of day of a server's own, which a test moves.
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";

import { binary, folderFor } from "./server.js";

const library = join(dirname(binary), "../tests/libmosty_moved_clock.so");

export class MovedClock {
  #file;

  static async start(test) {
    const clock = new MovedClock();
    const path = join(await folderFor(test), "clock");
    clock.#file = await open(path, "w");
    test.after(() => clock.#file.close());
    await clock.moveTo(0);
    clock.env = { LD_PRELOAD: library, MOVED_CLOCK: path };
    return clock;
  }

  // So many seconds after the real time.
  async moveTo(seconds) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds * 1_000));
    await this.#file.write(bytes, 0, 8, 0);
  }
}
