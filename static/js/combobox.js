/* Suggestions while you type (ARIA 1.2 combobox). Without it the text is sent as it is,
   and the server asks back where several rows fit. */
(() => {
  "use strict";

  const PAUSE = 200;

  class Combobox {
    constructor(root) {
      this.root = root;
      this.input = root.querySelector("input[type=text]");
      this.key = root.querySelector("[data-combobox-key]");
      this.list = root.querySelector(".combobox__list");
      this.status = root.querySelector("[data-combobox-status]");
      this.options = [];
      this.active = -1;
      this.input.setAttribute("role", "combobox");
      this.input.setAttribute("aria-autocomplete", "list");
      this.input.setAttribute("aria-expanded", "false");
      this.input.setAttribute("aria-controls", this.list.id);
      this.list.setAttribute("role", "listbox");
      const label = document.querySelector(`label[for="${this.input.id}"]`);
      this.list.setAttribute("aria-label", label ? label.textContent.trim() : this.input.name);
      this.input.addEventListener("input", () => this.typed());
      this.input.addEventListener("keydown", (event) => this.pressed(event));
      this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
      this.list.addEventListener("mousedown", (event) => this.clicked(event));
    }

    typed() {
      this.key.value = "";
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), PAUSE);
    }

    async search() {
      const text = this.input.value.trim();
      if (this.request) this.request.abort();
      if (!text) return this.close();
      this.request = new AbortController();
      const address = new URL(this.root.dataset.search, location.href);
      address.searchParams.set("q", text);
      try {
        const answer = await fetch(address, {
          headers: { "HX-Request": "true" },
          signal: this.request.signal,
        });
        if (answer.ok) this.show(await answer.text());
      } catch (error) {
        if (error.name !== "AbortError") this.close();
      }
      return undefined;
    }

    show(html) {
      const answer = new DOMParser().parseFromString(`<ul>${html}</ul>`, "text/html");
      this.options = [...answer.querySelectorAll("[role=option]")];
      this.active = -1;
      this.options.forEach((option, index) => {
        option.id = `${this.list.id}_${index}`;
        option.setAttribute("aria-selected", "false");
      });
      this.list.replaceChildren(...this.options);
      const some = this.options.length > 0;
      this.status.textContent = some
        ? `${this.options.length} ${this.root.dataset.some}`
        : this.root.dataset.none;
      this.open(some);
    }

    open(visible) {
      this.list.hidden = !visible;
      this.input.setAttribute("aria-expanded", String(visible));
      if (!visible) this.input.removeAttribute("aria-activedescendant");
    }

    close() {
      this.active = -1;
      this.open(false);
    }

    pressed(event) {
      if (this.list.hidden) {
        if (event.key === "ArrowDown") this.search();
        return;
      }
      const last = this.options.length - 1;
      if (event.key === "ArrowDown") this.move(this.active < last ? this.active + 1 : 0);
      else if (event.key === "ArrowUp") this.move(this.active > 0 ? this.active - 1 : last);
      else if (event.key === "Enter" && this.active >= 0) this.pick(this.options[this.active]);
      else if (event.key === "Tab" && this.active >= 0) return this.pick(this.options[this.active]);
      else if (event.key === "Escape") this.close();
      else return undefined;
      event.preventDefault();
      return undefined;
    }

    move(index) {
      this.active = index;
      this.options.forEach((option, n) => option.setAttribute("aria-selected", String(n === index)));
      const option = this.options[index];
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    clicked(event) {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      event.preventDefault();
      this.pick(option);
    }

    pick(option) {
      this.input.value = option.dataset.label;
      this.key.value = option.dataset.value;
      this.close();
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const enhance = (root) => {
    for (const element of root.querySelectorAll("[data-combobox]:not([data-ready])")) {
      element.dataset.ready = "";
      new Combobox(element);
    }
  };

  enhance(document);
  document.addEventListener("htmx:load", (event) => enhance(event.target.parentElement || document));
})();
