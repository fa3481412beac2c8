// The till: search while typing, scans, and exchange of the counter's stand. Acts go to
// the server one after the other, each with the idempotency key of its intent, so that
// a repeated request changes nothing twice.
"use strict";
(() => {
  const { $ } = window.offizin;
  const eingabe = $("#eingabe"), treffer = $("#treffer"), stand = $("#stand"), texte = $("#texte").dataset;
  let gewaehlt = Number($(".mitte").dataset.gewaehlt), schlange = Promise.resolve();

  const key = () => "s-" + Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
  const vorgang = () => $(".mitte").dataset.vorgang;

  // hole asks the server; a lost answer is asked for again with the same key.
  const hole = async (url, body, versuch = 0) => {
    try {
      const r = await fetch(url, { method: body ? "POST" : "GET", body, headers: { "Offizin-Teil": "stand" } });
      return await r.text();
    } catch {
      if (versuch >= 4) { melde(texte.verbindung); return null; }
      melde(texte.wartet);
      await new Promise((f) => setTimeout(f, 300 << versuch));
      return hole(url, body, versuch + 1);
    }
  };
  const melde = (text) => {
    let p = $("#verbindung");
    if (!p) { p = document.createElement("p"); p.id = "verbindung"; p.className = "meldung fehler"; treffer.before(p); }
    p.textContent = text;
  };

  // zeige puts the answer in place and the focus where the hands expect it.
  const zeige = (html) => {
    if (html === null) return;
    $("#verbindung")?.remove();
    if (!html.includes('class="mitte"')) { stand.querySelector(".mitte .meldung")?.remove(); $(".mitte").insertAdjacentHTML("afterbegin", html); }
    else {
      stand.innerHTML = html;
      gewaehlt = Number($(".mitte").dataset.gewaehlt);
      const zahlen = $("form[data-zahlen]", stand);
      if (zahlen?.gegeben?.value || zahlen?.karte?.value) rechne(); // what was typed and refused, or taken by card, is there
    }
    fokus();
  };
  const fokus = () => {
    const el = $("[autofocus]", stand) || eingabe;
    el.focus();
    if (el !== eingabe && el.select) el.select();
    $("form[data-zahlen]", stand)?.scrollIntoView({ block: "end" }); // the change and its key, on small screens too
  };
  const tue = (url, body, danach) => {
    schlange = schlange.then(async () => {
      if (typeof body === "function") body = body();
      zeige(await hole(url, body));
      danach?.();
    });
    return schlange;
  };

  const scan = (text) => {
    leeren();
    const k = key();
    tue("/verkauf/scan", () => new URLSearchParams({ key: k, vorgang: vorgang(), text }));
  };
  document.addEventListener("offizin:scan", (e) => {
    const menge = eingabe.value.trim(); // "3*" was typed before the scan
    scan((/^\d{1,4}\*$/.test(menge) ? menge : "") + e.detail);
  });

  // --- search ---
  let suchzeit = 0, gefragt = "", gezeigt = "", nummer = 0;
  const leeren = () => {
    clearTimeout(suchzeit);
    nummer++;
    eingabe.value = gefragt = gezeigt = "";
    treffer.replaceChildren();
    $("#trefferzahl").textContent = "";
  };
  // filter is what the bar above the hits says; without hits nothing is filtered.
  const leiste = () => $("form.filterleiste", treffer);
  const filter = (knopf) => {
    const p = new URLSearchParams(leiste() ? new FormData(leiste(), knopf) : { ik: $(".mitte").dataset.ik });
    p.set("q", eingabe.value.trim());
    p.set("vorgang", vorgang());
    return p;
  };
  const suche = async (mit) => {
    clearTimeout(suchzeit);
    const p = mit || filter(), q = eingabe.value.trim(), meine = ++nummer;
    if (q === "" && !p.get("guenstiger") && !p.get("um")) { leeren(); return; }
    gefragt = q;
    const html = await hole("/suche?" + p);
    if (html === null || meine !== nummer) return;
    treffer.innerHTML = html;
    gezeigt = q;
    $("#trefferzahl").textContent = $("form[data-zahl]", treffer)?.dataset.zahl || "";
  };
  eingabe.addEventListener("input", () => {
    clearTimeout(suchzeit);
    if (eingabe.value === "?") { leeren(); return; } // the key has opened Warum
    suchzeit = setTimeout(() => suche(), 20);
  });
  // guenstiger looks for what costs less than an article; the line is free for more words.
  const guenstiger = (p, pzn) => {
    p.set("wahl", pzn);
    eingabe.value = "";
    p.set("q", "");
    suche(p);
    eingabe.focus();
  };
  const umschalten = (knopf) => {
    const p = filter(knopf);
    if (knopf.value === "guenstiger" && p.get("guenstiger") && p.get("q") === "") leeren(); // nothing else was looked for
    else if (knopf.value === "guenstiger" && !p.get("guenstiger")) guenstiger(p, $("tr.an button", treffer)?.value || p.get("wahl"));
    else { suche(p); eingabe.focus(); }
  };
  const zeilen = () => [...treffer.querySelectorAll("tr")].filter((r) => $("button", r));
  const nimm = async () => {
    const q = eingabe.value.trim();
    if (q === "" && !zeilen().length) return;
    if (/^(\d{1,4}\*)?-?\s*\d[\d\s-]{6,}$/.test(q)) { scan(q); return; } // a number in full, "3*" before it: PZN, GTIN
    if (gezeigt !== q) await suche();
    const row = zeilen().find((r) => r.classList.contains("an"));
    if (row) scan($("button", row).value);
    else if (q.length >= 12 && !q.includes(" ")) scan(q); // a code typed from the pack
  };
  $("#suche").addEventListener("submit", (e) => { e.preventDefault(); nimm(); });

  // --- choosing: hits while something is typed, else the lines of the cart ---
  const bewege = (list, schritt) => {
    if (!list.length) return null;
    const i = list.findIndex((r) => r.classList.contains("an"));
    const next = list[Math.max(0, Math.min(list.length - 1, i + schritt))];
    list.forEach((r) => r.classList.toggle("an", r === next));
    next.scrollIntoView({ block: "nearest" });
    return next;
  };
  const waehle = (row) => {
    if (!row) return;
    gewaehlt = Number(row.dataset.nr);
    stand.querySelectorAll(".zeile").forEach((r) => r.classList.toggle("an", r === row));
    stand.querySelectorAll(".befundzeile").forEach((r) => r.classList.toggle("an", r.previousElementSibling === row));
    stand.querySelectorAll("input[data-nr]").forEach((i) => { i.value = gewaehlt; });
  };
  eingabe.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const schritt = e.key === "ArrowDown" ? 1 : -1;
      if (zeilen().length) bewege(zeilen(), schritt);
      else waehle(bewege([...stand.querySelectorAll(".zeile")], schritt));
    } else if (e.key === "F2" && /^\d{1,3}$/.test(eingabe.value.trim()) && gewaehlt) {
      e.preventDefault(); // "3 F2" sets the quantity at once
      e.stopPropagation();
      const body = new URLSearchParams({ key: key(), vorgang: vorgang(), nr: gewaehlt, menge: eingabe.value.trim() });
      leeren();
      tue("/verkauf/menge", body);
    } else if (e.key === "?" && eingabe.value === "" && window.offizin.druecke("?")) {
      e.preventDefault();
    }
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && !e.defaultPrevented) {
      e.preventDefault();
      if (window.offizin.halb()) return;
      if (eingabe.value !== "" || treffer.firstChild) leeren();
      else if (!window.offizin.druecke("Escape")) fokus();
      eingabe.focus();
    } else if (e.key.length === 1 && !e.ctrlKey && !e.altKey && !e.metaKey && !e.target.matches("input, textarea, select") &&
      !(e.target.matches("button, a, summary") && e.key === " ")) {
      eingabe.focus(); // whoever types, types into the line
    }
  });

  // --- links and forms that exchange the stand ---
  document.addEventListener("click", (e) => {
    const a = e.target.closest("a[data-teil]"), row = e.target.closest(".zeile");
    const billig = e.target.closest("a[data-guenstiger]");
    const fenster = e.target.closest("a[data-fenster]");
    if (fenster && !e.ctrlKey && !e.metaKey) { // a window of its own, for the other screen
      e.preventDefault();
      open(fenster.href, fenster.target, "popup,width=1024,height=640");
    } else if (billig && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      guenstiger(new URLSearchParams({ um: "guenstiger", vorgang: vorgang(), ik: $(".mitte").dataset.ik }), $(".zeile.an", stand)?.dataset.pzn || "");
    } else if (a && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      const url = new URL(a.href);
      if (a.hasAttribute("data-zeile") && gewaehlt) url.searchParams.set("nr", gewaehlt);
      tue(url.pathname + url.search, null);
    } else if (row && !e.target.closest("a, button")) waehle(row);
  });
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form === leiste()) { e.preventDefault(); if (e.submitter) umschalten(e.submitter); return; }
    if (!form.hasAttribute("data-teil")) return;
    e.preventDefault();
    const data = new FormData(form, e.submitter);
    if (form.hasAttribute("data-notiz")) data.set("notiz", eingabe.value.trim());
    if (form.enctype === "multipart/form-data") tue(form.action, data);
    else tue(form.action, new URLSearchParams(data));
    leeren();
  });

  document.addEventListener("change", (e) => {
    if (e.target.hasAttribute("data-sofort") && e.target.files?.length) e.target.form.requestSubmit(); // a chosen file is read in at once
  });

  // --- the amount handed over: change in large digits while it is typed ---
  const cent = (text) => {
    const m = /^\s*(\d{1,7}|\d{1,3}(?:\.\d{3})*)(?:,(\d{1,2}))?\s*€?\s*$/.exec(text);
    return m ? Number(m[1].replaceAll(".", "")) * 100 + Number((m[2] || "").padEnd(2, "0")) : 0;
  };
  const euro = (c) => (c / 100).toLocaleString("de-DE", { minimumFractionDigits: 2 }) + " €";
  const rechne = () => {
    const form = $("form[data-zahlen]", stand);
    if (!form || !$("#rest")) return;
    const due = Number(form.dataset.zahlen), given = form.gegeben.value.trim(), karte = cent(form.karte.value);
    const bar = due - karte, passend = given === "" || /^0+(,0*)?$/.test(given), text = $("#rest-text");
    const rest = passend ? 0 : cent(given) - bar, gemischt = passend && karte > 0 && bar > 0; // cash is due beside the card
    text.textContent = gemischt ? text.dataset.bar : rest < 0 ? text.dataset.fehlt : text.dataset.rueckgeld;
    $("#rest").textContent = euro(gemischt ? bar : Math.abs(rest));
    $("#rest").classList.toggle("fehlt", rest < 0);
  };

  // --- a search inside a panel (customers) ---
  let nachzeit = 0;
  document.addEventListener("input", (e) => {
    const form = e.target.closest("form[data-nachsuche]");
    if (e.target.closest("form[data-zahlen]")) rechne();
    if (!form) return;
    clearTimeout(nachzeit);
    nachzeit = setTimeout(async () => {
      const url = form.dataset.nachsuche + "&" + new URLSearchParams({ q: e.target.value });
      const html = await hole(url), neu = html && new DOMParser().parseFromString(html, "text/html").querySelector("#nachtreffer");
      if (neu && $("#nachtreffer")) $("#nachtreffer").replaceWith(document.adoptNode(neu));
    }, 20);
  });
  document.addEventListener("submit", (e) => {
    if (!e.target.hasAttribute("data-nachsuche")) return;
    e.preventDefault();
    $("#nachtreffer .wahl")?.click();
  });
  // The open page may show another cart than its address says.
  window.offizin.wo = () => "/verkauf?" + new URLSearchParams({ vorgang: vorgang() });
  fokus();
  window.offizin.bereit = true;
})();
