import { signal } from "@preact/signals";
import type { Layout } from "./sheet";

/** How the ten seconds are shown; kept until the page is closed. */
export const shaded = signal(true);

/** Undefined: what suits the leads that there are. */
export const chosenLayout = signal<Layout | undefined>(undefined);
