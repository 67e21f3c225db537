// @ts-check
// The intake form: saves by itself, answers by number keys, questions that depend on others, live
// decision beside it. The call exists from the first field on.

import { combobox } from "../lib/combobox.js";
import { newId } from "../lib/commands.js";
import { press } from "../lib/http.js";
import { offer } from "../lib/keys.js";
import { Saver } from "../lib/saver.js";
import { toast } from "../lib/toasts.js";
import { begin } from "../live/feed.js";
import { enqueue } from "../live/items.js";

const main = /** @type {HTMLElement} */ (document.querySelector("[data-intake]"));
const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-intake-form]"));
const stateLine = /** @type {HTMLElement} */ (document.querySelector("[data-save-state]"));
const clock = new Intl.DateTimeFormat("en-GB", {
  timeStyle: "medium",
  timeZone: document.querySelector("[data-zone]")?.getAttribute("data-zone") ?? undefined,
});
let savedAt = "";

const saver = new Saver({
  number: main.dataset.number ?? "",
  owner: document.body.dataset.user ?? "",
  known: JSON.parse(main.dataset.known ?? '{"fields": {}, "answers": {}}'),
  onSaved(saved, before) {
    savedAt = clock.format(Date.parse(saved.saved_at));
    if (!main.dataset.number) begun(saved);
    enqueue(saved.items);
    showBeat(saved.beat);
    takeOver(before, saved.known);
    for (const problem of form.querySelectorAll(".problem:not(:has(.clash))")) problem.textContent = "";
    for (const field of form.querySelectorAll("[aria-invalid]")) {
      if (!field.closest(".field, .question")?.querySelector(".clash")) field.removeAttribute("aria-invalid");
    }
  },
  onRefused(problems, items, clashes, mine) {
    enqueue(items);
    showProblems(problems);
    showClashes(clashes, mine);
  },
  onState: showState,
});

/** @param {import("../lib/saver.js").State} state @param {string} [why] */
function showState(state, why) {
  const words = {
    saving: "Saving…",
    saved: `Saved ${savedAt}`,
    failed: `Not saved: ${why}. Kept on this page, trying again.`,
    refused: "Not saved: see the marked field",
  };
  stateLine.dataset.state = state;
  stateLine.textContent = words[state];
}

/** @param {Record<string, string>} problems */
function showProblems(problems) {
  for (const [name, text] of Object.entries(problems)) {
    const place = form.querySelector(`[data-problem="${CSS.escape(name)}"]`);
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    if (place) place.textContent = text;
    else toast(text, "late");
    field?.setAttribute("aria-invalid", "true");
  }
}

// --- two people, one form --------------------------------------------------------------------------------

/**
 * What others wrote in fields that nobody touches here comes onto the form, quietly; into the field that
 * has the focus only when it is left, and if something is typed there, both values are shown instead.
 * @param {import("../lib/saver.js").Values} before @param {import("../lib/saver.js").Values} now
 */
function takeOver(before, now) {
  held.clear();
  const waiting = saver.all();
  /** @type {Record<string, unknown>} */
  const fresh = {};
  for (const kind of /** @type {const} */ (["fields", "answers"])) {
    for (const name of new Set([...Object.keys(before[kind]), ...Object.keys(now[kind])])) {
      if ((before[kind][name] ?? "") === (now[kind][name] ?? "")) continue;
      if (saver.disputed[kind].has(name)) continue;
      if (name in waiting[kind] || fieldsOf(name).includes(/** @type {any} */ (document.activeElement))) {
        saver.known[kind][name] = before[kind][name] ?? null;
        held.set(name, { kind, value: now[kind][name] ?? null });
      } else {
        held.delete(name);
        fresh[name] = now[kind][name] ?? "";
      }
    }
  }
  bringIn(fresh);
}

/** @type {Map<string, {kind: "fields" | "answers", value: unknown}>} what others wrote in the field that has the focus here */
const held = new Map();

