/* A table that is cut at the edge says so in words; without this file its shadow alone does. */
(() => {
  "use strict";

  const main = document.getElementById("contenuto");
  const words = main?.dataset.cut;
  if (!words) return;

  const isCut = (box) =>
    box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";

  /* the hint stands before the box: it scrolls away with nothing */
  const say = (box) => {
    const before = box.previousElementSibling;
    const hint = before?.matches(".house-cut") ? before : null;
    if (isCut(box) === Boolean(hint)) return;
    if (hint) {
      hint.remove();
      return;
    }
    const said = document.createElement("p");
    said.className = "house-cut";
    said.textContent = words;
    box.before(said);
  };

  /* of the house, and of papers shown within it */
  const BOXES = ".house-scroll, .paper-scroll";

  const watched = new ResizeObserver((entries) => entries.forEach(({ target }) => say(target)));

  const watch = () => {
    for (const box of document.querySelectorAll(BOXES)) {
      if (!("watched" in box.dataset)) {
        box.dataset.watched = "";
        watched.observe(box);
      }
      say(box);
    }
  };

  watch();
  /* also what an answer put beside its own place */
  window.addEventListener("htmx:afterRequest", watch, true);

  /* the tab one is at is among those that are seen */
  const showTab = () => {
    for (const tab of document.querySelectorAll(".house-tabs [aria-current]")) {
      const row = tab.closest(".house-tabs");
      row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - 40;
    }
  };

  showTab();
  /* in the letters of the house words are as long as they stay: what was measured before is not so */
  document.fonts.ready.then(() => {
    watch();
    showTab();
  });
})();
