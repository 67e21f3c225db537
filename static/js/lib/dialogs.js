// @ts-check
// Dialogs: [data-opens="id"] opens, [data-closes] closes. A button may carry the address its dialog's
// form posts to (data-action) and a name to show (data-about), so that fragments hold no forms.

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
  dialog.showModal();
}

/** Put what the button knows into the form: data-fill-agency="EMS". @param {HTMLFormElement} form @param {HTMLElement} opener */
function fill(form, opener) {
  form.reset();
  for (const { name, value } of opener.attributes) {
    if (!name.startsWith("data-fill-")) continue;
    const field = form.elements.namedItem(name.slice("data-fill-".length));
    if (field instanceof RadioNodeList || field instanceof HTMLInputElement) field.value = value;
  }
}
