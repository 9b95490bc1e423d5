/* Add a row to a table of a form. Without this file every saving brings two empty rows. */
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-add-row]");
    if (!button) return;
    const prefix = button.dataset.addRow;
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const body = document.getElementById(`${prefix}-caption`).closest("table").tBodies[0];
    const row = document.getElementById(`${prefix}-row`).innerHTML.replaceAll("__prefix__", total.value);
    body.insertAdjacentHTML("beforeend", row);
    total.value = Number(total.value) + 1;
    body.lastElementChild.querySelector("input:not([type=hidden]), select, textarea").focus();
  });
})();
