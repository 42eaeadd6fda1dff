/* A long list is not on the page: what a field offers is asked for as one types. Without this file
   the field is typed in all the same, and a text that is not in the list is answered with the
   nearest ones. */
(() => {
  "use strict";

  const WAIT = 150;
  let timer = 0;
  let asked = null;

  const isOffered = (list, text) => [...list.options].some((option) => option.value === text);

  const show = (list, rows) => {
    const options = rows.map(({ text, short }) => {
      const option = document.createElement("option");
      option.value = list.dataset.short === undefined ? text : short;
      if (option.value !== text) option.label = text;
      return option;
    });
    list.replaceChildren(...options);
  };

  const ask = async (list, text) => {
    asked?.abort();
    asked = new AbortController();
    const address = `${list.dataset.from}?${new URLSearchParams({ q: text })}`;
    try {
      const answer = await fetch(address, { signal: asked.signal, redirect: "error" });
      if (answer.ok) show(list, (await answer.json()).rows);
    } catch {
      /* nothing is offered: the text can be typed whole */
    }
  };

  document.addEventListener("focusin", (event) => {
    const list = event.target.list;
    if (list?.dataset.from && !list.options.length) ask(list, "");
  });

  document.addEventListener("input", (event) => {
    const list = event.target.list;
    if (!list?.dataset.from || isOffered(list, event.target.value)) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(list, event.target.value), WAIT);
  });

  /* a word that is refused goes along to where it is asked for: nothing is lost by leaving */
  window.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[href*='elenco=']");
      const field = link?.closest(".house-field")?.querySelector("input[aria-invalid=true]");
      if (!field?.value.trim()) return;
      const address = new URL(link.href);
      address.searchParams.set("voce", field.value.trim());
      link.href = address;
      window.saving.handOver(field);
    },
    true,
  );
})();
