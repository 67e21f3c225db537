// Loaded before the first paint, so that a dark room never flashes white.
(() => {
  const root = document.documentElement;
  let kept = null;
  try {
    kept = localStorage.getItem("heart.theme");
  } catch {
    // storage is switched off: the page's own default stands
  }
  root.dataset.theme = kept ?? root.dataset.themeDefault ?? "dark";
})();
