// @ts-check
// Rows that are opened in place, changed, moved, added and removed, each saved by itself. Nothing typed
// is ever lost: it stays in this browser until it is saved or discarded.

import { inWords, showFaults } from "./faults.js";
import { kept, whileBusy } from "./kept.js";
import { buttonOf, openerOf, rove, rowOf, rowsOf, ruleRows } from "./rows.js";
import { saving } from "./saving.js";
import { part, stamp } from "./talk.js";

/** @typedef {Record<string, any>} Row */
/** @typedef {import("./talk.js").Fault} Fault */
/**
 * What is edited: a part of the version, its forms, and what to do when something changed.
 * @typedef {{
 *   part: string, key: string, noun: string, isLastFixed: boolean,
 *   make: (row: Row, changed: () => void) => HTMLFormElement,
 *   read: (form: HTMLFormElement) => Row,
 *   fresh: (taken: string[]) => Row,
 *   changed: (wait?: number) => void,
 * }} Kind
 */

const NEW = "(new)";

/** @param {HTMLElement} root @param {Kind} kind */
export function bench(root, kind) {
  const table = part(root, "[data-rows]");
  const addButton = /** @type {HTMLElement | null} */ (root.querySelector("[data-add]"));
  const isFrozen = "frozen" in root.dataset;
  const typed = kept(`${kind.part}/${root.dataset.version}`);
  const save = saving(root, renew);
  /** The row that is open, by its name in the table; a new one has none, but a place.
   * @type {{name: string | null, place?: number, form: HTMLFormElement, holder: HTMLElement, opened: string} | null} */
  let open = null;

  /** What is typed, as an edit; none while it says what is saved. */
  function edit() {
    if (!open) return null;
    const row = kind.read(open.form);
    if (JSON.stringify(row) === open.opened) return null;
    return { put: kind.part, name: open.name, row, ...(open.name === null ? { place: open.place } : {}) };
  }

  function changed() {
    if (!open) return;
    const row = edit()?.row;
    typed.put(open.name ?? NEW, row ? { row, place: open.place } : null);
    unsaved();
    if (!row) told([]);
    kind.changed();
  }

  /** Faults of what is typed, at their fields and by name below. @param {Fault[]} faults */
  function told(faults) {
    if (!open) return;
    const { name, form } = open;
    showFaults(form, faults);
    const state = part(form, "[data-state]");
    state.dataset.tone = faults.length ? "late" : "ok";
    const own = name ?? kind.read(form)[kind.key];
    const words = faults.map((fault) => (fault.row && fault.row !== own ? `${fault.row}: ${fault.detail}` : inWords(form, fault)));
    state.textContent = faults.length ? `${called()}: ${words.join("; ")}` : edit() ? `${called()} can be saved` : "";
  }

  function called() {
    return open?.name ?? `the new ${kind.noun}`;
  }

  // --- one row open in its place ---------------------------------------------------------------

  /** @param {HTMLElement} row */
  function toggle(row) {
    const name = row.dataset.code ?? "";
    const isOpen = open?.name === name;
    close();
    if (isOpen) openerOf(row)?.focus();
    else show(name, JSON.parse(row.dataset.row ?? "{}"), row);
  }

  /** @param {string | null} name @param {Row} saved @param {HTMLElement | undefined} after @param {number} [place] */
  function show(name, saved, after, place) {
    close();
    const asSaved = kind.make(saved, changed);
    const opened = name === null ? "" : JSON.stringify(kind.read(asSaved));
    const before = name === null ? null : typed.get(name);
    const form = before ? kind.make(before.row, changed) : asSaved;
    const cell = document.createElement("td");
    cell.colSpan = table.parentElement?.querySelectorAll("thead th").length ?? 1;
    cell.append(form);
    const holder = document.createElement("tr");
    holder.className = "rule-holder";
    holder.append(cell);
    form.setAttribute("aria-label", `${kind.noun} ${name ?? "that is new"}`);
    if (after) after.after(holder);
    else table.prepend(holder);
    open = { name, place, form, holder, opened };
    mark(name, true);
    if (isFrozen) for (const field of form.querySelectorAll("input, select, textarea")) field.setAttribute("disabled", "");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      saveOpen();
    });
    form.addEventListener("click", buttons);
    if (!isFrozen) /** @type {HTMLElement | null} */ (form.querySelector("input, select, textarea"))?.focus();
    holder.scrollIntoView({ block: "nearest" });
    changed();
  }

  function close() {
    if (!open) return;
    const { name, holder } = open;
    open = null;
    holder.remove();
    mark(name, false);
    unsaved();
    kind.changed(0);
  }

  /** @param {string | null} name @param {boolean} isOpen */
  function mark(name, isOpen) {
    const row = name === null ? undefined : rowOf(table, name);
    row?.toggleAttribute("data-open", isOpen);
    openerOf(row)?.setAttribute("aria-expanded", String(isOpen));
  }

  function leave() {
    const name = open?.name ?? null;
    close();
    (name === null ? addButton : openerOf(rowOf(table, name)))?.focus();
  }

  /** @param {MouseEvent} event */
  function buttons(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button || !open) return;
    const { name, place, form } = open;
    if (button.matches("[data-discard]")) {
      typed.put(name ?? NEW, null);
      leave();
    } else if (button.matches("[data-duplicate]")) {
      const row = { ...kind.read(form), [kind.key]: kind.fresh(names())[kind.key] };
      const after = name === null ? undefined : rowOf(table, name);
      show(null, row, after, after ? Number(after.dataset.place) + 1 : place);
    } else if (button.matches("[data-remove]") && name !== null) {
      remove(name);
    }
  }

  // --- saving ----------------------------------------------------------------------------------

  async function saveOpen() {
    const wanted = edit();
    if (!open || !wanted) return leave();
    const name = open.name ?? NEW;
    const { isSaved, status, body } = await save(wanted);
    if (isSaved) {
      typed.put(name, null);
      close();
      openerOf(rowOf(table, wanted.row[kind.key]))?.focus();
    } else if (open) {
      if (status === 422) told(body.errors ?? []);
      part(open.form, "[aria-invalid], [type=submit]").focus();
    }
  }

  /** @param {object} wanted @param {string} focus the row that has the focus afterwards @param {() => void} undo */
  async function change(wanted, focus, undo) {
    const pressed = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.rowDoes : undefined;
    const { isSaved, body } = await save(wanted);
    if (!isSaved) return;
    if (document.activeElement === document.body) buttonOf(rowOf(table, focus), pressed)?.focus();
    const note = stamp("undo");
    part(note, "[data-text]").textContent = body.said;
    part(note, "[data-undo]").addEventListener("click", () => {
      note.remove();
      undo();
    });
    part(root, "[data-toast]").replaceChildren(note);
  }

  /** The rows as they are now; what is open stays open. @param {any} body */
  function renew(body) {
    part(root, "[data-toast]").replaceChildren();
    table.innerHTML = body.rows;
    rove(table, rowsOf(table)[0]);
    if (open) {
      const row = open.name === null ? rowsOf(table)[(open.place ?? 1) - 1] : rowOf(table, open.name);
      if (row) row.after(open.holder);
      else table.append(open.holder);
      mark(open.name, true);
    }
    adopt();
    unsaved();
    kind.changed(0);
  }

  /** @param {HTMLElement} row @param {number} place */
  function move(row, place) {
    const name = row.dataset.code ?? "";
    const before = Number(row.dataset.place);
    return change({ move: kind.part, name, place }, name, () => change({ move: kind.part, name, place: before }, name, () => move(row, place)));
  }

  /** @param {string} name */
  function remove(name) {
    const row = rowOf(table, name);
    const place = Number(row?.dataset.place);
    const before = JSON.parse(row?.dataset.row ?? "{}");
    const next = (rowsOf(table)[place + 1] ?? rowsOf(table)[place - 1])?.dataset.code ?? "";
    typed.put(name, null);
    close();
    change({ remove: kind.part, name }, next, () =>
      change({ put: kind.part, name: null, row: before, place }, name, () => remove(name)),
    );
  }

  function names() {
    return rowsOf(table).map((row) => row.dataset.code ?? "");
  }

  // --- what is typed and not saved -------------------------------------------------------------

  /** What was typed into a row that somebody else has removed becomes a new row. */
  function adopt() {
    const orphan = typed.names().find((name) => name !== NEW && name !== open?.name && !names().includes(name));
    if (!orphan || typed.get(NEW)) return;
    typed.put(NEW, { row: typed.get(orphan).row });
    typed.put(orphan, null);
  }

  function unsaved() {
    const waiting = typed.names().filter((name) => name !== (open?.name ?? (open ? NEW : "")));
    for (const row of rowsOf(table)) {
      const name = row.dataset.code ?? "";
      part(row, "[data-unsaved]").hidden = !(name === open?.name ? edit() : waiting.includes(name));
    }
    const told = waiting.map((name) => (name === NEW ? `a new ${kind.noun}` : name));
    const banner = part(root, "[data-kept]");
    banner.hidden = !told.length;
    banner.textContent = `Typed here and not saved yet: ${told.join(", ")}. Open it to go on.`;
  }

  ruleRows(table, { open: toggle, move });
  addButton?.addEventListener("click", () => {
    const before = typed.get(NEW);
    const place = before?.place ?? names().length - Number(kind.isLastFixed);
    show(null, before?.row ?? kind.fresh(names()), rowsOf(table)[place - 1], place);
  });
  document.addEventListener("keydown", (event) => {
    if (!open) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && !isFrozen) {
      event.preventDefault();
      saveOpen();
    } else if (event.key === "Escape" && table.contains(/** @type {Node} */ (event.target))) {
      leave();
    }
  });
  typed.ready.then(() => {
    adopt();
    unsaved();
  });
  whileBusy(typed.isWriting);
  return { edit, told, called, table, ready: typed.ready };
}
