/** Secrets and personal data in any text: what is found lies in it, and the search over its bytes has seen a sign of it. */
import { ByteSearch } from "../../protocols/byte_search/mod.ts";
import { sortNeedles } from "../../protocols/byte_search/needle.ts";
import { findSensitive, partitionKinds, SENSITIVE } from "../../protocols/sensitive/mod.ts";
import { PlainSearch } from "../protocols/byte_search/_plain.ts";
import { SAMPLES } from "../protocols/sensitive/_samples.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
const groups = partitionKinds(SENSITIVE, 31);
const needles = groups.map(({ needles }) => needles);
const fast = new ByteSearch(needles), plain = new PlainSearch(sortNeedles(needles));
const seeds = Object.values(SAMPLES).flatMap((samples) =>
  [...samples.true, ...samples.near].map((sample) => typeof sample === "string" ? sample : sample[0])
);

export default {
  name: "sensitive",
  seeds: seeds.map((seed) => encoder.encode(seed)),
  run(data) {
    const bits = fast.search(data, 0, data.length);
    if (bits !== plain.search(data, 0, data.length)) throw new Error("the two searches do not agree");
    const text = decoder.decode(data), bytes = encoder.encode(text);
    const seen = fast.search(bytes, 0, bytes.length);
    groups.forEach(({ kinds }, k) => {
      for (const kind of kinds) {
        kind.find(text, (start, end) => {
          if (start < 0 || end < start || end > text.length) throw new Error(`${kind.name} at ${start} to ${end}`);
          if (kind.elsewhere !== true && (seen >> k & 1) === 0) {
            throw new Error(`${kind.name} without a sign of it: ${text.slice(start, end)}`);
          }
        });
      }
    });
    let last = 0;
    for (const { start, end } of findSensitive(text, SENSITIVE)) {
      if (start < last || end <= start) throw new Error(`${start} to ${end} after ${last}`);
      last = end;
    }
  },
} satisfies FuzzTarget;