form.addEventListener("focusout", () => setTimeout(bringInHeld));

function bringInHeld() {
  const waiting = saver.all();
  for (const [name, { kind, value }] of held) {
    if (fieldsOf(name).includes(/** @type {any} */ (document.activeElement))) continue;
    held.delete(name);
    if (name in waiting[kind] || saver.disputed[kind].has(name)) continue; // typed here: both are shown
    saver.known[kind][name] = value;
    bringIn({ [name]: value ?? "" });
  }
}

/** @param {Record<string, unknown>} fresh */
function bringIn(fresh) {
  if (Object.keys(fresh).length === 0) return;
  restore(fresh);
  for (const name of Object.keys(fresh)) {
    const question = form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest(".question");
    if (question) markQuestion(question, fresh[name] !== "");
  }
  arrange(false);
}

/** @param {string} name @returns {HTMLElement[]} */
function fieldsOf(name) {
  const shown = name === "latitude" || name === "longitude" ? "point" : name === "caller_relation" ? "caller" : name;
  if (shown === "nature") return [...form.querySelectorAll("[data-combobox-input]")].map((e) => /** @type {HTMLElement} */ (e));
  return [...form.querySelectorAll(`[name="${CSS.escape(shown)}"]`)].map((e) => /** @type {HTMLElement} */ (e));
}

/**
 * Both values of a field that two people wrote, who and when, and a press for either.
 * @param {import("../lib/saver.js").Clashes} clashes @param {import("../lib/saver.js").Values} mine
 */
function showClashes(clashes, mine) {
  for (const kind of /** @type {const} */ (["fields", "answers"])) {
    for (const [name, held] of Object.entries(clashes[kind])) showClash(kind, name, held, mine[kind][name]);
  }
}

/** @param {"fields" | "answers"} kind @param {string} name @param {import("../lib/saver.js").Held} held @param {unknown} wanted */
function showClash(kind, name, held, wanted) {
  const place = form.querySelector(`[data-problem="${CSS.escape(name)}"]`);
  if (!place) return;
  const line = document.createElement("span");
  line.className = "clash";
  line.append(`${held.words}: "${spoken(name, held.value)}". You wrote "${spoken(name, wanted)}". `);
  line.append(
    choice("Keep theirs", () => {
      saver.settle(kind, name, held.value);
      restore({ [name]: held.value ?? "" });
      settle(name);
    }),
    " ",
    choice("Use mine", () => {
      saver.settle(kind, name, held.value);
      saver.change(kind, { [name]: written(name) ?? wanted }, 0);
      settle(name);
    }),
  );
  place.replaceChildren(line);
}

/** What stands in a text field by now: somebody may have written on. @param {string} name */
function written(name) {
  const [field] = fieldsOf(name);
  const isText = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.matches("[data-field]"));
  return isText ? /** @type {HTMLInputElement} */ (field).value : null;
}

/** @param {string} words @param {() => void} act */
function choice(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.dataset.size = "s";
  button.textContent = words;
  button.addEventListener("click", act);
  return button;
}

/** @param {string} name */
function settle(name) {
  form.querySelector(`[data-problem="${CSS.escape(name)}"]`)?.replaceChildren();
  const [field] = fieldsOf(name);
  field?.removeAttribute("aria-invalid");
  field?.focus();
  arrange(false);
  if (saver.isClean) showState("saved");
}

/** A stored value as the form says it. @param {string} name @param {unknown} value */
function spoken(name, value) {
  const said = String(value ?? "");
  if (name === "nature") return form.querySelector(`[role=option][data-value="${CSS.escape(said)}"]`)?.getAttribute("data-name") ?? said;
  const [field] = fieldsOf(name);
  if (field instanceof HTMLSelectElement) return [...field.options].find((option) => option.value === said)?.text ?? said;
  const radio = fieldsOf(name).find((each) => each instanceof HTMLInputElement && each.type === "radio" && each.value === said);
  return radio?.closest("label")?.querySelector("span")?.childNodes[1]?.textContent?.trim() || said || "nothing";
}

