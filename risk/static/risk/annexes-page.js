/* An address with the place of a process that is on another page of the annex leads there; a file that
   takes a while is asked for once, and the page says meanwhile that it is on its way. */
(() => {
  "use strict";

  const place = /^#(?:processo|catalogo)-([0-9a-f-]{36})$/.exec(window.location.hash);
  if (place && !document.getElementById(window.location.hash.slice(1))) {
    window.location.replace(`${window.location.pathname}?processo=${place[1]}`);
  }

  const link = document.querySelector("[data-waits]");
  const state = document.getElementById("file-in-arrivo");
  if (!link || !state) return;
  let isAsked = false;

  function nameIn(answer) {
    const told = answer.headers.get("Content-Disposition") || "";
    const found = /filename="([^"]+)"/.exec(told);
    return found ? found[1] : "";
  }

  async function give(answer, name) {
    const file = document.createElement("a");
    file.href = URL.createObjectURL(await answer.blob());
    file.download = name;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 60000);
  }

  function shows(word) {
    state.hidden = !word;
    state.querySelector("[role=status]").textContent = word;
    link.setAttribute("aria-disabled", String(Boolean(word)));
  }

  link.addEventListener("click", async (event) => {
    event.preventDefault();
    if (isAsked) return;
    isAsked = true;
    shows(state.dataset.word);
    try {
      const answer = await fetch(link.href);
      const name = nameIn(answer);
      if (name) await give(answer, name);
      // to the page of the work that goes on elsewhere, or of what stands in the way
      else window.location.assign(answer.redirected ? answer.url : link.href);
    } catch {
      window.location.assign(link.href);
    } finally {
      isAsked = false;
      shows("");
    }
  });
})();
