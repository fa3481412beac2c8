"use strict";
// The service worker of the Preisauskunft: answers from its store, and brings a new version
// into it only when page and data are there as a whole and have the hashes in their names.
const LAGER = "preisauskunft", STAND = "/stand.json", FRIST = 120_000;
const BEIWERK = ["/manifest.webmanifest", "/sinnbild-192.png", "/sinnbild-512.png"];

const hole = (adresse, frist) => fetch(adresse, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(frist) })
  .then(a => { if (!a.ok) throw new Error(adresse + ": " + a.status); return a; });

async function holeGeprueft(adresse) {
  const a = await hole(adresse, FRIST), inhalt = await a.arrayBuffer();
  const summe = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", inhalt)), z => z.toString(16).padStart(2, "0")).join("");
  if (!adresse.includes(summe)) throw new Error(adresse + ": " + summe);
  return new Response(inhalt, { headers: a.headers });
}

async function hier(lager) { return (await lager.match(STAND))?.json(); }

async function erneuere() {
  const lager = await caches.open(LAGER), alt = await hier(lager), antwort = await hole(STAND, 10_000), neu = await antwort.clone().json();
  if (alt?.fassung === neu.fassung) return;
  for (const adresse of BEIWERK) await lager.put(adresse, await hole(adresse, 10_000));
  const seite = await holeGeprueft(neu.seite);
  await lager.put(neu.daten, await holeGeprueft(neu.daten));
  await lager.put("/", seite); // from here on the new version holds; the data of the old one stay for pages just opening
  await lager.put(STAND, antwort);
  for (const r of await lager.keys()) {
    const ort = new URL(r.url).pathname;
    if (ort.startsWith("/daten/") && ort !== neu.daten && ort !== alt?.daten) await lager.delete(r);
  }
}

let lauf = null; // one at a time
const einmal = () => lauf ??= erneuere().finally(() => { lauf = null; });

self.addEventListener("install", e => { self.skipWaiting(); e.waitUntil(einmal()); });
self.addEventListener("activate", e => e.waitUntil(self.clients.claim()));
self.addEventListener("message", e => e.waitUntil((async () => {
  const netz = await einmal().then(() => true, () => false), stand = await hier(await caches.open(LAGER));
  e.source.postMessage({ netz, fassung: stand?.fassung });
})()));
self.addEventListener("fetch", e => {
  const { pathname, origin } = new URL(e.request.url);
  if (e.request.method !== "GET" || origin !== location.origin || pathname === STAND || pathname === "/dienst.js") return;
  e.respondWith((async () => await (await caches.open(LAGER)).match(pathname) ?? fetch(e.request))());
});
