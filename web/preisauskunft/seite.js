
"use strict";
(async () => {
const $ = id => document.getElementById(id), eingabe = $("eingabe"), lage = $("lage"), anzeige = $("treffer");
const hilfe = document.body.dataset.hilfe; // what helps when the list is old or damaged
const GRENZE = 50, WORTE = 12, ZULETZT = 31;

// What Go wrote, in the same order: see spalten.go.
let buf, sicht, ort = 0;
const u32 = () => { const v = sicht.getUint32(ort, true); ort += 4; return v; };
const text = () => { const n = u32(), s = new TextDecoder().decode(buf.subarray(ort, ort + n)); ort += n; return s; };
const texte = () => text().split("\n");
function spalte() {
  const n = u32(), art = buf[ort++], ebenen = art & 7, folge = art & 8;
  const v = new (folge || ebenen > 2 ? Uint32Array : ebenen > 1 ? Uint16Array : Uint8Array)(n);
  for (let e = 0; e < ebenen; e++) for (let i = 0; i < n; i++) v[i] |= buf[ort++] << 8 * e;
  if (folge) for (let i = 0, s = 0; i < n; i++) v[i] = s += gerade(v[i]);
  return v;
}
const gerade = z => (z >>> 1) ^ -(z & 1);

// The packed data: of the page itself or, where it is installed, what telefon.js fetches.
function ausSeite() {
  const knoten = $("daten"), roh = atob(knoten.textContent), gepackt = new Uint8Array(roh.length);
  knoten.remove();
  for (let i = 0; i < roh.length; i++) gepackt[i] = roh.charCodeAt(i);
  return gepackt;
}

async function entpacke() {
  const gepackt = await (window.holeDaten ?? ausSeite)();
  const strom = new Blob([gepackt]).stream().pipeThrough(new DecompressionStream("gzip"));
  buf = new Uint8Array(await new Response(strom).arrayBuffer());
  sicht = new DataView(buf.buffer);
}

// Folding as in catalogue/suche: case, umlauts in three spellings, points in numbers.
const EINZELN = { "ß": "ss", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "µ": "u", "μ": "u", "®": "", "™": "" };
const falte = s => s.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[ßæœøłµμ®™]/g, z => EINZELN[z])
  .replace(/([aou])e/g, "$1").replace(/\b([a-z])\.(?=[a-z]\b)/g, "$1")
  .replace(/(\d)\.(?=\d{3}(?!\d))/g, (m, z, i, a) => z === "0" && !/\d/.test(a[i - 1] ?? "") ? "0," : z)
  .replace(/(\d)[.,](?=\d)/g, "$1\u0001").replace(/[^a-z0-9%\u0001]+/g, " ").replaceAll("\u0001", ",").trim();
const EINHEIT = { __proto__: null, mikrogramm: "ug", mcg: "ug", milligramm: "mg", gramm: "g", iu: "ie", stk: "st", stck: "st", stuck: "st" };
for (const e of "mg g ug kg ml l ie st % mmol cm mm m h".split(" ")) EINHEIT[e] = e;
const ZAHL = /^(\d[\d,]*)([a-z%].*)$/, NURZAHL = /^\d[\d,]*$/;

// The words under which a text is found.
function worte(s) {
  const liste = falte(s).split(" ");
  for (const [i, w] of [...liste].entries()) {
    const m = ZAHL.exec(w), e = EINHEIT[m ? m[2] : liste[i + 1]];
    if (m) liste.push(m[1], m[2]);
    if (e && (m || NURZAHL.test(w))) liste.push((m ? m[1] : w) + e); // "20 St" is found as 20st too
  }
  for (const w of s.split(" ")) if (w.includes("-")) liste.push(...falte(w.replaceAll("-", "")).split(" "));
  return liste;
}

let tage, bis, namenWorte, namenAnfang, nameVon, preisVon, pzn, stufe, merkmale, spalten, tafel;
const beginn = {}; // first sign of a word: [word, place, word, place …]
let bits; // of each text, for the query at hand: the words of names, then the other lists
let nah; // of each word of names: it is the number, or the unit, of a word of the query
let namenBits, pznBits, ziffernfolge; // the PZN of all, eight digits and a blank each

function lies() {
  const kopf = JSON.parse(text());
  tage = kopf.tage; bis = kopf.bis;
  let platz = 0;
  const merke = (liste, suchtext) => {
    liste.forEach((s, i) => {
      for (const w of new Set(worte(suchtext(s)))) if (w) (beginn[w[0]] ??= []).push(w, platz + i);
    });
    platz += liste.length;
  };
  const wortliste = texte();
  merke(wortliste, s => s);
  nah = new Int32Array(platz);
  liesNamen(wortliste);
  spalten = [];
  for (let n = 0; n < 4; n++) {
    const start = platz, liste = texte();
    merke(liste, n === 2 ? s => s.replace("|", " ") : s => s);
    spalten.push({ start, texte: n === 2 ? liste.map(s => s.split("|")[0]) : liste, von: spalte() });
  }
  bits = new Int32Array(platz);
  tafel = tage.map(() => Array.from({ length: 6 }, spalte));
  for (let t = 1; t < tafel.length; t++) tafel[t] = tafel[t].map((s, n) => Uint32Array.from(s, (z, i) => tafel[t - 1][n][i] + gerade(z)));
  [preisVon, pzn, stufe, merkmale] = [spalte(), spalte(), spalte(), spalte()];
  schreibePZN();
}

function liesNamen(liste) {
  const gleich = spalte(), neu = spalte(), flach = spalte(), traeger = spalte(), n = gleich.length;
  namenAnfang = new Uint32Array(n + 1);
  let artikel = 0;
  for (let i = 0; i < n; i++) { namenAnfang[i + 1] = namenAnfang[i] + gleich[i] + neu[i]; artikel += traeger[i]; }
  namenWorte = new (liste.length > 65535 ? Uint32Array : Uint16Array)(namenAnfang[n]);
  nameVon = new Uint32Array(artikel);
  for (let i = 0, f = 0, a = 0; i < n; i++) {
    let o = namenAnfang[i];
    for (let k = 0; k < gleich[i]; k++, o++) namenWorte[o] = namenWorte[namenAnfang[i - 1] + k];
    for (let k = 0; k < neu[i]; k++) namenWorte[o++] = flach[f++];
    for (let k = 0; k < traeger[i]; k++) nameVon[a++] = i;
  }
  wortText = liste; namenBits = new Int32Array(n);
}
let wortText;
const name = i => Array.from(namenWorte.subarray(namenAnfang[nameVon[i]], namenAnfang[nameVon[i] + 1]), w => wortText[w]).join(" ");

// A query is words that must all begin a word of the article, in any order. A number also
// counts as a part of the PZN from four digits on; as typed, and with its unit, it comes first.
function frage(s) {
  const liste = [];
  for (let w of falte(s).split(" ")) {
    w = w.replace(/^pzn/, "");
    const m = ZAHL.exec(w), vorige = liste.at(-1);
    if (!w || liste.length === WORTE) continue;
    if (EINHEIT[w] && vorige?.zahl && !vorige.einheit) vorige.einheit = EINHEIT[w];
    else if (m && EINHEIT[m[2]]) liste.push({ text: m[1], zahl: true, einheit: EINHEIT[m[2]] });
    else liste.push({ text: w, zahl: NURZAHL.test(w) });
  }
  return liste;
}

// Each word has a bit for "begins so" and, WORTE above, one for "exactly so, with its unit".
function markiere(liste) {
  bits.fill(0); nah.fill(0);
  const setze = (anfang, passt, in_, bit) => {
    const reihe = beginn[anfang[0]] ?? [];
    for (let i = 0; i < reihe.length; i += 2) if (reihe[i + 1] < in_.length && passt(reihe[i])) in_[reihe[i + 1]] |= bit;
  };
  liste.forEach((w, k) => {
    setze(w.text, t => t.startsWith(w.text), bits, 1 << k);
    if (w.zahl) setze(w.text, t => t === w.text + (w.einheit ?? ""), bits, 1 << k + WORTE);
    if (!w.einheit) return;
    setze(w.text, t => t === w.text, nah, 1 << k);
    for (const e in EINHEIT) if (EINHEIT[e] === w.einheit) setze(e, t => t === e, nah, 1 << k + WORTE);
  });
  for (let i = 0; i < namenBits.length; i++) {
    let b = 0, vorige = 0;
    for (let o = namenAnfang[i], ende = namenAnfang[i + 1]; o < ende; o++) {
      const w = namenWorte[o];
      b |= bits[w] | vorige << WORTE & nah[w];
      vorige = nah[w] & (1 << WORTE) - 1;
    }
    namenBits[i] = b;
  }
}

// Articles whose PZN contains the digits.
function markierePZN(ziffern, bit) {
  for (let o = ziffernfolge.indexOf(ziffern); o >= 0; o = ziffernfolge.indexOf(ziffern, o + 1)) pznBits[o / 9 | 0] |= bit;
}
function schreibePZN() {
  const b = new Uint8Array(pzn.length * 9).fill(32);
  for (let i = 0; i < pzn.length; i++) for (let k = 7, p = pzn[i]; k >= 0; k--, p = p / 10 | 0) b[i * 9 + k] = 48 + p % 10;
  ziffernfolge = new TextDecoder("latin1").decode(b);
  pznBits = new Int32Array(pzn.length);
}

function suche(s) {
  const liste = frage(s), n = nameVon.length, eimer = Array.from({ length: 66 }, () => []);
  if (!liste.length) return null;
  markiere(liste);
  const muss = (1 << liste.length) - 1, genau = liste.reduce((b, w, k) => w.zahl ? b | 1 << k + WORTE : b, 0);
  const nummer = w => /^\d{4,8}$/.test(w.text) && !w.einheit, ganz = +liste.find(w => nummer(w) && w.text.length > 6)?.text;
  pznBits.fill(0);
  liste.forEach((w, k) => { if (nummer(w)) markierePZN(w.text, 1 << k | 1 << k + WORTE); });
  const [h, p, f, w] = spalten;
  let zahl = 0;
  for (let i = 0; i < n; i++) {
    const b = pznBits[i] | namenBits[nameVon[i]] | bits[h.start + h.von[i]] | bits[p.start + p.von[i]] | bits[f.start + f.von[i]] | bits[w.start + w.von[i]];
    if ((b & muss) !== muss) continue;
    zahl++;
    const e = eimer[pzn[i] === ganz ? 0 : 1 + stufe[i] + ((b & genau) === genau ? 0 : ZULETZT + 1)];
    if (e.length < GRENZE) e.push(i);
  }
  return { zahl, erste: eimer.flat().slice(0, GRENZE) };
}

const geld = c => { const s = String(c).padStart(3, "0"); return s.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ".") + "," + s.slice(-2) + "\u00a0€"; };
const tag = t => String(t).replace(/(....)(..)(..)/, "$3.$2.$1");
const gruppiert = n => String(n).replace(/\B(?=(\d{3})+$)/g, ".");
function el(art, klasse, ...inhalt) { const e = document.createElement(art); if (klasse) e.className = klasse; e.append(...inhalt); return e; }
const heute = () => { const d = new Date(); return d.getFullYear() * 10000 + (d.getMonth() + 1) * 100 + d.getDate(); };
const ARTEN = ["", "keine Kassenleistung", "kein Preis im Katalog", "nicht im Katalog", "über die Pflegekasse"];

