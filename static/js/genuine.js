/* Reckon the SHA-256 here, so that the file does not leave the device. Without this file, or where
   the browser cannot, the file is sent and the server reckons. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-genuine]");
  if (!form || !window.crypto?.subtle) return;

  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

  form.addEventListener("submit", async (event) => {
    const [file] = form.elements.file.files;
    if (!file) return;
    event.preventDefault();
    try {
      form.elements.sha256.value = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      form.elements.file.value = "";
    } catch {
      // Too large for this device: the server says what to do.
    }
    form.submit();
  });
})();
