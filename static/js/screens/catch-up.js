// @ts-check
// Entering cards by keyboard alone: Enter goes to the next field, digits choose an answer, times are
// put into shape as they are left. The form itself needs no script.

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-catch-up]"));
let isDirty = false;

form.addEventListener("input", () => (isDirty = true));
form.addEventListener("submit", () => (isDirty = false));
addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});

form.addEventListener("focusout", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.matches("[inputmode=numeric]")) return;
  const found = field.value.trim().match(/^(\d{1,2}):?(\d{2})$/);
  if (found) field.value = `${found[1].padStart(2, "0")}:${found[2]}`;
});

form.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (field instanceof HTMLInputElement && field.type === "radio" && /^[0-9]$/.test(event.key)) {
    event.preventDefault();
    choose(field, Number(event.key));
  } else if (event.key === "Enter" && !field.matches("textarea, button")) {
    event.preventDefault();
    step(field, event.shiftKey ? -1 : 1);
  }
});

/** A number chooses that answer of the group, 0 takes the answer back.
 * @param {HTMLInputElement} field @param {number} number */
function choose(field, number) {
  const group = radios(field.name);
  const chosen = group[number - 1];
  if (number === 0) for (const radio of group) radio.checked = false;
  if (!chosen) return;
  chosen.checked = true;
  chosen.focus();
  isDirty = true;
}

/** @param {string} name @returns {HTMLInputElement[]} */
function radios(name) {
  return [...form.querySelectorAll("input")].filter((input) => input.type === "radio" && input.name === name);
}

/** To the next field; a group of answers is one stop. @param {HTMLElement} from @param {number} by */
function step(from, by) {
  const fields = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("input, select, textarea, button")]);
  const stops = fields.filter((field) => field.checkVisibility() && isStop(field));
  const here = from instanceof HTMLInputElement && from.type === "radio" ? stopOf(from.name) : from;
  stops[stops.indexOf(here) + by]?.focus();
}

/** @param {string} name */
function stopOf(name) {
  const group = radios(name);
  return group.find((radio) => radio.checked) ?? group[0];
}

/** @param {HTMLElement} field */
function isStop(field) {
  if (!(field instanceof HTMLInputElement)) return true;
  return field.type !== "hidden" && (field.type !== "radio" || field === stopOf(field.name));
}

// What is wrong comes first: the first marked field has the focus when a card was refused.
const wrong = [...form.querySelectorAll(".problem")].find((problem) => problem.textContent?.trim());
if (wrong) {
  isDirty = true;
  wrong.parentElement?.querySelector("input, select, textarea")?.focus();
}