// The amounts of an article from one of the days on.
function bild(i, t) { const [art, avp, uvp, fest, zuzahlung, mehr] = tafel[t].map(s => s[preisVon[i]]); return { art: art & 7, rx: art > 7, avp, uvp, fest, zuzahlung, mehr }; }
function preis({ rx, avp, uvp }) {
  const frei = !rx && uvp, c = frei ? uvp : avp;
  return c ? [frei ? "UVP " : "AVP ", geld(c)] : ["ohne Preis"];
}

function zeige(i, t) {
  const [h, p, f, w] = spalten, b = bild(i, t), von = s => s.texte[s.von[i]];
  const marken = [[b.rx, "Rx"], [merkmale[i] & 4, "BtM", "warn"], [merkmale[i] & 2, "Rückruf", "rot"], [merkmale[i] & 1, "außer Vertrieb", "warn"], [merkmale[i] & 8, "Import"]]
    .filter(([ja]) => ja).map(([, s, k]) => el("span", "marke " + (k ?? ""), s));
  const zahlt = el("span", "zahlt leise", b.art ? ARTEN[b.art] : "Zuzahlung " + geld(b.zuzahlung));
  if (!b.art && b.mehr) zahlt.append(el("span", "mehr", " + Mehrkosten " + geld(b.mehr)));
  const kopf = el("summary", "", el("span", "name", name(i)), el("span", "preis", ...preis(b)),
    el("span", "leise", ...marken, [von(p), von(f), von(h)].filter(Boolean).join(" · ")), zahlt);
  const d = el("details", "", kopf), nummer = String(pzn[i]).padStart(8, "0");
  d.dataset.pzn = nummer;
  d.addEventListener("toggle", () => { if (d.open && !d.querySelector(".blatt")) d.append(blatt(i, t, nummer, von(w))); });
  return d;
}

