import type { ComponentChildren } from "preact";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach } from "vitest";

// jsdom knows the dialog element but not its methods; only what a test can see of them stands here.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
  (this.querySelector<HTMLElement>("[autofocus]") ?? this.querySelector<HTMLElement>("button, input"))?.focus();
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
  this.dispatchEvent(new Event("close"));
};
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
Object.assign(globalThis, { ResizeObserver: Observer, IntersectionObserver: Observer });
HTMLCanvasElement.prototype.getContext = () => null;
Object.defineProperty(window, "matchMedia", { value: () => ({ matches: false, addEventListener() {}, addListener() {} }) });

/** The page of the test. */
export let page: HTMLElement;

beforeEach(() => {
  sessionStorage.clear();
  page = document.createElement("div");
  page.id = "page";
  document.body.replaceChildren(page);
});

afterEach(() => {
  render(null, page);
});

/** Shows what is given on the page. */
export function show(children: ComponentChildren): void {
  act(() => render(children, page));
}

export const at = (testId: string): HTMLElement => {
  const found = page.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  if (found === null) throw new Error(`Nothing on the page is ${testId}.`);
  return found;
};

export const button = (name: string | RegExp, within: ParentNode = page): HTMLButtonElement => {
  const found = [...within.querySelectorAll<HTMLButtonElement>("button, a")].find(({ textContent }) => (typeof name === "string" ? textContent.trim() === name : name.test(textContent)));
  if (found === undefined) throw new Error(`There is no button ${name}.`);
  return found;
};

/** Presses it, and lets what follows from it happen. */
export async function press(element: HTMLElement): Promise<void> {
  await act(async () => {
    element.focus();
    element.click();
    await Promise.resolve();
  });
}

export async function type(input: HTMLInputElement, text: string): Promise<void> {
  await act(() => {
    input.value = text;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

export async function key(key: string, init: KeyboardEventInit = {}, on: EventTarget = document.body): Promise<void> {
  await act(() => void on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init })));
}
