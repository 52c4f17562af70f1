import { AlertView } from "./alert/AlertView";
import { AlertList } from "./alerts/AlertList";
import { route } from "./state/route";
import type { Ward } from "./state/ward";

/** The frame around each view. */
export function Shell({ ward }: { ward: Ward }) {
  const at = route.value;
  const bed = at.view === "ward" ? undefined : ward.find(at.bed);
  return (
    <>
      <header>EcgFm <small>Research software, not a medical device</small></header>
      <main>
        {at.view === "ward" && <section data-testid="ward" />}
        {at.view === "bed" && bed && <section data-testid="bed-view" data-bed={bed.name}><AlertList bed={bed} /></section>}
        {at.view === "alert" && bed && <AlertView bed={bed} id={at.alert} />}
      </main>
    </>
  );
}
