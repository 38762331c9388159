import { until } from "./deadline.js";

// Has the secretariat erase something, and waits until the server is there again: what was derived is made anew.
export async function erases(server, towns, stream, name, data) {
  const format = async () => {
    const client = await server.connect(towns.cookies.secretariat);
    client.socket.terminate();
    return client.frames[0].format;
  };
  const was = await format();
  await towns.does("secretariat", stream, name, data);
  await until(() => format().then((is) => is !== was, () => false), "the server is there again");
}
