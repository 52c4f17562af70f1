import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { route } from "../state/route";

/** Gives the focus to the page's main part when another view comes, for what had it is gone, and names the view in the window's title. */
export function useArrival(main: RefObject<HTMLElement | null>): void {
  const at = route.value;
  const place = at.view === "ward" ? "All beds" : at.view === "bed" ? at.bed : `Alert, ${at.bed}`;
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${place} · EcgFm`;
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [at.view, place]);
}
