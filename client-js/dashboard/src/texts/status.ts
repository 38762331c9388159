import type { Link, Problem, Sync } from "../../../src/index";
import type { Words } from "../words/en";

export interface Status {
  readonly sentence: string;
  readonly tone: "good" | "waiting" | "wrong";
}

// Where a person's work is, as a sentence. Being offline is no error: what is saved where is all that matters.
export function textStatus(sync: Sync, link: Link["state"], t: Words, when: (at: number) => string, say: (problem: Problem) => string): Status {
  const words = t.texts.state;
  const offline = link === "offline" || link === "closed";
  switch (sync.state) {
    case "opening": return { sentence: offline ? t.texts.notHere : words.opening, tone: "waiting" };
    case "refused": return { sentence: words.refused(say(sync.problem)), tone: "wrong" };
    case "saving-on-device": return { sentence: words.saving, tone: "waiting" };
    case "not-saved": return { sentence: words.notSaved(say(sync.problem)), tone: "wrong" };
    case "saved-on-device": return offline ? { sentence: words.deviceOffline(sync.count), tone: "good" } : { sentence: words.device, tone: "waiting" };
    case "on-the-way": return { sentence: words.way, tone: "waiting" };
    case "catching-up": return { sentence: sync.behind > 0 ? words.catchingUp(sync.behind) : words.opening, tone: "waiting" };
    case "merging": return { sentence: words.merging(sync.behind), tone: "waiting" };
    case "saved-for-everyone":
      if (offline) return { sentence: words.everyoneOffline, tone: "good" };
      return { sentence: sync.at === undefined ? words.everyone : words.everyoneAt(when(sync.at)), tone: "good" };
  }
}
