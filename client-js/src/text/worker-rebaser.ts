import type { TextEvent } from "./events";
import { Rebasing, type Rebased, type Rebaser } from "./rebase";
import type { SharedText } from "./shared-text";

export type ToWorker =
  | { readonly type: "begin"; readonly text: SharedText; readonly client: string | undefined }
  | { readonly type: "add"; readonly events: readonly TextEvent[] }
  | { readonly type: "end"; readonly since: number };

// Re-bases in a worker made by `make`. Should that fail, in a browser that allows none, the page does it itself: slower,
// with the same result.
export function workerRebaser(make: () => Worker): Rebaser {
  return (text, client) => {
    const given: (readonly TextEvent[])[] = [];
    const here = (since: number): Rebased => {
      const rebasing = new Rebasing(text, client);
      for (const events of given) rebasing.add(events);
      return rebasing.result(since);
    };
    let worker: Worker | undefined;
    let failed = false;
    let fail = () => { failed = true; };
    const tell = (message: ToWorker) => {
      try {
        worker?.postMessage(message);
      } catch {
        fail();
      }
    };
    try {
      worker = make();
      worker.onerror = () => { fail(); };
    } catch {
      failed = true;
    }
    tell({ type: "begin", text, client });
    return {
      add: (events) => {
        given.push(events);
        tell({ type: "add", events });
      },
      end: (since) => new Promise((resolve, reject) => {
        const finish = (find: () => Rebased) => {
          worker?.terminate();
          try {
            resolve(find());
          } catch (error) {
            reject(error);
          }
        };
        if (failed || !worker) return finish(() => here(since));
        fail = () => { finish(() => here(since)); };
        worker.onmessage = ({ data }: MessageEvent<Rebased>) => { finish(() => data); };
        tell({ type: "end", since });
      }),
      cancel: () => { worker?.terminate(); },
    };
  };
}
