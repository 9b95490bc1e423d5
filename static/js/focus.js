/* Move the focus to the error summary when a page or a piece of it arrives with one. */
(() => {
  "use strict";

  const takeFocus = (root) => {
    const summary = root.querySelector("[data-take-focus]");
    if (summary) summary.focus();
  };

  takeFocus(document);
  document.addEventListener("htmx:afterSettle", (event) => takeFocus(event.target));
})();
