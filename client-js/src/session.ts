import { pause_min_ms, pauseBefore } from "./backoff";
import { answer, markSent, markUnsent, sendable, type Outcome, type Pending } from "./commands";
import type { Frame } from "./frames";
import { endingOf, type Ending } from "./ending";
import { encode } from "./messages";
import { followTextMessage, inTexts, statusAfter, type TextStatus } from "./session-texts";
import type { Greeting, TextNews } from "./text/exchange";
import type { Held } from "./text/keeping";
import { emptyTopic, foldTopic, followMessage, stale, tidied, widened, type Topic, type TopicFrame } from "./topics";
import { endsReading, localProblem } from "./problem";

export const silence_ms = 10_000;
export const pong_ms = 5_000;
export const welcome_ms = 10_000;
export const queue_count_max = 1_000;

// The connection as a person may be told of it.
export type Link =
  | { readonly state: "connecting" }
  | { readonly state: "catching-up"; readonly behind: number } // `behind` topics are not current yet
  | { readonly state: "live" }
  | { readonly state: "offline"; readonly since: number; readonly retryAt: number }
  | { readonly state: "signed-out"; readonly why: Ending } // retrying is of no use
  | { readonly state: "closed" };

// Everything that a client of one server knows. Moved only by `step`.
export interface Session {
  readonly link: Link;
  readonly greeting?: Greeting;
  readonly offlineSince?: number; // set from the first lost try until a welcome
  readonly attempt: number;
  readonly pause?: number; // what `bye` asked for
  readonly ending?: Ending; // what it said of the sign-in
  readonly topics: ReadonlyMap<string, Topic>;
  readonly followed: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, TextStatus>; // followed by those who hold them, outside
  readonly queue: readonly Pending[];
  readonly retries: number; // of commands that the server asked to send again
  readonly holding: boolean; // it asked, and the pause is not over
  readonly ping: number;
}

export type Happening =
  | { readonly type: "start" }
  | { readonly type: "heard" } // a message came, whatever is in it
  | { readonly type: "frame"; readonly frame: Frame }
  | { readonly type: "garbled" } // a message that is not of this protocol
  | { readonly type: "lost"; readonly code: number }
  | { readonly type: "follow"; readonly topic: string; readonly limit: number; readonly remembered?: Topic }
  | { readonly type: "unfollow"; readonly topic: string }
  | { readonly type: "follow-text"; readonly topic: string; readonly held: Held | undefined; readonly after: number }
  | { readonly type: "unfollow-text"; readonly topic: string }
  | { readonly type: "send-now"; readonly parts: readonly string[] } // nothing where there is no connection
  | { readonly type: "command"; readonly pending: Pending }
  | { readonly type: "wake" } // the network came back, or the page was looked at again
  | { readonly type: "timer"; readonly timer: Timer }
  | { readonly type: "close" };

export type Timer = "retry" | "silence" | "pong" | "again";

export type Effect =
  | { readonly type: "open" }
  | { readonly type: "hang-up" }
  | { readonly type: "send"; readonly parts: readonly string[] }
  | { readonly type: "set-timer"; readonly timer: Timer; readonly ms: number }
  | { readonly type: "clear-timer"; readonly timer: Timer }
  | { readonly type: "answered"; readonly id: string; readonly outcome: Outcome }
  | { readonly type: "texts"; readonly news: TextNews }
  | { readonly type: "forget" }; // what the device remembers of all topics but those that are held

// What the outside world contributes to a step.
export interface Moment {
  readonly now: number;
  readonly fraction: number; // random, in [0, 1)
}

export type Step = readonly [Session, readonly Effect[]];

export const initial: Session = {
  link: { state: "connecting" },
  attempt: 0,
  topics: new Map(),
  followed: new Set(),
  texts: new Map(),
  queue: [],
  retries: 0,
  holding: false,
  ping: 0,
};

// The whole behaviour: what happened and when, to the state after it and what to do.
export function step(session: Session, happening: Happening, moment: Moment): Step {
  switch (happening.type) {
    case "start":
      return open(session);
    case "heard":
      return [session, [{ type: "clear-timer", timer: "pong" }, { type: "set-timer", timer: "silence", ms: silence_ms }]];
    case "garbled":
      return drop(session, moment);
    case "frame":
      return onFrame(session, happening.frame, moment);
    case "lost":
      return onLost(session, happening.code, moment);
    case "follow":
      return follow(session, happening.topic, happening.limit, happening.remembered);
    case "unfollow":
      return unfollow(session, happening.topic);
    case "follow-text":
      return followText(session, happening.topic, followTextMessage(happening));
    case "unfollow-text":
      return unfollowText(session, happening.topic);
    case "send-now":
      return [session, connected(session) ? [{ type: "send", parts: happening.parts }] : []];
    case "command":
      return flush({ ...session, queue: [...session.queue, happening.pending] });
    case "wake":
      return onWake(session);
    case "timer":
      return onTimer(session, happening.timer, moment);
    case "close":
      return [{ ...session, link: { state: "closed" } }, [{ type: "hang-up" }, ...all_timers_off]];
  }
}

