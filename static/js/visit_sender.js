/* Show which visits wait on this device, and send them as soon as that is possible: on every page
   of whoever noted them. The form that is kept puts its entries here first. */
(() => {
  "use strict";

  const AGAIN = 20000;
  const panel = document.getElementById("visits-waiting");
  if (!panel || !("serviceWorker" in navigator) || !window.indexedDB) return;

  const words = panel.dataset;
  const account = words.account;
  const find = (name, root = panel) => root.querySelector(`[data-${name}]`);
  const queue = new VisitQueue();
  const form = document.querySelector("[data-visit-form]");
  const isVisitPage = location.pathname.startsWith(words.visits);

  class Sender {
    constructor() {
      this.state = "";
    }

    async start() {
      window.addEventListener("online", () => this.send());
      window.addEventListener("offline", () => this.say("offline"));
      setInterval(() => this.send(), AGAIN);
      if (find("send-now")) find("send-now").addEventListener("click", () => this.send(true));
      if (form) new KeptForm(this);
      await this.show();
      await this.send();
    }

    /* One page at a time, one entry after the other. */
    async send(again = false) {
      if (!account) return;
      await navigator.locks.request("visits", { ifAvailable: true }, async (lock) => {
        if (!lock) return;
        const states = again ? ["waiting", "refused"] : ["waiting"];
        const entries = (await queue.all(account)).filter((entry) => states.includes(entry.state));
        if (!entries.length) return;
        this.say("sending");
        for (const entry of entries) if (!(await this.sendOne(entry))) return;
        this.say("");
      });
      await this.show();
    }

    /* Whether it makes sense to go on with the next one. */
    async sendOne(entry) {
      const answer = await post(entry).catch(() => null);
      if (!answer || answer.status >= 500) return this.say("offline");
      if (answer.type === "opaqueredirect" || answer.status === 403) return this.say("signedOut");
      const told = answer.ok ? await answer.json() : { state: "refused", reasons: [String(answer.status)] };
      if (told.state === "other_account") return this.say("otherAccount");
      const isStored = told.state.startsWith("stored");
      await queue.settle(entry, isStored ? null : { state: told.state, told });
      return true;
    }

    say(state) {
      this.state = state;
      this.show();
      return false;
    }

    async show() {
      const entries = account ? await queue.all(account) : [];
      const number = account ? entries.length : await queue.count();
      this.hadSome = this.hadSome || number > 0;
      panel.hidden = !(number || (this.hadSome && words.full !== undefined));
      const counted = number === 1 ? words.one : words.many.replace("{number}", number);
      find("title").textContent = number ? counted : words.sent;
      const needsPerson = entries.some((entry) => entry.state !== "waiting");
      const state = account ? this.state || (needsPerson ? "attention" : navigator.onLine ? "" : "offline") : "signedOut";
      const said = (number && words[state]) || "";
      if (find("state").textContent !== said) find("state").textContent = said;
      if (find("send-now")) find("send-now").hidden = !number;
      if (find("entries")) this.list(entries);
    }

    /* Drawn anew only where something has changed, so that nobody loses the focus. */
    list(entries) {
      const mark = JSON.stringify(entries.map(({ key, at, state }) => [key, at, state]));
      if (mark === this.mark) return;
      this.mark = mark;
      find("entries").replaceChildren(...entries.map((entry) => this.draw(entry)));
    }

    draw(entry) {
      const row = panel.querySelector("template").content.cloneNode(true).firstElementChild;
      const told = entry.told || {};
      find("what", row).textContent = entry.what;
      find("at", row).textContent = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
      find("reasons", row).hidden = !told.reasons;
      find("reasons", row).replaceChildren(...(told.reasons || []).map((reason) => element("li", reason)));
      find("conflict", row).hidden = entry.state !== "conflict";
      if (entry.state === "conflict") this.compare(entry, told, row);
      find("edit", row).hidden = !form || entry.state === "conflict";
      find("edit", row).addEventListener("click", () => form.dispatchEvent(new CustomEvent("visit-edit", { detail: entry })));
      find("discard", row).addEventListener("click", () => this.discard(entry));
      return row;
    }

    compare(entry, told, row) {
      find("by", row).textContent = [told.by, told.at].filter(Boolean).join(", ");
      find("differences", row).replaceChildren(
        ...told.differences.map(([label, theirs, mine]) => {
          const line = document.createElement("tr");
          const heading = element("th", label);
          heading.scope = "row";
          line.append(heading, element("td", theirs || "–"), element("td", mine || "–"));
          return line;
        }),
      );
      find("take-theirs", row).addEventListener("click", () => this.discard(entry));
      find("take-mine", row).addEventListener("click", () => this.takeMine(entry, told.revision));
    }

    async discard(entry) {
      await queue.drop(entry.key);
      await this.show();
      panel.querySelector("h2").focus();
    }

    async takeMine(entry, revision) {
      const fields = entry.fields.filter(([name]) => name !== "over");
      await queue.put({ ...entry, fields: [...fields, ["over", String(revision)]], state: "waiting", told: null, at: Date.now() });
      await this.send();
    }
  }

  /* The form as this device keeps it: saving puts the entry into the queue, then tries to send. */
  class KeptForm {
    constructor(sender) {
      this.sender = sender;
      form.addEventListener("submit", (event) => this.save(event));
      form.addEventListener("visit-edit", (event) => this.edit(event.detail));
    }

    async save(event) {
      event.preventDefault();
      if (this.isSaving) return;
      this.isSaving = true;
      await queue.put(VisitQueue.entry(new FormData(form)));
      form.reset();
      form.elements.client_key.value = "";
      this.isSaving = false;
      await this.sender.show();
      await this.sender.send();
      panel.querySelector("h2").focus();
    }

    edit(entry) {
      form.reset();
      form.querySelector("details").open = true;
      for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = false;
      for (const [name, value] of entry.fields) {
        const field = form.elements[name];
        if (field && field.type === "checkbox") field.checked = true;
        else if (field) field.value = value;
      }
      form.elements.organisation_text.focus();
    }
  }

  function post(entry) {
    const token = /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie);
    return fetch(words.send, {
      method: "POST",
      body: new URLSearchParams(entry.fields),
      headers: { "X-CSRFToken": token ? token[1] : "" },
      redirect: "manual",
    });
  }

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  /* The pages of visits bring the service worker; other pages only renew what it keeps. */
  async function keepForm() {
    let registration = await navigator.serviceWorker.getRegistration("/");
    if (!registration && !(account && isVisitPage)) return false;
    if (account && isVisitPage) registration = await navigator.serviceWorker.register(words.worker, { scope: "/" });
    const isMissing = !(await caches.has("visits"));
    if (account && (isVisitPage || isMissing)) (await navigator.serviceWorker.ready).active.postMessage("keep");
    return true;
  }

  navigator.serviceWorker.addEventListener("message", (event) => {
    const said = document.querySelector("[data-visits-kept]");
    if (event.data === "kept" && said) said.hidden = false;
  });

  /* Whoever has never opened the form on this device has no queue, and gets none. */
  const sender = new Sender();
  if (form) sender.start();
  keepForm()
    .catch(() => navigator.serviceWorker.getRegistration("/"))
    .then((isHere) => (isHere && !form ? sender.start() : undefined));
})();
