// @ts-check
// The workshop: the rule that is open is checked, tried on the example and proven while it is typed.

import { bench } from "./bench.js";
import { exampleCall } from "./example.js";
import { readRule, ruleForm } from "./form.js";
import { markRows } from "./rows.js";
import { proofStrip } from "./strip.js";
import { calmly, part, send } from "./talk.js";

const root = /** @type {HTMLElement} */ (document.querySelector("[data-editor]"));
const decision = part(root, "[data-decision]");

const rules = bench(root, {
  part: "rules",
  key: "code",
  noun: "rule",
  isLastFixed: true,
  make: ruleForm,
  read: readRule,
  fresh,
  changed(wait) {
    check(wait);
    prove(wait);
  },
});
const example = exampleCall(root, {
  changed: () => check(0),
  kept: () => prove(0),
  isTyping: () => rules.edit() !== null,
});
const prove = proofStrip(root, rules.edit, rules.called);
const check = calmly(150, async (signal) => {
  const edit = rules.edit();
  decision.setAttribute("aria-busy", "true");
  const { status, body } = await send(root.dataset.check ?? "", { edit, example: example.call() }, signal);
  decision.setAttribute("aria-busy", "false");
  if (status !== 200) {
    decision.textContent = body.errors?.[0]?.detail ?? body.detail ?? "No answer from the console; it is asked again with the next change.";
    return;
  }
  decision.innerHTML = body.html;
  part(root, "[data-decision-said]").textContent = body.summary;
  markRows(rules.table, body.decides, body.holding);
  if (edit) rules.told(body.faults);
});

/** A rule to begin with, under a code that no other has. @param {string[]} taken */
function fresh(taken) {
  let number = 1;
  while (taken.includes(code(number))) number += 1;
  const body = { when: [[{ field: "nature", op: "is" }]], routes: [{ route: "CCD" }], level: 2 };
  return { code: code(number), is_hard: false, basis: "synthetic", citation: "", reason_en: "", reason_es: "", body };
}

/** @param {number} number */
function code(number) {
  return `R${String(number).padStart(2, "0")}`;
}

await rules.ready;
check(0);
prove(0);
root.dataset.ready = "";
