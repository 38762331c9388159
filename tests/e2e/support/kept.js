// What a browser keeps of people: how many records stand in its databases, and the keys of what else is kept. The
// language, the program's own files and what is still to be told are nobody's.
export function keptOn(page) {
  return page.evaluate(async () => {
    const records = {};
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((opened, failed) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => opened(asked.result);
        asked.onerror = () => failed(asked.error);
      });
      records[name] = 0;
      for (const room of database.objectStoreNames) {
        records[name] += await new Promise((counted, failed) => {
          const asked = database.transaction(room).objectStore(room).count();
          asked.onsuccess = () => counted(asked.result);
          asked.onerror = () => failed(asked.error);
        });
      }
      database.close();
    }
    const files = [];
    for (const cache of await caches.keys()) for (const { url } of await (await caches.open(cache)).keys()) files.push(new URL(url).pathname);
    return {
      texts: records["mosty-texts"] ?? 0,
      uses: records["mosty-uses"] ?? 0,
      keys: Object.keys(localStorage).filter((key) => !["mosty.language", "mosty.deleted"].includes(key)),
      files: files.filter((path) => !/^\/(index\.html|favicon\.svg|assets\/[^/]+)$/.test(path)),
    };
  });
}

export const nothing = { texts: 0, uses: 0, keys: [], files: [] };
