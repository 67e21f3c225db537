// @ts-check
// The list at the end of a shift: one box chooses all calls, or none.

const all = document.querySelector("[data-choose-all]");
const each = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[name='calls']"));

if (all instanceof HTMLInputElement) {
  const show = () => {
    const chosen = [...each].filter((box) => box.checked).length;
    all.checked = chosen === each.length;
    all.indeterminate = chosen > 0 && chosen < each.length;
  };
  all.addEventListener("change", () => each.forEach((box) => (box.checked = all.checked)));
  each.forEach((box) => box.addEventListener("change", show));
  show();
}
