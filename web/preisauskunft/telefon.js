
"use strict";
(() => {
// On a phone the page fetches its data, from the store of the service worker or, the first
// time, from the pharmacy; the worker keeps both and looks for new ones.
const $ = id => document.getElementById(id), { fassung, daten } = document.body.dataset, MINUTE = 60_000;
window.holeDaten = async () => {
  const a = await fetch(daten);
  if (!a.ok) throw new Error(a.status);
  return new Uint8Array(await a.arrayBuffer());
};
const sage = s => { $("gespeichert").textContent = s; };
const dienst = navigator.serviceWorker;
if (!dienst) { sage("Dieser Browser kann die Seite nicht speichern: Sie geht nur im WLAN der Apotheke."); return; }

dienst.addEventListener("message", ({ data }) => {
  if (data.fassung && data.fassung !== fassung) {
    if (document.hidden || !$("eingabe").value) location.reload();
    else $("neu").hidden = false;
    return;
  }
  sage(!data.fassung ? "Noch nicht auf diesem Telefon gespeichert; bitte im WLAN der Apotheke noch einmal öffnen."
    : "Auf diesem Telefon gespeichert, geht auch ohne Netz. " + (data.netz ? "Neuere Preise gibt es nicht." : "Keine Verbindung zur Apotheke."));
  document.body.dataset.gespeichert = data.fassung ? data.netz ? "geprueft" : "ohne-netz" : "nein";
});
$("neu").addEventListener("click", () => location.reload());

let zuletzt = -MINUTE;
async function pruefe() {
  if (document.hidden || performance.now() - zuletzt < MINUTE) return;
  zuletzt = performance.now();
  (await dienst.ready).active.postMessage("pruefen");
}
dienst.register("/dienst.js").then(() => { navigator.storage?.persist?.(); return pruefe(); },
  () => sage("Nicht gespeichert: Dieses Telefon kennt das Zertifikat der Apotheke noch nicht; bitte die Schritte beim Koppeln wiederholen."));
document.addEventListener("visibilitychange", pruefe);
window.addEventListener("online", () => { zuletzt = -MINUTE; pruefe(); });
setInterval(pruefe, 10 * MINUTE);
})();
