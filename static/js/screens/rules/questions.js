// @ts-check
// The questions: each opened in its place, its answers and who is asked from lists.

import { bench } from "./bench.js";
import { box, option } from "./dom.js";
import { proofStrip } from "./strip.js";
import { calmly, part, send, stamp } from "./talk.js";

/** @typedef {import("./bench.js").Row} Row */

const root = /** @type {HTMLElement} */ (document.querySelector("[data-editor]"));
/** @type {{name: string, label: string, values: [string, string][]}[]} */
const asked = JSON.parse(document.getElementById("asked")?.textContent ?? "[]");

const questions = bench(root, {
  part: "questions",
  key: "key",
  noun: "question",
  isLastFixed: false,
  make,
  read,
  fresh,
  changed(wait) {
    check(wait);
    prove(wait);
  },
});
const prove = proofStrip(root, questions.edit, questions.called);
const check = calmly(150, async (signal) => {
  const edit = questions.edit();
  if (!edit) return;
  const { status, body } = await send(root.dataset.check ?? "", { edit }, signal);
  if (status === 200) questions.told(body.faults);
});

/** @param {Row} row @param {() => void} changed */
function make(row, changed) {
  const form = /** @type {HTMLFormElement} */ (stamp("question"));
  for (const name of ["key", "kind", "ask_en", "ask_es"]) field(form, name).value = row[name];
  part(form, "[data-entries]").append(...row.answers.map(answer));
  const after = /** @type {HTMLSelectElement} */ (part(form, "[data-after-field]"));
  after.append(...asked.filter((one) => one.name !== row.key).map((one) => option(one.name, `if ${one.label} is one of`)));
  after.value = row.only_after.field ?? "";
  boxes(form, row.only_after.in ?? []);
  form.addEventListener("input", (event) => {
    if (event.target === after) boxes(form, []);
    changed();
  });
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-does]") : null;
    if (!(button instanceof HTMLElement)) return;
    const entries = part(form, "[data-entries]");
    if (button.dataset.does === "remove-answer") {
      button.closest("[data-entry]")?.remove();
      part(form, "[data-does='add-answer']").focus();
    } else {
      const blank = { value: "", label_en: "", label_es: "" };
      const unknown = { value: "unknown", label_en: "Not known", label_es: "No se sabe" };
      const made = answer(button.dataset.does === "add-unknown" ? unknown : blank);
      entries.append(made);
      part(made, "input").focus();
    }
    changed();
  });
  read(form);
  return form;
}

/** @param {HTMLFormElement} form @returns {Row} */
function read(form) {
  const answers = [...form.querySelectorAll("[data-entry]")].map((entry, at) => {
    /** @type {HTMLElement} */ (entry).dataset.pointer = `/answers/${at}`;
    return Object.fromEntries([...entry.querySelectorAll("input")].map((input) => [input.dataset.name, input.value]));
  });
  const after = /** @type {HTMLSelectElement} */ (part(form, "[data-after-field]")).value;
  const chosen = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-after-values] input:checked"));
  return {
    key: field(form, "key").value,
    kind: field(form, "kind").value,
    ask_en: field(form, "ask_en").value,
    ask_es: field(form, "ask_es").value,
    answers,
    only_after: after ? { field: after, in: [...chosen].map((box) => box.value) } : {},
  };
}

/** @param {Row} row */
function answer(row) {
  const element = stamp("answer");
  for (const input of element.querySelectorAll("input")) input.value = row[input.dataset.name ?? ""];
  return element;
}

/** The answers after which it is asked. @param {HTMLFormElement} form @param {string[]} chosen */
function boxes(form, chosen) {
  const name = /** @type {HTMLSelectElement} */ (part(form, "[data-after-field]")).value;
  const place = part(form, "[data-after-values]");
  const values = asked.find((one) => one.name === name)?.values ?? [];
  place.dataset.many = String(values.length > 0);
  place.replaceChildren(
    ...values.map(([value, label]) => box(value, label, chosen.includes(value))),
  );
}

/** @param {string[]} taken @returns {Row} */
function fresh(taken) {
  let number = 1;
  while (taken.includes(`question_${number}`)) number += 1;
  const answers = [
    { value: "y", label_en: "Yes", label_es: "Sí" },
    { value: "n", label_en: "No", label_es: "No" },
  ];
  return { key: `question_${number}`, kind: "yes_no", ask_en: "", ask_es: "", answers, only_after: {} };
}

/** @param {HTMLFormElement} form @param {string} name */
function field(form, name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}

await questions.ready;
prove(0);
root.dataset.ready = "";
