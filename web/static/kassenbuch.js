// The count of the cash: the sum is shown while it is counted, Enter goes to the next coin.
// The report of a closing is printed.
"use strict";
(() => {
  document.querySelector("button[data-drucken]")?.addEventListener("click", () => print());
  const form = document.querySelector("#zaehlung");
  if (!form) return;
  const felder = [...form.querySelectorAll("input[data-wert]")];
  const euro = (cent) => (cent / 100).toLocaleString("de-DE", { minimumFractionDigits: 2 }) + " €";
  const rechne = () => {
    let summe = 0;
    for (const f of felder) {
      const c = /^\d+$/.test(f.value.trim()) ? Number(f.value) * Number(f.dataset.wert) : 0;
      summe += c;
      f.parentElement.querySelector("output").textContent = c ? euro(c) : "";
    }
    form.querySelector("#summe").textContent = euro(summe);
  };
  form.addEventListener("input", rechne);
  form.addEventListener("keydown", (e) => {
    const i = felder.indexOf(e.target);
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (i < 0 || !step) return;
    e.preventDefault();
    const next = felder[i + step];
    if (next) { next.focus(); next.select(); } else if (step > 0) form.querySelector("button").focus();
  });
  rechne();
  const falsch = felder.find((f) => !/^\d*$/.test(f.value.trim())); // what was refused is to be typed anew
  falsch?.focus();
  falsch?.select();
})();
