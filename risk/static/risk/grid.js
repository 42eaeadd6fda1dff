/* Keys, states and pasting of the process map. Without this file all of it is one form. */
(() => {
  "use strict";

  const map = () => document.getElementById("mappa");
  const isCell = (node) => node instanceof Element && node.matches(".map-input");
  const rowOf = (cell) => cell.closest(".map-row");
  const texts = (cell) => cell.tagName !== "SELECT";

  document.documentElement.classList.add("has-grid");

  // --- each row its own form ------------------------------------------------------------------

  /* Without this file all cells belong to one form, and their names begin with the id of that of
     their row. Here each is of that one, under its own name, and the rows have the mark of a form. */
  function giveBack() {
    const whole = document.getElementById("tutte");
    if (!whole) return;
    const mark = whole.querySelector("[name=csrfmiddlewaretoken]");
    for (const form of document.querySelectorAll(".map-row-form:not(#nuovo)")) {
      form.prepend(mark.cloneNode());
    }
    for (const menu of document.querySelectorAll(".map-menu[open]")) fillMenu(menu.closest("tr"));
    for (const field of document.querySelectorAll("[form=tutte]")) {
      const [id, name] = field.tagName === "BUTTON" ? [field.value, ""] : field.name.split(":");
      field.name = name;
      if (document.getElementById(id)) field.setAttribute("form", id);
      else field.removeAttribute("form");
    }
    whole.remove();
    document.querySelector("#mappa .house-save-all").remove();
  }

  // --- moving about ---------------------------------------------------------------------------

  function enter(cell) {
    if (!cell) return false;
    cell.focus();
    if (texts(cell)) cell.select();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  function vertical(cell, step) {
    const rows = [...map().querySelectorAll(".map-row")];
    const row = rows[rows.indexOf(rowOf(cell)) + step];
    return enter(row && row.querySelector(`.map-input[name="${cell.name}"]`));
  }

  function sideways(cell, step) {
    const cells = [...rowOf(cell).querySelectorAll(".map-input")];
    return enter(cells[cells.indexOf(cell) + step]);
  }

  function atEdge(cell, step) {
    if (!texts(cell)) return true;
    const edge = step < 0 ? 0 : cell.value.length;
    const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    return whole || (cell.selectionStart === edge && cell.selectionEnd === edge);
  }

  function isTall(cell) {
    const lineHeight = parseFloat(getComputedStyle(cell).lineHeight);
    return cell.tagName === "TEXTAREA" && cell.clientHeight > lineHeight * 2;
  }

  // The acts stand once on the page, for no row: they are written out for the row that is asked.
  function fillMenu(row) {
    const menu = row.querySelector(".map-menu");
    const link = menu && menu.querySelector(".map-menu-box:not([hx-target])");
    if (!link) return;
    const acts = document.getElementById("menu-riga").innerHTML;
    link.outerHTML = acts.replaceAll("00000000-0000-0000-0000-000000000000", row.dataset.row);
    htmx.process(menu);
  }

  // An act that had to wait is looked for in the menu of its row.
  document.addEventListener("menu", (event) => {
    if (event.target.matches(".map-row")) fillMenu(event.target);
  });

  function press(row, act) {
    fillMenu(row);
    const button = row.querySelector(`[data-act="${act}"]`);
    if (!button) return false;
    button.click();
    return true;
  }

  // What is typed in a title stands before its link until it is saved.
  document.addEventListener("input", (event) => {
    const cell = event.target;
    if (isCell(cell) && cell.name === "title") cell.closest("td").classList.add("is-typed");
  });

  const isNew = (cell) => rowOf(cell).classList.contains("map-new");

  // What is saved: what stood there first, unless the page or an answer says otherwise.
  function savedIn(cell) {
    if (cell.dataset.saved !== undefined) return cell.dataset.saved;
    if (texts(cell)) return cell.defaultValue;
    return ([...cell.options].find((option) => option.defaultSelected) || cell.options[0]).value;
  }

  function restore(cell) {
    if (isNew(cell) || cell.value === savedIn(cell)) return false;
    cell.value = savedIn(cell);
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  function enterKey(cell) {
    if (isNew(cell)) {
      cell.form.requestSubmit();
      return true;
    }
    return vertical(cell, 1);
  }

  const steps = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 };

  function arrow(event, cell) {
    const step = steps[event.key];
    const upDown = event.key === "ArrowUp" || event.key === "ArrowDown";
    if (upDown && event.altKey) {
      cell.blur();
      const moved = press(rowOf(cell), step < 0 ? "up" : "down");
      cell.focus();
      return moved;
    }
    if (event.altKey) return false;
    if (upDown) return (!isTall(cell) || atEdge(cell, step)) && vertical(cell, step);
    return atEdge(cell, step) && sideways(cell, step);
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!isCell(cell) || event.isComposing || event.shiftKey) return;
    let done = false;
    if (event.key in steps && !event.ctrlKey && !event.metaKey) done = arrow(event, cell);
    else if (event.key === "Enter") done = enterKey(cell);
    else if (event.key === "Escape") done = restore(cell);
    else if (event.key.toLowerCase() === "d" && (event.ctrlKey || event.metaKey)) {
      cell.blur();
      done = press(rowOf(cell), "duplicate");
    }
    if (done) event.preventDefault();
  });

  // --- the menu of a row ----------------------------------------------------------------------

  // On the last rows it opens upwards: below, one would have to scroll the table to reach it.
  function place(menu) {
    const box = menu.querySelector(".map-menu-box");
    box.classList.remove("is-upward");
    const region = menu.closest(".map-scroll").getBoundingClientRect();
    const head = menu.closest("table").tHead.getBoundingClientRect();
    const { bottom, height } = box.getBoundingClientRect();
    const room = menu.closest("td").getBoundingClientRect().top - Math.max(head.bottom, 0);
    const isCut = bottom > Math.min(region.bottom, window.innerHeight);
    box.classList.toggle("is-upward", isCut && room >= height);
    box.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function closeMenus(kept) {
    for (const menu of document.querySelectorAll(".map-menu[open]")) {
      if (menu !== kept) menu.open = false;
    }
  }

  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!(menu instanceof Element) || !menu.matches(".map-menu[open]")) return;
      closeMenus(menu);
      fillMenu(menu.closest("tr"));
      place(menu);
    },
    true,
  );

  document.addEventListener("click", (event) => closeMenus(event.target.closest(".map-menu")));

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest(".map-menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // --- saving ---------------------------------------------------------------------------------

  function stateOf(form) {
    return document.getElementById(`stato-${rowOf(form).dataset.row}`);
  }

  // The mark goes away with the element itself, which every good answer replaces.
  function say(form, text, kind, waiting) {
    const state = stateOf(form);
    if (!state) return;
    state.textContent = text;
    state.className = `map-state ${kind}`;
    state.toggleAttribute("data-waiting", waiting);
  }

  const isRowForm = (node) => node instanceof Element && node.matches(".map-row-form:not(#nuovo)");

  document.addEventListener("change", (event) => {
    const cell = event.target;
    if (isCell(cell) && isRowForm(cell.form)) cell.form.requestSubmit();
  });

  const cellsOf = (form) => document.querySelectorAll(`.map-input[form="${form.id}"]`);

  function rowFormOf(sender) {
    if (isRowForm(sender)) return sender;
    const below = sender instanceof Element && sender.closest(".map-below");
    return below && document.querySelector(`#${below.id.replace("sotto-", "r-")} .map-row-form`);
  }

  // An answer says what is wrong where there is a place for it: made now, not for all the cells.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = rowFormOf(event.detail.requestConfig.elt);
    if (!form) return;
    for (const cell of cellsOf(form)) {
      if (cell.hasAttribute("aria-describedby")) continue;
      const note = document.createElement("span");
      note.id = cell.id.replace("c-", "e-");
      cell.after(note);
      cell.setAttribute("aria-describedby", note.id);
    }
    const below = document.createElement("tr");
    below.id = `sotto-${rowOf(form).dataset.row}`;
    if (!document.getElementById(below.id)) form.closest("tr").after(below);
  });

  document.addEventListener("htmx:beforeSend", (event) => {
    const form = event.detail.elt;
    if (!isRowForm(form)) return;
    for (const cell of cellsOf(form)) {
      cell.dataset.sent = cell.value;
    }
    say(form, "Salvataggio…", "", true);
  });

  // The answer says what is saved now: an input nobody touched meanwhile takes it over.
  function settle(form) {
    for (const cell of cellsOf(form)) {
      const error = document.getElementById(cell.getAttribute("aria-describedby"));
      if (!error) continue;
      // an error is text of its own; a warning is an element, beside what is saved
      const isWrong = error.firstChild?.nodeType === Node.TEXT_NODE;
      if (isWrong) cell.setAttribute("aria-invalid", "true");
      else cell.removeAttribute("aria-invalid");
      if (error.dataset.saved === undefined) continue;
      const untouched = cell.value === cell.dataset.sent || error.dataset.force !== undefined;
      cell.dataset.saved = error.dataset.saved;
      if (untouched && cell.value !== error.dataset.saved) cell.value = error.dataset.saved;
      const isSaved = cell.value === error.dataset.saved;
      if (cell.name === "title") cell.closest("td").classList.toggle("is-typed", !isSaved);
    }
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    // the element of the event is another one when the answer has replaced the form itself
    const form = event.detail.requestConfig.elt;
    // no answer says nothing of what is saved: what was typed stays
    const { successful } = event.detail;
    if (isRowForm(form)) {
      if (successful) settle(form);
      const state = stateOf(form);
      // an answer that says nothing about the row is no answer: failures.js says why
      if (state && state.hasAttribute("data-waiting")) say(form, "Non salvato", "is-refused", false);
    } else if (successful && rowFormOf(form)) {
      settle(rowFormOf(form));
    }
  });

  // --- the grid drawn again -------------------------------------------------------------------

  document.addEventListener("htmx:afterSettle", (event) => {
    const grid = map();
    if (!grid || event.detail.elt.id !== "mappa") return;
    if (window.turns.hasMovedOn(event.detail.xhr)) return;
    const wanted = grid.dataset.focus && document.getElementById(grid.dataset.focus);
    if (wanted) enter(wanted);
  });

  // --- pasting --------------------------------------------------------------------------------

  document.addEventListener("paste", (event) => {
    const grid = event.target instanceof Element && event.target.closest("#mappa");
    const link = document.querySelector("a[data-paste]");
    if (!grid || !link) return;
    const text = event.clipboardData.getData("text/plain");
    if (!text.replace(/[\t\r\n]+$/, "").includes("\t")) return;
    event.preventDefault();
    const form = document.getElementById("incolla");
    form.elements.testo.value = text;
    // the block begins with the column it is pasted into
    form.elements.inizio.value = isCell(event.target) ? event.target.name : "";
    form.elements.riga.value = event.target.closest(".map-row[id^=r-]")?.id.slice(2) ?? "";
    form.requestSubmit();
  });

  giveBack();
})();
