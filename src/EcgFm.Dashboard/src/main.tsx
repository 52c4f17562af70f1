import "./theme/theme.css";
import { render } from "preact";
import { Shell } from "./Shell";
import { startClock } from "./state/clock";
import { followAddress } from "./state/route";
import { Ward } from "./state/ward";
import { applyTheme } from "./theme/theme";

applyTheme();
followAddress();
startClock();
render(<Shell ward={new Ward()} />, document.getElementById("page")!);
