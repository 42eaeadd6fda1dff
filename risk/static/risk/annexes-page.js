/* An address with the place of a process that is on another page of the annex leads there. */
(() => {
  "use strict";

  const place = /^#(?:processo|catalogo)-([0-9a-f-]{36})$/.exec(window.location.hash);
  if (place && !document.getElementById(window.location.hash.slice(1))) {
    window.location.replace(`${window.location.pathname}?processo=${place[1]}`);
  }
})();
