/* The bar above a sheet: where one is, and in which parts nothing is missing. Parts that are folded
   open for whoever is led to them, and for the printer. */
(() => {
  "use strict";

  const links = new Map(
    [...document.querySelectorAll(".sheet-nav a")].map((link) => [link.hash.slice(1), link]),
  );
  const parts = [...links.keys()].map((id) => document.getElementById(id));

  /* The part that is under the bar, or the last one at the end of the page. */
  const markPlace = () => {
    const line = document.querySelector(".sheet-nav").getBoundingClientRect().bottom + 48;
    const isAtEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 2;
    const begun = [...links.keys()].filter(
      (id) => document.getElementById(id).getBoundingClientRect().top <= line,
    );
    const here = isAtEnd ? [...links.keys()].at(-1) : begun.at(-1);
    for (const [id, link] of links) {
      if (id !== here) {
        link.removeAttribute("aria-current");
      } else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        const row = link.closest("ol");
        row.scrollLeft = link.offsetLeft - row.offsetLeft;
      }
    }
  };

  /* What comes by itself shows one judgement of several: it can say that something is missing now,
     and not that nothing is. That is said when the page is opened. */
  const told = new Map([...links].map(([id, link]) => [id, !link.querySelector("span").hidden]));
  const LACKS = "#treatment-panel > .is-danger, #assessment-missing:not(:empty)";
  const lacks = (part) =>
    [...part.querySelectorAll(LACKS)].some((place) => place.textContent.trim());

  const isDone = (part) =>
    part.matches(".sheet-lazy")
      ? told.get(part.id) && !lacks(part)
      : !part.querySelector(".sheet-notes > li, .sheet-note");

  const markDone = () => {
    for (const [id, link] of links) {
      link.querySelector("span").hidden = !isDone(document.getElementById(id));
    }
  };

  const openFor = (hash) => {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    const folded = target && (target.closest("details") || target.querySelector(".sheet-fold"));
    if (folded) {
      folded.open = true;
    }
  };

  let isAsked = false;
  const markSoon = () => {
    if (!isAsked) {
      isAsked = true;
      requestAnimationFrame(() => {
        isAsked = false;
        markPlace();
      });
    }
  };

  const folded = () => document.querySelectorAll(".sheet-fold:not([open])");
  let opened = [];
  let written = [];

  /* A field of one line cannot be broken into two: on paper its words stand for it. */
  const writeOut = (field) => {
    const words = document.createElement("span");
    words.className = "sheet-printed";
    words.textContent = field.value;
    field.after(words);
    return words;
  };

  if (parts.every(Boolean)) {
    document.addEventListener("scroll", markSoon, { passive: true });
    window.addEventListener("resize", markSoon);
    document.addEventListener("htmx:afterSettle", () => {
      markDone();
      markSoon();
    });
    markPlace();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) {
      openFor(link.hash);
    }
  });
  window.addEventListener("hashchange", () => openFor(location.hash));
  window.addEventListener("beforeprint", () => {
    opened = [...folded()];
    opened.forEach((part) => (part.open = true));
    written = [...document.querySelectorAll("main input[list]")].map(writeOut);
  });
  window.addEventListener("afterprint", () => {
    opened.splice(0).forEach((part) => (part.open = false));
    written.splice(0).forEach((words) => words.remove());
  });
  openFor(location.hash);
})();
