// @ts-check
// Dialogs: [data-opens="id"] opens, [data-closes] closes. A button may carry the address its dialog's
// form posts to (data-action) and a name to show (data-about), so that fragments hold no forms.
//
// Over the board nothing is modal: there a dialog stands on the panel of the call that it is about, and the
// lists beside it go on and can be used.

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest("[data-opens]");
  if (opener instanceof HTMLElement) open(opener);
  const closer = target?.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
  if (target instanceof HTMLDialogElement) target.close();
});

/** @param {HTMLElement} opener */
function open(opener) {
  const dialog = document.getElementById(opener.dataset.opens ?? "");
  if (!(dialog instanceof HTMLDialogElement)) return;
  const form = dialog.querySelector("form");
  if (form && opener.dataset.action) form.setAttribute("hx-post", opener.dataset.action);
  dialog.dataset.flag = opener.dataset.flag ?? "";
  if (form) fill(form, opener);
  for (const about of dialog.querySelectorAll("[data-about-text]")) about.textContent = opener.dataset.about ?? "";
  for (const problem of dialog.querySelectorAll(".problem")) problem.textContent = "";
  if (form && "htmx" in window) /** @type {any} */ (window).htmx.process(form);
  const panel = opener.closest("#board-call");
  if (panel instanceof HTMLElement) standOn(panel, dialog, opener);
  else dialog.showModal();
}

/** Put what the button knows into the form: data-fill-agency="EMS"; a check box is ticked by any word. @param {HTMLFormElement} form @param {HTMLElement} opener */
function fill(form, opener) {
  form.reset();
  for (const { name, value } of opener.attributes) {
    if (!name.startsWith("data-fill-")) continue;
    const field = form.elements.namedItem(name.slice("data-fill-".length));
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value !== "";
    else if (field instanceof RadioNodeList || field instanceof HTMLInputElement) field.value = value;
  }
}

/** @param {HTMLElement} panel @param {HTMLDialogElement} dialog @param {HTMLElement} opener */
function standOn(panel, dialog, opener) {
  for (const other of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (other).close();
  const { left, width, bottom } = panel.getBoundingClientRect();
  Object.assign(dialog.style, {
    left: `${left}px`,
    width: `${width}px`,
    bottom: `${Math.max(0, innerHeight - bottom)}px`,
  });
  dialog.classList.add("stands");
  dialog.show();
  dialog.addEventListener(
    "close",
    () => {
      dialog.classList.remove("stands");
      dialog.removeAttribute("style");
      if (opener.isConnected && (!document.activeElement || document.activeElement === document.body)) opener.focus();
    },
    { once: true },
  );
}

// A dialog that is not modal has no Escape of its own.
document.addEventListener(
  "keydown",
  (event) => {
    const dialog = event.target instanceof Element ? event.target.closest("dialog.stands[open]") : null;
    if (event.key !== "Escape" || !(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    event.stopPropagation();
    dialog.close();
  },
  { capture: true },
);
