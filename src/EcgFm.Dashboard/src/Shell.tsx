import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { AlertView } from "./alert/AlertView";
import { AskDialog } from "./alerts/AskDialog";
import { LiveRegion } from "./alerts/LiveRegion";
import { BedView } from "./bed/BedView";
import { Banner } from "./connection/Banner";
import { ConnectForm } from "./connection/ConnectForm";
import { link } from "./connection/link";
import type { Settings } from "./connection/settings";
import { Help, helping } from "./keys/Help";
import { useShortcuts } from "./keys/shortcuts";
import { useArrival } from "./keys/useArrival";
import { SoundButton } from "./sound/SoundButton";
import { now } from "./state/clock";
import { href, route } from "./state/route";
import type { Ward } from "./state/ward";
import { theme } from "./theme/theme";
import { Tally } from "./ward/Tally";
import { WardView } from "./ward/WardView";

/** The frame around each view. */
export function Shell({ ward, settings, connect }: { ward: Ward; settings: Settings; connect: (settings: Settings) => void }) {
  const { state } = link.value;
  const typing = useSignal(false);
  const main = useRef<HTMLElement>(null);
  useArrival(main);
  useShortcuts([
    { key: "?", says: "Keys and signs", run: () => (helping.value = true) },
    { key: "w", says: "All beds", run: () => (location.hash = href({ view: "ward" })) },
    { key: "Escape", says: "Back: from an alert to its bed, from a bed to all", run: goBack },
    { key: "t", says: "Dark or light", run: turnTheme },
  ]);
  const asks = typing.value || state === "unset" || state === "refused";
  return (
    <>
      <header class="bar">
        <h1><a href={href({ view: "ward" })}>EcgFm</a></h1>
        <span class="research">Research software, not a medical device</span>
        <Tally ward={ward} />
        <span class="push" />
        <span class="link" data-state={state}>{state === "connected" ? `Connected · ${ward.beds.value.length} ${ward.beds.value.length === 1 ? "bed" : "beds"}` : state === "connecting" ? "Connecting" : "Not connected"}</span>
        <button type="button" onClick={() => (typing.value = !typing.value)} aria-expanded={asks}>Broker</button>
        <SoundButton ward={ward} />
        <button type="button" onClick={turnTheme}>{theme.value === "dark" ? "Light" : "Dark"}</button>
        <button type="button" aria-label="Keys and signs" onClick={() => (helping.value = true)}>?</button>
        <Clock />
      </header>
      <Banner ward={ward} />
      <main data-link={state} tabIndex={-1} ref={main}>
        {asks
          ? <ConnectForm initial={settings} onConnect={(typed) => ((typing.value = false), connect(typed))} />
          : <View ward={ward} />}
      </main>
      <AskDialog />
      <Help />
      <LiveRegion ward={ward} />
    </>
  );
}

function View({ ward }: { ward: Ward }) {
  const at = route.value;
  if (at.view === "ward") return ward.beds.value.length > 0 ? <WardView ward={ward} /> : <p class="nothing" data-testid="ward">{link.value.state === "connected" ? "No box has been heard yet. A box that monitors is heard at once." : "Nothing is shown without a connection. Is the address right? See Broker above."}</p>;
  const bed = ward.find(at.bed);
  if (bed === undefined) return <p class="nothing">No bed {at.bed} has been heard yet. <a href={href({ view: "ward" })}>All beds</a></p>;
  return at.view === "bed" ? <BedView key={bed.key} bed={bed} /> : <AlertView key={at.alert} bed={bed} id={at.alert} />;
}

function goBack(): void {
  const at = route.peek();
  location.hash = href(at.view === "alert" ? { view: "bed", bed: at.bed } : { view: "ward" });
}

function turnTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
}

function Clock() {
  void now.value;
  return <time class="clock">{new Date().toLocaleTimeString("en-GB")}</time>;
}
