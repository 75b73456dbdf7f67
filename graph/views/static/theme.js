// Light or dark: as the reader's system has it, or as the reader says.

import { byId } from "./dom.js";

/** @param {string} chosen "dark", "light" or "" for the system's */
export function setTheme(chosen) {
  const root = document.documentElement;
  if (chosen) root.dataset.theme = chosen;
  else delete root.dataset.theme;
  byId("theme").setAttribute("aria-pressed", String(isDark()));
}

/** @returns {boolean} */
export function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