/** The beat follows from the coordinates, unless somebody chose one. @param {string} code */
function showBeat(code) {
  const beat = /** @type {HTMLSelectElement} */ (form.elements.namedItem("beat"));
  if (!beat.value && beat !== document.activeElement) beat.value = code;
}

// --- the call begins ----------------------------------------------------------------------------------

/** @param {import("../lib/saver.js").Saved} saved */
function begun({ number, id }) {
  main.dataset.number = number;
  main.dataset.call = String(id);
  history.replaceState(null, "", `/calls/${number}/intake/`);
  document.title = `${number} · HEART console`;
  const title = form.querySelector("[data-title]");
  if (title) title.textContent = number;
  for (const element of document.querySelectorAll("[data-needs-call]")) /** @type {HTMLElement} */ (element).hidden = false;
  document.querySelector("[data-note-form]")?.setAttribute("hx-post", `/calls/${number}/notes/`);
  document.querySelector("[data-call-link]")?.setAttribute("href", `/calls/${number}/`);
  const handoff = /** @type {HTMLElement | null} */ (document.querySelector("[data-handoff]"));
  if (handoff) Object.assign(handoff.dataset, { action: `/calls/${number}/handoffs/`, about: number });
  /** @type {any} */ (window).htmx?.process(main);
  goLive(number);
}

/** Only a call that exists has a feed. @param {string} number */
function goLive(number) {
  main.dataset.feed = `/ws/calls/${number}/`;
  main.dataset.changes = `/calls/${number}/changes/`;
  begin();
}

// --- fields -------------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => event.preventDefault());

form.addEventListener("input", (event) => {
  const field = event.target;
  if (field instanceof HTMLInputElement && field.matches("[data-point]")) changePoint(field);
  else if (field instanceof HTMLInputElement && field.type === "radio") chosen(field.name, field.value);
  else if (field instanceof HTMLInputElement && field.matches("[data-answer]")) answer(field.name, field.value);
  else if (isField(field)) changeField(field);
});
form.addEventListener("change", (event) => isField(event.target) && saver.flush());
form.addEventListener("focusout", (event) => isField(event.target) && saver.flush());

/** @param {EventTarget | null} target @returns {target is HTMLInputElement} */
function isField(target) {
  return target instanceof HTMLElement && target.matches("[data-field]");
}

/** @param {HTMLInputElement} field */
function changeField(field) {
  if (field.matches("[data-language]")) main.dataset.spoken = field.value;
  saver.change("fields", { [field.name]: field.value }, field instanceof HTMLSelectElement ? 0 : 500);
}

/** @param {HTMLInputElement} field */
function changePoint(field) {
  const found = field.value.trim().match(/^(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)$/);
  const problem = form.querySelector("[data-problem='latitude']");
  if (found) saver.change("fields", { latitude: Number(found[1]), longitude: Number(found[2]) });
  else if (!field.value.trim()) saver.change("fields", { latitude: null, longitude: null });
  if (problem) problem.textContent = found || !field.value.trim() ? "" : "two numbers, like 35.9940, -78.8986";
}

const nature = form.querySelector("[data-combobox]");
if (nature instanceof HTMLElement) {
  combobox(nature, (code) => {
    saver.change("fields", { nature: code }, 0);
    arrange();
  });
}

// --- questions ----------------------------------------------------------------------------------------

/** @param {string} key @param {string} value */
function chosen(key, value) {
  const group = form.querySelector(`[data-question="${key}"]`);
  const column = group?.getAttribute("data-field-name");
  if (column) saver.change("fields", { [column]: value }, 0);
  else answer(key, value, 0);
}

