// The screen that faces the customer: it shows what the server says, and looks again when
// something is new. Nothing can be done there.
"use strict";
(() => {
  const stand = document.querySelector("#stand"), still = document.querySelector("#still");
  let gezeigt = "", fehlt = 0, strom = null, laeuft = false, nochmal = false, uhr = 0;

  // ganz gives each module of a code the same number of pixels, as many as there is room for.
  const ganz = () => {
    const svg = stand.querySelector(".code svg"), r = devicePixelRatio || 1;
    if (!svg) return;
    const n = svg.viewBox.baseVal.width, box = svg.parentElement, px = Math.floor(Math.min(box.clientWidth, box.clientHeight) * r / n);
    svg.style.width = px > 0 ? px * n / r + "px" : "100%";
  };

  // hole puts in place what is to be shown; without an answer it says so, and tries again.
  const hole = async () => {
    let noch = 0;
    try {
      const r = await fetch("/kundenanzeige/stand", { headers: { "Offizin-Teil": "stand", "Offizin-Still": "1" }, signal: AbortSignal.timeout(5000) });
      if (!r.ok) throw new Error(r.status);
      const neu = new DOMParser().parseFromString(await r.text(), "text/html").querySelector("main");
      if (!neu) throw new Error("nothing to show");
      noch = Number(neu.dataset.noch);
      neu.dataset.noch = ""; // it runs down: no reason to draw anew
      if (neu.outerHTML !== gezeigt || !stand.firstElementChild) { // else nothing flickers
        gezeigt = neu.outerHTML;
        stand.replaceChildren(document.adoptNode(neu));
      }
      still.hidden = true;
      ganz();
    } catch {
      still.hidden = false;
      noch = 2000;
      if (stand.querySelector(".digital, .vorgang, .bezahlt") && ++fehlt > 2) stand.replaceChildren(); // what is old misleads
      return noch;
    }
    fehlt = 0;
    return noch;
  };
  const auffrischen = async () => {
    nochmal = true;
    if (laeuft) return;
    laeuft = true;
    let noch = 0;
    while (nochmal) { nochmal = false; noch = await hole(); }
    laeuft = false;
    clearTimeout(uhr);
    uhr = setTimeout(auffrischen, noch > 0 ? Math.min(noch + 50, 15000) : 15000);
  };
  const horche = () => {
    strom?.close();
    strom = null;
    if (document.hidden) return;
    strom = new EventSource("/neuigkeiten");
    strom.onmessage = auffrischen;
    strom.onerror = () => { if (strom?.readyState === EventSource.CLOSED) setTimeout(horche, 3000); auffrischen(); };
  };
  document.addEventListener("visibilitychange", horche);
  addEventListener("resize", ganz);
  addEventListener("pagehide", () => strom?.close());
  addEventListener("load", () => { setTimeout(horche, 100); auffrischen(); });
})();
