/**
 * What went wrong, and what to do about it, until the visitor puts it away.
 *
 * @module
 */
import { find, make } from "./dom.ts";

/** Opens the place for problems. */
export function openProblems() {
  const place = find("problems", HTMLDivElement);
  return {
    /** Shows one problem, instead of those before it. */
    show(happened: string, advice: string): void {
      const close = make("button", { type: "button", class: "quiet" }, "Dismiss");
      close.addEventListener("click", () => place.replaceChildren());
      place.replaceChildren(
        make("div", {}, make("p", {}, make("strong", {}, happened), ` ${advice}`), close),
      );
      place.scrollIntoView({ block: "nearest" });
    },
    /** Takes all away. */
    clear: (): void => place.replaceChildren(),
  };
}
