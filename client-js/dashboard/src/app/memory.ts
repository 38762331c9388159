import type { Memory, Topic } from "../../../src/index";
import { seenKey } from "./last-seen";

const topics_max = 40;
const characters_max = 150_000;

// Grows each time all is forgotten: what was still to be kept by then never is.
let forgettings = 0;

// What the last visit saw, so that the first paint shows it. One person's, and forgotten at sign-out.
export function localMemory(actor: string): Memory<Topic> {
  const key = (topic: string) => topicKey(actor, topic);
  const index = topicsKey(actor);
  let names = read<string[]>(index) ?? [];
  const waiting = new Map<string, Topic>();
  let planned = false;
  const began = forgettings;

  const write = () => {
    planned = false;
    if (began !== forgettings) return;
    for (const [name, topic] of waiting) {
      const text = JSON.stringify(topic);
      if (text.length > characters_max) continue;
      names = [name, ...names.filter((other) => other !== name)];
      for (const old of names.slice(topics_max)) localStorage.removeItem(key(old));
      names = names.slice(0, topics_max);
      try {
        localStorage.setItem(key(name), text);
        localStorage.setItem(index, JSON.stringify(names));
        localStorage.setItem(savedKey(actor), String(Date.now()));
      } catch {
        removeTopics(); // Full: better nothing than something old.
        names = [];
      }
    }
    waiting.clear();
  };

  return {
    load: (topic) => read<Topic>(key(topic)),
    save: (topic) => {
      waiting.set(topic.name, topic);
      if (planned) return;
      planned = true;
      setTimeout(write, 1_000);
    },
    keepOnly: (topics) => {
      if (began !== forgettings) return;
      for (const name of waiting.keys()) if (!topics.has(name)) waiting.delete(name);
      for (const name of names) if (!topics.has(name)) localStorage.removeItem(key(name));
      names = names.filter((name) => topics.has(name));
      localStorage.setItem(index, JSON.stringify(names));
    },
  };
}

const topicKey = (actor: string, topic: string) => `mosty.topic.${actor}.${topic}`;
const topicsKey = (actor: string) => `mosty.topics.${actor}`;
const savedKey = (actor: string) => `mosty.topics-at.${actor}`;

// When something was kept last: how old at most the first paint is.
export function lastSaved(actor: string): number | undefined {
  return read<number>(savedKey(actor));
}

// Whoever was here keeps nothing from now on.
export function forget(): void {
  forgettings += 1;
  removeTopics();
}

function removeTopics(): void {
  removeKeys((key) => key.startsWith("mosty.topic"));
}

function removeKeys(goes: (key: string) => boolean): void {
  try {
    for (const key of Object.keys(localStorage)) if (goes(key)) localStorage.removeItem(key);
  } catch {
    // Nothing was kept where storage is closed.
  }
}

// What a person's visits left here. Others' stays.
export function forgetPerson(actor: string): void {
  forgettings += 1;
  removeKeys((key) => key === topicsKey(actor) || key === savedKey(actor) || key === seenKey(actor) || key.startsWith(topicKey(actor, "")));
}

// Everything that this device keeps, but for the language and for what `kept` names.
export function forgetAll(kept: readonly string[] = []): void {
  forgettings += 1;
  removeKeys((key) => key.startsWith("mosty.") && key !== "mosty.language" && !kept.includes(key));
}

function read<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