// A welcome has come and the connection was not lost since.
export function connected(session: Session): boolean {
  return session.link.state === "live" || session.link.state === "catching-up";
}

const all_timers_off: readonly Effect[] =
  (["retry", "silence", "pong", "again"] as const).map((timer) => ({ type: "clear-timer", timer }));

function onFrame(session: Session, frame: Frame, moment: Moment): Step {
  switch (frame.type) {
    case "welcome":
      return onWelcome(session, frame);
    case "done":
      return onAnswer(session, frame.id, { state: "done", done: frame.done }, moment);
    case "refused":
      return onAnswer(session, frame.id, { state: "refused", problem: frame.problem }, moment);
    case "bye":
      return onBye(session, frame.reason, frame.after_ms);
    case "error":
    case "pong":
      return [session, []];
    default:
      return inTexts(session.texts, frame) ? onTextFrame(session, frame) : onTopicFrame(session, frame);
  }
}

function onBye(session: Session, reason: string, pause: number): Step {
  const ending = endingOf(reason);
  return [ending ? { ...session, ending } : { ...session, pause }, []];
}

// The queue belongs to the person who filled it: another actor's welcome refuses it here.
function onWelcome(session: Session, { log, format, actor, connection }: Extract<Frame, { type: "welcome" }>): Step {
  const other = session.greeting !== undefined && session.greeting.actor !== actor;
  const refusals = other ? session.queue.map(refusedForAnother) : [];
  const topics = other
    ? new Map([...session.topics].map(([name, topic]) => [name, emptyTopic(name, topic.limit)]))
    : session.topics;
  const { pause: _pause, offlineSince: _since, ...rest } = session;
  const welcomed: Session = {
    ...rest, topics, link: { state: "catching-up", behind: session.followed.size }, greeting: { log, format, actor, connection }, queue: other ? [] : markUnsent(session.queue),
    texts: new Map([...session.texts.keys()].map((name) => [name, "catching-up"])),
  };
  const follows = [...session.followed].map((name) => encode(followMessage(topicOf(welcomed, name))));
  const waiting = [...session.followed].reduce(
    (now, name) => withTopic(now, { ...topicOf(now, name), status: { state: "catching-up" } }), welcomed);
  const [next, effects] = flush(withLink(waiting));
  const sends: Effect[] = follows.length > 0 ? [{ type: "send", parts: follows }] : [];
  const news: Effect = { type: "texts", news: { type: "welcomed", greeting: { log, format, actor, connection } } };
  return [next, [{ type: "clear-timer", timer: "retry" }, ...refusals, ...sends, ...effects, news]];
}

function refusedForAnother(pending: Pending): Effect {
  const problem = localProblem("signed_in_as_another", "Another person signed in before this was sent.");
  return { type: "answered", id: pending.id, outcome: { state: "refused", problem } };
}

function onAnswer(session: Session, id: string, outcome: Outcome, moment: Moment): Step {
  const answered = answer(session.queue, id, outcome);
  if (answered.kind === "unknown") return [session, [{ type: "texts", news: { type: "answered", id, outcome } }]];
  if (answered.kind === "again") {
    const ms = pauseBefore(session.retries, moment.fraction);
    return [
      { ...session, queue: answered.queue, retries: session.retries + 1, holding: true },
      [{ type: "set-timer", timer: "again", ms }],
    ];
  }
  const [next, effects] = flush({ ...session, queue: answered.queue, retries: 0 });
  return [next, [{ type: "answered", id, outcome }, ...effects]];
}

function onTextFrame(session: Session, frame: Parameters<typeof statusAfter>[0]): Step {
  const status = statusAfter(frame);
  const next = status ? withLink({ ...session, texts: new Map(session.texts).set(frame.topic, status) }) : session;
  return [next, [{ type: "texts", news: { type: "frame", frame } }]];
}

function onTopicFrame(session: Session, frame: TopicFrame): Step {
  const topic = session.topics.get(frame.topic);
  if (!topic || !session.greeting || !session.followed.has(frame.topic)) return [session, []];
  const { log, format } = session.greeting;
  const folded = foldTopic(topic, frame, frame.type === "history_changed" ? frame.log : log, format);
  if (frame.type === "topic_refused" && endsReading(frame.problem)) return onEnded(session, folded.topic);
  if (!folded.lost) return [withLink(withTopic(session, folded.topic)), []];
  const { held: _held, ...rest } = folded.topic;
  const anew: Topic = { ...rest, size: 0, status: { state: "catching-up" } };
  return [withLink(withTopic(session, anew)), [{ type: "send", parts: [encode(followMessage(anew))] }]];
}

// Whoever lost one right may have lost others: of topics that nobody looks at nothing is kept either.
function onEnded(session: Session, topic: Topic): Step {
  const looked = new Map([...session.topics].filter(([name]) => session.followed.has(name)));
  return [withLink(withTopic({ ...session, topics: looked }, topic)), [{ type: "forget" }]];
}

