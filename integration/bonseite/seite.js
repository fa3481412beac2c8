"use strict";
(() => {
const $ = id => document.getElementById(id);
const MAX_FRAGMENT = 4 << 10, MAX_TEXT = 32 << 10;

// --- inflate (RFC 1951): every browser can do this, DecompressionStream is in the new ones only ---
const LEN = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LEN_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DIST = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// baum is a canonical Huffman code: how many codes have a length, and their symbols in order.
function baum(lengths) {
  const count = new Array(16).fill(0), start = new Array(16).fill(0), symbols = [];
  for (const l of lengths) count[l]++;
  count[0] = 0;
  let left = 1;
  for (let l = 1; l < 16; l++) {
    left = left * 2 - count[l];
    if (left < 0) throw new Error("too many codes");
    start[l] = start[l - 1] + count[l - 1];
  }
  lengths.forEach((l, s) => { if (l) symbols[start[l]++] = s; });
  return { count, symbols };
}

// entpacke unpacks what was packed with a dictionary in front; it returns what comes after it.
function entpacke(data, dictionary) {
  const out = Array.from(dictionary), end = out.length + MAX_TEXT;
  let at = 0, bit = 0;
  const bits = n => {
    let v = 0;
    for (let i = 0; i < n; i++) {
      if (at >= data.length) throw new Error("ends too early");
      v |= (data[at] >> bit & 1) << i;
      if (++bit === 8) { bit = 0; at++; }
    }
    return v;
  };
  const put = b => { if (out.length >= end) throw new Error("too long"); out.push(b); };
  const symbol = b => {
    for (let l = 1, code = 0, first = 0, index = 0; l < 16; l++) {
      code |= bits(1);
      const n = b.count[l];
      if (code - first < n) return b.symbols[index + code - first];
      index += n;
      first = (first + n) * 2;
      code *= 2;
    }
    throw new Error("no such code");
  };
  const block = (literals, distances) => {
    for (let s; (s = symbol(literals)) !== 256;) {
      if (s < 256) { put(s); continue; }
      if (s > 285) throw new Error("no such length");
      const n = LEN[s - 257] + bits(LEN_BITS[s - 257]), d = symbol(distances);
      if (d > 29) throw new Error("no such distance");
      const back = DIST[d] + bits(d < 4 ? 0 : (d >> 1) - 1);
      if (back > out.length) throw new Error("before the beginning");
      for (let i = 0; i < n; i++) put(out[out.length - back]);
    }
  };
  const stored = () => {
    if (bit) { bit = 0; at++; }
    const n = bits(16);
    if ((bits(16) ^ n) !== 0xffff) throw new Error("wrong length");
    for (let i = 0; i < n; i++) put(bits(8));
  };
  const fixed = () => block(
    baum([...new Array(144).fill(8), ...new Array(112).fill(9), ...new Array(24).fill(7), ...new Array(8).fill(8)]),
    baum(new Array(30).fill(5)));
  const dynamic = () => {
    const literals = bits(5) + 257, distances = bits(5) + 1, n = bits(4) + 4, all = [], short = new Array(19).fill(0);
    for (let i = 0; i < n; i++) short[ORDER[i]] = bits(3);
    const tree = baum(short);
    while (all.length < literals + distances) {
      const s = symbol(tree);
      if (s < 16) { all.push(s); continue; }
      if (s === 16 && !all.length) throw new Error("nothing to repeat");
      const what = s === 16 ? all[all.length - 1] : 0, times = s === 16 ? bits(2) + 3 : s === 17 ? bits(3) + 3 : bits(7) + 11;
      for (let i = 0; i < times; i++) all.push(what);
    }
    if (all.length > literals + distances) throw new Error("too many lengths");
    block(baum(all.slice(0, literals)), baum(all.slice(literals)));
  };
  for (let last = 0; !last;) {
    last = bits(1);
    [stored, fixed, dynamic, () => { throw new Error("no such block"); }][bits(2)]();
  }
  return new Uint8Array(out.slice(dictionary.length));
}

// --- the receipt: see text() and lesen() in bonseite.go ---
const STILE = new Map([[".", ""], ["*", "fett"], ["-", "klein"], ["=", "mitte"], ["#", "titel"], ["_", "strich"]]);
const FASSUNGEN = new Map([["1", () => $("woerterbuch1").textContent]]); // each has its dictionary

class Bitte extends Error {}

function lies(fragment) {
  const dictionary = FASSUNGEN.get(fragment[0]);
  if (!dictionary && /^[0-9a-z][\w-]{40,}$/.test(fragment)) {
    throw new Bitte("Der Bon ist neuer als diese Seite. Bitte lassen Sie ihn sich auf Papier geben.");
  }
  if (!dictionary || fragment.length > MAX_FRAGMENT || !/^[\w-]+$/.test(fragment)) throw new Error("not a packed receipt");
  const raw = atob(fragment.slice(1).replaceAll("-", "+").replaceAll("_", "/"));
  const data = Uint8Array.from(raw, c => c.charCodeAt(0));
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
    .decode(entpacke(data, new TextEncoder().encode(dictionary())));
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) throw new Error("no text of a receipt");
  const lines = text.split("\n");
  if (lines.length < 2 || lines.pop() !== "") throw new Error("receipt without an end");
  const titel = lines.shift();
  return { titel, zeilen: lines.map(line => {
    if (!STILE.has(line[0])) throw new Error("line without style");
    const tab = line.indexOf("\t");
    return { stil: STILE.get(line[0]), links: line.slice(1, tab < 0 ? undefined : tab), rechts: tab < 0 ? "" : line.slice(tab + 1) };
  }) };
}

// setze shows the receipt. What comes from outside is text and nothing else.
function setze(bon) {
  const knoten = bon.zeilen.map(z => {
    if (z.stil === "strich") return document.createElement("hr");
    const p = document.createElement("p");
    p.className = "z" + (z.stil && " " + z.stil);
    for (const text of z.rechts ? [z.links, z.rechts] : [z.links]) {
      const span = document.createElement("span");
      span.textContent = text;
      p.append(span);
    }
    return p;
  });
  $("bon").replaceChildren(...knoten);
  document.title = bon.titel;
}

// --- PDF: one page of 80 mm, as long as the receipt, in a font that every reader has ---
const BREITE = 226.77, RAND = 12; // points
const SCHRIFT = { // size, bold, in the middle; a letter of Courier is 0.6 wide
  "": [8, false, false], fett: [8, true, false], klein: [7, false, false], mitte: [8, true, true], titel: [11, true, true],
};
// WinAnsi beyond Latin-1, from 0x80 on.
const WIN = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const hex = n => n.toString(16).padStart(2, "0");
function winAnsi(text) {
  let out = "";
  for (const c of text.normalize("NFC")) {
    const known = d => {
      const n = d.codePointAt(0), w = WIN.indexOf(d);
      return n >= 32 && n < 127 || n >= 160 && n < 256 ? n : w >= 0 && n > 255 ? 128 + w : 0;
    };
    const plain = { "\u03bc": "µ", "\u2212": "-", "\u202f": " ", ł: "l", Ł: "L" }[c] ?? c;
    out += String.fromCharCode(known(plain) || known(plain.normalize("NFD")[0]) || 63);
  }
  return out;
}

// umbruch breaks text at blanks, or where it must, into lines of at most n letters.
function umbruch(text, n) {
  const out = [];
  for (let rest = text; ;) {
    if (rest.length <= n) return [...out, rest];
    const at = rest.lastIndexOf(" ", n);
    const cut = at > n / 3 ? at : n;
    out.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
}

function inhalt(zeilen) {
  const ops = [];
  let y = 0;
  for (const z of zeilen) {
    if (z.stil === "strich") {
      y += 5;
      ops.push([y, h => `[2 2] 0 d 0.5 w ${RAND} ${h} m ${BREITE - RAND} ${h} l S`]);
      y += 4;
      continue;
    }
    const [size, bold, middle] = SCHRIFT[z.stil], w = size * 0.6, columns = Math.floor((BREITE - 2 * RAND) / w);
    const rechts = winAnsi(z.rechts).slice(0, columns), links = umbruch(winAnsi(z.links), Math.max(8, columns - (rechts && rechts.length + 1)));
    const put = (text, x) => ops.push([y, h => `BT /${bold ? "F2" : "F1"} ${size} Tf ${x.toFixed(2)} ${h} Td <${
      [...text].map(c => hex(c.charCodeAt(0))).join("")}> Tj ET`]);
    links.forEach((text, i) => {
      y += size * 1.25;
      put(text, middle ? (BREITE - text.length * w) / 2 : RAND);
      if (rechts && i === links.length - 1) put(rechts, BREITE - RAND - rechts.length * w);
    });
  }
  const hoehe = Math.ceil(y + 2 * RAND);
  return [hoehe, ops.map(([at, draw]) => draw((hoehe - RAND - at).toFixed(2))).join("\n") + "\n"];
}

function alsPDF(bon) {
  const [hoehe, strom] = inhalt(bon.zeilen);
  const font = name => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const titel = "feff" + Array.from({ length: bon.titel.length }, (_, i) => bon.titel.charCodeAt(i).toString(16).padStart(4, "0")).join("");
  const objekte = [
    "<< /Type /Catalog /Pages 2 0 R /Lang (de-DE) /ViewerPreferences << /DisplayDocTitle true >> >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${BREITE} ${hoehe}] /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> /Contents 4 0 R >>`,
    `<< /Length ${strom.length} >>\nstream\n${strom}endstream`,
    font("Courier"), font("Courier-Bold"), `<< /Title <${titel}> >>`,
  ];
  let text = "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n";
  const orte = objekte.map((o, i) => {
    const ort = text.length;
    text += `${i + 1} 0 obj\n${o}\nendobj\n`;
    return ort;
  });
  const xref = text.length;
  text += `xref\n0 ${objekte.length + 1}\n0000000000 65535 f \n` + orte.map(o => String(o).padStart(10, "0") + " 00000 n \n").join("") +
    `trailer\n<< /Size ${objekte.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return Uint8Array.from(text, c => c.charCodeAt(0));
}

// --- the page ---
let adresse = "";
function zeige() {
  const fragment = location.hash.slice(1), lage = $("lage");
  let bon = null, text = "";
  if (!fragment) text = "Hier sehen Sie Ihren digitalen Bon, wenn Sie den QR-Code in der Apotheke mit der Kamera Ihres Telefons lesen.";
  try {
    if (fragment) bon = lies(fragment);
  } catch (e) {
    text = e instanceof Bitte ? e.message : "Dieser Bon lässt sich nicht lesen. Bitte lesen Sie den QR-Code noch einmal, oder lassen Sie sich den Bon auf Papier geben.";
  }
  for (const id of ["bon", "sichern", "hinweis"]) $(id).hidden = !bon;
  lage.hidden = !!bon;
  lage.textContent = text;
  if (adresse) URL.revokeObjectURL(adresse);
  adresse = "";
  if (!bon) { $("bon").replaceChildren(); document.title = "Digitaler Bon"; return; }
  setze(bon);
  adresse = URL.createObjectURL(new Blob([alsPDF(bon)], { type: "application/pdf" }));
  $("pdf").href = adresse;
  $("pdf").download = bon.titel.replace(/[^\wäöüÄÖÜß]+/g, "-").slice(0, 60) + ".pdf";
}
addEventListener("hashchange", zeige);
zeige();
document.body.dataset.bereit = "ja";
})();