/** @param {string} key @param {string} value @param {number} [wait] */
function answer(key, value, wait) {
  saver.change("answers", { [key]: value || null }, wait);
  const question = form.querySelector(`[name="${key}"]`)?.closest(".question");
  if (question) markQuestion(question, value !== "");
  arrange();
}

/** @param {Element} question @param {boolean} isAnswered */
function markQuestion(question, isAnswered) {
  question.setAttribute("data-state", isAnswered ? "answered" : "unasked");
  const state = question.querySelector(".question-state");
  if (state) state.textContent = isAnswered ? "" : "not asked";
}

/** @param {string} key */
function valueOf(key) {
  if (key === "nature") return form.querySelector("[data-combobox-input]")?.getAttribute("data-value") ?? "";
  const field = form.elements.namedItem(key);
  return field instanceof RadioNodeList || field instanceof HTMLInputElement ? field.value : "";
}

/** Show the questions whose condition holds; one that no longer applies is taken back. @param {boolean} [isTyped] by what was typed here */
function arrange(isTyped = true) {
  const questions = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".question")]);
  for (const question of questions) {
    const { after, afterIn } = question.dataset;
    if (!after) continue;
    const applies = (afterIn ?? "").split(" ").includes(valueOf(after));
    if (!applies && isTyped && question.dataset.state === "answered") takeBack(question);
    question.hidden = !applies;
  }
  const shown = questions.filter((question) => !question.hidden);
  const asked = shown.filter((question) => question.dataset.state === "answered").length;
  const count = form.querySelector("[data-asked-count]");
  if (count) count.textContent = `${asked} of ${shown.length} asked`;
}

/** @param {Element} question */
function takeBack(question) {
  const fields = /** @type {HTMLInputElement[]} */ ([...question.querySelectorAll("input")]);
  for (const field of fields) {
    if (field.type === "radio") field.checked = false;
    else field.value = "";
  }
  if (fields[0]) saver.change("answers", { [fields[0].name]: null }, 0);
  markQuestion(question, false);
}

// --- keys ---------------------------------------------------------------------------------------------

form.addEventListener("keydown", (event) => {
  const target = event.target;
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const group = target.matches("input[type=radio]") ? target.closest(".segments") : null;
  if (group && /^[0-9]$/.test(event.key)) {
    event.preventDefault();
    choose(group, Number(event.key));
  } else if (event.key === "Enter" && !(target instanceof HTMLTextAreaElement)) {
    event.preventDefault();
    step(target, event.shiftKey ? -1 : 1);
  }
});

/** @param {Element} group @param {number} number */
function choose(group, number) {
  const radios = /** @type {HTMLInputElement[]} */ ([...group.querySelectorAll("input")]);
  const question = group.closest(".question");
  if (number === 0) {
    if (question) takeBack(question);
    arrange();
    return;
  }
  const radio = radios[number - 1];
  if (!radio) return;
  radio.checked = true;
  radio.focus();
  chosen(radio.name, radio.value);
}

/** Enter goes on: to the next field, of a group of answers to the chosen or first. @param {HTMLElement} from @param {number} by */
function step(from, by) {
  const all = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("input, select, textarea")]);
  const stops = all.filter((field) => field.checkVisibility() && isStop(field));
  const at = stops.findIndex((stop) => stop === from || sameGroup(stop, from));
  stops[at + by]?.focus();
}

/** @param {HTMLElement} field */
function isStop(field) {
  if (!(field instanceof HTMLInputElement) || field.type !== "radio") return true;
  const group = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(`input[name="${field.name}"]`)]);
  return field === (group.find((radio) => radio.checked) ?? group[0]);
}

/** @param {HTMLElement} a @param {HTMLElement} b */
function sameGroup(a, b) {
  return a instanceof HTMLInputElement && b instanceof HTMLInputElement && a.type === "radio" && a.name === b.name;
}

offer("save", () => void saver.flush());

// --- leaving ------------------------------------------------------------------------------------------