function onLost(session: Session, code: number, { now, fraction }: Moment): Step {
  if (session.link.state === "closed") return [session, []];
  const cut: Session = {
    ...session, queue: markUnsent(session.queue), topics: stale(session.topics), holding: false,
  };
  const news: Effect = { type: "texts", news: { type: "lost" } };
  if (session.ending || code === 1008 || code === 4001) {
    return [{ ...cut, link: { state: "signed-out", why: session.ending ?? "session_over" } }, [...all_timers_off, news]];
  }
  const ms = session.pause === undefined
    ? pauseBefore(session.attempt, fraction)
    : session.pause + Math.round(fraction * pause_min_ms);
  const since = session.offlineSince ?? now;
  const { pause: _pause, ...rest } = cut;
  return [
    { ...rest, attempt: session.attempt + 1, offlineSince: since, link: { state: "offline", since, retryAt: now + ms } },
    [...all_timers_off, { type: "set-timer", timer: "retry", ms }, news],
  ];
}

function follow(session: Session, name: string, limit: number, remembered: Topic | undefined): Step {
  const known = session.topics.get(name) ?? remembered;
  const topic = known === undefined ? emptyTopic(name, limit) : known.limit < limit ? widened(known, limit) : known;
  const status: Topic["status"] = { state: connected(session) ? "catching-up" : "waiting" };
  const followed = new Set(session.followed).add(name);
  const next = withLink(withTopic({ ...session, followed }, { ...topic, status }));
  return [next, connected(session) ? [{ type: "send", parts: [encode(followMessage(topic))] }] : []];
}

function followText(session: Session, topic: string, message: string): Step {
  const next = withLink({ ...session, texts: new Map(session.texts).set(topic, "catching-up") });
  return [next, connected(session) ? [{ type: "send", parts: [message] }] : []];
}

function unfollowText(session: Session, topic: string): Step {
  const texts = new Map(session.texts);
  texts.delete(topic);
  const next = withLink({ ...session, texts });
  return [next, connected(session) ? [{ type: "send", parts: [encode({ type: "unfollow", topic })] }] : []];
}

// What was held is kept: following again resumes from there.
function unfollow(session: Session, name: string): Step {
  const followed = new Set(session.followed);
  followed.delete(name);
  const next = withLink({ ...session, followed, topics: tidied(session.topics, name, followed) });
  return [next, connected(session) ? [{ type: "send", parts: [encode({ type: "unfollow", topic: name })] }] : []];
}

function onWake(session: Session): Step {
  if (session.link.state === "offline") return open(session);
  return connected(session) ? sendPing(session) : [session, []];
}

function onTimer(session: Session, timer: Timer, moment: Moment): Step {
  switch (timer) {
    case "retry":
      return session.link.state === "offline" ? open(session) : [session, []];
    case "again":
      return flush({ ...session, holding: false });
    case "silence":
      return connected(session) ? sendPing(session) : [session, []];
    case "pong":
      return drop(session, moment);
  }
}

// Gives the socket up without waiting for its end.
function drop(session: Session, moment: Moment): Step {
  const [next, effects] = onLost(session, 1006, moment);
  return [next, [{ type: "hang-up" }, ...effects]];
}

function open(session: Session): Step {
  return [
    { ...session, link: { state: "connecting" } },
    [{ type: "clear-timer", timer: "retry" }, { type: "open" }, { type: "set-timer", timer: "pong", ms: welcome_ms }],
  ];
}

function sendPing(session: Session): Step {
  const n = session.ping + 1;
  return [
    { ...session, ping: n },
    [{ type: "send", parts: [encode({ type: "ping", n })] }, { type: "set-timer", timer: "pong", ms: pong_ms }],
  ];
}

// Sends what may go. While the server asks to wait, nothing new is sent.
function flush(session: Session): Step {
  if (!connected(session) || session.holding) return [session, []];
  const ready = sendable(session.queue);
  if (ready.length === 0) return [session, []];
  const parts = ready.map((pending) => pending.bytes);
  return [{ ...session, queue: markSent(session.queue, ready) }, [{ type: "send", parts }]];
}

function withTopic(session: Session, topic: Topic): Session {
  return { ...session, topics: new Map(session.topics).set(topic.name, topic) };
}

function topicOf(session: Session, name: string): Topic {
  return session.topics.get(name) ?? emptyTopic(name, 100);
}

// Live exactly when every followed topic is; the count of tries starts again from there.
function withLink(session: Session): Session {
  if (!connected(session)) return session;
  const behind = [...session.followed]
    .filter((name) => topicOf(session, name).status.state === "catching-up").length
    + [...session.texts.values()].filter((status) => status === "catching-up").length;
  if (behind === 0) return session.link.state === "live" ? session : { ...session, attempt: 0, link: { state: "live" } };
  if (session.link.state === "catching-up" && session.link.behind === behind) return session;
  return { ...session, link: { state: "catching-up", behind } };
}
