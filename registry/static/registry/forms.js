/* A bare hx-post sends where the form, or its button, says: each address stands on a page once. */
(() => {
  "use strict";

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt } = event.detail;
    if (elt.getAttribute("hx-post") === "") {
      event.detail.path = elt.getAttribute("formaction") || elt.getAttribute("action");
    }
  });
})();
