import { effect, signal } from "@preact/signals";

export type Theme = "dark" | "light";

const key = "ecgfm.theme";

/** The page's colours; kept in this browser. */
export const theme = signal<Theme>(localStorage.getItem(key) === "light" ? "light" : "dark");

export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    localStorage.setItem(key, theme.value);
  });
}
