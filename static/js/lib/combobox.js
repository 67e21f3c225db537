// @ts-check
// A field that finds one of a list by its code or words, after the ARIA combobox pattern.

/**
 * @param {HTMLElement} root with [data-combobox-input] and a [role=listbox]
 * @param {(value: string) => void} choose called with the chosen value, empty when cleared
 */
export function combobox(root, choose) {
  const input = /** @type {HTMLInputElement} */ (root.querySelector("[data-combobox-input]"));
  const list = /** @type {HTMLElement} */ (root.querySelector("[role=listbox]"));
  const options = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);
  let active = -1;

  const shown = () => options.filter((option) => !option.hidden);

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  /** @param {number} to */
  const mark = (to) => {
    const visible = shown();
    active = visible.length ? (to + visible.length) % visible.length : -1;
    for (const option of options) option.setAttribute("aria-selected", String(option === visible[active]));
    const option = visible[active];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const open = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    for (const option of options) {
      const text = plain(option.dataset.search ?? "");
      option.hidden = !words.every((word) => text.includes(word));
    }
    list.hidden = shown().length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(words.length ? best(shown(), words[0]) : -1);
  };

  /** @param {HTMLElement | undefined} option */
  const take = (option) => {
    const value = option?.dataset.value ?? "";
    input.value = option?.dataset.name ?? "";
    close();
    if (input.dataset.value !== value) {
      input.dataset.value = value;
      choose(value);
    }
  };

  input.addEventListener("input", open);
  input.addEventListener("click", () => list.hidden && open());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      else mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      take(shown()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the focus stays in the field
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option instanceof HTMLElement) take(option);
  });
  input.addEventListener("blur", (event) => {
    const to = event.relatedTarget;
    if (to instanceof Element && to.closest("[data-command-line]")) return; // they come back to what they typed
    if (list.hidden && input.value) {
      const chosen = options.find((option) => option.dataset.value === input.dataset.value);
      input.value = chosen?.dataset.name ?? "";
    } else if (!input.value) {
      take(undefined);
    } else {
      take(active >= 0 ? shown()[active] : options.find((option) => option.dataset.value === input.dataset.value));
    }
    close();
  });
}

/** Without accents and case. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** The first option whose code or name starts with the word. @param {HTMLElement[]} options @param {string} word */
function best(options, word) {
  const starts = options.findIndex((option) => plain(option.dataset.search ?? "").split(" ").some((w) => w.startsWith(word)));
  const code = options.findIndex((option) => plain(option.dataset.value ?? "").startsWith(word));
  return Math.max(0, code >= 0 ? code : starts);
}
