// @ts-check
// A button that has a command says so when it is pointed at or focused: data-command="d CRT1 26-000123".

/** @param {Event} event */
function hint(event) {
  const twin = event.target instanceof Element ? event.target.closest("[data-command]") : null;
  if (!(twin instanceof HTMLElement) || twin.title) return;
  twin.title = `Command: ${twin.dataset.command}`;
}

document.addEventListener("pointerover", hint);
document.addEventListener("focusin", hint);
