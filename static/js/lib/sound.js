// @ts-check
// A tone for what needs an action: an alert that nobody has, a new call on a team's phone.
// Oscillators, no files. Browsers allow sound only after a press: for those who bear alerts the first press
// anywhere switches it on with a test tone, and until then their button says in red that it is off.

import { store } from "./store.js";

/** @type {AudioContext | null} */
let audio = null;

/** Distinct rhythms: seconds at which a short tone starts. */
const RHYTHMS = { high: [0, 0.2, 0.4, 0.8, 1.0], medium: [0, 0.3, 0.6] };

/** @param {"high" | "medium"} level */
export function sound(level) {
  if (!audio || audio.state !== "running") return;
  for (const start of RHYTHMS[level]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = level === "high" ? 880 : 587;
    const at = audio.currentTime + start;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.2, at + 0.02);
    volume.gain.linearRampToValueAtTime(0, at + 0.14);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.15);
  }
}

/** @param {HTMLElement} button */
export function soundButton(button) {
  const bearsAlerts = (document.body.dataset.can ?? "").split(" ").includes("dispatch");
  const words = button.querySelector("span.unseen, span.sound-words");
  const show = () => {
    const on = audio?.state === "running";
    button.setAttribute("aria-pressed", String(on));
    button.title = on ? "Sound is on" : "Sound is off";
    button.dataset.kind = on || !bearsAlerts ? "quiet" : "danger";
    if (!words || !bearsAlerts) return;
    words.className = on ? "unseen" : "sound-words";
    words.textContent = on ? "Sound" : "Sound is off";
  };
  const switchOn = async () => {
    audio ??= new AudioContext();
    await audio.resume();
    show();
  };
  button.addEventListener("click", async () => {
    if (audio?.state === "running") {
      await audio.suspend();
      store.set("sound", "off");
      show();
    } else {
      await switchOn();
      store.set("sound", "on");
      sound("medium");
    }
  });
  const first = async (/** @type {Event} */ event) => {
    if (audio || (event.target instanceof Node && button.contains(event.target))) return;
    await switchOn();
    if (bearsAlerts && !isTested()) sound("medium");
  };
  if (store.get("sound") === "on" || (bearsAlerts && store.get("sound") !== "off")) {
    document.addEventListener("click", first, { once: true });
    document.addEventListener("keydown", first, { once: true });
  }
  show();
}

/** Whether this sign-on has heard the test tone; one tone per tab. */
function isTested() {
  const was = sessionStorage.getItem("heart.tone") === document.body.dataset.user;
  sessionStorage.setItem("heart.tone", document.body.dataset.user ?? "");
  return was;
}
