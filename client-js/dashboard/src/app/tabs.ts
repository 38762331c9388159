// What the tabs of one browser tell each other about who goes.

export type Departure = "here" | "signed_out" | "idle" | "idle_other";

export type Word =
  | { readonly type: "going"; readonly actor: string } // somebody signs out in one of them
  | { readonly type: "stayed"; readonly actor: string } // and could not
  | { readonly type: "gone"; readonly actor: string; readonly why: Departure }; // everything of them goes, in each tab

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("mosty.account") : undefined;

export function tell(word: Word): void {
  channel?.postMessage(word);
}

export function hear(heard: (word: Word) => void): void {
  if (channel) channel.onmessage = ({ data }) => { heard(data as Word); };
}
