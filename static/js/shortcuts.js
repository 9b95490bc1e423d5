/* Keys that save a way: a letter by itself where somebody wants that (data-shortcut), never while
   they type, and Ctrl with Enter, which sends a form from any of its fields (data-send-by-keyboard).
   The same buttons and links are on the page. */
(() => {
  "use strict";

  const TYPING = "input, select, textarea, [contenteditable], [role=combobox], [role=listbox]";

  /* What the page itself offers comes before the frame. */
  const meantBy = (letter) => {
    const all = document.querySelectorAll(`[data-shortcut="${CSS.escape(letter)}"]`);
    return all[all.length - 1];
  };

  const isLetterAlone = (event) =>
    event.key.length === 1 && !(event.ctrlKey || event.metaKey || event.altKey || event.repeat);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form[data-send-by-keyboard]");
      if (form) form.requestSubmit();
    } else if (isLetterAlone(event) && !event.target.closest(TYPING)) {
      const meant = meantBy(event.key.toLowerCase());
      if (meant) {
        event.preventDefault();
        meant.click();
      }
    }
  });
})();
