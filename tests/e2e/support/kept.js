// Everything that the page's origin keeps of people in the browser, by where it lies: a place of each person's own, and what
// is everybody's. The language, the program's own files and what is still to be told are nobody's.

// Each room of each database, with its records.
const rooms = (page) => page.evaluate(async () => {
  const factories = [["", indexedDB]];
  for (const name of await navigator.storageBuckets.keys()) factories.push([name, (await navigator.storageBuckets.open(name)).indexedDB]);
  const found = [];
  for (const [place, factory] of factories) {
    for (const { name } of await factory.databases()) {
      const database = await new Promise((opened, failed) => {
        const asked = factory.open(name);
        asked.onsuccess = () => opened(asked.result);
        asked.onerror = () => failed(asked.error);
      });
      for (const room of database.objectStoreNames) {
        const get = (how) => new Promise((got, failed) => {
          const asked = database.transaction(room).objectStore(room)[how]();
          asked.onsuccess = () => got(asked.result);
          asked.onerror = () => failed(asked.error);
        });
        const [keys, records] = [await get("getAllKeys"), await get("getAll")];
        found.push({ place, database: name, room, keys: keys.map(String), records: JSON.stringify(records), count: records.length });
      }
      database.close();
    }
  }
  return found;
});

const files = (page) => page.evaluate(async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push({ name, path: new URL(request.url).pathname, text: await (await cache.match(request)).text() });
  }
  return texts;
});

const sum = (found) => found.reduce((all, { count }) => all + count, 0);

export async function keptOn(page) {
  const found = await rooms(page);
  return {
    texts: sum(found.filter(({ database }) => database === "mosty-texts")),
    uses: sum(found.filter(({ database }) => database === "mosty-uses")),
    seen: found.filter(({ database, count }) => database === "mosty-seen" && count > 0).length, // of so many people
    places: new Set(found.map(({ place }) => place).filter(Boolean)).size,
    keys: await page.evaluate(() => Object.keys(localStorage).filter((key) => !["mosty.language", "mosty.deleted"].includes(key))),
    files: (await files(page)).map(({ path }) => path).filter((path) => !/^\/(index\.html|favicon\.svg|assets\/[^/]+)$/.test(path)),
  };
}

export const nothing = { texts: 0, uses: 0, seen: 0, places: 0, keys: [], files: [] };

// The topics that the last visit saw, of everybody.
export async function topicsKeptOn(page) {
  return (await rooms(page)).flatMap(({ keys }) => keys).filter((key) => key.startsWith("topic:")).map((key) => key.slice("topic:".length));
}

// All of it as one text.
export async function allKeptOn(page) {
  const storage = await page.evaluate(() => [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })]);
  return [...storage, ...(await rooms(page)).map(({ database, room, keys, records }) => `${database}/${room}: ${keys} ${records}`),
    ...(await files(page)).map(({ name, path, text }) => `${name} ${path}: ${text}`)].join("\n");
}
