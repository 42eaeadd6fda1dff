/* The hand stays where it was: after every act the same row is at the same height, the focus is where
   the person goes on, and what is said of the act is in view. Without this file pages begin at their
   head, as pages do. */
(() => {
  "use strict";

  const KEY = "mano";
  const SHORT = 60;
  const FRESH = 20000;
  const BOXES = ".map-scroll, .house-scroll";
  const FIELDS = "input:not([type=hidden]), select, textarea, button, a[href], summary";

  const main = () => document.getElementById("contenuto");
  const textOf = (node) => node.textContent.trim().slice(0, SHORT);
  const topOf = (node) => node.getBoundingClientRect().top;

  const isSeen = (node) => {
    const box = node.getBoundingClientRect();
    return box.height > 0 && box.bottom > 0 && box.top < window.innerHeight;
  };

  const kindOf = (node) => node.id.split("-")[0];
  const along = (node, way) => {
    let other = node[way];
    while (other && !(other.id && kindOf(other) === kindOf(node))) other = other[way];
    return other;
  };

  /* by which names the place of a hand is found again: its own, its neighbour's, those around it */
  const namesOf = (node) => {
    const names = [];
    for (let one = node; one && one !== main(); one = one.parentElement) {
      if (!one.id) continue;
      names.push({ id: one.id, top: topOf(one) });
      const next = along(one, "nextElementSibling");
      const last = along(one, "previousElementSibling");
      if (next) names.push({ id: next.id, top: topOf(one) });
      else if (last) names.push({ id: last.id, top: topOf(last) });
    }
    return names;
  };

  const placeOf = (node) => ({
    tag: node.tagName,
    name: node.name || "",
    text: textOf(node),
    top: topOf(node),
    names: namesOf(node),
  });

  /* a button without a name of its own is the one that says the same in the part it stands in */
  const again = (place) => {
    const near = place.names.find(({ id }) => document.getElementById(id));
    const part = near ? document.getElementById(near.id) : main();
    const alike = [...part.querySelectorAll(place.tag)].filter(
      (node) => (node.name || "") === place.name && textOf(node) === place.text,
    );
    if (alike.length === 1) return { node: alike[0], top: place.top };
    return near ? { node: part, top: near.top } : null;
  };

  /* first the box the row is in, then the page */
  const bring = (node, top) => {
    const box = node.closest(BOXES);
    if (box && box.scrollHeight > box.clientHeight + 1) box.scrollTop += topOf(node) - top;
    window.scrollBy({ top: topOf(node) - top, behavior: "instant" });
  };

  const focusIn = (node) => {
    const fields = [node, ...node.querySelectorAll("*")].filter((one) => one.matches(FIELDS));
    const folded = node.closest("details:not([open])")?.querySelector("summary");
    const target = fields.find((one) => one.offsetParent && !one.disabled) || folded;
    target?.focus({ preventScroll: true });
  };

  const handIn = (part) => {
    const hand = document.activeElement;
    return hand && hand !== part && part?.contains(hand) ? hand : null;
  };

  // --- an answer put into the page --------------------------------------------------------------

  const held = new WeakMap();
  const boxes = () => [...document.querySelectorAll(BOXES)];

  document.addEventListener("htmx:beforeSwap", (event) => {
    const hand = handIn(main());
    held.set(event.detail.xhr, {
      hand,
      /* who has scrolled away reads elsewhere: nothing is brought back */
      place: hand && isSeen(hand) ? placeOf(hand) : null,
      scrolled: boxes().map((box) => [box.scrollTop, box.scrollLeft]),
    });
  });

  const scrollBack = (scrolled) => {
    const now = boxes();
    if (now.length !== scrolled.length) return;
    now.forEach((box, n) => {
      [box.scrollTop, box.scrollLeft] = scrolled[n];
    });
  };

  /* the answer led the hand on: to another part that had its height before */
  const goneOn = ({ hand, place }) => {
    const now = handIn(main());
    if (!now || now === hand) return null;
    const around = namesOf(now).map(({ id }) => id);
    const name = place.names.find(({ id }) => around.includes(id));
    return name && { ...name, node: document.getElementById(name.id) };
  };

  document.addEventListener("htmx:afterRequest", (event) => {
    const was = held.get(event.detail.xhr);
    if (!was) return;
    scrollBack(was.scrolled);
    const found = was.place && (goneOn(was) || again(was.place));
    if (found) bring(found.node, found.top);
    if (found && !was.hand.isConnected && !handIn(document.body)) focusIn(found.node);
    const now = handIn(main());
    const isCovered = now && document.querySelector("#fatto > *");
    if (was.place && (now !== was.hand || isCovered)) {
      now?.scrollIntoView({ block: "nearest", behavior: "instant" });
    }
  });

  // --- a page that comes again ------------------------------------------------------------------

  const topsIn = (form) =>
    Object.fromEntries([...(form?.elements || [])].map((field) => [field.name, topOf(field)]));

  /* what one reads from its beginning: where another one comes, the hand goes there with it */
  const begun = () => main()?.querySelector("[data-begins]")?.dataset.begins;

  const remember = (node, form) => {
    const note = { from: location.pathname, at: Date.now(), place: placeOf(node), read: begun() };
    note.tops = topsIn(form);
    sessionStorage.setItem(KEY, JSON.stringify(note));
  };

  /* who takes an act back goes on where they were before they went to the button of its message */
  const UNDO = ".house-undo, #annulla";
  let before = null;
  document.addEventListener("focusout", (event) => {
    if (main()?.contains(event.target) && !event.target.closest(UNDO)) before = event.target;
  });
  const firstSeen = () =>
    [...main().querySelectorAll("tr[id], li[id], section[id]")].find(
      (row) => isSeen(row) && topOf(row) >= 0,
    );
  const handBefore = () => (before?.isConnected && isSeen(before) ? before : firstSeen());

  window.addEventListener("submit", (event) => {
    const pressed = event.submitter || document.activeElement;
    const isElsewhere = !main()?.contains(pressed) || pressed.closest(UNDO);
    const hand = (event.target.matches(UNDO) && isElsewhere && handBefore()) || pressed;
    if (!event.defaultPrevented && main()?.contains(hand)) remember(hand, event.target);
  });

  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || !main()?.contains(link)) return;
    if (link.pathname === location.pathname && !link.hash) remember(link);
  });

  /* what floats at the lower edge lies over no button there: the page goes on as far again */
  const makeRoom = (height) => {
    document.body.style.paddingBottom = height;
    document.documentElement.style.scrollPaddingBottom = height;
  };
  /* what is said at the head of the page is said where the person looks, and to who listens */
  const keepInView = (said) => {
    if (!said || (isSeen(said) && topOf(said) >= 0)) return;
    said.classList.add("is-afloat");
    makeRoom(`${said.offsetHeight}px`);
  };
  const sayFirst = (said) => {
    keepInView(said);
    /* said once: its words are away for a moment, and would not come back */
    if (said.contains(document.activeElement) || !said.hasChildNodes()) return;
    /* what stands there when a page begins is not read out: what comes into it is */
    const words = [...said.childNodes];
    said.style.minHeight = `${said.offsetHeight}px`;
    said.replaceChildren();
    requestAnimationFrame(() => said.replaceChildren(...words));
  };

  /* what stands at the head of the page goes back there, what an answer has said goes away */
  const land = () => {
    const said = document.querySelector(".is-afloat");
    if (said?.closest("#fatto")) said.remove();
    else said?.classList.remove("is-afloat");
    makeRoom("");
  };
  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.requestConfig.verb !== "get") document.getElementById("fatto")?.replaceChildren();
  });
  /* before all others; but in a field the same key takes back what is typed */
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !document.querySelector(".is-afloat")) return;
      if (window.saving.isDirty(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      land();
    },
    true,
  );
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".is-afloat") && !event.target.closest("button")) land();
  });

  /* letters and pictures that come later make rows higher: until the person goes on */
  const settleAgain = (settle) => {
    let hasGoneOn = false;
    for (const name of ["keydown", "pointerdown", "wheel", "touchstart"]) {
      window.addEventListener(name, () => (hasGoneOn = true), { once: true, passive: true });
    }
    const again = () => hasGoneOn || settle();
    window.addEventListener("load", () => document.fonts.ready.then(again));
  };

  const saidFirst = () => main()?.querySelector(":scope > .house-message[role]");

  const sayWhatIsThere = () => {
    const said = main()?.querySelector(":scope > .house-message[role], [role=alert]:not([hidden])");
    if (said) sayFirst(said);
  };

  /* nothing is there of what was pressed: one goes on where the page says, else from its heading */
  const beginAnew = () => {
    const place = main()?.querySelector("[data-goes-on]") || main()?.querySelector("h1");
    /* the browser itself goes where a page asks it to */
    if (!place || handIn(main()) || main().querySelector("[autofocus]")) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  };

  const rowNamed = () => document.getElementById(location.hash.slice(1));

  /* an act on another page has led to the row it has made: one goes on there */
  const arriveAt = (row) => {
    if (!row || !saidFirst()) return;
    const go = () => {
      row.scrollIntoView({ block: "center", behavior: "instant" });
      focusIn(row);
    };
    go();
    sayWhatIsThere();
    /* a browser that comes to the row of the address itself takes the focus away again */
    settleAgain(() => {
      if (!handIn(main())) go();
      keepInView(saidFirst());
    });
  };

  const comeBack = () => {
    const note = JSON.parse(sessionStorage.getItem(KEY) || "null");
    sessionStorage.removeItem(KEY);
    const isFresh = note && Date.now() - note.at <= FRESH;
    if (!isFresh || note.from !== location.pathname) {
      const row = rowNamed();
      arriveAt(row);
      if (isFresh && !row) beginAnew();
      /* done or refused at another address than that of the page it was asked from */
      const isTold = saidFirst() || main()?.querySelector("[role=alert]:not([hidden])");
      if (isFresh && !row && isTold) sayWhatIsThere();
      return;
    }
    if (begun() && begun() !== note.read) {
      main().querySelector("[data-begins]").focus();
      sayWhatIsThere();
      return;
    }
    const wrong = main()?.querySelector("[aria-invalid=true]");
    const found = again(note.place);
    if (!wrong && !found && rowNamed()) {
      arriveAt(rowNamed());
      return;
    }
    const settle = () => {
      if (wrong && wrong.name in note.tops) bring(wrong, note.tops[wrong.name]);
      else if (found) bring(found.node, found.top);
      if (wrong && !isSeen(wrong)) wrong.scrollIntoView({ block: "center", behavior: "instant" });
    };
    settle();
    const take = () => {
      if (wrong || found) focusIn(wrong || found.node);
      beginAnew();
    };
    take();
    sayWhatIsThere();
    settle();
    settleAgain(() => {
      settle();
      if (!handIn(main())) take();
    });
  };

  comeBack();
})();