function blatt(i, t, nummer, stoff) {
  const bilder = tafel.map((_, n) => JSON.stringify(bild(i, n))); // a day on which nothing changes has no column
  const k = [...tage.keys()].filter(n => n === t || n > t && bilder[n] !== bilder[n - 1]), kopf = el("tr", "", el("th", "", ""));
  for (const n of k) kopf.append(el("th", "", n === t ? heute() < tage[0] ? "Stand" : "heute" : "ab " + tag(tage[n])));
  const rumpf = el("tbody");
  const reihe = (wort, wert) => { const v = k.map(n => wert(bild(i, n))); if (v.some(Boolean)) rumpf.append(el("tr", "", el("td", "", wort), ...v.map(s => el("td", "", s || "–")))); };
  const selbst = k.every(n => bild(i, n).art === 1), gleich = tage.slice(k.at(-1) + 1).map(tag);
  reihe("AVP", b => b.avp && (b.rx || !selbst) && geld(b.avp));
  reihe("UVP", b => b.uvp && geld(b.uvp));
  reihe("Festbetrag", b => b.fest && geld(b.fest));
  reihe("Zuzahlung", b => selbst ? "" : ARTEN[b.art] || geld(b.zuzahlung));
  reihe("Mehrkosten", b => !b.art && b.fest && geld(b.mehr));
  const saetze = [["PZN " + nummer, stoff].filter(Boolean).join(" · ")];
  if (selbst) saetze.push("Erwachsenen zahlt die gesetzliche Krankenkasse dieses Mittel nicht.");
  if (gleich.length) saetze.push("Auch ab " + gleich.join(" und ") + " unverändert.");
  if (t === tage.length - 1) saetze.push("Eine spätere Änderung kennt die Liste nicht.");
  return el("div", "blatt", el("div", "tafel", el("table", "", el("thead", "", kopf), rumpf)), ...saetze.map(s => el("p", "leise", s)));
}

