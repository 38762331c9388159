// Opens the app where there is no network, if it was open here before. Kept are the page and its hashed files,
// never an answer of the server's: what belongs to a person is not here. The build fills in the two constants.
//
// A new version is fetched whole beside the old one, and takes over when no page of the old one is open any more:
// a page always finds the files it was made of.

const version = "__VERSION__";
const shell = ["__SHELL__"];

const patience_ms = 4_000; // on a line that does not answer, the kept page is shown
const kept = `mosty-${version}`;

self.addEventListener("install", (event) => {
  const requests = shell.map((path) => new Request(path, { cache: path.startsWith("/assets/") ? "default" : "reload" }));
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("mosty-") && name !== kept).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/v1/")) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/") || shell.includes(url.pathname)) event.respondWith(file(request));
});

// The newest page there is; without an answer the kept one.
async function page(request) {
  const patience = new Promise((resolve) => setTimeout(resolve, patience_ms));
  const answer = await Promise.race([fetch(request).catch(() => undefined), patience]);
  if (answer && answer.status < 500) return answer;
  return await caches.match("/index.html") ?? answer ?? Response.error();
}

// A hashed file never changes: once fetched, it is kept.
async function file(request) {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(kept)).put(request, answer.clone());
  return answer;
}
