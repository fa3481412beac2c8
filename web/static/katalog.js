// Kataloge: a build that goes on is shown as it goes; when it has ended, the page is shown anew.
"use strict";
(() => {
  const halter = document.querySelector("[data-nachladen]");
  if (!halter) return;
  const hole = async () => {
    try {
      const r = await fetch(halter.dataset.nachladen, { headers: { "Offizin-Teil": "lauf" } });
      if (!r.ok) return;
      const neu = document.createElement("template");
      neu.innerHTML = await r.text();
      const lauf = neu.content.querySelector("#lauf");
      if (!lauf) return;
      if (lauf.dataset.zustand === "laeuft") halter.querySelector("#lauf").replaceWith(lauf);
      else location.replace("/katalog/einspielen" + location.search);
    } catch { /* the next round tells */ }
  };
  setInterval(hole, 700);
})();
