// @ts-check
// Saves a form field by field. One command is on its way at a time and keeps its id until the server has
// answered, so that sending it again cannot write twice; what is typed meanwhile goes with the next.

import { newId } from "./commands.js";
import { keepDraft, readDraft } from "./drafts.js";
import { send } from "./http.js";

/** @typedef {{fields: Record<string, unknown>, answers: Record<string, unknown>}} Values */
/** @typedef {Values & {seen?: Values, command_id?: string}} Draft */
/** @typedef {{id: number, number: string, saved_at: string, beat: string, items: any[], known: Values}} Saved */
/** @typedef {{value: any, words: string}} Held what somebody else wrote into the same field, who and when */
/** @typedef {{fields: Record<string, Held>, answers: Record<string, Held>}} Clashes */
/** @typedef {"saving" | "saved" | "failed" | "refused"} State */

const KINDS = /** @type {const} */ (["fields", "answers"]);
const RETRY_MS = [1000, 2000, 4000, 8000];

export class Saver {
  /** @type {Values} what was typed since the last command */
  typed = { fields: {}, answers: {} };
  /** @type {Draft | null} the command without an answer yet */
  sent = null;
  failures = 0;
  /** @type {Promise<boolean> | null} */
  running = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /**
   * @param {object} options
   * @param {string} options.number of the call, empty before its first field
   * @param {string} options.owner whose draft it is
   * @param {Values} options.known what the form shows of the call
   * @param {(saved: Saved, before: Values) => void} options.onSaved
   * @param {(problems: Record<string, string>, items: any[], clashes: Clashes, mine: Values) => void} options.onRefused
   * @param {(state: State, why?: string) => void} options.onState
   */
  constructor({ number, owner, known, onSaved, onRefused, onState }) {
    this.number = number;
    this.owner = owner;
    /** What this page knows of the call: a save says against it what somebody else changed. */
    this.known = known;
    /** Fields that somebody else wrote meanwhile, until one of the two values is chosen. */
    this.disputed = { fields: new Set(), answers: new Set() };
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

  /** Send what there is, after what is on its way; resolves to whether everything is saved. @returns {Promise<boolean>} */
  flush() {
    clearTimeout(this.timer);
    this.running ??= this.sendAll().finally(() => (this.running = null));
    return this.running;
  }

  async sendAll() {
    while (!this.isClean) {
      if (!this.sent) {
        this.sent = this.command();
        this.typed = { fields: {}, answers: {} };
      }
      if (!this.failures) this.onState("saving");
      const problem = await this.deliver(this.sent).catch(() => "the console cannot be reached");
      if (problem) {
        this.wait(problem);
        return false;
      }
    }
    return true;
  }

  /** @returns {Draft} what was typed, with what stood there before */
  command() {
    return { ...this.typed, seen: this.seenOf(this.typed), command_id: newId() };
  }

  /** @param {Values} values @returns {Values} what the form showed in these fields */
  seenOf(values) {
    return {
      fields: pick(this.known.fields, Object.keys(values.fields)),
      answers: pick(this.known.answers, Object.keys(values.answers)),
    };
  }

  /** @param {Draft} draft @returns {Promise<string | null>} why it is not saved */
  async deliver(draft) {
    const response = await send(this.number ? `/calls/${this.number}/fields/` : "/calls/", draft);
    if (response.type === "opaqueredirect") return "you are signed out; sign in in another tab";
    if (response.status === 403) return "the session ended; sign in in another tab";
    if (response.status === 503) return "the database is away";
    const body = await response.json();
    if (response.status === 422 || response.status === 409) {
      this.refuse(draft, body);
      return null;
    }
    if (!response.ok) return `the console answered with fault ${response.status}`;
    const oldName = this.draftName;
    this.sent = null;
    this.failures = 0;
    this.number = body.number;
    void keepDraft(oldName, null);
    const before = this.known;
    this.known = this.withDisputed(body.known);
    this.onSaved(body, before);
    if (this.isClean) this.onState("saved");
    return null;
  }

  /** A field that two people wrote stays as this page knew it until one of the values is chosen. @param {Values} now @returns {Values} */
  withDisputed(now) {
    return {
      fields: { ...now.fields, ...pick(this.known.fields, this.disputed.fields) },
      answers: { ...now.answers, ...pick(this.known.answers, this.disputed.answers) },
    };
  }

  /** Somebody chose: what the other wrote is known now. @param {"fields" | "answers"} kind @param {string} name @param {unknown} value */
  settle(kind, name, value) {
    this.disputed[kind].delete(name);
    this.known[kind][name] = value;
  }

  /** The refused fields stay on the page; the others go again. @param {Draft} draft @param {any} body */
  refuse(draft, { problems = {}, items = [], clashes = { fields: {}, answers: {} } }) {
    for (const kind of KINDS) for (const name of Object.keys(clashes[kind])) this.disputed[kind].add(name);
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
    this.onRefused(problems, items, clashes, draft);
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

  /** Everything that is not saved, with what stood there before. @returns {Draft} */
  all() {
    const values = {
      fields: { ...this.sent?.fields, ...this.typed.fields },
      answers: { ...this.sent?.answers, ...this.typed.answers },
    };
    return { ...values, seen: this.seenOf(values) };
  }

  /** The page goes away: hand over what is left. */
  leave() {
    if (this.isClean) return;
    const address = this.number ? `/calls/${this.number}/fields/` : "/calls/";
    if (this.sent) void send(address, this.sent, true).catch(() => {});
    if (some(this.typed) && (this.number || !this.sent)) {
      void send(address, this.command(), true).catch(() => {});
    }
  }

  /** What an earlier visit could not save. @returns {Promise<Draft | null>} */
  async recover() {
    const draft = await readDraft(this.draftName).catch(() => null);
    if (!draft) return null;
    void keepDraft(this.draftName, null);
    for (const kind of KINDS) Object.assign(this.known[kind], draft.seen?.[kind]);
    return draft;
  }
}

/** @param {Record<string, unknown>} known @param {Iterable<string>} names */
function pick(known, names) {
  return Object.fromEntries([...names].map((name) => [name, known[name] ?? null]));
}

/** @param {Values} draft */
function some(draft) {
  return size(draft) > 0;
}

/** @param {Values} draft */
function size(draft) {
  return Object.keys(draft.fields).length + Object.keys(draft.answers).length;
}

/** @param {Record<string, unknown>} values @param {Set<string>} names */
function without(values, names) {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
}
