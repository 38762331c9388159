import type { Clock } from "../world";
import { transformPosition, type Operations } from "./delta";

export const pointing_pause_ms = 100;
export const pointing_repeat_ms = 10_000;

interface Place {
  readonly from: number;
  readonly to: number;
}

// Tells where a person stands: at most ten times a second, and again every ten seconds while they stay.
export class Pointing {
  readonly #clock: Clock;
  readonly #tell: (place: Place | undefined) => void;
  #place: Place | undefined;
  #toldAt = -pointing_pause_ms;
  #stop: (() => void) | undefined;

  constructor(clock: Clock, tell: (place: Place | undefined) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  point(from: number, to: number): void {
    if (this.#place?.from === from && this.#place.to === to) return;
    this.#place = { from, to };
    this.#soon();
  }

  leave(): void {
    if (!this.#place) return;
    this.#place = undefined;
    this.#soon();
  }

  // The text changed under the person.
  moved(change: Operations, own: boolean): void {
    if (!this.#place) return;
    const move = (at: number) => transformPosition(change, at, own ? "second" : "first");
    this.#place = { from: move(this.#place.from), to: move(this.#place.to) };
  }

  // A new connection knows nothing yet.
  again(): void {
    if (this.#place) this.#soon();
  }

  end(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #soon(): void {
    this.#wait(Math.max(0, this.#toldAt + pointing_pause_ms - this.#clock.now()));
  }

  #wait(ms: number): void {
    this.#stop?.();
    this.#stop = undefined;
    if (ms === 0) this.#now();
    else this.#stop = this.#clock.after(ms, () => { this.#now(); });
  }

  #now(): void {
    this.#toldAt = this.#clock.now();
    this.#tell(this.#place);
    if (this.#place) this.#wait(pointing_repeat_ms);
  }
}
