/* Visits this device keeps until they are sent, each with the account of whoever noted it.
   For pages and for the service worker; signing out leaves it alone. */
(() => {
  "use strict";

  const STORE = "entries";

  class VisitQueue {
    /* A field the browser fills for itself says nothing about the visit. */
    static entry(fields) {
      const kept = [...fields].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !name.startsWith("draft") && typeof value === "string");
      const values = new Map(kept);
      const key = values.get("client_key") || crypto.randomUUID();
      return {
        key,
        account: values.get("account") || "",
        fields: [...kept.filter(([name]) => name !== "client_key"), ["client_key", key]],
        what: values.get("organisation_text") || "–",
        at: Date.now(),
        state: "waiting",
      };
    }

    async open() {
      if (!this.database) {
        const request = indexedDB.open("visits", 1);
        request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
        this.database = await done(request);
      }
      return this.database;
    }

    async store(mode) {
      return (await this.open()).transaction(STORE, mode).objectStore(STORE);
    }

    async all(account) {
      const entries = await done((await this.store("readonly")).getAll());
      return entries.filter((entry) => entry.account === account).sort((a, b) => a.at - b.at);
    }

    async count() {
      return done((await this.store("readonly")).count());
    }

    async put(entry) {
      return done((await this.store("readwrite")).put(entry));
    }

    async drop(key) {
      return done((await this.store("readwrite")).delete(key));
    }

    /* Say what became of an entry, unless it has been changed since it was sent. */
    async settle(sent, changed) {
      const store = await this.store("readwrite");
      const now = await done(store.get(sent.key));
      if (!now || now.at !== sent.at) return;
      await done(changed ? store.put({ ...now, ...changed }) : store.delete(sent.key));
    }
  }

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  self.VisitQueue = VisitQueue;
})();
