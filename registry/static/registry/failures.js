/* No act fails in silence: what was not done is said beside the hand, with its reason, and what was
   typed stays. Whoever was signed out meanwhile signs in in another tab, and goes on in this one. */
(() => {
  "use strict";

  const STALE = 5 * 60 * 1000;
  const REASONS = { 0: "unsent", 400: "large", 413: "large", 403: "refused", 404: "gone", 429: "often", 503: "busy" };
  const UNREACHED = [502, 504];

  const voice = () => document.getElementById("voce");
  const words = () => voice().dataset;
  const sentence = (name) => `${words().not} ${words()[name]} ${words().still}`;
  const isAsked = ({ verb, triggeringEvent }) => verb !== "get" || triggeringEvent?.type === "click";

  // --- where it is said -------------------------------------------------------------------------

  const lineOf = (text) => {
    const line = document.createElement("span");
    line.className = "house-field-error";
    line.textContent = text;
    return line;
  };

  const forget = () => document.querySelectorAll(".house-failed").forEach((line) => line.remove());

  /* what is closed says nothing: then what it stands in */
  const shown = (node) => {
    let place = node?.isConnected && node.matches("main *") ? node : null;
    while (place && !place.checkVisibility()) place = place.parentElement;
    return place;
  };

  /* after the field, button or word that is pressed, else at the end of what was sent */
  const sayBeside = (hand, elt, text) => {
    forget();
    const line = lineOf(text);
    line.classList.add("house-failed");
    line.setAttribute("role", "alert");
    const place = shown(hand) || shown(elt) || document.getElementById("contenuto");
    const around = place.closest("label, summary") || place;
    if (around.matches("input, select, textarea, button, a, label, details, summary")) {
      around.after(line);
    } else {
      around.append(line);
    }
    line.scrollIntoView({ block: "nearest", behavior: "instant" });
  };

  const say = (name, { elt, hand }) => {
    const text = sentence(name);
    const block = window.saving.blockOf(elt);
    const notes = block ? window.saving.dirtyIn(block).map(window.saving.noteOf).filter(Boolean) : [];
    for (const note of notes) note.replaceChildren(lineOf(text));
    if (notes.length) voice().textContent = text;
    else sayBeside(hand, elt, text);
  };

  const placeOf = ({ xhr, requestConfig }) => ({
    elt: requestConfig.elt,
    hand: window.turns.handOf(xhr),
  });

  // --- who is in --------------------------------------------------------------------------------

  let token = null;
  let heardAt = Date.now();
  let wasHidden = false;

  /* an answer tells who was in when it was asked for, however late it comes */
  const heard = (asked = Date.now()) => {
    heardAt = asked;
    wasHidden = false;
  };
  const isStale = () => wasHidden || Date.now() - heardAt > STALE;

  /* the tab says who is in: this person, another, nobody, or that no answer comes */
  const askWhoIsIn = async () => {
    const asked = Date.now();
    try {
      const options = { redirect: "manual", headers: { Accept: "application/json" } };
      const answer = await fetch(words().who, options);
      if (answer.type === "opaqueredirect") return "out";
      if (!answer.ok) return "unsent";
      const told = await answer.json();
      if (String(told.person) !== words().person) return "other";
      token = told.token;
      heard(asked);
      return "in";
    } catch {
      return "unsent";
    }
  };

  let banner = null;

  const linkTo = (address, text) => {
    const link = document.createElement("a");
    Object.assign(link, { href: address, target: "_blank", textContent: text });
    return link;
  };

  const showBanner = (name) => {
    banner?.remove();
    banner = document.createElement("div");
    banner.className = "house-message is-danger is-afloat house-signed-out";
    banner.setAttribute("role", "alert");
    const link = linkTo(`${words().login}?next=${encodeURIComponent(words().who)}`, words().signIn);
    banner.append(`${sentence(name)} `, link);
    document.getElementById("contenuto").append(banner);
  };

  /* back from the other tab: what was refused is saved, what was asked can be asked again */
  const lookAgain = async () => {
    if (!banner || (await askWhoIsIn()) !== "in") return;
    banner.remove();
    banner = null;
    forget();
    voice().textContent = words().back;
    window.saving.saveAgain();
  };

  const tabs = new BroadcastChannel("accesso");
  tabs.addEventListener("message", lookAgain);
  window.addEventListener("focus", lookAgain);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") wasHidden = true;
    else if (banner) lookAgain();
  });
  if (words().person) tabs.postMessage("in");

  const sayOut = (name, place) => {
    showBanner(name);
    say(name, place);
  };

  // --- answers that are none --------------------------------------------------------------------

  const isLogin = (address) =>
    Boolean(address) && new URL(address, location.href).pathname === words().login;

  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.requestConfig.verb !== "get") forget();
  });

  /* the way to the page of signing in is taken by who goes somewhere, and loses nothing with this one:
     what a page asks for by itself leads nobody away */
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!isLogin(xhr.getResponseHeader("HX-Redirect"))) return;
    const isGoing = requestConfig.verb === "get" && isAsked(requestConfig);
    if (isGoing && !window.saving.hasUnsaved()) return;
    event.preventDefault();
    if (isAsked(requestConfig)) sayOut("out", placeOf(event.detail));
    else if (!banner) showBanner("out");
  });

  /* a whole page is not put where a part of this one stands */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!/<html/i.test(event.detail.xhr.responseText.slice(0, 200))) return;
    event.detail.shouldSwap = false;
    event.detail.isError = true;
  });

  const reasonOf = ({ status, responseURL }) => {
    if (status === 200) return isLogin(responseURL) ? "out" : "broken";
    return UNREACHED.includes(status) ? "unsent" : REASONS[status] || "broken";
  };

  /* the mark of the page is that of an access that has ended: with the new one it is sent again */
  const sendAgain = async (act, place) => {
    const who = await askWhoIsIn();
    if (who === "in" && !act.isSecond) {
      act.isSecond = true;
      window.turns.again(act);
      return;
    }
    if (who === "in") say("broken", place);
    else if (who === "unsent") say("unsent", place);
    else sayOut(who, place);
    window.turns.giveUp(act);
  };

  const onFailure = (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!isAsked(requestConfig)) return;
    const place = placeOf(event.detail);
    if (xhr.getResponseHeader("X-Form-Expired") && requestConfig.verb !== "get") {
      sendAgain(window.turns.hold(), place);
      return;
    }
    const name = reasonOf(xhr);
    if (name === "out") sayOut(name, place);
    else say(name, place);
  };
  document.addEventListener("htmx:sendError", onFailure);
  document.addEventListener("htmx:timeout", onFailure);
  document.addEventListener("htmx:responseError", onFailure);

  const askedAt = new WeakMap();
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    askedAt.set(detail.xhr, Date.now());
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful) heard(askedAt.get(detail.xhr));
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const { formData, headers } = event.detail;
    if (!token) return;
    if (formData.has("csrfmiddlewaretoken")) formData.set("csrfmiddlewaretoken", token);
    if ("X-CSRFToken" in headers) headers["X-CSRFToken"] = token;
  });

  // --- a file that is too large -----------------------------------------------------------------

  const inMegabytes = (bytes) => Math.ceil(bytes / 2 ** 20);
  const filled = (said, name, size, most) =>
    said
      .replace("{name}", () => name)
      .replace("{size}", inMegabytes(size))
      .replace("{most}", inMegabytes(most));
  const sizeOf = (files) => files.reduce((size, file) => size + file.size, 0);

  /* what would be refused unread is not sent: it is named, and the others stay chosen */
  const checkSizes = (field) => {
    const { largest, largestSaid, together, togetherSaid } = field.dataset;
    const chosen = [...field.files];
    let kept = chosen.filter((file) => file.size <= Number(largest));
    const said = chosen
      .filter((file) => !kept.includes(file))
      .map((file) => filled(largestSaid, file.name, file.size, largest));
    if (sizeOf(kept) > Number(together)) {
      said.push(filled(togetherSaid, "", sizeOf(kept), together));
      kept = [];
    }
    if (!said.length) return;
    const files = new DataTransfer();
    for (const file of kept) files.items.add(file);
    field.files = files.files;
    sayBeside(field, field, said.join(" "));
  };

  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[type=file][data-largest]")) return;
    forget();
    window.saving.noteOf(target)?.replaceChildren();
    checkSizes(target);
  });

  // --- a form that is sent as a page ------------------------------------------------------------

  const isPlain = (form) =>
    window.saving.isKept(form) &&
    form.elements.csrfmiddlewaretoken &&
    !form.matches("[hx-post], [data-saves-whole]");

  /* after a while nobody knows whether the person is still in: asked before the form goes and is lost */
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!words().person || event.submitter?.matches("[hx-post]") || !isPlain(form)) return;
      if (token) form.elements.csrfmiddlewaretoken.value = token;
      if (!isStale()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      askWhoIsIn().then((who) => {
        if (who === "in" || who === "unsent") {
          heard();
          form.requestSubmit(event.submitter);
        } else {
          sayOut(who, { elt: form, hand: event.submitter });
        }
      });
    },
    true,
  );
})();
