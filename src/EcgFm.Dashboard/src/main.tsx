import "./theme/theme.css";
import "./theme/alarm.css";
import "./theme/page.css";
import "./alerts/alerts.css";
import "./alert/alert.css";
import { render } from "preact";
import { Connection } from "./connection/connection";
import { fetchConfiguration, remember, remembered, type Settings } from "./connection/settings";
import { followKeys } from "./keys/shortcuts";
import { frames, receiptLatency, sampleLatency } from "./draw/loop";
import { Shell } from "./Shell";
import { startClock } from "./state/clock";
import { flash } from "./state/flash";
import { followAddress } from "./state/route";
import { Ward } from "./state/ward";
import { applyTheme } from "./theme/theme";

const page = document.getElementById("page")!;
const connection = new Connection();

function connect(settings: Settings): void {
  remember(settings);
  // Beds of another broker are other beds.
  const ward = new Ward((box, bed, command) => connection.ask(box, bed, command));
  connection.open(settings, ward);
  show(ward, settings);
}

function show(ward: Ward, settings: Settings): void {
  render(<Shell ward={ward} settings={settings} connect={connect} />, page);
}

applyTheme();
followAddress();
startClock();
flash();
followKeys();

const { broker, root } = await fetchConfiguration();
const settings = remembered() ?? { url: broker ?? "", root };
if (settings.url === "") show(new Ward(() => Promise.reject(new Error("Not connected."))), settings);
else connect(settings);

/** For tests and for who wonders how the page does. */
Object.defineProperty(window, "ecgfmDashboard", {
  get: () => ({
    frames: { ...frames },
    latencyMs: { p50: sampleLatency.at(0.5), p99: sampleLatency.at(0.99) },
    receiptMs: { p50: receiptLatency.at(0.5), p99: receiptLatency.at(0.99) },
    taken: connection.intake?.taken ?? 0,
    dropped: connection.intake?.dropped ?? 0,
  }),
});
