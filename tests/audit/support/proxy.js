// Somebody between the log and its auditor, who changes what he passes on.
import { createServer } from "node:http";

// `change(path, body)` gives other bytes, or undefined to pass on what came.
export async function tamper(test, server, change) {
  const proxy = createServer(async (request, response) => {
    try {
      const answer = await fetch(server.origin + request.url, {
        headers: { ...(request.headers.cookie ? { cookie: request.headers.cookie } : {}), "accept-encoding": "identity" },
      });
      const body = Buffer.from(await answer.arrayBuffer());
      const changed = answer.ok ? await change(request.url, body) : undefined;
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") });
      response.end(changed ?? body);
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  test.after(() => proxy.close());
  return `http://127.0.0.1:${proxy.address().port}`;
}
