// @ts-check
// The command line at the foot of every page: a key away, also from within a form. It never takes what
// is typed elsewhere: Escape, or a command that was carried out, gives focus and selection back as they
// were. Earlier lines are remembered by this page only, for they may hold personal text.

import { newId } from "./commands.js";
import { send } from "./http.js";
import { offer } from "./keys.js";
import { Origin } from "./origin.js";
import { toast } from "./toasts.js";

/** @typedef {{value: string, at: number, words: string}} Completion */
/** @typedef {{line: string, words: string}} Choice */
/** @typedef {{said: string, tone: "ok" | "late", open: string, problems: string[], choices: Choice[], column: number | null}} Answer */

const PAUSE_MS = 120;

/** @param {HTMLElement} dock */
export function commandLine(dock) {
  const input = find(dock, "input", HTMLInputElement);
  const list = find(dock, "[role=listbox]", HTMLElement);
  const words = find(dock, "[data-command-words]", HTMLElement);
  const expected = find(dock, "[data-command-expected]", HTMLElement);
  const problem = find(dock, "[data-command-problem]", HTMLElement);

  let origin = new Origin();
  /** @type {string[]} */
  const lines = [];
  let at = 0;
  /** The line whose id waits for an answer: the same line again is the same command. */
  let sent = { line: "", id: "" };
  /** What the page said the line would do. */
  let ahead = { line: "", words: "" };
  /** @type {Completion[]} */
  let completions = [];
  /** @type {Choice[]} */
  let choices = [];
  let marked = -1;
  let timer = 0;
  let turn = 0;

  // --- opening and closing ----------------------------------------------------------------------------

  function open() {
    if (!dock.hidden && dock.contains(document.activeElement)) return leave();
    origin = new Origin();
    const dialog = document.querySelector("dialog[open]");
    (dialog ?? document.body).append(dock); // a modal dialog makes everything outside of it inert
    dialog?.addEventListener("close", () => document.body.append(dock), { once: true });
    dock.hidden = false;
    at = lines.length;
    input.focus({ preventScroll: true });
    void look();
  }

  function leave() {
    if (input.value.trim() && lines.at(-1) !== input.value) lines.push(input.value);
    close();
  }

  function close() {
    const hadFocus = dock.contains(document.activeElement);
    dock.hidden = true;
    write("");
    problem.textContent = "";
    if (hadFocus) origin.giveBack();
  }

  // --- while it is typed --------------------------------------------------------------------------------

  /** @param {string} line */
  function write(line) {
    input.value = line;
    show([], []);
    words.textContent = expected.textContent = "";
    ahead = { line: "", words: "" };
  }

  function soon() {
    problem.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(() => void look(), PAUSE_MS);
  }

  /** Ask what may follow and what the line would do; only the newest answer counts. */
  async function look() {
    clearTimeout(timer);
    const mine = ++turn;
    const line = input.value;
    const response = await send("/command/complete/", { line, here: here() }).catch(() => null);
    const told = response?.ok ? await response.json().catch(() => null) : null;
    if (!told || mine !== turn || dock.hidden || line !== input.value) return;
    ahead = { line, words: told.words };
    words.textContent = told.words;
    expected.textContent = told.problem;
    show(told.completions, []);
  }

  /** @param {Completion[]} possible @param {Choice[]} offered */
  function show(possible, offered) {
    [completions, choices, marked] = [possible, offered, -1];
    const options = offered.length
      ? offered.map((choice) => option(choice.line, choice.words))
      : possible.map((each) => option(each.value, each.words));
    list.replaceChildren(...options);
    list.toggleAttribute("data-rows", offered.length > 0);
    input.setAttribute("aria-expanded", String(options.length > 0));
    input.removeAttribute("aria-activedescendant");
    for (const [index, element] of options.entries()) element.id = `command-option-${index}`;
  }

  /** @param {number} index */
  function mark(index) {
    const options = [...list.children];
    marked = (index + options.length) % options.length;
    for (const [each, element] of options.entries()) element.setAttribute("aria-selected", String(each === marked));
    input.setAttribute("aria-activedescendant", `command-option-${marked}`);
    options[marked]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Tab: what all completions begin with; then one after the other. @param {number} step */
  async function complete(step) {
    if (ahead.line !== input.value && marked < 0) await look();
    const [first] = completions;
    if (!first) return;
    if (completions.length === 1) {
      input.value = `${input.value.slice(0, first.at)}${first.value} `;
      return look();
    }
    const common = shared(completions.map((each) => each.value));
    if (marked < 0 && common.length > input.value.length - first.at) {
      input.value = input.value.slice(0, first.at) + common;
      return look();
    }
    mark(marked < 0 && step < 0 ? -1 : marked + step);
    input.value = input.value.slice(0, first.at) + completions[marked].value;
  }

  // --- carrying out ---------------------------------------------------------------------------------------

  async function run() {
    const line = marked >= 0 && choices.length ? choices[marked].line : input.value.trim();
    if (!line || input.readOnly) return;
    if (sent.line !== line) sent = { line, id: newId() };
    const body = { line, command_id: sent.id, here: here(), words: ahead.line.trim() === line ? ahead.words : "" };
    clearTimeout(timer);
    turn += 1; // what was asked while typing is not news any more
    input.readOnly = true;
    problem.textContent = "";
    const response = await send("/command/", body).catch(() => null);
    /** @type {Answer | null} */
    const answer = await response?.json().catch(() => null);
    input.readOnly = false;
    if (!response || !answer || response.status === 503) {
      return refuse("Not done: the console cannot be reached, or you are signed out. Enter again cannot do it twice.");
    }
    if (!response.ok) return refuse([answer.said && `Done: ${answer.said}.`, ...answer.problems].filter(Boolean).join(" "));
    sent = { line: "", id: "" };
    if (lines.at(-1) !== input.value) lines.push(input.value);
    if (answer.choices.length) {
      words.textContent = `${answer.said} ↓ chooses, Enter takes`;
      expected.textContent = "";
      show([], answer.choices);
      return;
    }
    close();
    if (answer.said) toast(answer.said, answer.tone);
    if (answer.open) go(answer.open);
  }

  /** @param {string} why */
  function refuse(why) {
    problem.textContent = why;
    expected.textContent = "";
  }

  // --- where we are ---------------------------------------------------------------------------------------

  /** The call that is meant without its number: of the row or record in use, else the one shown. */
  function here() {
    const row = origin.element?.closest("a.row[href^='/calls/']")?.getAttribute("href")?.split("/")[2];
    const shown = origin.element?.closest("[data-number]") ?? document.querySelector("main [data-number], main[data-number]");
    return row ?? shown?.getAttribute("data-number") ?? "";
  }

  offer("command-line", open);
  offer("send-recommended", () => {
    const buttons = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-recommended]")]);
    const button = buttons.find((each) => each.checkVisibility());
    if (button) button.click();
    else toast("No call with a recommended team is shown: open one.", "info");
  });

  for (const button of document.querySelectorAll("[data-opens-command]")) button.addEventListener("click", open);
  find(dock, "[data-command-close]", HTMLElement).addEventListener("click", leave);
  find(dock, "form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  input.addEventListener("input", soon);
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the focus stays in the field
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (!option) return;
    mark([...list.children].indexOf(option));
    if (choices.length) void run();
    else {
      input.value = `${input.value.slice(0, completions[marked].at)}${completions[marked].value} `;
      void look();
    }
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      leave();
    } else if (event.key === "Tab" && !event.ctrlKey) {
      void complete(event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const step = event.key === "ArrowUp" ? -1 : 1;
      if (choices.length) mark(marked < 0 && step < 0 ? -1 : marked + step);
      else earlier(step);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  /** @param {number} step */
  function earlier(step) {
    const to = Math.min(Math.max(at + step, 0), lines.length);
    if (to === at) return;
    at = to;
    write(lines[at] ?? "");
    soon();
  }

  if (location.hash === "#close") press("[data-key-close]");
}

/** Go where a command leads: a row of this page opens beside it; a form that is being filled stays. @param {string} address */
function go(address) {
  const [path, hash] = address.split("#");
  if (!path) return press(`[data-opens="${hash}"]`);
  const row = document.querySelector(`a[data-row][href="${path}"]`);
  const shown = document.querySelector(`main[data-number="${path.split("/")[2]}"], main [data-number="${path.split("/")[2]}"]`);
  if (hash === "close" && shown) press("[data-key-close]");
  else if (row instanceof HTMLElement && !hash) row.click();
  else if (document.querySelector("[data-intake]")) open(address, "_blank");
  else location.assign(address);
}

/** @param {string} selector */
function press(selector) {
  const button = document.querySelector(selector);
  if (button instanceof HTMLElement) button.click();
}

/** @param {string} value @param {string} words */
function option(value, words) {
  const element = document.createElement("li");
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", "false");
  const name = document.createElement("b");
  name.textContent = value;
  element.append(name, " ", words);
  return element;
}

/** What all begin with, whatever their case. @param {string[]} values */
function shared(values) {
  let end = values[0].length;
  for (const value of values) while (!value.toLowerCase().startsWith(values[0].slice(0, end).toLowerCase())) end -= 1;
  return values[0].slice(0, end);
}

/** @template {HTMLElement} T @param {HTMLElement} root @param {string} selector @param {new () => T} kind @returns {T} */
function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the command line has no ${selector}`);
  return found;
}
