import { Rebasing } from "./rebase";
import type { ToWorker } from "./worker-rebaser";

// One worker a job: it is told the text, then events, and answers once.
let rebasing: Rebasing | undefined;

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "begin":
      rebasing = new Rebasing(data.text, data.client);
      return;
    case "add":
      rebasing?.add(data.events);
      return;
    case "end":
      postMessage(rebasing?.result(data.since));
  }
});