function antworte() {
  const r = suche(eingabe.value), jetzt = heute(), t = Math.max(0, tage.findLastIndex(d => d <= jetzt));
  warne(jetzt);
  anzeige.replaceChildren(...(r ? r.erste.map(i => zeige(i, t)) : []));
  if (r?.erste.length) anzeige.firstChild.open = true;
  lage.textContent = !r ? "Anfänge von Wörtern in beliebiger Reihenfolge, etwa: ibu 400 20 – oder eine PZN, auch ein Teil ab vier Ziffern."
    : !r.zahl ? "Nichts gefunden; bitte weniger oder kürzere Wörter eingeben."
    : r.zahl === 1 ? "1 Treffer" : gruppiert(r.zahl) + " Treffer" + (r.zahl > GRENZE ? ", gezeigt die ersten " + GRENZE : "");
}

function warne(jetzt) {
  const w = $("warnung");
  w.hidden = jetzt >= tage[0] && jetzt <= bis;
  w.textContent = jetzt > bis ? "Diese Liste galt bis " + tag(bis) + ". Preise können sich seitdem geändert haben; " + hilfe
    : "Dieses Gerät zeigt den " + tag(jetzt) + ", die Liste ist vom " + tag(tage[0]) + "; bitte das Datum des Geräts prüfen.";
}

document.addEventListener("keydown", e => {
  const koepfe = [...anzeige.querySelectorAll("summary")], hier = koepfe.indexOf(document.activeElement);
  if (e.key === "Escape") { eingabe.focus(); eingabe.select(); }
  else if (e.key === "ArrowDown" && koepfe.length) koepfe[Math.min(hier + 1, koepfe.length - 1)].focus();
  else if (e.key === "ArrowUp" && hier >= 0) (koepfe[hier - 1] ?? eingabe).focus();
  else return;
  e.preventDefault();
});

if (!("DecompressionStream" in window)) {
  lage.textContent = "Dieser Browser ist zu alt für die Liste; bitte aktualisieren oder einen anderen nehmen (Chrome und Edge ab 97, Firefox ab 113, Safari ab 16.4).";
  return;
}
try {
  await entpacke();
  lies();
} catch {
  lage.textContent = "Die Preisliste ist beschädigt oder unvollständig; " + hilfe;
  return;
}
buf = sicht = null;
eingabe.disabled = false;
eingabe.addEventListener("input", antworte);
antworte();
eingabe.focus();
performance.mark("bereit");
document.body.dataset.bereit = "ja";
})();
