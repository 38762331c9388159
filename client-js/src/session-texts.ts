import type { Frame } from "./frames";
import { encode } from "./messages";
import type { TextTopicFrame } from "./text/exchange";
import type { Held } from "./text/keeping";

// What a session knows of the shared texts that are followed: whether they are still catching up. The texts
// themselves are held by those who write them (text/exchange.ts).
export type TextStatus = "catching-up" | "settled";

export function inTexts(texts: ReadonlyMap<string, TextStatus>, frame: Extract<Frame, { topic: string }>): frame is TextTopicFrame {
  switch (frame.type) {
    case "text":
    case "events":
    case "presence":
      return true;
    case "current":
    case "history_changed":
    case "resync":
    case "topic_refused":
      return texts.has(frame.topic);
    default:
      return false;
  }
}

// What the frame makes of the text's status; undefined: what it was.
export function statusAfter(frame: TextTopicFrame): TextStatus | undefined {
  switch (frame.type) {
    case "current":
    case "topic_refused":
      return "settled";
    case "history_changed":
    case "resync":
      return "catching-up";
    default:
      return undefined;
  }
}

export function followTextMessage({ topic, held, after }: { topic: string; held: Held | undefined; after: number }): string {
  return encode({ type: "follow", topic, ...(held ? { log: held.log, format: held.format, after } : {}) });
}
