// ShareDB as its own documentation starts it: one process, everything in memory, presence off.
// ws takes whatever path and subprotocol is asked for, so one client speaks to Mosty and to this.
import { createServer } from "node:http";

import WebSocketJSONStream from "@teamwork/websocket-json-stream";
import richText from "rich-text";
import ShareDB from "sharedb";
import { WebSocketServer } from "ws";

ShareDB.types.register(richText.type);
const backend = new ShareDB();
const server = createServer();

new WebSocketServer({ server }).on("connection", (socket) => {
  backend.listen(new WebSocketJSONStream(socket));
});

server.listen(0, "127.0.0.1", () => {
  console.log(`ShareDB is at http://127.0.0.1:${server.address().port}`);
});
