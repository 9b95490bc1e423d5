/* Keep what is typed on the server: after a second's pause, at the latest after another half, and
   when the page is left. The form works without it; then a draft is kept only of what was sent. */
(() => {
  "use strict";

  const PAUSE = 1000;
  const AT_THE_LATEST = 1500;
  const AGAIN_AFTER = 5000;
  const WORDS = "input[type=text], input:not([type]), input[type=search], textarea";

  class Draft {
    constructor(status) {
      this.status = status;
      this.form = status.closest("form");
      this.step = this.form.elements.draft_step;
      this.since = null;
      this.form.addEventListener("input", () => this.typed());
      this.form.addEventListener("change", () => this.typed());
      this.form.addEventListener("submit", () => this.sent());
      window.addEventListener("pagehide", () => this.leave());
      window.addEventListener("pageshow", (event) => this.shown(event));
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") this.leave();
      });
    }

    typed() {
      this.since = this.since || Date.now();
      this.isChanged = true;
      const left = this.since + AT_THE_LATEST - Date.now();
      this.later(Math.max(0, Math.min(PAUSE, left)));
    }

    later(delay) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), delay);
    }

    fields() {
      this.renewToken();
      this.step.value = Number(this.step.value) + 1;
      const fields = new FormData(this.form);
      for (const [name, value] of [...fields]) {
        if (value instanceof File) fields.delete(name);
      }
      const heading = document.querySelector("h1");
      fields.set("draft_title", heading ? heading.textContent.trim() : "");
      fields.set("draft_words", this.words());
      return fields;
    }

    words() {
      const first = [...this.form.querySelectorAll(WORDS)].find((field) => field.value.trim());
      return first ? first.value.trim().slice(0, 100) : "";
    }

    /* Whoever signed in again in another window has a new one in the cookie. */
    renewToken() {
      const known = /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie);
      const field = this.form.elements.csrfmiddlewaretoken;
      if (known && field) field.value = known[1];
    }

    async save() {
      if (this.isSaving || !this.isChanged) return;
      this.isSaving = true;
      this.isChanged = false;
      this.since = null;
      let isSaved = false;
      try {
        const answer = await fetch(this.status.dataset.draft, {
          method: "POST",
          body: this.fields(),
          redirect: "manual",
        });
        // The session is over; from now on the slip in the form speaks for itself.
        isSaved = answer.ok || answer.status === 413;
        if (isSaved) this.say(await answer.text());
        else if (answer.type !== "opaqueredirect") this.say(this.status.dataset.lost);
        if (!isSaved) this.again(answer.type === "opaqueredirect" ? 0 : AGAIN_AFTER);
      } catch {
        this.say(this.status.dataset.lost);
        this.again(AGAIN_AFTER);
      } finally {
        this.isSaving = false;
        if (this.isChanged && isSaved) this.later(PAUSE);
      }
    }

    again(delay) {
      this.isChanged = true;
      this.later(delay);
    }

    /* Read out only where it changes: once a minute. */
    say(html) {
      const said = new DOMParser().parseFromString(html, "text/html").body;
      if (said.textContent.trim() !== this.status.textContent.trim()) {
        this.status.replaceChildren(...said.childNodes);
      }
    }

    leave() {
      if (this.isSent || !(this.isChanged || this.isSaving)) return;
      this.isChanged = false;
      navigator.sendBeacon(this.status.dataset.draft, this.fields());
    }

    /* Should the form not arrive, the draft has what it said. */
    sent() {
      this.leave();
      clearTimeout(this.timer);
      this.step.value = Number(this.step.value) + 1;
      this.renewToken();
      this.isSent = true;
    }

    shown(event) {
      if (event.persisted) this.isSent = false;
    }
  }

  for (const status of document.querySelectorAll("[data-draft]")) new Draft(status);
})();
