/* Ctrl+K goes to the search box; a suggestion picked there opens its page. Without it the box
   is a form like others. */
(() => {
  "use strict";

  const box = document.querySelector("[data-search-box]");
  if (!box) return;
  const input = box.querySelector("input[type=text]");
  const key = box.querySelector("[data-combobox-key]");

  document.addEventListener("keydown", (event) => {
    const pressed = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!pressed || event.altKey || event.shiftKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  input.addEventListener("change", () => {
    if (key.value) location.assign(key.value);
  });
})();
