/** What axe-core finds wrong in a page for people who use assistive technology. */
import axe from "axe-core";
import type { Page } from "playwright-core";

/** One kind of fault, and where it is. */
export interface Fault {
  readonly rule: string;
  readonly impact: string;
  readonly help: string;
  readonly places: readonly string[];
}

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly impact?: string | null;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly unknown[] }[];
  }[];
}

/** Runs all rules of WCAG 2.2 A and AA and the best practices, or some; gives the serious and critical faults. */
export async function seriousFaults(page: Page, rules?: readonly string[]): Promise<readonly Fault[]> {
  // Through the debugger, which the page's policy for scripts does not bind.
  await page.evaluate(`typeof axe === "undefined" && (() => { ${axe.source} })()`);
  const options = { resultTypes: ["violations"], ...(rules === undefined ? {} : { runOnly: rules }) };
  const { violations } = await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`) as Found;
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map((found) => ({
    rule: found.id,
    impact: found.impact ?? "",
    help: found.help,
    places: found.nodes.map(({ target }) => target.join(" ")),
  }));
}