for (const button of document.querySelectorAll("[data-post]")) {
  button.addEventListener("click", () => void act(/** @type {HTMLElement} */ (button)));
}

/** @param {HTMLElement} button */
async function act(button) {
  if (!(await saver.flush())) {
    toast("Something is not saved yet: see the form.", "late");
    return;
  }
  const what = button.dataset.post ?? "";
  button.dataset.pressId ??= newId();
  const values = { command_id: button.dataset.pressId };
  const response = await press(`/calls/${main.dataset.number}/${what}/`, values).catch(() => null);
  if (!response || response.status === 503) {
    toast("Not done: the console cannot be reached. Press again, it cannot happen twice.", "late");
    return;
  }
  delete button.dataset.pressId;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  enqueue([...page.body.children].map((part) => ({ id: part.id, html: part.outerHTML })));
  if (what === "release" && response.ok) location.assign("/board/");
  else if (!response.ok) toast("It was refused: somebody else changed this call. What you see is how it is now.", "late");
  else toast("Line lost. Call back at once, and again within two minutes.");
}

addEventListener("pagehide", () => saver.leave());
addEventListener("beforeunload", (event) => {
  if (saver.failures) event.preventDefault();
});

// --- what another answer would bring matters most now; once shown, the reader decides -------------------

new MutationObserver((_, observer) => {
  const details = document.getElementById("would-change");
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  observer.disconnect();
}).observe(main, { childList: true, subtree: true });

// --- beginning ----------------------------------------------------------------------------------------

main.dataset.spoken = /** @type {HTMLSelectElement | null} */ (form.querySelector("[data-language]"))?.value ?? "en";
arrange();
takeUp();
if (main.dataset.number) {
  goLive(main.dataset.number);
  firstQuestion();
}
void saver.recover().then((draft) => {
  if (!draft) return;
  restore({ ...draft.fields, ...draft.answers });
  saver.change("fields", draft.fields, 0);
  saver.change("answers", draft.answers, 0);
  toast("What was not saved last time is back on the form and is being saved now.");
});

/** A call that has begun elsewhere goes on with what nobody has answered, unless hands are somewhere already. */
function firstQuestion() {
  if (document.activeElement !== document.body) return;
  const open = [...form.querySelectorAll(".question[data-state=unasked]")].find((question) => question.checkVisibility());
  open?.querySelector("input")?.focus({ preventScroll: true });
}

/** What was typed before this module was loaded counts as well. */
function takeUp() {
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input, textarea, select"))) {
    const isTyped = field.type === "radio" ? field.checked && !field.defaultChecked : isChanged(field);
    if (isTyped) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** @param {HTMLInputElement | HTMLSelectElement} field */
function isChanged(field) {
  if (field.matches("[data-combobox-input]")) return false; // its value is the one that was chosen
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.value !== first?.value;
}

/** @param {Record<string, any>} values */
function restore(values) {
  for (const [name, value] of Object.entries(values)) {
    if (name === "latitude" || name === "longitude") {
      showPoint(values);
      continue;
    }
    const field = form.elements.namedItem(name === "caller_relation" ? "caller" : name);
    if (field instanceof RadioNodeList || (field && "value" in field)) /** @type {any} */ (field).value = value ?? "";
  }
  if (typeof values.nature === "string") {
    const option = form.querySelector(`[role=option][data-value="${CSS.escape(values.nature)}"]`);
    const input = /** @type {HTMLInputElement} */ (form.querySelector("[data-combobox-input]"));
    input.value = option?.getAttribute("data-name") ?? "";
    input.dataset.value = values.nature;
  }
}

/** @param {Record<string, any>} values */
function showPoint({ latitude, longitude }) {
  const field = form.querySelector("[data-point]");
  if (!(field instanceof HTMLInputElement) || latitude === undefined || longitude === undefined) return;
  field.value = typeof latitude === "number" ? `${latitude}, ${longitude}` : "";
}
