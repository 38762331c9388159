import { until } from "./until.js";

// A person who writes a text over a WebSocket, without a page: many edits to a message, each made to what the one
// before left. Nobody else may be writing meanwhile.
export async function writesMany(desk, topic, base, changes, { each = 64 } = {}) {
  const { client } = await desk.post("/v1/clients", { stream: topic });
  const cookie = (await desk.context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const socket = new WebSocket(`${desk.url.replace("http", "ws")}/v1/live`, { protocols: ["mosty.v1"], headers: { cookie, origin: desk.url } });
  let answered = 0, refused;
  socket.onmessage = ({ data }) => {
    for (const frame of JSON.parse(data)) {
      if (frame.type === "refused" || frame.type === "error") refused ??= frame;
      if (frame.type === "done") answered += 1;
    }
  };
  await until("the writer is connected", () => socket.readyState === WebSocket.OPEN);
  for (let from = 0; from < changes.length && !refused; from += each) {
    const some = changes.slice(from, from + each);
    const messages = some.map((change, index) => {
      const sequence = from + index + 1;
      return { type: "command", id: `${client}-${sequence}`, stream: topic, name: "edit_text", data: { client, sequence, base: base + sequence - 1, change } };
    });
    socket.send(JSON.stringify(messages));
    await until(`edits up to ${from + some.length} are answered`, () => refused || answered === from + some.length, 60_000);
  }
  socket.close();
  if (refused) throw new Error(JSON.stringify(refused));
}
