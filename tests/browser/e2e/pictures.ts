/**
 * Pictures of the page, light and dark, large and small, for those who look at them.
 *
 * @module
 */
import { check, flags, open, phase, step } from "./visit.ts";

const SCREENS = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 360, height: 740 },
} as const;

/** Adds the checks that make pictures, in a folder. */
function addPictures(folder: string): void {
  for (const [size, viewport] of Object.entries(SCREENS)) {
    for (const colorScheme of ["light", "dark"] as const) {
      check(`pictures, ${size}, ${colorScheme}`, async () => {
        await Deno.mkdir(folder, { recursive: true });
        const { page } = await open({ viewport, colorScheme });
        const take = (when: string, fullPage: boolean): Promise<unknown> =>
          page.screenshot({ path: `${folder}/${size}-${colorScheme}-${when}.png`, fullPage });
        await page.waitForTimeout(500);
        await take("before", true);
        await page.selectOption("#backend", "wasm");
        await page.click("#go");
        await step(page, 1000);
        await page.evaluate("scrollTo(0, 0)");
        await take("training", false);
        await page.click("#other");
        await phase(page, "stopped");
        await page.waitForTimeout(1000);
        await take("after", true);
        await page.close();
      });
    }
  }
}

if (flags.pictures !== undefined) addPictures(flags.pictures);
