/* Nothing typed is lost: fields save themselves when they are left, and no page is left in silence
   with something in it that is not saved. Without this file each page has a button for all of it. */
(() => {
  "use strict";

  const REST = 600;
  const RADIO = "radio";
  const waiting = new Map();
  const sent = new WeakMap();
  let leaving = null;
  /* the button that is leading to another page: an act pressed twice is asked for once */
  let pressed = null;

  const voice = () => document.getElementById("voce");
  const isTick = (field) => field.type === RADIO || field.type === "checkbox";
  const isField = (field) =>
    field.matches?.("input, select, textarea") &&
    field.name &&
    !field.disabled &&
    !field.multiple &&
    !/^(hidden|submit|button|password|file)$/.test(field.type);
  const even = (text) => text.replace(/\r\n?/g, "\n");

  const valueOf = (field) => (isTick(field) ? String(field.checked) : field.value);

  const savedIn = (field) => {
    if (field.dataset.saved !== undefined) return even(field.dataset.saved);
    if (isTick(field)) return String(field.defaultChecked);
    if (field.tagName !== "SELECT") return even(field.defaultValue);
    const first = [...field.options].find((option) => option.defaultSelected) || field.options[0];
    return first ? first.value : "";
  };

  const setSaved = (field, value) => {
    delete field.dataset.saved;
    if (isTick(field)) field.defaultChecked = value === "true";
    else if (field.tagName !== "SELECT") field.defaultValue = value;
    else for (const option of field.options) option.defaultSelected = option.value === value;
  };

  const isDirty = (field) => isField(field) && even(valueOf(field)) !== savedIn(field);

  // --- what a page holds that is not saved ------------------------------------------------------

  const REFUSED = "[aria-invalid=true], .house-conflict, [data-unsaved]";
  /* a warning is an element in the line of an error, which then has no text of its own */
  const isError = (line) =>
    line.firstChild?.nodeType === Node.TEXT_NODE && line.textContent.trim() !== "";
  /* asked of the attribute: a field named "method" hides what the form says of itself */
  const isKept = (form) =>
    form.getAttribute("method") === "post" &&
    form.id !== "changelist-form" &&
    form.closest("main") &&
    !form.querySelector("[type=password]");
  const controls = (form) => [...form.elements];
  const isRefused = (form) =>
    form.matches(REFUSED) ||
    (controls(form).some(isField) &&
      (form.querySelector(REFUSED) ||
        controls(form).some((field) => field.matches(REFUSED)) ||
        [...form.querySelectorAll(".house-field-error")].some(isError)));
  const dirtyIn = (form) => controls(form).filter(isDirty);

  /* two forms of one text: who sends either leaves nothing, unless the other was changed */
  const isSame = (form, other) =>
    other?.dataset.unsaved !== undefined && other.dataset.unsaved === form.dataset.unsaved;

  const unsavedForms = (but) =>
    [...document.forms].filter(
      (form) =>
        form !== but &&
        isKept(form) &&
        (dirtyIn(form).length || (isRefused(form) && !isSame(form, but))),
    );

  const isIdle = () => !window.turns.isBusy() && !waiting.size;
  const isSaving = (part) =>
    [...waiting.keys(), ...window.turns.senders()].some((block) => part.contains(block));

  // --- a block that saves itself ----------------------------------------------------------------

  const blockOf = (field) => field.closest?.("[data-saves]");
  const fieldsOf = (block) => [...block.querySelectorAll("input, select, textarea")].filter(isField);
  const noteOf = (field) => {
    const id = field.id.replace(/_\d+$/, "");
    return document.getElementById(`${field.id}_note`) || document.getElementById(`${id}_note`);
  };

  const save = (block) => {
    clearTimeout(waiting.get(block));
    waiting.delete(block);
    if (block.isConnected) htmx.trigger(block, "salva");
  };

  const saveLater = (block) => {
    clearTimeout(waiting.get(block));
    waiting.set(block, setTimeout(() => save(block), REST));
  };

  /* a row to add is sent by its button: until then nothing of it is a row */
  const savesItself = (block) => block && block.dataset.savesByButton === undefined;

  document.addEventListener("change", (event) => {
    const block = blockOf(event.target);
    if (!savesItself(block) || event.target.closest(".house-conflict")) return;
    /* arrows go through the choices: the one that stays is meant */
    if (event.target.type === RADIO) saveLater(block);
    else save(block);
  });

  document.addEventListener("focusout", (event) => {
    const block = blockOf(event.target);
    if (waiting.has(block) && event.relatedTarget?.name !== event.target.name) save(block);
  });

  const saveWhole = (form) => {
    const blocks = new Set(controls(form).filter(isDirty).map(blockOf).filter(Boolean));
    for (const field of controls(form)) {
      if (field.closest(".house-conflict")) blocks.add(blockOf(field));
    }
    for (const block of blocks) save(block);
    if (!blocks.size) voice().textContent = voice().dataset.saved;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-saves-whole], [data-saves]")) return;
    event.preventDefault();
    const block = blockOf(form) || (event.submitter && blockOf(event.submitter));
    if (block) save(block);
    else saveWhole(form);
  });

  document.addEventListener("keydown", (event) => {
    const block = blockOf(event.target);
    const isEnter = event.key === "Enter" && event.target.matches("input") && !event.isComposing;
    if (!block || !isEnter || isTick(event.target)) return;
    event.preventDefault();
    save(block);
  });

  // --- what is sent, and what the answer says of it ---------------------------------------------

  const fieldsSentBy = (elt) => {
    const form = elt.matches("form") ? elt : elt.form || elt.closest("form");
    return elt.matches("[data-saves]:not(form)") ? fieldsOf(elt) : form ? controls(form) : [];
  };

  const isSave = (event) => event.detail.requestConfig.verb !== "get";
  const senderOf = (event) => event.detail.requestConfig.elt;

  document.addEventListener("htmx:beforeSend", (event) => {
    if (!isSave(event)) return;
    for (const field of fieldsSentBy(senderOf(event))) {
      sent.set(field, window.turns.sentBy(field) ?? valueOf(field));
    }
  });

  const take = (field, saved) => {
    const isUntouched = valueOf(field) === sent.get(field);
    let value = even(saved);
    if (field.type === RADIO) value = String(saved === field.value);
    else if (isTick(field)) value = String(saved.split(" ").includes(field.value));
    setSaved(field, value);
    if (!isUntouched || valueOf(field) === value) return;
    if (isTick(field)) field.checked = value === "true";
    else field.value = value;
  };

  const describe = (field, note) => {
    const ids = new Set((field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
    field.setAttribute("aria-describedby", [...ids.add(note.id)].join(" "));
  };

  const settle = (block) => {
    for (const field of fieldsOf(block)) {
      const note = noteOf(field);
      if (!note) continue;
      if (note.querySelector(".house-field-error")) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      describe(field, note);
      if (note.dataset.saved !== undefined) take(field, note.dataset.saved);
    }
  };

  /* where a person goes on: at what is wrong, else in the first field of the row to add */
  const goOn = (block) => {
    const fields = block ? fieldsOf(block) : [];
    const field = fields.find((one) => one.matches("[aria-invalid=true]")) || fields[0];
    (field || block?.querySelector("summary"))?.focus({ preventScroll: true });
  };

  /* whoever has typed the next row meanwhile, and is at its button again, presses that */
  const isAtNext = (block) =>
    window.saving.isUnsaved(block) && !block.querySelector("[aria-invalid=true]");

  let following = null;

  document.addEventListener("htmx:beforeSend", (event) => {
    const block = blockOf(senderOf(event));
    following = block && block !== senderOf(event) ? block.nextElementSibling : null;
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const block = blockOf(senderOf(event));
    if (!isSave(event) || !event.detail.successful) return;
    if (block?.isConnected) settle(block);
    else if (window.turns.hasMovedOn(event.detail.xhr)) return;
    else if (!block || savesItself(block)) goOn(following);
    else {
      const next = document.getElementById(block.id);
      if (!next || !isAtNext(next)) goOn(next);
    }
  });

  /* an answer without notes says by an event of its own that all of a form is saved */
  document.addEventListener("salvato", (event) => {
    for (const field of fieldsSentBy(event.target)) {
      if (isField(field) && sent.has(field)) setSaved(field, sent.get(field));
    }
  });

  // --- what an answer draws anew ----------------------------------------------------------------

  const ASKED = ".sheet-question, .map-menu";
  let typed = [];
  let again = [];
  let asked = [];
  let hand = null;

  /* typed, and not gone with this act: beside what it sent, or after it was sent */
  const isLeft = (field, gone) =>
    isDirty(field) && !(gone.has(field) && sent.get(field) === valueOf(field));

  document.addEventListener("htmx:beforeSwap", (event) => {
    typed = [];
    asked = [];
    hand = null;
    if (!isSave(event) && !senderOf(event).matches("[data-keeps-typed]")) return;
    if (isField(document.activeElement)) hand = document.activeElement;
    asked = [...document.querySelectorAll(ASKED)]
      .filter((part) => !part.contains(senderOf(event)) && window.saving.isUnsaved(part))
      .map((part) => ({ part, row: part.closest("[id]").id, hand: handIn(part) }));
    const gone = new Set(fieldsSentBy(senderOf(event)));
    typed = [...document.querySelectorAll("main input, main select, main textarea")]
      .filter((field) => isLeft(field, gone))
      .map((field) => ({ field, value: valueOf(field), at: caretOf(field), gone: gone.has(field) }));
  });

  const handIn = (part) => (part.contains(document.activeElement) ? document.activeElement : null);
  const caretOf = (field) => (field === document.activeElement ? field.selectionStart : null);

  /* a row to add has gone: what was typed behind it is the beginning of the next */
  const restOf = ({ field, value, gone }, next) => {
    const before = gone && !isTick(field) && savedIn(next) === "" ? sent.get(field) : "";
    return value.startsWith(before) ? value.slice(before.length) : value;
  };

  /* behind a row that was added one goes on in the next; a tick of many stands for its value */
  const nextOf = (field) => {
    const block = blockOf(field);
    if (block && !savesItself(block)) {
      const next = document.getElementById(block.id);
      return next && fieldsOf(next)[fieldsOf(block).indexOf(field)];
    }
    if (field.id) return document.getElementById(field.id);
    const form = field.form?.id && document.getElementById(field.form.id);
    const isSame = (one) => one.name === field.name && one.value === field.value;
    return form && controls(form).find(isSame);
  };

  const putBack = (one) => {
    const next = nextOf(one.field);
    if (one.field.isConnected || !next || !isField(next) || next.type !== one.field.type) return;
    const value = restOf(one, next);
    if (valueOf(next) === value) return;
    if (isTick(next)) next.checked = value === "true";
    else next.value = value;
    if (Number.isInteger(one.at)) {
      const at = one.at - (one.value.length - value.length);
      next.setSelectionRange(Math.max(0, at), Math.max(0, at));
    }
    for (let box = next.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    next.dispatchEvent(new Event("input", { bubbles: true }));
    again.push(next);
  };

  /* what was asked of a row, opened and typed in, goes on where the row is now */
  const askOn = ({ part, row, hand }) => {
    const now = document.getElementById(row);
    const place = now?.matches(ASKED) ? now : now?.querySelector(ASKED);
    if (part.isConnected || !place) return;
    place.replaceWith(part);
    htmx.process(part);
    hand?.focus({ preventScroll: true });
  };

  document.addEventListener("htmx:afterSwap", () => {
    const isGone = hand && !hand.isConnected;
    if (isGone) nextOf(hand)?.focus({ preventScroll: true });
    hand = null;
    asked.splice(0).forEach(askOn);
    typed.splice(0).forEach(putBack);
  });

  /* what saves itself when it is left is left by being drawn anew */
  document.addEventListener("htmx:afterSettle", () => {
    for (const field of again.splice(0)) {
      if (isDirty(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  /* what saves itself and was refused for a reason that has gone is saved again */
  const saveAgain = () => {
    for (const field of document.querySelectorAll("main input, main select, main textarea")) {
      if (isDirty(field)) field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  /* what a field holds is kept elsewhere: it may be left */
  const handOver = (field) => {
    setSaved(field, valueOf(field));
    field.removeAttribute("aria-invalid");
    const lines = field.closest(".house-field").querySelectorAll(".house-field-error");
    for (const line of lines) line.replaceChildren();
  };

  window.saving = {
    handOver,
    isField,
    isDirty,
    isKept,
    isSaving,
    isUnsaved: (part) => [...part.querySelectorAll("*")].some(isDirty),
    blockOf,
    dirtyIn: (block) => fieldsOf(block).filter(isDirty),
    fieldsSentBy,
    hasUnsaved: () => unsavedForms().length > 0,
    noteOf,
    saveAgain,
  };

  // --- leaving ----------------------------------------------------------------------------------

  const whenIdle = (act) => {
    for (const block of [...waiting.keys()]) save(block);
    const look = () => (isIdle() ? act() : setTimeout(look, 30));
    setTimeout(look);
  };

  const isPlain = (event) =>
    event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]:not([download], [target], [hx-get])");
    if (!link || !isPlain(event) || event.defaultPrevented || isIdle()) return;
    if (link.pathname === location.pathname && link.hash) return;
    event.preventDefault();
    whenIdle(() => link.click());
  });

  /* what is drawn anew would take along what is typed in it: its saves first, then a question */
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, verb, target, issueRequest } = event.detail;
    if (verb !== "get" || !elt.matches("a") || !target?.querySelector("[data-saves]")) return;
    event.preventDefault();
    whenIdle(() => {
      if (!window.saving.isUnsaved(target) || window.confirm(voice().dataset.lose)) {
        issueRequest(true);
      }
    });
  });

  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (!isIdle()) {
      event.preventDefault();
      whenIdle(() => form.requestSubmit(event.submitter));
      return;
    }
    const press = event.submitter || form;
    if (pressed === press) return event.preventDefault();
    if (form.getAttribute("method") === "post") pressed = press;
    leaving = form;
    setTimeout(() => (leaving = null), 1000);
    /* an answer that is a file leaves the page as it is: its button can be pressed again */
    setTimeout(() => (pressed = null), 5000);
  });
  window.addEventListener("pageshow", () => (pressed = null));

  window.addEventListener("beforeunload", (event) => {
    for (const block of [...waiting.keys()]) save(block);
    if (!isIdle() || unsavedForms(leaving).length) event.preventDefault();
  });
})();
