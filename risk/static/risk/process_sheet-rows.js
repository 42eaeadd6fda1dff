/* Acts, lists and empty fields of the rows of a sheet, written out when they are opened. */
(() => {
  "use strict";

  /* Acts and lists stand once on the page, for no row: they are written out for the row asked. */
  const NO_ROW = "00000000-0000-0000-0000-000000000000";
  const partsOf = (row) => /^([a-z]+)-(.+)$/.exec(row.closest("li").id).slice(1);
  /* as risk/services/process_sheet/row_keys.py */
  const keyOf = (uid) => {
    const bytes = uid.replaceAll("-", "").slice(0, 12).match(/../g);
    const key = btoa(String.fromCharCode(...bytes.map((byte) => parseInt(byte, 16))));
    return key.replaceAll("+", "-").replaceAll("/", "_");
  };

  const withValues = (text, values) =>
    Object.entries(values).reduce((done, [sign, value]) => done.replaceAll(sign, value), text);

  const writeOut = (link, template, values) => {
    const text = document.getElementById(template).innerHTML;
    const holder = link.parentElement;
    link.insertAdjacentHTML("afterend", withValues(text, values));
    link.remove();
    htmx.process(holder);
  };

  const keep = (button, place, isThere) => {
    if (button && isThere) {
      button.value = place;
    } else {
      button?.remove();
    }
  };

  const addQuestion = (row) => {
    if (!row.querySelector(":scope > .sheet-question")) {
      const place = `<div class="sheet-question" id="domanda-${keyOf(partsOf(row)[1])}"></div>`;
      row.querySelector(":scope > form").insertAdjacentHTML("afterend", place);
    }
  };

  const fillMenu = (menu) => {
    const link = menu?.querySelector(".sheet-fill");
    if (!link) {
      return;
    }
    const [kind, uid] = partsOf(menu);
    addQuestion(menu.closest("li"));
    const name = menu.querySelector("summary").getAttribute("aria-label").split(":")[0];
    writeOut(link, `menu-${kind}`, { [NO_ROW]: uid, "{chiave}": keyOf(uid), "{nome}": name });
    const rows = [...menu.closest("li").parentElement.children];
    const place = rows.indexOf(menu.closest("li")) + 1;
    const isLast = place === rows.length;
    keep(menu.querySelector(".sheet-up"), place - 1, place > 1);
    keep(menu.querySelector(".sheet-down"), place + 1, !isLast);
    if (isLast) {
      menu.querySelector(".sheet-merge")?.remove();
    }
  };

  const textFor = (part, template) => {
    const name = part.closest("form").querySelector(".sheet-key").getAttribute("aria-label");
    return withValues(document.getElementById(template).innerHTML, { "{nome}": name });
  };

  /* Without this file a link leads to the page with the description and all the acts of a row: it
     becomes a menu of the acts, and a place for the description. Both are empty until they open. */
  const makeMenus = () => {
    for (const link of document.querySelectorAll(".sheet-menu:not(details)")) {
      link.insertAdjacentHTML("beforebegin", textFor(link, "menu"));
      const menu = link.previousElementSibling;
      link.className = "sheet-fill";
      menu.querySelector(".sheet-menu-body").append(link);
    }
    for (const cell of document.querySelectorAll("form > .is-title:not(:has(.sheet-more))")) {
      cell.insertAdjacentHTML("beforeend", textFor(cell, "descrizione-chiusa"));
    }
  };

  /* The description of a row that has none yet. */
  const fillDescription = (box) => {
    const values = { "{chiave}": keyOf(partsOf(box)[1]) };
    box.insertAdjacentHTML("beforeend", withValues(textFor(box, "descrizione-vuota"), values));
    box.classList.remove("is-unwritten");
  };

  const fillNewAction = (box, link) => {
    const [, uid] = partsOf(box);
    const number = box.closest("li").querySelector(".sheet-number").textContent;
    const values = { "{chiave}": keyOf(uid), "{numero}": number, "{nuova}": box.dataset.new };
    writeOut(link, "nuova-azione", { [NO_ROW]: uid, ...values });
  };

  const fillMore = (box) => {
    const link = box.querySelector(":scope > .sheet-fill");
    if (box.matches(".is-unwritten")) {
      fillDescription(box);
    } else if (link && box.dataset.new) {
      fillNewAction(box, link);
    } else if (link) {
      fillWords(box, link);
    }
  };

  const fillWords = (box, link) => {
    const [, uid] = partsOf(box);
    writeOut(link, "voci", { "{chiave}": keyOf(uid) });
    for (const name of ["categories", "factors"]) {
      const codes = box.dataset[name].split("\t");
      box.querySelector(`[name="era-${name}"]`).value = box.dataset[name];
      for (const choice of box.querySelectorAll(`[name="${name}"]`)) {
        choice.checked = codes.includes(choice.value);
      }
    }
  };

  /* What was written out for a row is so again where an answer draws the row anew. */
  const ADDED = ":scope > .sheet-more[data-new]";
  const DESCRIBED = ":scope > .sheet-row .sheet-more";
  const MENU = ":scope > .sheet-row .sheet-menu";
  let written = [];

  /* the menu a hand is at, unless what was asked in it is what has been done */
  const menuAt = (row, sender) => {
    const menu = row.querySelector(MENU);
    return menu?.contains(document.activeElement) && !menu.contains(sender) ? menu : null;
  };

  const noteWritten = (event) => {
    const sender = event.detail.requestConfig.elt;
    written = [...document.querySelectorAll(".sheet-rows > li")].map((row) => ({
      id: row.id,
      menu: menuAt(row, sender),
      isAsked: Boolean(row.querySelector(":scope > .sheet-question")),
      isAdded: Boolean(row.querySelector(`${ADDED} > form`)),
      isDescribed: Boolean(row.querySelector(`${DESCRIBED} > [name=description]`)),
    }));
  };

  const goBackTo = (menu, row) => {
    const next = row?.querySelector(MENU);
    if (!menu || menu.isConnected || !next) return;
    next.open = menu.open;
    next.querySelector("summary").focus({ preventScroll: true });
  };

  const writeAgain = () => {
    makeMenus();
    for (const { id, menu, isAsked, isAdded, isDescribed } of written.splice(0)) {
      const row = document.getElementById(id);
      goBackTo(menu, row);
      const parts = [isAdded && ADDED, isDescribed && `${DESCRIBED}.is-unwritten`].filter(Boolean);
      parts.map((part) => row?.querySelector(part)).filter(Boolean).forEach(fillMore);
      if (row && isAsked) {
        addQuestion(row);
      }
    }
  };

  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.(".sheet-menu[open]")) {
        fillMenu(event.target);
      } else if (event.target.matches?.(".sheet-more[open]")) {
        fillMore(event.target);
      }
    },
    true,
  );
  /* an act that had to wait is looked for in the menu of its row */
  document.addEventListener("menu", (event) => {
    fillMenu(event.target.querySelector(".sheet-menu"));
  });
  /* before what was typed is put back, by saving.js */
  document.addEventListener("htmx:beforeSwap", noteWritten, true);
  document.addEventListener("htmx:afterSwap", writeAgain, true);

  /* Without this file all fields belong to one form, and their names say of which row they are. Here
     each is of the form it stands in, under its own name, and the rows have the mark of that form. */
  const giveBack = () => {
    for (const field of document.querySelectorAll("[form=matrice]")) {
      field.removeAttribute("form");
      field.name = field.name.slice(field.name.indexOf(":") + 1);
    }
    const mark = document.querySelector("#matrice > [name=csrfmiddlewaretoken]");
    for (const form of mark ? document.querySelectorAll("form.sheet-row") : []) {
      form.prepend(mark.cloneNode());
    }
  };

  giveBack();
  makeMenus();
  window.sheetRows = { partsOf, keyOf, fillMenu, fillDescription };
})();
