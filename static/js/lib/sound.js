// @ts-check
// A tone for what needs an action: a new level 4 or 3 call that waits, a crew that asks for backup.
// Oscillators, no files. Off until switched on here: browsers allow sound only after a press.

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
  const show = () => {
    const on = audio?.state === "running";
    button.setAttribute("aria-pressed", String(on));
    button.title = on ? "Sound is on" : "Sound is off";
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
  if (store.get("sound") === "on") {
    document.addEventListener("pointerdown", switchOn, { once: true });
    document.addEventListener("keydown", switchOn, { once: true });
  }
  show();
}
