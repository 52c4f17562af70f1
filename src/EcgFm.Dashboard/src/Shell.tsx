import { useSignal } from "@preact/signals";
import { AlertView } from "./alert/AlertView";
import { BedView } from "./bed/BedView";
import { Banner } from "./connection/Banner";
import { ConnectForm } from "./connection/ConnectForm";
import { link } from "./connection/link";
import type { Settings } from "./connection/settings";
import { now } from "./state/clock";
import { href, route } from "./state/route";
import type { Ward } from "./state/ward";
import { theme } from "./theme/theme";
import { WardView } from "./ward/WardView";

/** The frame around each view. */
export function Shell({ ward, settings, connect }: { ward: Ward; settings: Settings; connect: (settings: Settings) => void }) {
  const { state } = link.value;
  const typing = useSignal(false);
  const asks = typing.value || state === "unset" || state === "refused";
  return (
    <>
      <header class="bar">
        <h1><a href={href({ view: "ward" })}>EcgFm</a></h1>
        <span class="research">Research software, not a medical device</span>
        <span class="push" />
        <span class="link" data-state={state}>{state === "connected" ? `Connected · ${ward.beds.value.length} ${ward.beds.value.length === 1 ? "bed" : "beds"}` : state === "connecting" ? "Connecting" : "Not connected"}</span>
        <button type="button" onClick={() => (typing.value = !typing.value)} aria-expanded={asks}>Broker</button>
        <button type="button" onClick={() => (theme.value = theme.value === "dark" ? "light" : "dark")}>{theme.value === "dark" ? "Light" : "Dark"}</button>
        <Clock />
      </header>
      <Banner ward={ward} />
      <main data-link={state}>
        {asks
          ? <ConnectForm initial={settings} onConnect={(typed) => ((typing.value = false), connect(typed))} />
          : <View ward={ward} />}
      </main>
    </>
  );
}

function View({ ward }: { ward: Ward }) {
  const at = route.value;
  if (at.view === "ward") return ward.beds.value.length > 0 ? <WardView ward={ward} /> : <p class="nothing" data-testid="ward">No box has been heard yet. A box that monitors is heard at once.</p>;
  const bed = ward.find(at.bed);
  if (bed === undefined) return <p class="nothing">No bed {at.bed} has been heard yet. <a href={href({ view: "ward" })}>All beds</a></p>;
  return at.view === "bed" ? <BedView key={bed.key} bed={bed} /> : <AlertView key={at.alert} bed={bed} id={at.alert} />;
}

function Clock() {
  void now.value;
  return <time class="clock">{new Date().toLocaleTimeString("en-GB")}</time>;
}
