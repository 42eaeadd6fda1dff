/* Names for the boxes that the search of the admin's choices draws beside a field without one. */
"use strict";

function nameCombobox(select) {
  const box = select.nextElementSibling?.querySelector("[role=combobox]");
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  const name = select.getAttribute("aria-label") || label?.textContent.replace(/:\s*$/, "").trim();
  if (box && name) {
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", name);
    box.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", name);
    const clear = box.querySelector(".select2-selection__clear");
    if (clear) {
      clear.setAttribute("aria-hidden", "true");
    }
  }
}

function nameAll() {
  document.querySelectorAll("select.admin-autocomplete").forEach(nameCombobox);
}

document.addEventListener("DOMContentLoaded", () => {
  nameAll();
  /* the search field and the list are drawn when the box opens, new rows when they are asked for */
  new MutationObserver(() => {
    nameAll();
    const search = document.querySelector(".select2-search__field:not([aria-label])");
    search?.setAttribute("aria-label", "Cerca");
    const list = document.querySelector(".select2-results__options:not([aria-label])");
    list?.setAttribute("aria-label", "Voci trovate");
  }).observe(document.body, { childList: true, subtree: true });
});
