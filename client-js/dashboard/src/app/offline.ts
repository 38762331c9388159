// Lets the app open without a network from the next time on. Asked for when the first page is there and the
// connection is free; where the browser has no such thing, the app opens online only.
export function openOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  keep().catch((error: unknown) => console.warn("The app may not open without a network:", error));
}

// Registering again looks for nothing newer by itself. Where the network has gone meanwhile, the next page looks.
async function keep(): Promise<void> {
  const kept = navigator.serviceWorker.controller !== null;
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  if (kept) await registration.update().catch(() => undefined);
}
