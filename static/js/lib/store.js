// @ts-check
// Small choices of this browser (theme, letters, sound, roughly where the map looks) and the number of the
// user for whom it keeps drafts. Never anything about a call.

export const store = {
  /** @param {string} name @returns {string | null} */
  get(name) {
    try {
      return localStorage.getItem(`heart.${name}`);
    } catch {
      return null;
    }
  },
  /** @param {string} name @param {string} value */
  set(name, value) {
    try {
      localStorage.setItem(`heart.${name}`, value);
    } catch {
      // storage is switched off: the choice lasts as long as the page
    }
  },
  /** @param {string} name */
  forget(name) {
    try {
      localStorage.removeItem(`heart.${name}`);
    } catch {
      // storage is switched off: nothing was kept
    }
  },
};
