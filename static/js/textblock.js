/* Put the text block chosen at the cursor. Without this file the server appends it. */
(() => {
  "use strict";

  const isBlank = (text) => !text || /\s$/.test(text);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-insert]");
    if (!button) return;
    event.preventDefault();
    const choice = document.getElementById(button.dataset.insert);
    const text = document.getElementById(button.dataset.into);
    const block = choice.selectedOptions[0].dataset.text;
    if (!block) {
      choice.focus();
      return;
    }
    const before = text.value.slice(0, text.selectionStart);
    text.setRangeText(isBlank(before) ? block : ` ${block}`, text.selectionStart, text.selectionEnd, "end");
    choice.selectedIndex = 0;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
})();
