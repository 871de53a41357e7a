/** Built into `sensor.cjs`. */
import { start } from "./src/start.ts";

start();
