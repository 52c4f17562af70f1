import { computed, signal, type Signal } from "@preact/signals";
import { Bed, type Ask } from "./bed";
import { Box } from "./box";

/** All boxes and beds that the broker told of. */
export class Ward {
  readonly boxes: Signal<readonly Box[]> = signal([]);
  /** The beds that are monitored, or were and should be. What a broker still keeps of a bed that its box has no more does not count. */
  readonly beds = computed(() => this.known.value.filter((bed) => bed.box.status.value?.beds.includes(bed.name) ?? true));
  private readonly known: Signal<readonly Bed[]> = signal([]);
  private readonly boxByKey = new Map<string, Box>();
  private readonly bedByKey = new Map<string, Bed>();

  /** What beds and boxes ask with. */
  constructor(private readonly ask: Ask) {}

  box(site: string, device: string): Box {
    const key = `${site}/${device}`;
    let box = this.boxByKey.get(key);
    if (box === undefined) {
      this.boxByKey.set(key, (box = new Box(site, device, this.ask)));
      this.boxes.value = [...this.boxByKey.values()];
    }
    return box;
  }

  bed(site: string, device: string, name: string): Bed {
    const key = `${site}/${device}/${name}`;
    let bed = this.bedByKey.get(key);
    if (bed === undefined) {
      this.bedByKey.set(key, (bed = new Bed(this.box(site, device), name, this.ask)));
      this.known.value = [...this.bedByKey.values()];
    }
    return bed;
  }

  /** The bed of an address: by its key, or by its name where one bed alone has it. */
  find(keyOrName: string): Bed | undefined {
    const named = this.beds.value.filter((bed) => bed.name === keyOrName);
    return this.beds.value.find((bed) => bed.key === keyOrName) ?? (named.length === 1 ? named[0] : undefined);
  }
}
