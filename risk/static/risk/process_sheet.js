/* The process sheet by keyboard: the page works without it, only with more buttons. */
(() => {
  "use strict";

  document.documentElement.classList.add("sheet-scripted");
  const canGrow = CSS.supports("field-sizing", "content");
  const { partsOf, keyOf, fillMenu, fillDescription } = window.sheetRows;
  let lastCaret = null;

  const GROWS = ".sheet-grows, .sheet-key";
  const grow = (box) => {
    if (!canGrow) {
      box.rows = Math.min(40, Math.max(Number(box.dataset.rows || 1), box.value.split("\n").length));
    }
  };

  /* The matrix is one stop of the Tab key; arrows move inside it. */
  const boxes = () => [...document.querySelectorAll(".sheet-matrix input:enabled")];
  const rove = (chosen) => {
    for (const box of boxes()) {
      box.tabIndex = -1;
    }
    if (chosen) {
      chosen.tabIndex = 0;
    }
  };

  const moveInMatrix = (box, key) => {
    const cell = box.closest("td");
    const row = cell.parentElement;
    const column = cell.cellIndex;
    const cells = [...row.cells];
    const rows = [...row.parentElement.rows];
    const above = rows.slice(0, row.sectionRowIndex).reverse();
    const below = rows.slice(row.sectionRowIndex + 1);
    const ways = {
      ArrowLeft: cells.slice(0, column).reverse(),
      ArrowRight: cells.slice(column + 1),
      ArrowUp: above.map((other) => other.cells[column]),
      ArrowDown: below.map((other) => other.cells[column]),
      Home: cells,
      End: [...cells].reverse(),
    };
    /* boxes that are not this person's to tick are passed over */
    const target = ways[key].map((other) => other.querySelector("input:enabled")).find(Boolean);
    if (target) {
      rove(target);
      target.focus();
    }
  };

  /* What is sent is what the matrix says when its turn comes, and a box is saved when the answer says
     so: it may stand in another matrix by then. */
  let boxesSent = null;
  let isAsked = false;
  const isChanged = (box) => box.checked !== box.defaultChecked;
  const valuesOf = (some) => some.map((box) => box.value);

  const saveBoxes = () => {
    if (isAsked) {
      return;
    }
    isAsked = true;
    const sheet = document.getElementById("foglio");
    /* from outside the form, or htmx would send all its boxes too */
    htmx.ajax("POST", sheet.dataset.matrix, {
      source: sheet,
      target: "#errore-matrice",
      swap: "innerHTML",
    });
  };

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (elt.id !== "foglio") {
      return;
    }
    isAsked = false;
    const changed = boxes().filter(isChanged);
    if (!changed.length) {
      event.preventDefault();
      return;
    }
    const form = document.getElementById("matrice");
    parameters.csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
    parameters.copre = valuesOf(changed.filter((box) => box.checked));
    parameters.era = valuesOf(changed.filter((box) => !box.checked));
    boxesSent = new Map(changed.map((box) => [box.value, box.checked]));
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.elt.id !== "foglio" || !event.detail.successful) {
      return;
    }
    const refusal = document.getElementById("errore-matrice");
    if (!refusal || refusal.textContent.trim()) {
      return;
    }
    for (const box of boxes().filter((one) => boxesSent.has(one.value))) {
      box.defaultChecked = boxesSent.get(box.value);
    }
    const covered = boxes().filter((box) => box.defaultChecked);
    document.getElementById("matrice").elements.era.value = valuesOf(covered).join(" ");
  });

  const focusNext = (box) => {
    const list = [...document.querySelectorAll(`.sheet-key, .sheet-new textarea`)].filter(
      (other) => other.offsetParent !== null,
    );
    list[list.indexOf(box) + 1]?.focus();
  };

  /* What is wrong is said where there is a place for it: made now, not for all the fields. */
  const makeErrors = (event) => {
    const form = event.detail.requestConfig.elt;
    if (!(form instanceof Element) || !form.matches("form.sheet-row")) {
      return;
    }
    const [, uid] = partsOf(form);
    form.querySelectorAll(".is-unwritten").forEach(fillDescription);
    for (const name of ["title", "text", "description", "executor_role", "executor_office"]) {
      const field = form.elements[name];
      if (field && !field.hasAttribute("aria-describedby")) {
        const line = document.createElement("p");
        line.id = `errore-${keyOf(uid)}-${name}`;
        line.className = "house-field-error";
        field.after(line);
        field.setAttribute("aria-describedby", line.id);
      }
    }
  };

  const onKey = (event) => {
    const box = event.target;
    if (box.matches(".sheet-matrix input") && /^(Arrow|Home|End)/.test(event.key)) {
      event.preventDefault();
      moveInMatrix(box, event.key);
      return;
    }
    const form = box.closest("form");
    if (!form?.closest(".sheet")) {
      return;
    }
    if (event.ctrlKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      fillMenu(form.querySelector(".sheet-menu"));
      const way = form.querySelector(event.key === "ArrowUp" ? ".sheet-up" : ".sheet-down");
      if (way) {
        event.preventDefault();
        /* a click, because htmx sends the name of the button that was clicked */
        way.click();
      }
    } else if (event.key === "Enter" && !event.shiftKey && box.matches(".sheet-key")) {
      event.preventDefault();
      focusNext(box);
    } else if (event.key === "Enter" && !event.shiftKey && box.matches(".sheet-new textarea")) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      const menu = box.closest(".sheet-menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (box.matches("input, textarea") && box.value !== box.defaultValue) {
        box.value = box.defaultValue;
      }
    }
  };

  const markErrors = () => {
    for (const line of document.querySelectorAll(".house-field-error[id]")) {
      const field = document.querySelector(`[aria-describedby~="${line.id}"]`);
      if (field && line.textContent.trim()) {
        field.setAttribute("aria-invalid", "true");
      } else {
        field?.removeAttribute("aria-invalid");
      }
    }
  };

  /* A part loaded later is drawn again when the sheet changes, but never over words not saved; where
     they are being saved, when the answer has told whether they are. */
  const drawAgain = (part) => {
    if (window.saving.isSaving(part)) {
      setTimeout(() => drawAgain(part), 30);
    } else {
      htmx.trigger(part, "sheet-again");
    }
  };

  const keepTyped = (event) => {
    const part = event.detail.requestConfig.elt;
    if (!part?.matches(".sheet-lazy")) {
      return;
    }
    if (window.saving.isSaving(part)) {
      event.preventDefault();
      drawAgain(part);
    } else if (window.saving.isUnsaved(part)) {
      event.preventDefault();
    }
  };

  const settle = (event) => {
    const target = event.detail.target;
    markErrors();
    document.querySelectorAll(GROWS).forEach(grow);
    if (target.classList.contains("sheet-lazy-body")) {
      return;
    }
    if (target.classList.contains("sheet-question") && !window.turns.hasMovedOn(event.detail.xhr)) {
      target.querySelector("input:not([type=hidden]), textarea, button")?.focus();
    }
    if (target.id === "fasi") {
      rove(boxes()[0]);
      for (const part of document.querySelectorAll(".sheet-lazy")) {
        htmx.trigger(part, "sheet-again");
      }
    }
  };

  /* What is saved may change how a copy stands to the edition before, which is told above the sheet. */
  document.addEventListener("htmx:afterRequest", (event) => {
    const standing = document.querySelector("#riconferma-stato[hx-get]");
    if (standing && event.detail.successful && event.detail.requestConfig.verb !== "get") {
      htmx.trigger(standing, "sheet-again");
    }
  });

  /* A block copied from a spreadsheet goes to the page that shows what becomes of it, from the row and
     the field it is pasted into. */
  const PASTED_INTO = ["title", "executor_role", "executor_office"];
  const paste = (event) => {
    const box = event.target;
    const link = document.querySelector('#fasi a[href$="/fasi/incolla/"]');
    const row = box.closest(".sheet-row") && box.closest("li");
    const isPhase = row ? row.id.startsWith("fase-") : box.id === "nuova-fase";
    const text = event.clipboardData.getData("text/plain").replace(/[\t\r\n]+$/, "");
    if (!link || !isPhase || !PASTED_INTO.includes(box.name) || !/[\t\n]/.test(text)) {
      return;
    }
    event.preventDefault();
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: link.href, enctype: "multipart/form-data" });
    const told = {
      csrfmiddlewaretoken: box.form.elements.csrfmiddlewaretoken.value,
      testo: text,
      inizio: box.name,
      riga: row ? partsOf(box)[1] : "",
    };
    for (const [name, value] of Object.entries(told)) {
      const field = document.createElement("textarea");
      Object.assign(field, { name, value });
      form.append(field);
    }
    form.hidden = true;
    document.body.append(form);
    form.requestSubmit();
  };

  document.addEventListener("paste", paste);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", (event) => {
    if (event.target.matches(".sheet-matrix input")) {
      saveBoxes();
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches(GROWS)) {
      grow(event.target);
    }
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches(".sheet-key")) {
      lastCaret = { box: event.target, at: event.target.selectionStart };
    }
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".sheet-matrix input")) {
      rove(event.target);
    }
  });
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest(".sheet-question .sheet-cancel");
    if (cancel) {
      event.preventDefault();
      const row = cancel.closest("li");
      cancel.closest(".sheet-question").replaceChildren();
      row.querySelector(".sheet-key")?.focus();
    }
    for (const menu of document.querySelectorAll(".sheet-menu[open]")) {
      if (!menu.contains(event.target) || event.target.closest("a")) {
        menu.open = false;
      }
    }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    /* a phase is cut where the caret was */
    const row = event.target.closest("li");
    if (event.target.matches(".sheet-split") && row?.contains(lastCaret?.box)) {
      event.detail.parameters.taglio = lastCaret.at;
    }
  });
  document.addEventListener("htmx:beforeRequest", keepTyped);
  /* and not over what was typed while the answer was on its way */
  document.addEventListener("htmx:beforeSwap", keepTyped);
  document.addEventListener("htmx:beforeSwap", makeErrors);
  document.addEventListener("htmx:afterSettle", settle);
  rove(boxes()[0]);
  document.querySelectorAll(GROWS).forEach((box) => {
    box.dataset.rows = box.rows;
    grow(box);
  });
})();
