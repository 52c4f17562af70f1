import { signal } from "@preact/signals";

/** How the page stands with its broker. */
export type Link =
  | { state: "unset" }
  | { state: "connecting"; url: string }
  | { state: "connected"; url: string }
  /** It was connected, or never was, and tries on by itself. */
  | { state: "lost"; url: string; since: number; reason: string }
  /** It will not try again by itself. */
  | { state: "refused"; url: string; reason: string };

export const link = signal<Link>({ state: "unset" });
