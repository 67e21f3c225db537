// @ts-check
// Saves a form field by field. One command is on its way at a time and keeps its id until the server has
// answered, so that sending it again cannot write twice; what is typed meanwhile goes with the next.

import { newId } from "./commands.js";
import { keepDraft, readDraft } from "./drafts.js";
import { send } from "./http.js";

/** @typedef {{fields: Record<string, unknown>, answers: Record<string, unknown>, command_id?: string}} Draft */
/** @typedef {{id: number, number: string, saved_at: string, beat: string, items: any[], alike: string[]}} Saved */
/** @typedef {"saving" | "saved" | "failed" | "refused"} State */

const RETRY_MS = [1000, 2000, 4000, 8000];

export class Saver {
  /** @type {Draft} what was typed since the last command */
  typed = { fields: {}, answers: {} };
  /** @type {Draft | null} the command without an answer yet */
  sent = null;
  failures = 0;
  isBusy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /**
   * @param {object} options
   * @param {string} options.number of the call, empty before its first field
   * @param {string} options.owner whose draft it is
   * @param {(saved: Saved) => void} options.onSaved
   * @param {(problems: Record<string, string>, items: any[]) => void} options.onRefused
   * @param {(state: State, why?: string) => void} options.onState
   */
  constructor({ number, owner, onSaved, onRefused, onState }) {
    this.number = number;
    this.owner = owner;
    this.onSaved = onSaved;
    this.onRefused = onRefused;
    this.onState = onState;
  }

  get isClean() {
    return !this.sent && !some(this.typed);
  }

  get draftName() {
    return `${this.owner}:${this.number || "new"}`;
  }

  /** @param {"fields" | "answers"} kind @param {Record<string, unknown>} values @param {number} [wait] */
  change(kind, values, wait = 400) {
    Object.assign(this.typed[kind], values);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.number ? wait : Math.max(wait, 250));
  }

  /** Send what there is; resolves to whether everything is saved. @returns {Promise<boolean>} */
  async flush() {
    clearTimeout(this.timer);
    if (this.isBusy || this.isClean) return this.isClean;
    this.isBusy = true;
    if (!this.sent) {
      this.sent = { ...this.typed, command_id: newId() };
      this.typed = { fields: {}, answers: {} };
    }
    if (!this.failures) this.onState("saving");
    const problem = await this.deliver(this.sent).catch(() => "the console cannot be reached");
    this.isBusy = false;
    if (problem) {
      this.wait(problem);
      return false;
    }
    return this.isClean ? true : this.flush();
  }

  /** @param {Draft} draft @returns {Promise<string | null>} why it is not saved */
  async deliver(draft) {
    const response = await send(this.number ? `/calls/${this.number}/fields/` : "/calls/", draft);
    if (response.type === "opaqueredirect") return "you are signed out; sign in in another tab";
    if (response.status === 403) return "the session ended; sign in in another tab";
    if (response.status === 503) return "the database is away";
    const body = await response.json();
    if (response.status === 422 || response.status === 409) {
      this.refuse(draft, body.problems ?? {}, body.items ?? []);
      return null;
    }
    if (!response.ok) return `the console answered with fault ${response.status}`;
    const oldName = this.draftName;
    this.sent = null;
    this.failures = 0;
    this.number = body.number;
    void keepDraft(oldName, null);
    this.onSaved(body);
    if (this.isClean) this.onState("saved");
    return null;
  }

  /** The refused fields stay on the page; the others go again. @param {Draft} draft @param {Record<string, string>} problems @param {any[]} items */
  refuse(draft, problems, items) {
    const bad = new Set(Object.keys(problems));
    if (bad.has("longitude") || bad.has("latitude")) bad.add("latitude").add("longitude");
    const left = {
      fields: without(draft.fields, bad),
      answers: without(draft.answers, bad),
    };
    const isSmaller = size(left) < size(draft);
    this.sent = null;
    if (isSmaller) {
      this.typed = {
        fields: { ...left.fields, ...this.typed.fields },
        answers: { ...left.answers, ...this.typed.answers },
      };
    }
    this.failures = 0;
    this.onRefused(problems, items);
    this.onState("refused");
  }

  /** @param {string} why */
  wait(why) {
    // Whoever reads "kept" may reload at once: it is said only when the draft is on the disk.
    void keepDraft(this.draftName, this.all())
      .catch(() => {})
      .then(() => {
        if (!this.isClean) this.onState("failed", why);
      });
    const pause = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.flush(), pause);
  }

  /** Everything that is not saved. @returns {Draft} */
  all() {
    return {
      fields: { ...this.sent?.fields, ...this.typed.fields },
      answers: { ...this.sent?.answers, ...this.typed.answers },
    };
  }

  /** The page goes away: hand over what is left. */
  leave() {
    if (this.isClean) return;
    const address = this.number ? `/calls/${this.number}/fields/` : "/calls/";
    if (this.sent) void send(address, this.sent, true).catch(() => {});
    if (some(this.typed) && (this.number || !this.sent)) {
      void send(address, { ...this.typed, command_id: newId() }, true).catch(() => {});
    }
  }

  /** What an earlier visit could not save. @returns {Promise<Draft | null>} */
  async recover() {
    const draft = await readDraft(this.draftName).catch(() => null);
    if (draft) void keepDraft(this.draftName, null);
    return draft;
  }
}

/** @param {Draft} draft */
function some(draft) {
  return size(draft) > 0;
}

/** @param {Draft} draft */
function size(draft) {
  return Object.keys(draft.fields).length + Object.keys(draft.answers).length;
}

/** @param {Record<string, unknown>} values @param {Set<string>} names */
function without(values, names) {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
}
