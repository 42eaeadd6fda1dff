/* The sign / leads to the search from wherever no text is being written. Who speaks to the machine, or
   presses keys unawares, turns it off on the page of the search. */
(() => {
  "use strict";

  const OFF = "senza-tasto-cerca";
  const isOff = () => localStorage.getItem(OFF) !== null;
  const isWriting = (node) =>
    node.isContentEditable ||
    node.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit])");

  document.addEventListener("keydown", (event) => {
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isSlash || isOff() || event.isComposing || isWriting(event.target)) return;
    const place = document.getElementById("cerca") || document.getElementById("vai-a-cerca");
    if (!place) return;
    event.preventDefault();
    if (place.matches("input")) place.select();
    else place.click();
  });

  const choice = document.getElementById("tasto-cerca");
  if (!choice) return;
  choice.closest("[hidden]").hidden = false;
  choice.checked = !isOff();
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "");
  });
})();
