// A request as fetch makes it, but with any header, to a host that a certificate of the test's own names, at
// whatever address that host is.
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";

export function ask(url, { method = "GET", headers = {}, body, ca, at, ...rest } = {}) {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const request = protocol === "https:" ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const asked = request({
      host: at ?? hostname.replace(/^\[|\]$/g, ""), port, path: pathname + search, method, ca, agent: false,
      // An address is no name that TLS could ask for.
      ...(/[a-z]/.test(hostname) ? { servername: hostname } : {}), ...rest,
      headers: { host: new URL(url).host, ...headers },
    });
    asked.on("error", reject).on("response", (response) => {
      const parts = [];
      response.on("error", reject).on("data", (part) => parts.push(part)).on("end", () => {
        const fields = new Headers();
        for (let i = 0; i < response.rawHeaders.length; i += 2) fields.append(response.rawHeaders[i], response.rawHeaders[i + 1]);
        const text = Buffer.concat(parts).toString();
        const json = /[/+]json$/.test(fields.get("content-type") ?? "") && text ? JSON.parse(text) : undefined;
        resolve({ status: response.statusCode, headers: fields, text: async () => text, json });
      });
    });
    asked.end(body);
  });
}
