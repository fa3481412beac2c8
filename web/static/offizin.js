// The frame of every page: keys, the scanner, the Ampel. Plain script, no build step.
"use strict";
(() => {
  const $ = (q, from = document) => from.querySelector(q);

  // taste names a key as the pages do in data-taste: "F2", "Alt+b", "Strg+z", "Umschalt+F9", "?".
  const taste = (e) => (e.ctrlKey || e.metaKey ? "Strg+" : "") + (e.altKey ? "Alt+" : "") +
    (e.shiftKey && e.key.length > 1 ? "Umschalt+" : "") + (e.key.length === 1 && (e.ctrlKey || e.altKey) ? keyOf(e) : e.key);
  // With Alt some keyboards type another character: the place of the key counts then.
  const keyOf = (e) => /^(Key|Digit)/.test(e.code) && e.altKey ? e.code.replace(/^(Key|Digit)/, "").toLowerCase() : e.key.toLowerCase();

  const druecke = (name) => {
    const q = `[data-taste="${CSS.escape(name)}"]`, el = $("main " + q) ?? $(q); // what the page has comes first
    if (!el) return false;
    if (el.matches("input:not([type=file]), select")) { el.focus(); el.select?.(); } else el.click();
    return true;
  };

  // A scanner types: fast, and ends with Enter. A busy machine may deliver a key late, so
  // most gaps must be short, not all of them. What was typed is taken back out of the
  // field that had the focus. GS, RS and EOT arrive as control keys.
  const Schnell = 35, Pause = 200, Mindest = 5; // ms between keys of a scanner, ms that end a burst, characters
  let salve = "", flink = 0, zuletzt = 0, feld = null, vorher = "";
  const zeichen = (e) => {
    if (e.ctrlKey && !e.altKey) return { "]": "\x1d", "^": "\x1e", "6": "\x1e", d: "\x04" }[e.key] || (e.code === "BracketRight" ? "\x1d" : "");
    return e.key.length === 1 ? e.key : "";
  };
  // Where the till's line is not on the page, a scan goes where the page wants it: into a
  // field or to an address; else it begins the next sale.
  const verteile = (ziel, text) => {
    if (ziel?.form) {
      ziel.value = text;
      ziel.focus();
      if (ziel.form.method === "get") ziel.form.requestSubmit();
    } else if (ziel) location = ziel.dataset.scan + encodeURIComponent(text);
    else sende("/verkauf/scan", { key: "s-" + crypto.randomUUID(), text });
  };
  const sende = (action, felder) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = action;
    for (const [name, value] of Object.entries(felder)) {
      const i = document.createElement("input");
      i.type = "hidden"; i.name = name; i.value = value;
      form.append(i);
    }
    document.body.append(form);
    form.submit();
  };
  const scanner = (e) => {
    const luecke = e.timeStamp - zuletzt;
    if (e.key === "Enter") {
      const text = salve;
      salve = "";
      if (luecke >= Pause || text.length < Mindest || flink < (text.length - 1) * 0.7) return false;
      e.preventDefault();
      e.stopImmediatePropagation();
      if (/^OA\d{30}$/.test(text)) { // a badge: never shown, never a scan of goods
        if (feld) feld.value = vorher;
        sende("/anmelden/ausweis", { code: text, zurueck: location.pathname + location.search });
        return true;
      }
      const ziel = $("[data-scan]"), bleibt = !$("#eingabe") && !ziel && feld && !feld.inputMode;
      if (feld && !bleibt) { feld.value = vorher; feld.dispatchEvent(new Event("input", { bubbles: true })); }
      if ($("#eingabe")) document.dispatchEvent(new CustomEvent("offizin:scan", { detail: text }));
      else if (!bleibt) verteile(ziel, text);
      return true;
    }
    const c = zeichen(e);
    if (c === "") return false;
    if (luecke >= Pause || salve === "") {
      salve = "";
      flink = 0;
      feld = e.target.matches("input, textarea") && "value" in e.target ? e.target : null;
      vorher = feld ? feld.value : "";
    } else if (luecke < Schnell) flink++;
    salve += c;
    zuletzt = e.timeStamp;
    if (c < " " && salve.length > 1) { e.preventDefault(); return true; }
    return false;
  };

  // Esc loses what was typed and not sent. From two fields on it asks once; who types on is not leaving.
  const halb = () => {
    if ($("#halb")) return false;
    const texte = [...document.querySelectorAll("main form input, main form textarea")].filter((f) =>
      !["hidden", "checkbox", "radio", "file"].includes(f.type) && f.value !== (f.form.id === "zaehlung" ? "" : f.defaultValue) &&
      (f.form.method === "post" && !f.form.matches("[data-zahlen]") || f.form.id === "zaehlung"));
    if (texte.length < 2) return false;
    const p = document.createElement("p");
    p.id = "halb"; p.className = "meldung"; p.setAttribute("role", "alert");
    p.textContent = document.body.dataset.halb;
    texte[0].form.before(p);
    p.scrollIntoView({ block: "nearest" });
    return true;
  };
  document.addEventListener("input", () => $("#halb")?.remove());

  document.addEventListener("keydown", (e) => {
    if (e.isComposing || scanner(e)) return;
    const name = taste(e);
    if (name === "F1") {
      e.preventDefault();
      const b = $("#benutzer");
      b.open = !b.open;
      if (b.open) $("button", b)?.focus();
    } else if ($("#benutzer")?.open && /^[1-9]$/.test(e.key)) {
      e.preventDefault();
      document.querySelectorAll("#benutzer button")[e.key - 1]?.click();
    } else if (name === "Escape" && $("#benutzer")?.open) {
      $("#benutzer").open = false;
    } else if (name === "Escape" && !$("#eingabe") && halb()) {
      e.preventDefault();
    } else if ((name === "Escape" || name === "PageDown") && !$("#eingabe") && druecke(name)) {
      e.preventDefault(); // the till has an order of its own for Escape
    } else if (/^Alt\+[0-9]$/.test(name)) {
      const a = [...document.querySelectorAll(".nav a")].find((x) => x.dataset.sprung === name.slice(4));
      if (a) { e.preventDefault(); a.click(); }
    } else if ((/F\d+$|^Alt\+|^Strg\+[a-z]$/.test(name) && druecke(name)) || (/^F([2-9]|1[0-2])$/.test(name))) {
      e.preventDefault();
    }
  });

  // ↑↓ move between the choices of a list of buttons.
  document.addEventListener("keydown", (e) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const list = [...document.querySelectorAll(".panel .wahl:not(.nicht)")];
    if (!list.length || !e.target.closest(".panel")) return;
    e.preventDefault();
    const i = list.indexOf(document.activeElement);
    list[(i + (e.key === "ArrowDown" ? 1 : -1) + list.length) % list.length].focus();
  });

  // ↓ goes from a page into its lists, from row to row; ↑ from the first row back to the field.
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || $("#eingabe") || (e.key !== "ArrowDown" && e.key !== "ArrowUp")) return;
    if (e.target.matches("textarea, select") || e.altKey || e.ctrlKey || e.shiftKey) return;
    const rows = [...document.querySelectorAll("main .liste tbody tr")].map((r) => $("a", r)).filter(Boolean);
    const i = rows.findIndex((a) => a.closest("tr") === document.activeElement?.closest("tr"));
    const next = e.key === "ArrowDown" ? rows[i + 1] : i === 0 ? $("main [autofocus]") : rows[i - 1];
    if (!next || (e.key === "ArrowUp" && i < 0)) return;
    e.preventDefault();
    next.focus();
  });

  // What was looked for is there to be typed on.
  const gesucht = $("input[name=q][autofocus]");
  gesucht?.setSelectionRange(gesucht.value.length, gesucht.value.length);

  // Somebody at the keys keeps the session open; when it has ended, the page goes.
  let aktiv = false;
  for (const art of ["keydown", "pointerdown"]) document.addEventListener(art, () => { aktiv = true; }, true);
  const ampel = async () => {
    try {
      const headers = { "Offizin-Teil": "ampel", ...(aktiv ? { "Offizin-Aktiv": "1" } : {}) };
      aktiv = false;
      const r = await fetch("/ampel", { headers });
      if (r.headers.get("Offizin-Gesperrt")) { location.reload(); return; }
      if (r.ok) $("#ampel").innerHTML = await r.text();
    } catch { /* the next round tells */ }
  };
  // teile fetches the page once more and puts what may change by itself, [data-neu], in place;
  // where somebody types or chooses, it stays.
  const inArbeit = (el) => el.contains(document.activeElement) ||
    [...el.querySelectorAll("input, textarea")].some((i) => i.value !== i.defaultValue);
  const teile = async () => {
    if (!$("[data-neu]")) return;
    try {
      const r = await fetch(window.offizin.wo?.() ?? location.href, { headers: { "Offizin-Still": "1" } });
      if (!r.ok || r.redirected) return;
      const neu = new DOMParser().parseFromString(await r.text(), "text/html");
      for (const el of document.querySelectorAll("[data-neu][id]")) {
        const n = neu.getElementById(el.id);
        if (n && n.innerHTML !== el.innerHTML && !inArbeit(el)) el.replaceChildren(...[...n.childNodes].map((c) => document.adoptNode(c)));
      }
    } catch { /* the next round tells */ }
  };
  let laeuft = false, nochmal = false;
  const auffrischen = async () => {
    nochmal = true;
    if (laeuft) return;
    for (laeuft = true; nochmal;) { nochmal = false; await Promise.all([ampel(), teile()]); }
    laeuft = false;
  };
  // The server says when something is new; where it cannot, the page looks now and then. A
  // window that nobody sees keeps no connection: a browser has six to one address.
  let strom = null;
  const horche = () => {
    strom?.close();
    strom = null;
    if (document.hidden) return;
    strom = new EventSource("/neuigkeiten");
    strom.onmessage = auffrischen;
  };
  if ($("#ampel")) {
    setInterval(() => { if (strom && strom.readyState === EventSource.CLOSED && !document.hidden) horche(); auffrischen(); }, 15000);
    document.addEventListener("visibilitychange", horche);
    addEventListener("pagehide", () => strom?.close());
    addEventListener("pageshow", (e) => { if (e.persisted) horche(); });
    addEventListener("load", () => setTimeout(horche, 100)); // not while the page counts as loading
  }

  window.offizin = { $, druecke, taste, halb };
})();
