// The page of the machines: how long the code is still open.
"use strict";
(() => {
  const noch = document.querySelector("#noch");
  if (!noch) return;
  const ende = performance.now() + Number(noch.dataset.sekunden) * 1000;
  const zeige = () => {
    const s = Math.max(0, Math.ceil((ende - performance.now()) / 1000));
    noch.textContent = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")} min`;
    if (s === 0) location.replace(location.pathname);
  };
  zeige();
  setInterval(zeige, 1000);
})();
