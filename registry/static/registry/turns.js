/* One act after the other. What is asked while another act is under way waits for its answer, and is
   then done where its row is now: the answer may have drawn it anew. */
(() => {
  "use strict";

  const SAVES =
    "[data-saves]:not([data-saves-by-button]), .map-row-form:not(#nuovo), .sheet-row, .sheet-part";
  const line = [];
  let running = null;
  let carried = null;

  const isAct = ({ verb, elt }) => verb !== "get" || elt.matches("[data-keeps-typed]");
  const isText = (field) => window.saving.isField(field) && !/^(radio|checkbox)$/.test(field.type);
  const valuesOf = (elt) =>
    new Map(
      window.saving
        .fieldsSentBy(elt)
        .filter(isText)
        .map((field) => [field.name, field.value]),
    );

  const isToChoose = (elt) => !!elt.querySelector(".house-conflict");
  const handNow = () => ({ node: document.activeElement, id: document.activeElement?.id });

  const actOf = ({ elt, issueRequest, triggeringEvent }) => {
    const submitter = triggeringEvent?.submitter?.name ? triggeringEvent.submitter : null;
    return {
      elt,
      issue: issueRequest,
      type: triggeringEvent?.type,
      submitter,
      isSave: elt.matches(SAVES) && !submitter,
      isChosen: isToChoose(elt),
      values: valuesOf(elt),
      hand: handNow(),
    };
  };

  // --- the line ---------------------------------------------------------------------------------

  const start = (act) => {
    running = act;
    act.isSent = false;
    act.issue(true);
    if (!act.isSent) end();
  };

  const end = () => {
    running = null;
    const next = line.shift();
    if (next) take(next);
  };

  const take = (act) => {
    /* two versions came to be chosen from meanwhile: nobody has seen them when this was asked */
    if (act.isSave && !act.isChosen && isToChoose(act.elt)) return end();
    if (act.elt.isConnected) return start(act);
    const twin = act.isSave ? null : twinOf(act);
    if (twin) {
      carried = act;
      if (twin.matches("button")) twin.click();
      else htmx.trigger(twin, act.type);
      carried = null;
    }
    /* what saves itself has been put back where its row is now, and is saved from there */
    if (!running) end();
  };

  const isSameText = (one, other) =>
    one.values.size > 0 && [...one.values].every(([name, value]) => other.values.get(name) === value);

  /* the same text sent twice from one place, by a key that was pressed twice, is one act */
  const isAgain = (act, other) =>
    other.elt === act.elt && !act.submitter && !other.submitter && isSameText(act, other);

  const wait = (act) => {
    const others = [running, ...line];
    if (act.isSave && line.some((other) => other.elt === act.elt && other.isSave)) return;
    if (!act.isSave && others.some((other) => isAgain(act, other))) return;
    act.after = others.findLast((other) => other.elt === act.elt);
    act.isLate = true;
    line.push(act);
  };

  document.addEventListener("htmx:confirm", (event) => {
    if (event.defaultPrevented || !isAct(event.detail)) return;
    event.preventDefault();
    const act = actOf(event.detail);
    if (carried) {
      Object.assign(act, { hand: carried.hand, isLate: carried.isLate });
      act.values = restOf(carried, act.elt);
      carried = null;
      start(act);
    } else if (running) {
      wait(act);
    } else {
      start(act);
    }
  });

  // --- where it is done now ---------------------------------------------------------------------

  const textOf = (node) => node.textContent.trim();

  const twinOf = ({ elt, submitter }) => {
    const node = submitter || elt;
    const id = node.closest("tr[id], li[id]")?.id;
    const row = id && document.getElementById(id);
    row?.dispatchEvent(new CustomEvent("menu", { bubbles: true }));
    if (node.matches("button")) {
      return [...(row || document).querySelectorAll("button")].find(
        (one) => textOf(one) === textOf(node) && (row || one.id === node.id),
      );
    }
    if (node.id) return document.getElementById(node.id);
    const place = node.getAttribute("action");
    return [...(row || document).querySelectorAll("form")].find(
      (one) => one.getAttribute("action") === place,
    );
  };

  /* what was typed before its turn behind what an earlier act took along */
  const restOf = ({ values, after }, twin) => {
    const fields = window.saving.fieldsSentBy(twin);
    return new Map(
      [...values].map(([name, value]) => {
        const sent = after?.values.get(name) ?? "";
        const isEmpty = fields.some((field) => field.name === name && field.defaultValue === "");
        return [name, isEmpty && value.startsWith(sent) ? value.slice(sent.length) : value];
      }),
    );
  };

  // --- what is pressed --------------------------------------------------------------------------

  /* a box is ticked, a button pressed when the key or the pointer goes up again: where an answer has
     drawn it anew meanwhile, nothing would happen. The answer waits for as long as a press may take */
  const PRESS = 2000;
  const WRITTEN = "textarea, select, input:not([type=checkbox], [type=radio])";
  const answers = [];
  let pressed = null;

  const whenReleased = (go) => (pressed === null ? go() : answers.push(go));

  const release = () => {
    clearTimeout(pressed);
    pressed = null;
    for (const go of answers.splice(0)) setTimeout(go);
  };

  const press = (event) => {
    const isPress = event.type === "pointerdown" || event.key === " ";
    if (!isPress || event.target.matches?.(WRITTEN)) return;
    clearTimeout(pressed);
    pressed = setTimeout(release, PRESS);
  };

  /* the browser does what was pressed after it has told that it went up */
  const releaseSoon = () => {
    const mine = pressed;
    if (mine !== null) setTimeout(() => mine === pressed && release());
  };

  for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, press, true);
  for (const name of ["keyup", "pointerup", "pointercancel", "dragend"]) {
    document.addEventListener(name, releaseSoon, true);
  }
  window.addEventListener("blur", releaseSoon);

  document.addEventListener("htmx:beforeSend", (event) => {
    const { xhr } = event.detail;
    const answer = xhr.onload;
    xhr.onload = () => whenReleased(answer);
  });

  // --- what is sent -----------------------------------------------------------------------------

  const isRunning = (elt) => running && running.elt === elt;

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, formData } = event.detail;
    if (!isRunning(elt) || !running.isLate) return;
    const { submitter, values, isSave } = running;
    if (submitter) formData.set(submitter.name, submitter.value);
    for (const [name, value] of isSave ? [] : values) {
      if (formData.has(name)) formData.set(name, value);
    }
  });

  document.addEventListener("htmx:beforeSend", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!isRunning(requestConfig.elt) || running.isSent) return;
    const act = running;
    act.isSent = true;
    act.xhr = xhr;
    const isOver = () => setTimeout(() => act.isHeld || act !== running || end());
    xhr.addEventListener("loadend", () => whenReleased(isOver));
  });

  /* what a field has sent, where that is not what it says now */
  const sentBy = (field) =>
    running?.isLate && !running.isSave && isText(field) ? running.values.get(field.name) : undefined;

  // --- where the hand was -----------------------------------------------------------------------

  const hands = new WeakMap();
  const moved = new WeakSet();

  document.addEventListener("htmx:beforeSend", (event) => {
    const { xhr, requestConfig } = event.detail;
    hands.set(xhr, isRunning(requestConfig.elt) ? running.hand : handNow());
  });

  /* whoever has gone elsewhere meanwhile is not brought back */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { node, id } = hands.get(event.detail.xhr) || {};
    const now = document.activeElement;
    const isThere = !node || now === node || (id && now?.id === id);
    if (!isThere && now?.closest("main")) moved.add(event.detail.xhr);
  });

  // --- taking back ------------------------------------------------------------------------------

  /* in a text the browser takes back what was typed; elsewhere the last act is taken back */
  document.addEventListener("keydown", (event) => {
    const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
    const form = document.getElementById("annulla");
    if (!isUndo || !form || form.hidden || event.shiftKey || event.altKey) return;
    if (event.target.matches("textarea, input:not([type=radio], [type=checkbox])")) return;
    event.preventDefault();
    form.requestSubmit();
  });

  /* the server says that something was done; what leads on to another address has done something */
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, pathInfo, requestConfig, successful } = event.detail;
    const form = document.getElementById("annulla");
    if (!form || !successful || requestConfig.verb === "get") return;
    const isLedOn = !xhr.responseURL.endsWith(pathInfo.finalRequestPath);
    if (!isLedOn && !xhr.getResponseHeader("X-Act")) return;
    form.hidden = false;
    form.querySelector("button").title = "Ctrl+Z";
  });

  window.turns = {
    isBusy: () => running !== null,
    senders: () => [running, ...line].filter(Boolean).map(({ elt }) => elt),
    sentBy,
    handOf: (xhr) => hands.get(xhr)?.node,
    hasMovedOn: (xhr) => moved.has(xhr),
    /* an act that did not arrive waits where it is, and is sent again or given up */
    hold: () => Object.assign(running || {}, { isHeld: true }),
    again: (act) => {
      act.isHeld = false;
      if (act === running) start(act);
    },
    giveUp: (act) => {
      act.isHeld = false;
      if (act === running) end();
    },
  };
})();
