// @ts-check
// [data-hold]: a press that must not happen by accident. Hold the finger, the mouse button, Enter or Space
// for a second and a half while the ring fills. A screen reader, which cannot hold, presses twice.

const HOLD_MS = 1500;
const ARMED_MS = 8000;

/** @type {{id: string, timer: ReturnType<typeof setTimeout>} | null} what is held now */
let held = null;
/** @type {{id: string, until: number}} what the next press sends */
let armed = { id: "", until: 0 };
let lastGesture = -Infinity;

/** @param {(button: HTMLElement) => void} send */
export function watchHolds(send) {
  document.addEventListener("pointerdown", (event) => {
    const button = holdOf(event.target);
    if (button && event.isPrimary && event.button === 0) begin(button, send);
  });
  document.addEventListener("pointermove", (event) => {
    if (held && holdOf(document.elementFromPoint(event.clientX, event.clientY))?.id !== held.id) end();
  });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, end);
  document.addEventListener("keydown", (event) => {
    const button = holdOf(event.target);
    if (!button || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (!event.repeat) begin(button, send);
  });
  document.addEventListener("keyup", end);
  addEventListener("blur", end);
  document.addEventListener("contextmenu", (event) => holdOf(event.target) && event.preventDefault());
  document.addEventListener("click", (event) => {
    const button = holdOf(event.target);
    if (button && performance.now() - lastGesture > HOLD_MS) pressTwice(button, send);
  });
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function holdOf(target) {
  const button = target instanceof Element ? target.closest("[data-hold]") : null;
  return button instanceof HTMLElement && button.getAttribute("aria-busy") !== "true" ? button : null;
}

/** @param {HTMLElement} button @param {(button: HTMLElement) => void} send */
function begin(button, send) {
  end();
  const { id } = button;
  button.toggleAttribute("data-holding", true);
  const timer = setTimeout(() => {
    end();
    navigator.vibrate?.(200);
    // a live update may have put another button in its place meanwhile
    const now = document.getElementById(id);
    send(now?.hasAttribute("data-hold") ? now : button);
  }, HOLD_MS);
  held = { id, timer };
}

function end() {
  if (!held) return;
  clearTimeout(held.timer);
  document.getElementById(held.id)?.removeAttribute("data-holding");
  held = null;
  lastGesture = performance.now();
}

/** @param {HTMLElement} button @param {(button: HTMLElement) => void} send */
function pressTwice(button, send) {
  const now = performance.now();
  const words = button.dataset.words ?? "";
  if (armed.id === button.id && now < armed.until) {
    armed = { id: "", until: 0 };
    say("");
    send(button);
  } else {
    armed = { id: button.id, until: now + ARMED_MS };
    say(`Press again to send: ${words}`);
  }
}

/** @param {string} words */
function say(words) {
  const place = document.querySelector("[data-hold-said]");
  if (place) place.textContent = words;
}
