/** What the end-to-end tests need of the machine. */
import { obstacle, readMachine } from "../../../sources/ebpf/explain.ts";

/** Why kernel capture cannot be tested here, or false: for `describe.skipIf`. */
export const noCapture: string | false = obstacle(readMachine()) ?? false;

/** Root of the repository. */
export const REPOSITORY: string = new URL("../../../", import.meta.url).pathname;
